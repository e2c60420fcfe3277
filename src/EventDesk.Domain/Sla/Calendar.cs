using System.Collections.Concurrent;
using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>A stretch of open time, half-open, and the hours it comes from.</summary>
public readonly record struct OpenTime(Instant From, Instant To, OpeningHours Hours)
{
    public Duration Length => To - From;
}

/// <summary>
/// The opening hours of a desk through all their versions, as sets of instants: an instant is open when its local time on its local date
/// lies in an open interval. So the hour that summer time repeats counts twice and the one it skips not at all, as clocks on the wall do.
/// </summary>
public sealed class Calendar
{
    /// <summary>How far ahead a due time is looked for; hours that never open again are no reason to look for ever.</summary>
    public static readonly Duration Horizon = Duration.FromDays(3 * 366);

    /// <summary>Four weeks in seconds: how much is walked at once and kept.</summary>
    const long Page = 28 * 86_400;

    /// <summary>Pages that are kept at most, 46 years; then it begins anew.</summary>
    const int MostPages = 600;

    readonly IReadOnlyList<OpeningHours> versions;

    // Each command reads its clocks several times, and walking the days through zones and exceptions takes most of it.
    readonly ConcurrentDictionary<long, OpenTime[]> pages = new();

    /// <param name="versions">At least one. Before the first one comes into force the first one holds.</param>
    public Calendar(IEnumerable<OpeningHours> versions)
    {
        this.versions = [.. versions.OrderBy(v => v.ValidFrom).ThenBy(v => v.Number)];
        if (this.versions.Count == 0)
            throw new ArgumentException("A calendar has at least one version.", nameof(versions));
    }

    /// <summary>The hours in force at an instant.</summary>
    public OpeningHours At(Instant t)
    {
        for (var i = versions.Count - 1; i > 0; i--)
            if (versions[i].ValidFrom <= t) return versions[i];
        return versions[0];
    }

    /// <summary>Whether it is open at an instant: an opening belongs to the hours, a closing no more.</summary>
    public OpeningState StateAt(Instant t)
    {
        var hours = At(t);
        if (!hours.Known)
            return OpeningState.Unknown;
        var local = t.InZone(hours.Zone).LocalDateTime;
        var minute = local.Hour * 60 + local.Minute;
        return hours.On(local.Date).Any(i => i.From <= minute && minute < i.To) ? OpeningState.Open : OpeningState.Closed;
    }

    /// <summary>False when hours unknown to us were in force anywhere in [from, to): what was open then cannot be said.</summary>
    public bool IsKnown(Instant from, Instant to) => Spans(from, to).All(s => s.Hours.Known);

    /// <summary>The open time in [from, to), in order; neighbours that touch within one version are one.</summary>
    public IEnumerable<OpenTime> Open(Instant from, Instant to) => Joined(Pieces(from, to));

    static IEnumerable<OpenTime> Joined(IEnumerable<OpenTime> pieces)
    {
        OpenTime? pending = null;
        foreach (var next in pieces)
        {
            if (pending is { } p && p.To == next.From && ReferenceEquals(p.Hours, next.Hours))
                pending = p with { To = next.To };
            else
            {
                if (pending is { } done) yield return done;
                pending = next;
            }
        }
        if (pending is { } last) yield return last;
    }

    /// <summary>What is open in [from, to), cut where a page ends.</summary>
    IEnumerable<OpenTime> Pieces(Instant from, Instant to)
    {
        for (var number = PageOf(from); from < to; number++)
        {
            var page = pages.TryGetValue(number, out var kept) ? kept : Keep(number);
            for (var i = FirstBehind(page, from); i < page.Length && page[i].From < to; i++)
                yield return page[i] with { From = Instant.Max(from, page[i].From), To = Instant.Min(to, page[i].To) };
            from = Instant.Max(from, BeginOf(number + 1));
        }
    }

    static long PageOf(Instant t) => (long)Math.Floor(t.ToUnixTimeSeconds() / (double)Page);

    static Instant BeginOf(long page) => Instant.FromUnixTimeSeconds(page * Page);

    OpenTime[] Keep(long number)
    {
        if (pages.Count >= MostPages) pages.Clear();
        return pages[number] = [.. Joined(Spans(BeginOf(number), BeginOf(number + 1)).SelectMany(s => Open(s.Hours, s.From, s.To)))];
    }

    /// <summary>The first that ends behind an instant.</summary>
    static int FirstBehind(OpenTime[] page, Instant t)
    {
        var (low, high) = (0, page.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (page[middle].To <= t) low = middle + 1; else high = middle;
        }
        return low;
    }

    /// <summary>How much of [from, to) is open.</summary>
    public Duration Elapsed(Instant from, Instant to) => Open(from, to).Aggregate(Duration.Zero, (sum, o) => sum + o.Length);

    /// <summary>
    /// The first instant at which <see cref="Elapsed"/> since <paramref name="from"/> reaches the target: a target that ends at closing
    /// time is due at closing time. Null when that does not happen within <see cref="Horizon"/>.
    /// </summary>
    public Instant? Due(Instant from, Duration target)
    {
        if (target <= Duration.Zero) return from;
        foreach (var open in Open(from, from + Horizon))
        {
            if (open.Length >= target) return open.From + target;
            target -= open.Length;
        }
        return null;
    }

    /// <summary>
    /// The instant after which <see cref="Elapsed"/> since <paramref name="from"/> exceeds the target: the due time, or the next opening
    /// where the target ends at closing time. Null when that does not happen within <see cref="Horizon"/>.
    /// </summary>
    public Instant? Exceeded(Instant from, Duration target)
    {
        target = Duration.Max(target, Duration.Zero);
        foreach (var open in Open(from, from + Horizon))
        {
            if (open.Length > target) return open.From + target;
            target -= open.Length;
        }
        return null;
    }

    /// <summary>The versions in force over [from, to).</summary>
    IEnumerable<(OpeningHours Hours, Instant From, Instant To)> Spans(Instant from, Instant to)
    {
        for (var i = 0; i < versions.Count; i++)
        {
            var start = i == 0 ? from : Instant.Max(from, versions[i].ValidFrom);
            var end = i + 1 < versions.Count ? Instant.Min(to, versions[i + 1].ValidFrom) : to;
            if (start < end) yield return (versions[i], start, end);
        }
    }

    /// <summary>Walks the stretches of constant offset: within one, local time is plain arithmetic.</summary>
    static IEnumerable<OpenTime> Open(OpeningHours hours, Instant from, Instant to)
    {
        foreach (var stretch in hours.Zone.GetZoneIntervals(from, to))
        {
            var start = stretch.HasStart ? Instant.Max(from, stretch.Start) : from;
            var end = stretch.HasEnd ? Instant.Min(to, stretch.End) : to;
            var offset = stretch.WallOffset;
            var lastDay = end.WithOffset(offset).Date;
            for (var day = start.WithOffset(offset).Date; day <= lastDay; day = day.PlusDays(1))
            {
                var midnight = day.AtMidnight().WithOffset(offset).ToInstant();
                foreach (var interval in hours.On(day))
                {
                    var open = Instant.Max(start, midnight + Duration.FromMinutes(interval.From));
                    var close = Instant.Min(end, midnight + Duration.FromMinutes(interval.To));
                    if (open < close) yield return new OpenTime(open, close, hours);
                }
            }
        }
    }
}
