using System.Text;

namespace EventDesk.Domain.Privacy;

/// <summary>A part of one of a ticket's texts.</summary>
/// <param name="Version">Of the event that carries the text.</param>
/// <param name="Field">Path of the text within the event: <c>subject</c>, <c>body</c>, <c>fields.order</c>, <c>requester.name</c>; <c>content</c> is all of an attachment.</param>
/// <param name="Start">Unicode code points before it.</param>
/// <param name="Length">In Unicode code points.</param>
public sealed record Passage(long Version, string Field, int Start, int Length)
{
    /// <summary>The field that stands for the bytes of an attachment.</summary>
    public const string Content = "content";

    public bool IsIn(long version, string field) => Version == version && Field == field;
}

/// <summary>A text to be shown, or kept, in the place of one that an earlier event carries.</summary>
public sealed record KeptText(long Version, string Field, SealedText Text);

/// <summary>An attachment whose bytes were sealed anew.</summary>
/// <param name="Content">Under which the new bytes are stored.</param>
/// <param name="Digest">Base64 SHA-256 over them.</param>
public sealed record KeptAttachment(Guid Attachment, Guid Content, string Digest);

/// <summary>A passage that is hidden until it is revealed or erased.</summary>
/// <param name="Until">Then it is erased for good; null: it stays hidden.</param>
public sealed record Mask(long Version, string Field, int Start, int Length, DateTimeOffset? Until = null)
{
    public Passage Passage => new(Version, Field, Start, Length);
}

/// <summary>Someone asked to look at what is hidden in a text.</summary>
/// <param name="ApprovedAt">When another person agreed; null: nobody did yet.</param>
public sealed record AskedReveal(long Version, string Field, AgentId By, DateTimeOffset At, DateTimeOffset? ApprovedAt = null)
{
    public bool Is(long version, string field, AgentId by) => Version == version && Field == field && By == by;
}

/// <summary>How passages are hidden and found again.</summary>
public static class Masking
{
    /// <summary>Of a fixed length: how long the hidden passage was must not be told.</summary>
    public const string Stars = "********";

    /// <summary>How many Unicode code points a text has.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    /// <summary>The text with stars in the place of each passage; passages that touch or overlap become one.</summary>
    public static string Hide(string text, IEnumerable<Passage> passages)
    {
        var hidden = Merged(passages);
        if (hidden.Count == 0)
            return text;
        var shown = new StringBuilder(text.Length);
        var (at, next) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (next < hidden.Count && at == hidden[next].Start)
                shown.Append(Stars);
            if (next == hidden.Count || at < hidden[next].Start)
                shown.Append(rune.ToString());
            else if (at == hidden[next].End - 1)
                next++;
            at++;
        }
        return shown.ToString();
    }

    /// <summary>The passage of the original behind a passage of the shown text; one that touches stars takes in all that they hide.</summary>
    public static (int Start, int Length) ToOriginal(IEnumerable<Passage> hidden, int start, int length)
    {
        var (from, to, shift) = (start, start + length, 0);
        var end = to;
        foreach (var (s, e) in Merged(hidden))
        {
            var stars = s - shift; // where the stars begin in the shown text
            if (stars + Stars.Length <= start)
                from = start + shift + (e - s) - Stars.Length;
            else if (stars <= start)
                from = s;
            if (stars + Stars.Length <= to)
                end = to + shift + (e - s) - Stars.Length;
            else if (stars < to)
                end = e;
            shift += e - s - Stars.Length;
        }
        return (from, end - from);
    }

    /// <summary>Where a passage of the original stands in the shown text, for one that no hidden passage touches.</summary>
    public static int ToShown(IEnumerable<Passage> hidden, int start) =>
        start - Merged(hidden).Where(h => h.End <= start).Sum(h => h.End - h.Start - Stars.Length);

    /// <summary>Where the stars stand in the shown text.</summary>
    public static IEnumerable<(int Start, int Length)> StarsIn(IEnumerable<Passage> hidden)
    {
        var shift = 0;
        foreach (var (start, end) in Merged(hidden))
        {
            yield return (start - shift, Stars.Length);
            shift += end - start - Stars.Length;
        }
    }

    static List<(int Start, int End)> Merged(IEnumerable<Passage> passages)
    {
        List<(int Start, int End)> merged = [];
        foreach (var p in passages.Where(p => p.Length > 0).OrderBy(p => p.Start))
            if (merged.Count > 0 && p.Start <= merged[^1].End)
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, p.Start + p.Length));
            else
                merged.Add((p.Start, p.Start + p.Length));
        return merged;
    }

    /// <summary>The passage's own words.</summary>
    public static string Read(string text, int start, int length) =>
        string.Concat(text.EnumerateRunes().Skip(start).Take(length).Select(r => r.ToString()));

    /// <summary>
    /// Where the same words stand in a text, whatever their case and however lines were broken or quoted (<c>&gt; </c>) in between.
    /// </summary>
    /// <param name="secret">At least one letter or digit, else nothing is found.</param>
    public static IEnumerable<(int Start, int Length)> Find(string text, string secret)
    {
        var wanted = Flat(secret);
        wanted = Trim(wanted);
        if (wanted.Count == 0 || !wanted.Exists(r => Rune.IsLetterOrDigit(r.Rune)))
            yield break;
        var flat = Flat(text);
        for (var i = 0; i + wanted.Count <= flat.Count; i++)
        {
            var same = 0;
            while (same < wanted.Count && flat[i + same].Rune == wanted[same].Rune)
                same++;
            if (same < wanted.Count)
                continue;
            var start = flat[i].Start;
            yield return (start, flat[i + same - 1].End - start);
            i += same - 1;
        }
    }

    static readonly Rune Space = new(' ');

    /// <summary>Upper case, each run of white space and quotation marks at a line's start as one space; every rune with where it came from.</summary>
    static List<(Rune Rune, int Start, int End)> Flat(string text)
    {
        List<(Rune Rune, int Start, int End)> flat = [];
        var (at, lineStart) = (0, true);
        foreach (var rune in text.EnumerateRunes())
        {
            var gap = Rune.IsWhiteSpace(rune) || (lineStart && rune.Value == '>');
            lineStart = rune.Value == '\n' || (lineStart && gap);
            if (!gap)
                flat.Add((Rune.ToUpperInvariant(rune), at, at + 1));
            else if (flat.Count > 0 && flat[^1].Rune == Space)
                flat[^1] = (Space, flat[^1].Start, at + 1);
            else
                flat.Add((Space, at, at + 1));
            at++;
        }
        return flat;
    }

    static List<(Rune Rune, int Start, int End)> Trim(List<(Rune Rune, int Start, int End)> flat) =>
        [.. flat.SkipWhile(r => r.Rune == Space).Reverse().SkipWhile(r => r.Rune == Space).Reverse()];
}
