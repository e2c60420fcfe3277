using EventDesk.Domain.Access;

namespace EventDesk.Domain.Tickets;

/// <summary>Something someone wants to happen to a ticket. It carries its own rule.</summary>
public abstract record TicketCommand
{
    /// <summary>Pure: the same ticket, command and circumstances always give the same decision.</summary>
    public abstract Decision Decide(Ticket t, Circumstances c);

    /// <summary>A merged or purged ticket takes no command; everything else asks the command's own rule.</summary>
    public Decision Handle(Ticket t, Circumstances c) => t switch
    {
        { Status: Status.Purged } => Decision.Refuse("ticket_purged", "The ticket was purged; only its tombstone is left."),
        { MergedInto: { } into } => Decision.Refuse("ticket_merged", $"The ticket was merged into {into.Value}."),
        _ => Decide(t, c),
    };
}

/// <summary>What a decision may look at beside the ticket.</summary>
/// <param name="Now">Occurred time of what is decided, UTC.</param>
public sealed record Circumstances(DateTimeOffset Now, Actor By, DeskRules Rules);

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
