namespace EventDesk.Domain.Tickets;

/// <summary>What concerns two tickets: decided on both as they stand in the same moment, and written into both streams or into neither.</summary>
public abstract record PairCommand : TicketCommand
{
    /// <summary>The other ticket; null where there is none to tell.</summary>
    public abstract TicketId? OtherOf(Ticket t);

    /// <summary>What is asked of the other ticket.</summary>
    /// <param name="self">The ticket this command goes to, as it was before.</param>
    public abstract TicketCommand OnOther(TicketId self, Ticket t);

    /// <summary>Without the other ticket's consent nothing happens; false: what the other one cannot take any more is left out.</summary>
    public virtual bool NeedsOther => true;
}
