using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>What clocks and contracts add to a command: nobody has to remember them.</summary>
public static class SlaRules
{
    /// <summary>What time has brought since the ticket was last touched, and nobody has written down yet: a warning, or the breach.</summary>
    public static IReadOnlyList<Decided> Overdue(Ticket t, Circumstances c)
    {
        if (t.Clock is not { Breached: false } clock || t.Targets is not { } targets)
            return [];
        // Read as its row reads it, at the last event: what came due before the hours became unknown has come due all the same.
        var (face, now) = (clock.Read(t.ChangedAt, c.Sla.Hours), Instant.FromDateTimeOffset(c.Now));
        if (face.Due is not { } due)
            return [];
        if (face.BreachAt < now)
            return [new(new SLABreached(clock.Kind, due.ToDateTimeOffset()), targets.Rule)];
        return face.WarnAt <= now ? [new(new SlaWarned(clock.Kind, due.ToDateTimeOffset()), targets.Rule)] : [];
    }

    /// <summary>New targets where the events are a reason for them: the ticket is new, its severity, desk or contract changed, or a clock began.</summary>
    /// <param name="before">The ticket before the events.</param>
    /// <param name="after">The ticket after them.</param>
    public static IEnumerable<Decided> Targets(Ticket before, Ticket after, Circumstances c)
    {
        if (after.Status != Status.Open)
            return [];
        var began = after.UnansweredSince is not null && before.UnansweredSince is null;
        var changed = before.Number == 0 || before.Severity != after.Severity || before.Desk != after.Desk || before.Contract != after.Contract;
        if (!(began || changed) || c.Sla.Targets(after, c.Now) is not { } targets || targets == after.Targets)
            return [];
        return after.Targets is null && targets is { FirstResponse: null, NextResponse: null } ? [] : [new(targets, targets.Rule)];
    }
}

/// <summary>What the rules ask of the organisation, through all its versions.</summary>
public interface ISlaBook
{
    /// <summary>The opening hours a name stands for.</summary>
    Calendar? Hours(string name);

    /// <summary>The targets the ticket's contract has for it at an instant; null when it has no contract.</summary>
    SlaTargetSet? Targets(Ticket t, DateTimeOffset at);
}

/// <summary>No organisation, no contracts, no clocks.</summary>
public sealed class NoSla : ISlaBook
{
    public static readonly NoSla Instance = new();
    public Calendar? Hours(string name) => null;
    public SlaTargetSet? Targets(Ticket t, DateTimeOffset at) => null;
}
