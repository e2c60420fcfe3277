namespace EventDesk.Domain.Tickets;

/// <summary>The coordinator sends a new ticket to a line and, if wanted, a team.</summary>
public sealed record TriageTicket(SupportLine Line, string? Team = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Triage: false } => Decision.Refuse("already_triaged", "The ticket has left triage; escalate, de-escalate or assign it."),
        _ when Line > SupportLine.L2 => Decision.Refuse("triage_above_l2", "Triage sends to L1 or L2; the way to L3 leads over a management evaluation."),
        _ => new TicketTriaged(Line, Team),
    };
}

/// <summary>A person takes, or is given, the ticket.</summary>
/// <param name="Rule">What chose the agent, where no person did.</param>
public sealed record AssignTicket(AgentId Agent, string? Team = null, RuleRef? Rule = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        _ when t.Agent == Agent && (Team is null || Team == t.Team) => Decision.Nothing,
        // Who hands out what waits has seen it wait: a ticket that somebody has by now is not taken away again.
        { Place: not Place.Unassigned } when Rule is not null => Decision.Nothing,
        _ => Decision.Accept(new Decided(new TicketAssigned(Agent, Team), Rule)),
    };
}

/// <param name="From">Only if it is this agent's; null: whoever has it.</param>
public sealed record UnassignTicket(SealedText? Reason = null, AgentId? From = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Agent: null } => Decision.Nothing,
        _ when From is not null && t.Agent != From => Decision.Nothing,
        _ => new TicketUnassigned(Reason),
    };
}
