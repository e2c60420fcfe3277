namespace EventDesk.Domain.Tickets;

/// <summary>
/// The ticket goes on in another one of the same customer. Nothing is copied: its messages stay where they are and are read there too. Only a ticket
/// that is merged nowhere takes another in, so a chain of merges always ends somewhere.
/// </summary>
public sealed record MergeTicket(TicketId Into) : PairCommand
{
    public override TicketId? OtherOf(Ticket t) => Into;

    public override TicketCommand OnOther(TicketId self, Ticket t) => new AbsorbTicket(self, t.Number, t.Requester, t.UnansweredSince);

    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Callback: not null } => Decision.Refuse("callback_owed", "The customer is owed a call back on this ticket; make it before merging."),
        _ => new TicketMerged(Into),
    };
}

/// <summary>Takes another ticket in; asked by <see cref="MergeTicket"/> alone.</summary>
public sealed record AbsorbTicket(TicketId From, long Number, CustomerId Requester, DateTimeOffset? UnansweredSince) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Status != Status.Open)
            return Decision.Refuse("target_not_open", $"#{t.Number} is not open; reopen it first, or link the two.");
        // Whoever was forgotten is nobody in particular, and two of them need not be one.
        if (t.Requester != Requester || Requester == default)
            return Decision.Refuse("other_requester", $"#{t.Number} is another customer's, who would read what this one wrote; link the two instead.");
        List<Decided> events = [new(new TicketAbsorbed(From, UnansweredSince))];
        if (UnansweredSince is not null && t.Waiting is not null)
            events.Add(new(new WaitingEnded(WaitingEnd.CustomerMessage), AutomaticRules.MessageEndsWaiting));
        return Decision.Accept(events);
    }
}

/// <summary>Takes a merge back: the ticket stands in its line again as before. What was written on the other one meanwhile stays there.</summary>
public sealed record UnmergeTicket : PairCommand
{
    internal override bool TakesMerged => true;
    public override bool NeedsOther => false;

    public override TicketId? OtherOf(Ticket t) => t.MergedInto;

    public override TicketCommand OnOther(TicketId self, Ticket t) => new ReleaseTicket(self);

    public override Decision Decide(Ticket t, Circumstances c) => t.MergedInto is { } into
        ? new TicketUnmerged(into)
        : Decision.Refuse("not_merged", "The ticket is merged into no other.");
}

/// <summary>Gives another ticket back; asked by <see cref="UnmergeTicket"/> alone.</summary>
public sealed record ReleaseTicket(TicketId From) : TicketCommand
{
    internal override bool TakesMerged => true;

    public override Decision Decide(Ticket t, Circumstances c) => t.Absorbed?.Contains(From) == true ? new TicketReleased(From) : Decision.Nothing;
}
