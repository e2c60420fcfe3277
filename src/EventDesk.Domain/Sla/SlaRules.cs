using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>What clocks and contracts add to a command: nobody has to remember them.</summary>
public static class SlaRules
{
    /// <summary>What time has brought since the ticket was last touched, and nobody has written down yet: a warning, or the breach.</summary>
    public static IReadOnlyList<Decided> Overdue(Ticket t, Circumstances c)
    {
        if (t.Targets is not { } targets || t is { Clock: null or { Breached: true }, CallbackClock: null or { Breached: true } })
            return [];
        return [.. t.Clocks.Where(clock => !clock.Breached).Select(clock => Overdue(clock, t, c)).OfType<TicketEvent>().Select(e => new Decided(e, targets.Rule))];
    }

    static TicketEvent? Overdue(SlaClock clock, Ticket t, Circumstances c)
    {
        // Read as its row reads it, at the last event: what came due before the hours became unknown has come due all the same.
        var (face, now) = (clock.Read(t.ChangedAt, c.Sla.Hours), Instant.FromDateTimeOffset(c.Now));
        if (face.Due is not { } due)
            return null;
        if (face.BreachAt < now)
            return new SLABreached(clock.Kind, due.ToDateTimeOffset());
        return face.WarnAt <= now ? new SlaWarned(clock.Kind, due.ToDateTimeOffset()) : null;
    }

    /// <summary>New targets where the events are a reason for them: the ticket is new, its severity, desk or contract changed, or a clock began.</summary>
    /// <param name="before">The ticket before the events.</param>
    /// <param name="after">The ticket after them.</param>
    public static IEnumerable<Decided> Targets(Ticket before, Ticket after, Circumstances c)
    {
        if (after.Status != Status.Open)
            return [];
        var began = (after.UnansweredSince is not null && before.UnansweredSince is null) || (after.Callback is not null && before.Callback is null);
        var changed = before.Number == 0 || before.Severity != after.Severity || before.Desk != after.Desk || before.Contract != after.Contract;
        if (!(began || changed) || c.Sla.Targets(after, c.Now) is not { } found)
            return [];
        var targets = changed ? found : KeepingWhatRuns(before, after, found);
        return targets == after.Targets || (after.Targets is null && targets.IsEmpty) ? [] : [new(targets, targets.Rule)];
    }

    /// <summary>Where one clock begins beside another, a later version of the contract does not reach the one that runs.</summary>
    static SlaTargetSet KeepingWhatRuns(Ticket before, Ticket after, SlaTargetSet found)
    {
        return found with { FirstResponse = Kept(SlaClockKind.FirstResponse), NextResponse = Kept(SlaClockKind.NextResponse), Callback = Kept(SlaClockKind.Callback) };

        ClockTarget? Kept(SlaClockKind kind) =>
            before.Clocks.FirstOrDefault(c => c.Kind == kind) is { } runs && after.Clocks.Any(c => c.Kind == kind && c.Started == runs.Started) ? runs.Target : found.Of(kind);
    }
}

/// <summary>What the rules ask of the organisation, through all its versions.</summary>
public interface ISlaBook
{
    /// <summary>The opening hours a name stands for.</summary>
    Calendar? Hours(string name);

    /// <summary>The targets the ticket's contract has for it at an instant; null when it has no contract.</summary>
    SlaTargetSet? Targets(Ticket t, DateTimeOffset at);

    /// <summary>Whose opening hours count for a desk's customers, its own or those of their plan, and how they stand at an instant.</summary>
    /// <param name="contract">Null: the desk's own.</param>
    (string Hours, OpeningState State) Opening(string? contract, DeskId desk, DateTimeOffset at);
}

/// <summary>No organisation, no contracts, no clocks.</summary>
public sealed class NoSla : ISlaBook
{
    public static readonly NoSla Instance = new();
    public Calendar? Hours(string name) => null;
    public SlaTargetSet? Targets(Ticket t, DateTimeOffset at) => null;
    public (string Hours, OpeningState State) Opening(string? contract, DeskId desk, DateTimeOffset at) => ("", OpeningState.Unknown);
}
