namespace EventDesk.Domain.Tickets;

/// <summary>Nothing can be done until someone else acts or a day comes.</summary>
/// <param name="Until">Required for a planned date, and later than now.</param>
public sealed record StartWaiting(WaitingReason Reason, DateTimeOffset? Until = null, SealedText? Note = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Triage: true } => Decision.Refuse("in_triage", "The ticket is in triage; send it to a line first."),
        _ when Reason == WaitingReason.PlannedDate && Until is null => Decision.Refuse("until_missing", "Waiting for a planned date needs the date."),
        _ when Until <= c.Now => Decision.Refuse("until_past", "The end of the wait lies in the past."),
        _ when t.Waiting == Reason && t.WaitingUntil == Until => Decision.Nothing,
        { Waiting: not null } => Decision.Refuse("already_waiting", "The ticket waits already; end that wait first."),
        _ => new WaitingStarted(Reason, Until, Note),
    };
}

/// <summary>The wait is over: an agent says so, or its date has come.</summary>
public sealed record EndWaiting(WaitingEnd Cause = WaitingEnd.Agent) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Waiting: null } => Decision.Nothing,
        _ when Cause == WaitingEnd.DateReached && !(t.WaitingUntil <= c.Now) => Decision.Nothing,
        _ => Decision.Accept(new Decided(new WaitingEnded(Cause), Cause == WaitingEnd.DateReached ? AutomaticRules.PlannedDateReached : null)),
    };
}
