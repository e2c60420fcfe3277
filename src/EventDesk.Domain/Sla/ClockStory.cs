using System.Runtime.InteropServices;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>What ended a clock.</summary>
public enum ClockEnd { Answer, Resolution, Closing, Dropped, Callback }

/// <summary>A clock of a ticket's life.</summary>
/// <param name="Number">Counts up from 1 in the order they began.</param>
/// <param name="Clock">As it was last.</param>
/// <param name="Stopped">Null while it runs or pauses.</param>
public sealed record PastClock(int Number, SlaClock Clock, DateTimeOffset? Stopped = null, ClockEnd? By = null);

/// <summary>A piece of a clock's time; the counted ones add up to what has elapsed.</summary>
/// <param name="Kind">Whether it counts: running counts, outside hours and paused do not, unknown cannot be said.</param>
/// <param name="Calendar">The calendar that decided; null where all time counts.</param>
/// <param name="Version">Its version in force then.</param>
public sealed record ClockSegment(Instant From, Instant To, ClockSegmentKind Kind, string? Calendar = null, int? Version = null)
{
    public Duration Counted => Kind == ClockSegmentKind.Running ? To - From : Duration.Zero;
}

public enum ClockSegmentKind { Running, OutsideHours, Paused, Unknown }

/// <summary>All clocks of a ticket's life, retold from its events, and where their time went.</summary>
public static class ClockStory
{
    /// <param name="events">Of one ticket, in order: what happened, when, and whether staff did it.</param>
    public static IReadOnlyList<PastClock> Of(IEnumerable<(TicketEvent Event, DateTimeOffset At, bool ByStaff)> events)
    {
        List<PastClock> clocks = [];
        var t = Ticket.None;
        foreach (var (e, at, byStaff) in events)
        {
            var before = t;
            t = Ticket.Evolve(t, e, at, byStaff);
            foreach (var turn in ClockTurn.Of(before, t, e))
                Follow(clocks, turn, at);
        }
        return clocks;
    }

    static void Follow(List<PastClock> clocks, ClockTurn turn, DateTimeOffset at)
    {
        if (turn.Ended is { } ended)
            Known(ended) = Known(ended) with { Stopped = at, By = turn.By };
        // A breach is written in the same breath as the late answer, before it: the clock still knows it.
        if (turn is { Runs: { } runs, GoesOn: true })
            Known(runs) = Known(runs) with { Clock = runs };
        else if (turn.Runs is { } begins)
            clocks.Add(new PastClock(clocks.Count + 1, begins));

        ref PastClock Known(SlaClock clock) =>
            ref CollectionsMarshal.AsSpan(clocks)[clocks.FindLastIndex(c => c.Clock.Kind == clock.Kind && c.Clock.Started == clock.Started)];
    }

    /// <summary>The time from a clock's start to its stop, or to <paramref name="until"/>, without a gap.</summary>
    public static IReadOnlyList<ClockSegment> Segments(this PastClock past, DateTimeOffset until, HoursOf hours)
    {
        List<ClockSegment> segments = [];
        var end = Instant.FromDateTimeOffset(past.Stopped ?? until);
        var at = Instant.FromDateTimeOffset(past.Clock.Started);
        foreach (var stretch in past.Clock.Stretches)
        {
            var (from, to) = (Instant.FromDateTimeOffset(stretch.From), stretch.To is { } closed ? Instant.FromDateTimeOffset(closed) : end);
            Add(at, from, ClockSegmentKind.Paused, null);
            if (stretch.Hours is null)
                Add(from, to, ClockSegmentKind.Running, null);
            else
                foreach (var (start, stop, kind, open) in Split(hours(stretch.Hours), from, to))
                    Add(start, stop, kind, open);
            at = Instant.Max(at, to);
        }
        Add(at, end, ClockSegmentKind.Paused, null);
        return segments;

        void Add(Instant from, Instant to, ClockSegmentKind kind, OpeningHours? by)
        {
            if (from < to) segments.Add(new ClockSegment(from, to, kind, by?.Calendar, by?.Number));
        }
    }

    static IEnumerable<(Instant From, Instant To, ClockSegmentKind Kind, OpeningHours? Hours)> Split(Calendar? calendar, Instant from, Instant to)
    {
        if (calendar is null || !calendar.IsKnown(from, to))
        {
            yield return (from, to, ClockSegmentKind.Unknown, calendar?.At(from));
            yield break;
        }
        var at = from;
        foreach (var open in calendar.Open(from, to))
        {
            yield return (at, open.From, ClockSegmentKind.OutsideHours, calendar.At(at));
            yield return (open.From, open.To, ClockSegmentKind.Running, open.Hours);
            at = open.To;
        }
        yield return (at, to, ClockSegmentKind.OutsideHours, calendar.At(at));
    }
}
