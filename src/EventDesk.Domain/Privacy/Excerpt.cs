namespace EventDesk.Domain.Privacy;

/// <summary>A few words around what was found, to tell by what it is without showing it once more.</summary>
public static class Excerpt
{
    /// <summary>Code points shown on either side.</summary>
    const int Around = 32;

    /// <summary>One line, with stars for what was found.</summary>
    /// <param name="secrets">Whatever was found on the ticket: where it stands once more near by, unrecognised, are stars too.</param>
    public static string Of(string text, Finding finding, IReadOnlyCollection<string> secrets)
    {
        // So wide that whatever reaches into what is shown stands in it as a whole, quoted and broken into lines as it may be.
        var reach = Around + (2 * secrets.Select(Masking.Length).Append(0).Max());
        var from = Math.Max(0, finding.Start - reach);
        var window = Masking.Read(text, from, finding.End + reach - from);
        var (start, end) = (finding.Start - from, finding.End - from);
        List<(int Start, int End)> others = [.. secrets.SelectMany(s => Masking.Find(window, s)).Select(p => (p.Start, p.Start + p.Length)).Order()];
        while (others.FindIndex(p => p.Start <= end && start <= p.End) is var touching and >= 0)
        {
            (start, end) = (Math.Min(start, others[touching].Start), Math.Max(end, others[touching].End));
            others.RemoveAt(touching);
        }
        var before = Part(window, 0, start, others);
        var after = Part(window, end, Masking.Length(window), others);
        var (left, right) = (Math.Max(0, Masking.Length(before) - Around), Math.Min(Masking.Length(after), Around));
        return Line($"{(left > 0 || from > 0 ? "…" : "")}{Masking.Read(before, left, Around)}{Masking.Stars}{Masking.Read(after, 0, right)}{(right < Masking.Length(after) ? "…" : "")}");
    }

    static string Part(string window, int from, int to, IEnumerable<(int Start, int End)> hidden) => Masking.Hide(
        Masking.Read(window, from, to - from), hidden.Where(p => from <= p.Start && p.End <= to).Select(p => new Passage(0, "", p.Start - from, p.End - p.Start)));

    static string Line(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
