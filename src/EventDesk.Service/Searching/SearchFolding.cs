using System.Text;

namespace EventDesk.Service.Searching;

/// <summary>
/// Letters without their accents. Written out, because the process runs without the tables of ICU, and because a change of those tables would silently part
/// what is stored from what is asked.
/// </summary>
static class SearchFolding
{
    /// <summary>From U+00DF on, one word for each letter; a dot leaves the letter as it is.</summary>
    const string Latin = """
        ss a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th y
        a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k k
        l l l l l l l l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t
        u u u u u u u u u u u u w w y y y z z z z z z s
        """;

    const int FirstLatin = 0xDF;

    static readonly string[] LatinLetters = Latin.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    static readonly Dictionary<char, string> Others = new()
    {
        ['ș'] = "s", ['ț'] = "t", ['ə'] = "e", ['ǎ'] = "a", ['ǐ'] = "i", ['ǒ'] = "o", ['ǔ'] = "u", ['ơ'] = "o", ['ư'] = "u",
        ['ά'] = "α", ['έ'] = "ε", ['ή'] = "η", ['ί'] = "ι", ['ό'] = "ο", ['ύ'] = "υ", ['ώ'] = "ω", ['ς'] = "σ", ['ϊ'] = "ι", ['ΐ'] = "ι", ['ϋ'] = "υ", ['ΰ'] = "υ",
        ['ё'] = "е", ['ї'] = "і", ['ґ'] = "г",
        ['آ'] = "ا", ['أ'] = "ا", ['إ'] = "ا", ['ٱ'] = "ا", ['ى'] = "ي", ['ی'] = "ي", ['ک'] = "ك", ['ئ'] = "ي", ['ؤ'] = "و", ['ة'] = "ه", ['ـ'] = "",
        ['ﬀ'] = "ff", ['ﬁ'] = "fi", ['ﬂ'] = "fl",
    };

    public static string Of(Rune small)
    {
        var code = small.Value;
        if (code >= FirstLatin && code - FirstLatin < LatinLetters.Length)
            return LatinLetters[code - FirstLatin] is var letter && letter != "." ? letter : small.ToString();
        if (code is >= 0x1EA0 and <= 0x1EF9)
            return Vietnamese(code);
        return small.IsBmp && Others.TryGetValue((char)code, out var other) ? other : small.ToString();
    }

    static string Vietnamese(int code) => code switch
    {
        <= 0x1EB7 => "a",
        <= 0x1EC7 => "e",
        <= 0x1ECB => "i",
        <= 0x1EE3 => "o",
        <= 0x1EF1 => "u",
        _ => "y",
    };
}
