using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Service.Views;

/// <summary>
/// What reports know of one clock of a ticket: when it ran, what it was measured against, how it ended. Times are occurred times, the known ones when they
/// were recorded. No text, no customer. Desk, line, agent and severity are those of its end, or the present ones while it runs.
/// </summary>
internal sealed class ClockFact
{
    /// <summary>Ticket, kind and start are the clock's name.</summary>
    public Guid Ticket;
    public SlaClockKind Kind;
    public DateTime StartedAt;

    public long Number;

    /// <summary>The event it began with, and when that was recorded; the first that is told stays.</summary>
    public long StartedVersion;
    public DateTime StartedKnown;

    public string Product = "", Language = "";
    public Channel Channel;
    public SupportLine Line;

    /// <summary>Who answered or resolved; as long as nobody did, who has the ticket.</summary>
    public string? Agent;

    /// <summary>The severity its target was looked up by.</summary>
    public Severity Severity;
    public string Contract = "";
    public long? TargetSeconds, PromiseSeconds;

    /// <summary>Answered after this instant it is late, as far as hours are known; none where that cannot be said, or it had ended by then.</summary>
    public DateTime BreachAt;

    /// <summary>The same of a breach that was recorded; the first that is told stays.</summary>
    public DateTime BreachedAt;
    public long? BreachVersion;

    /// <summary>Answered after this instant the promise was not kept.</summary>
    public DateTime PromiseAt;

    /// <summary>It ran through hours that nobody knows.</summary>
    public bool Undetermined, PromiseUndetermined;

    public DateTime StoppedAt, StoppedKnown;
    public ClockEnd? StoppedBy;
    public long? StoppedVersion;

    public (Guid, SlaClockKind, DateTime) Key => (Ticket, Kind, StartedAt);

    /// <summary>The clock as it was last, and as it was when it breached: what <see cref="Read"/> reads. Not stored.</summary>
    public SlaClock Clock = null!;
    public SlaClock? Broken;

    /// <summary>This one, with what was told first of the same clock.</summary>
    public ClockFact Keeping(ClockFact earlier)
    {
        (StartedVersion, StartedKnown) = (earlier.StartedVersion, earlier.StartedKnown);
        if (earlier.BreachVersion is not null)
            (BreachVersion, BreachedAt, Broken) = (earlier.BreachVersion, earlier.BreachedAt, earlier.Broken);
        return this;
    }

    /// <summary>
    /// Reads the clock in these hours; to be repeated for a running one when they change. Each is read at an instant of its own, and nothing is foreseen of
    /// what has ended, so that it says the same whenever it is read.
    /// </summary>
    public ClockFact Read(HoursOf hours)
    {
        var at = StoppedBy is null ? LastOf(Clock) : new DateTimeOffset(StoppedAt);
        var (face, promise) = (Clock.Read(at, hours), Clock.AsPromised()?.Read(at, hours));
        (BreachAt, Undetermined) = (Passed(face.BreachAt), face.State == ClockState.Undetermined);
        (PromiseAt, PromiseUndetermined) = (Passed(promise?.BreachAt), promise?.State == ClockState.Undetermined);
        if (Broken is not null && Broken.Read(LastOf(Broken), hours).BreachAt is { } breach)
            BreachedAt = Micros(breach);
        return this;
    }

    static DateTimeOffset LastOf(SlaClock clock) => clock.Stretches is [.., var last] ? last.To ?? last.From : clock.Started;

    /// <summary>The moment, unless the clock had ended by then.</summary>
    DateTime Passed(Instant? moment) => moment is { } m && Micros(m) is var time && (StoppedBy is null || time < StoppedAt) ? time : default;

    static DateTime Micros(Instant moment) => new(DateTime.UnixEpoch.Ticks + (moment.ToUnixTimeTicks() / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
}

/// <summary>One event of a ticket with what it did to its clock.</summary>
/// <param name="Before">The ticket before it.</param>
/// <param name="After">The ticket after it.</param>
/// <param name="Version">Of the stream.</param>
public sealed record ClockStep(Ticket Before, Ticket After, TicketEvent Event, long Version, DateTimeOffset At, DateTimeOffset Recorded, Actor By)
{
    /// <summary>Whether the facts of any clock are other than before.</summary>
    public static bool Matters(Ticket before, Ticket after) =>
        !IsSame(before.Clock, after.Clock) || !IsSame(before.CallbackClock, after.CallbackClock) || (after.Clocks.Any() && Standing(before) != Standing(after));

    /// <summary>A warning is no fact of the reports.</summary>
    static bool IsSame(SlaClock? a, SlaClock? b) => ReferenceEquals(a, b) || (a is not null && b is not null && a with { Warned = b.Warned } == b);

    static (string, string, SupportLine, AgentId?, Severity?, string?) Standing(Ticket t) =>
        (t.Product, t.Language, t.Line, t.Agent, t.Targets?.Severity, t.Targets?.Contract);

    /// <summary>The facts of the clock that ended, and of the one that runs; yet to be read.</summary>
    internal IEnumerable<ClockFact> Facts(Guid ticket)
    {
        foreach (var turn in ClockTurn.Of(Before, After, Event))
        {
            if (turn is { Ended: { } ended, By: { } how })
                yield return End(ticket, ended, how);
            if (turn.Runs is { } runs)
                yield return Running(ticket, runs);
        }
    }

    ClockFact End(Guid ticket, SlaClock clock, ClockEnd how)
    {
        var fact = Of(ticket, clock, Before);
        (fact.StoppedAt, fact.StoppedKnown, fact.StoppedBy, fact.StoppedVersion) = (At.UtcDateTime, Recorded.UtcDateTime, how, Version);
        if (By.IsStaff && how is (ClockEnd.Answer or ClockEnd.Resolution or ClockEnd.Callback))
            fact.Agent = By.Id;
        return fact;
    }

    ClockFact Running(Guid ticket, SlaClock clock)
    {
        var fact = Of(ticket, clock, After);
        if (Event is SLABreached breach && Before.Clocks.FirstOrDefault(c => c.Kind == breach.Clock) is { Breached: false } before && before.Kind == clock.Kind)
            (fact.BreachVersion, fact.BreachedAt, fact.Broken) = (Version, breach.Due.UtcDateTime, before);
        return fact;
    }

    ClockFact Of(Guid ticket, SlaClock clock, Ticket t) => new()
    {
        Ticket = ticket, Kind = clock.Kind, StartedAt = clock.Started.UtcDateTime, Clock = clock, Number = t.Number,
        StartedVersion = Version, StartedKnown = Recorded.UtcDateTime,
        Product = t.Product, Language = t.Language, Channel = t.Channel, Line = t.Line, Agent = t.Agent?.Value,
        Severity = t.Targets!.Severity, Contract = t.Targets.Contract, TargetSeconds = clock.Target.Seconds, PromiseSeconds = clock.Target.PromiseSeconds,
    };
}
