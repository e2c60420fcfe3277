namespace EventDesk.Domain.Tickets;

/// <summary>The ticket belongs to another desk; its clock goes on with the time that has passed, in the new desk's hours.</summary>
public sealed record MoveTicket(string Product, string Language) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        _ when t.Product == Product && t.Language == Language => Decision.Nothing,
        _ => new TicketMoved(Product, Language),
    };
}

/// <summary>The ticket falls under another plan; its clock goes on with the time that has passed, against the new target.</summary>
public sealed record ChangeContract(string Contract) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        _ when t.Contract == Contract => Decision.Nothing,
        _ => new ContractChanged(Contract),
    };
}
