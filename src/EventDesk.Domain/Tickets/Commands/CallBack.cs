namespace EventDesk.Domain.Tickets;

/// <summary>
/// Somebody called the customer back. Who was reached has an answer; an attempt that reaches nobody is counted and leaves the call owed.
/// Telephony will say the same of calls it connects.
/// </summary>
public sealed record CallBack(bool Reached, SealedText? Note = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Callback: null } => Decision.Refuse("no_callback_owed", "No call back is owed on this ticket."),
        _ when Reached => new CallbackReached(Note),
        _ => new CallbackMissed(Note),
    };
}
