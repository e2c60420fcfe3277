namespace EventDesk.Domain.Tickets;

/// <summary>
/// A moment has come at which a rule looks by itself: a planned date, the end of the reopening window, a warning, a breach. What the clock
/// says is added to every command; this one adds what else is due, and nothing when somebody was quicker.
/// </summary>
public sealed record WakeTicket : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: Status.Resolved } => new CloseTicket(CloseCause.WindowElapsed).Decide(t, c),
        { Status: Status.Open, WaitingUntil: { } until } when until <= c.Now => new EndWaiting(WaitingEnd.DateReached).Decide(t, c),
        _ => Decision.Nothing,
    };
}
