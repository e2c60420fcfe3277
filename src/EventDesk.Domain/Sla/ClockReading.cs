using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>How a clock stands. An undetermined one ran through hours that are unknown: nothing can be said of it.</summary>
public enum ClockState { Running = 1, AtRisk = 2, Breached = 3, Paused = 4, Undetermined = 5 }

/// <summary>Whose opening hours a name such as <c>desk/billing/pl</c> stands for; null when nobody knows the name.</summary>
public delegate Calendar? HoursOf(string name);

/// <summary>A clock as it stands at an instant.</summary>
/// <param name="Elapsed">Time that counts so far.</param>
/// <param name="Due">The first instant with elapsed ≥ target, as far as is known today; null while it pauses, or has no target.</param>
/// <param name="WarnAt">When it is to warn; null when it has or never will.</param>
/// <param name="BreachAt">The instant after which elapsed &gt; target; null when it has breached or does not run. Later than <paramref name="Due"/>
/// where the budget ends at closing time: an answer while closed still meets it.</param>
public sealed record ClockFace(ClockState State, Duration Elapsed, Instant? Due, Instant? WarnAt, Instant? BreachAt);

/// <summary>Reads clocks: the only place where stretches and calendars become time.</summary>
public static class ClockReading
{
    /// <summary>A target that is smaller than what has passed is exceeded in the very instant it is set.</summary>
    static readonly Duration Already = Duration.FromTicks(10);

    /// <summary>The clock at an instant.</summary>
    public static ClockFace Read(this SlaClock clock, DateTimeOffset at, HoursOf hours)
    {
        var now = Instant.FromDateTimeOffset(at);
        if (!clock.IsKnown(now, hours))
            return new(ClockState.Undetermined, Duration.Zero, null, null, null);
        var elapsed = clock.Elapsed(now, hours);
        var state = clock.Breached ? ClockState.Breached : !clock.IsRunning ? ClockState.Paused : clock.Warned ? ClockState.AtRisk : ClockState.Running;
        if (clock.Target.Seconds is not { } seconds || clock.Stretches.Count == 0)
            return new(state, elapsed, null, null, null);
        var (last, before) = (clock.Stretches[^1], clock.Closed(hours));
        var target = Duration.FromSeconds(seconds);
        if (last.To is { } paused)
        {
            // A smaller target may come while it pauses: the time was used up before.
            var late = !clock.Breached && elapsed > target ? Instant.FromDateTimeOffset(paused) : (Instant?)null;
            return new(state, elapsed, late, null, late - Already);
        }
        return new(
            state, elapsed, Foreseen(Reached(last, target - before, hours), last, hours),
            clock.Warned || clock.Target.WarnSeconds is not { } warn ? null : Foreseen(Reached(last, Duration.FromSeconds(warn) - before, hours), last, hours),
            clock.Breached ? null : Foreseen(Exceeded(last, target - before, hours), last, hours));
    }

    /// <summary>What a ticket is listed under whose clocks stand so: the one that needs someone most, and never a pause while another clock runs.</summary>
    public static ClockState? Foremost(params IEnumerable<ClockState?> clocks) => clocks.OfType<ClockState>().OrderBy(Urgency).Cast<ClockState?>().FirstOrDefault();

    static int Urgency(ClockState state) => state switch
    {
        ClockState.Breached => 0,
        ClockState.AtRisk => 1,
        ClockState.Undetermined => 2,
        ClockState.Running => 3,
        _ => 4,
    };

    /// <summary>Time that counts up to <paramref name="now"/>.</summary>
    public static Duration Elapsed(this SlaClock clock, Instant now, HoursOf hours) =>
        clock.Stretches.Aggregate(Duration.Zero, (sum, s) => sum + Elapsed(s.Hours, FromOf(s), s.To is { } to ? Instant.FromDateTimeOffset(to) : now, hours));

    /// <summary>Time of [from, to) that counts in these hours.</summary>
    public static Duration Elapsed(string? name, Instant from, Instant to, HoursOf hours) =>
        to <= from ? Duration.Zero : name is null ? to - from : hours(name)?.Elapsed(from, to) ?? Duration.Zero;

    static Duration Closed(this SlaClock clock, HoursOf hours) => (clock with { Stretches = [.. clock.Stretches.SkipLast(1)] }).Elapsed(Instant.MinValue, hours);

    static bool IsKnown(this SlaClock clock, Instant now, HoursOf hours) => clock.Stretches.All(s =>
        s.Hours is null || (hours(s.Hours) is { } calendar && calendar.IsKnown(FromOf(s), s.To is { } to ? Instant.FromDateTimeOffset(to) : Instant.Max(now, FromOf(s) + Duration.Epsilon))));

    /// <summary>A moment that lies behind hours nobody knows cannot be foreseen.</summary>
    static Instant? Foreseen(Instant? moment, ClockStretch s, HoursOf hours) =>
        moment is not { } at || s.Hours is null || at <= FromOf(s) || (hours(s.Hours)?.IsKnown(FromOf(s), at) ?? false) ? moment : null;

    static Instant? Reached(ClockStretch s, Duration left, HoursOf hours) =>
        left <= Duration.Zero ? FromOf(s) : s.Hours is null ? FromOf(s) + left : hours(s.Hours)?.Due(FromOf(s), left);

    static Instant? Exceeded(ClockStretch s, Duration left, HoursOf hours) =>
        left < Duration.Zero ? FromOf(s) - Already : s.Hours is null ? FromOf(s) + left : hours(s.Hours)?.Exceeded(FromOf(s), left);

    static Instant FromOf(ClockStretch s) => Instant.FromDateTimeOffset(s.From);
}
