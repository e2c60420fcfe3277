using System.Text;

namespace EventDesk.Service.Searching;

/// <summary>A piece of a text.</summary>
/// <param name="Found">It is what was searched for.</param>
public sealed record SearchPiece(string Text, bool Found);

/// <summary>Cuts out of a text what stands around what was found.</summary>
static class Snippet
{
    const int Before = 60, Length = 220;

    /// <summary>The whole text.</summary>
    public static IReadOnlyList<SearchPiece> Whole(string text, IReadOnlyList<(int Start, int Length)> places) => Pieces(text, 0, text.Length, places);

    /// <summary>So much of it as fits two lines, beginning shortly before the first place.</summary>
    public static IReadOnlyList<SearchPiece> Around(string text, IReadOnlyList<(int Start, int Length)> places)
    {
        var first = places.Count > 0 ? places[0].Start : 0;
        var start = first <= Before ? 0 : AfterBlank(text, first - Before, first);
        var end = text.Length - start <= Length ? text.Length : BeforeBlank(text, start + Length, start);
        var pieces = Pieces(text, start, end, places);
        return [.. start > 0 ? [new SearchPiece("… ", false)] : (IEnumerable<SearchPiece>)[], .. pieces, .. end < text.Length ? [new SearchPiece(" …", false)] : (IEnumerable<SearchPiece>)[]];
    }

    static int AfterBlank(string text, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (char.IsWhiteSpace(text[i]))
                return i + 1;
        return char.IsLowSurrogate(text[from]) ? from + 1 : from;
    }

    static int BeforeBlank(string text, int from, int to)
    {
        for (var i = from; i > to + Before; i--)
            if (char.IsWhiteSpace(text[i]))
                return i;
        return char.IsLowSurrogate(text[from]) ? from - 1 : from;
    }

    static List<SearchPiece> Pieces(string text, int start, int end, IReadOnlyList<(int Start, int Length)> places)
    {
        List<SearchPiece> pieces = [];
        var at = start;
        foreach (var place in places)
        {
            var (from, to) = (Math.Max(place.Start, at), Math.Min(place.Start + place.Length, end));
            if (from >= to)
                continue;
            Add(at, from, false);
            Add(from, to, true);
            at = to;
        }
        Add(at, end, false);
        return pieces;

        void Add(int from, int to, bool found)
        {
            if (from < to)
                pieces.Add(new(OneLine(text.AsSpan(from, to - from)), found));
        }
    }

    /// <summary>Lines and runs of blanks become one blank each.</summary>
    static string OneLine(ReadOnlySpan<char> text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!char.IsWhiteSpace(c))
                line.Append(c);
            else if (line.Length == 0 || line[^1] != ' ')
                line.Append(' ');
        return line.ToString();
    }
}
