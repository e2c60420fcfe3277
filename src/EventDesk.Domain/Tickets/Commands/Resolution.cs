namespace EventDesk.Domain.Tickets;

/// <summary>The agent considers the problem solved.</summary>
public sealed record ResolveTicket(Resolution How, SealedText? Summary = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Status == Status.Resolved) return Decision.Nothing;
        if (t.Status != Status.Open) return Refusals.NotOpen;
        if (t.Triage) return Decision.Refuse("in_triage", "The ticket is in triage; send it to a line first.");
        var resolved = new Decided(new TicketResolved(How, t.Cycle + 1, Summary));
        return t.Waiting is null
            ? Decision.Accept(resolved)
            : Decision.Accept(new Decided(new WaitingEnded(WaitingEnd.Resolved), AutomaticRules.ResolutionEndsWaiting), resolved);
    }
}

/// <summary>It was not solved after all. The customer may say so within the window, staff at any time.</summary>
public sealed record ReopenTicket(ReopenCause Cause, SealedText? Reason = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: Status.Open } => Decision.Nothing,
        _ when Cause == ReopenCause.Customer && t.Status == Status.Closed =>
            Decision.Refuse("ticket_closed", "The ticket is closed; open a new one."),
        _ when Cause == ReopenCause.Customer && c.Now - t.ResolvedAt > c.Rules.ReopenWindow =>
            Decision.Refuse("window_elapsed", $"A ticket can be reopened within {c.Rules.ReopenWindow.TotalDays:0.##} days of its resolution."),
        _ => new TicketReopened(Cause, Reason),
    };
}

/// <summary>The end: the customer acknowledges, an agent closes, or the window has passed.</summary>
public sealed record CloseTicket(CloseCause Cause) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: Status.Closed } => Decision.Nothing,
        { Status: Status.Open } => Decision.Refuse("ticket_not_resolved", "Only a resolved ticket can be closed."),
        _ when Cause == CloseCause.WindowElapsed && !(c.Now - t.ResolvedAt > c.Rules.ReopenWindow) => Decision.Nothing,
        _ => Decision.Accept(new Decided(new TicketClosed(Cause), Cause == CloseCause.WindowElapsed ? AutomaticRules.CloseAfterWindow : null)),
    };
}
