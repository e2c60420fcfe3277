using System.Globalization;
using System.Text;

namespace EventDesk.Domain.Privacy;

/// <summary>
/// A text as the recognisers read it: digits of every script as 0–9, every space and dash as one kind, full-width forms as ASCII, and nothing
/// that cannot be seen (direction marks, joiners, accents written apart), since people copy such things along. It remembers where each char stood.
/// </summary>
sealed class FoldedText
{
    readonly char[] chars;
    readonly int[] places;
    readonly int count;

    FoldedText(string text)
    {
        (chars, places) = (new char[text.Length], new int[text.Length]);
        var place = 0;
        for (var i = 0; i < text.Length; place++)
        {
            var c = text[i];
            if (char.IsAscii(c))
                i++;
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
                (c, i) = (Fold(rune), i + length);
            }
            if (c != Unseen)
                (chars[count], places[count++]) = (c, place);
        }
    }

    const char Unseen = '\0', SomeLetter = 'ꟿ', SomeSign = '\uFFFD';

    public static FoldedText Of(string text) => new(text);

    public ReadOnlySpan<char> Chars => chars.AsSpan(0, count);

    /// <summary>The same passage of the text itself, in code points.</summary>
    public Finding Finding(FindingKind kind, int start, int length) => new(kind, places[start], places[start + length - 1] + 1 - places[start]);

    static char Fold(Rune rune)
    {
        if (rune.Value is > 0xFF00 and < 0xFF5F)
            return (char)(rune.Value - 0xFEE0);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.DecimalDigitNumber => (char)('0' + (int)Rune.GetNumericValue(rune)),
            UnicodeCategory.SpaceSeparator => ' ',
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => '\n',
            UnicodeCategory.DashPunctuation => '-',
            UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Control when rune.Value != 0x85 => Unseen,
            _ when rune.Value == 0x2212 => '-',
            _ when rune.IsBmp => (char)rune.Value,
            _ => Rune.IsLetter(rune) ? SomeLetter : SomeSign,
        };
    }
}
