using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Sla;

namespace EventDesk.Domain.Tickets;

/// <summary>Something someone wants to happen to a ticket. It carries its own rule.</summary>
public abstract record TicketCommand
{
    /// <summary>Pure: the same ticket, command and circumstances always give the same decision.</summary>
    public abstract Decision Decide(Ticket t, Circumstances c);

    /// <summary>
    /// A merged or purged ticket takes no command; everything else asks the command's own rule. Around its events come those that nobody asks for:
    /// before them what time has brought meanwhile, so that a late answer is late whenever it is looked at, and behind them new targets.
    /// </summary>
    public Decision Handle(Ticket t, Circumstances c)
    {
        if (t.Status == Status.Purged)
            return Decision.Refuse("ticket_purged", "The ticket was purged; only its tombstone is left.");
        if (t.MergedInto is { } into && !TakesMerged)
            return Decision.Refuse("ticket_merged", $"The ticket was merged into {into.Value}.");
        var overdue = SlaRules.Overdue(t, c);
        var present = Fold(t, overdue, c);
        return Decide(present, c) switch
        {
            Decision.Accepted a => Decision.Accept([.. overdue, .. a.Events, .. Follow(present, Fold(present, a.Events, c), c)]),
            Decision.NothingToDo when overdue.Count > 0 => Decision.Accept(overdue),
            var other => other,
        };
    }

    /// <summary>A ticket that was merged into another takes this command all the same.</summary>
    internal virtual bool TakesMerged => false;

    static IEnumerable<Decided> Follow(Ticket before, Ticket after, Circumstances c) => after.Status == Status.Purged ? [] :
        [.. SlaRules.Targets(before, after, c), .. IncidentRules.Follow(after, c.Incident)];

    private protected static Ticket Fold(Ticket t, IReadOnlyList<Decided> events, Circumstances c) =>
        events.Aggregate(t, (now, d) => Ticket.Evolve(now, d.Event, c.Now, c.By.IsStaff));
}

/// <summary>What a decision may look at beside the ticket.</summary>
/// <param name="Now">Occurred time of what is decided, UTC.</param>
/// <param name="Book">Contracts and opening hours; null: there are none, and no clocks.</param>
/// <param name="Incident">For commands that may concern one (<see cref="IncidentRules.MayConcern"/>).</param>
public sealed record Circumstances(DateTimeOffset Now, Actor By, DeskRules Rules, ISlaBook? Book = null, IncidentAtHand? Incident = null)
{
    public ISlaBook Sla => Book ?? NoSla.Instance;
}

/// <summary>The periods a desk promises.</summary>
public sealed record DeskRules
{
    public static readonly DeskRules Default = new();

    /// <summary>So long after the resolution the customer may reopen; then the ticket is closed.</summary>
    public TimeSpan ReopenWindow { get; init; } = TimeSpan.FromDays(14);

    /// <summary>So long after the first rating of a cycle it may be changed.</summary>
    public TimeSpan RatingWindow { get; init; } = TimeSpan.FromDays(14);
}

/// <summary>An event and, where no person chose it, the rule that did.</summary>
public sealed record Decided(TicketEvent Event, RuleRef? Rule = null);

/// <summary>Events, nothing (it is already so: repeating a command is harmless), or a refusal.</summary>
public abstract record Decision
{
    private Decision() { }

    public sealed record Accepted(IReadOnlyList<Decided> Events) : Decision;

    /// <param name="Code">Stable, snake_case; the problem type is <c>urn:eventdesk:{code}</c>.</param>
    /// <param name="Reason">For people.</param>
    public sealed record Refused(string Code, string Reason) : Decision;

    public sealed record NothingToDo : Decision;

    public static readonly Decision Nothing = new NothingToDo();

    public static Decision Refuse(string code, string reason) => new Refused(code, reason);
    public static Decision Accept(params IEnumerable<Decided> events) => new Accepted([.. events]);
    public static implicit operator Decision(TicketEvent e) => new Accepted([new Decided(e)]);
}
