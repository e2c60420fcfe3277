namespace EventDesk.Domain.Tickets;

/// <summary>Someone asks for help. The first command of a stream.</summary>
/// <param name="Number">Drawn beforehand; never reused.</param>
public sealed record OpenTicket(
    long Number, string Product, string Language, Channel Channel, Requester Requester, SealedText Subject, SealedText Body,
    Severity? Severity = null, IReadOnlyDictionary<string, SealedText>? Fields = null) : TicketCommand
{
    /// <summary>Forms are read by a coordinator first; who mails, calls or chats has chosen the desk and goes straight to the first line.</summary>
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Number != 0)
            return Decision.Refuse("ticket_exists", "There is a ticket under this id already.");
        var triage = Channel == Channel.Portal;
        return Decision.Accept(
            new Decided(
                new TicketOpened(Number, Product, Language, Channel, Requester, Subject, Body, Severity, SupportLine.L1, triage, Fields: Fields),
                triage ? AutomaticRules.FormTicketsToTriage : null),
            new Decided(new ConfirmationIssued(Number, Channel), AutomaticRules.ConfirmReceipt));
    }
}
