namespace EventDesk.Domain.Tickets;

/// <summary>The customer wrote. It ends a wait and reopens a resolved ticket.</summary>
public sealed record ReceiveCustomerMessage(Guid MessageId, Channel Channel, SealedText Body) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Status == Status.Closed)
            return Decision.Refuse("ticket_closed", "The ticket is closed; open a new one.");
        List<Decided> events = [new(new CustomerMessageReceived(MessageId, Channel, Body)), .. OutOfHours.Follow(Channel, t.Contract, t.Desk, c)];
        if (t.Waiting is not null)
            events.Add(new(new WaitingEnded(WaitingEnd.CustomerMessage), AutomaticRules.MessageEndsWaiting));
        if (t.Status == Status.Resolved)
            events.Add(new(new TicketReopened(ReopenCause.CustomerMessage), AutomaticRules.MessageReopens));
        return Decision.Accept(events);
    }
}

/// <summary>Staff answer in public.</summary>
public sealed record SendReply(Guid MessageId, Channel Channel, SealedText Body) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t.Status == Status.Closed
        ? Decision.Refuse("ticket_closed", "A closed ticket takes no reply; reopen it first.")
        : new ReplySent(MessageId, Channel, Body, Automated: !c.By.IsStaff);
}

/// <summary>Staff write for staff; allowed in every state.</summary>
public sealed record AddNote(Guid MessageId, SealedText Body) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => new NoteAdded(MessageId, Body);
}

/// <summary>A file whose sealed bytes are stored already.</summary>
public sealed record AddAttachment(Guid AttachmentId, SealedText Name, string MediaType, long Bytes, string Digest, bool Internal) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t.Status == Status.Closed
        ? Decision.Refuse("ticket_closed", "A closed ticket takes no attachment.")
        : new AttachmentAdded(AttachmentId, Name, MediaType, Bytes, Digest, Internal);
}
