using System.Globalization;
using System.Text;

namespace EventDesk.Service.Searching;

/// <summary>A word where it stands in a text.</summary>
/// <param name="Start">Its first char.</param>
/// <param name="Lower">In lower case, with its accents: what stemmers read.</param>
/// <param name="Folded">Without accents: what words are compared by.</param>
public sealed record SearchWord(int Start, int Length, string Lower, string Folded);

/// <summary>
/// Cuts texts into words. Letters of Latin, Greek, Cyrillic and Arabic lose their accents, digits of every script are 0–9. Scripts that put no blanks
/// between words give every two neighbouring signs instead.
/// </summary>
public static class SearchWords
{
    /// <summary>What a longer word has beyond it is not looked at.</summary>
    const int Longest = 64;

    public static List<SearchWord> Of(string text)
    {
        List<SearchWord> words = [];
        var (start, kind) = (0, Kind.Gap);
        for (var i = 0; i <= text.Length;)
        {
            var (next, length) = i == text.Length ? (Kind.Gap, 1) : KindAt(text, i);
            if (next == Kind.Mark && kind != Kind.Gap)
                next = kind;
            if (next != kind)
            {
                Add(text, start, i, kind, words);
                (start, kind) = (i, next);
            }
            i += length;
        }
        return words;
    }

    enum Kind { Gap, Word, Signs, Mark }

    static (Kind Kind, int Length) KindAt(string text, int at)
    {
        if (char.IsAscii(text[at]))
            return (char.IsAsciiLetterOrDigit(text[at]) ? Kind.Word : Kind.Gap, 1);
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        return (Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => Kind.Mark,
            _ when HasNoBlanks(rune.Value) => Kind.Signs,
            _ => Rune.IsLetterOrDigit(rune) ? Kind.Word : Kind.Gap,
        }, length);
    }

    /// <summary>Thai, Lao, Myanmar, Khmer, kana and Han.</summary>
    static bool HasNoBlanks(int code) =>
        code is >= 0x0E00 and < 0x0F00 or >= 0x1000 and < 0x10A0 or >= 0x1780 and < 0x1800 or >= 0x3040 and < 0x3100 or >= 0x3400 and < 0xA000 or >= 0xF900 and < 0xFB00
            or >= 0x20000 and < 0x32000;

    static void Add(string text, int start, int end, Kind kind, List<SearchWord> words)
    {
        if (kind == Kind.Word)
        {
            var (lower, folded) = Read(text.AsSpan(start, Math.Min(end - start, Longest)));
            if (folded.Length > 0)
                words.Add(new(start, end - start, lower, folded));
        }
        else if (kind == Kind.Signs)
        {
            var places = new List<int>();
            for (var i = start; i < end; i += char.IsHighSurrogate(text[i]) && i + 1 < end ? 2 : 1)
                places.Add(i);
            places.Add(end);
            for (var i = 0; i + 2 < places.Count || i == 0; i++)
            {
                var last = places[Math.Min(i + 2, places.Count - 1)];
                words.Add(new(places[i], last - places[i], text[places[i]..last], text[places[i]..last]));
            }
        }
    }

    static (string Lower, string Folded) Read(ReadOnlySpan<char> word)
    {
        var (lower, folded) = (new StringBuilder(word.Length), new StringBuilder(word.Length));
        foreach (var rune in word.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                var plain = char.ToLowerInvariant((char)rune.Value);
                lower.Append(plain);
                folded.Append(plain);
                continue;
            }
            var small = Rune.ToLowerInvariant(rune.Value is > 0xFF00 and < 0xFF5F ? new Rune(rune.Value - 0xFEE0) : rune);
            switch (Rune.GetUnicodeCategory(small))
            {
                case UnicodeCategory.DecimalDigitNumber:
                    lower.Append((char)('0' + (int)Rune.GetNumericValue(small)));
                    folded.Append((char)('0' + (int)Rune.GetNumericValue(small)));
                    break;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format:
                    break;
                default:
                    lower.Append(small.ToString());
                    folded.Append(SearchFolding.Of(small));
                    break;
            }
        }
        return (lower.ToString(), folded.ToString());
    }

    /// <summary>The same without accents; for what a stemmer gave.</summary>
    public static string Fold(string lower) => Read(lower).Folded;
}
