namespace EventDesk.Domain.Tickets;

/// <summary>Someone asks for help. The first command of a stream.</summary>
/// <param name="Number">Drawn beforehand; never reused.</param>
/// <param name="Contract">The plan of this customer; null: the desk's.</param>
public sealed record OpenTicket(
    long Number, string Product, string Language, Channel Channel, Requester Requester, SealedText Subject, SealedText Body,
    Severity? Severity = null, IReadOnlyDictionary<string, SealedText>? Fields = null, string? Contract = null) : TicketCommand
{
    /// <summary>
    /// Forms are read by a coordinator first; who mails, calls or chats has chosen the desk and goes straight to the first line. A contract may send
    /// its customers straight to the second line, and to an agent of their own.
    /// </summary>
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Number != 0)
            return Decision.Refuse("ticket_exists", "There is a ticket under this id already.");
        var plan = c.Sla.Contract(Contract, DeskId.Of(Product, Language), c.Now);
        var rule = plan is null ? null : new RuleRef($"contract/{plan.Definition.Id}", plan.Version);
        var (direct, agent) = (plan is { Definition.DirectToSecondLine: true }, plan?.Definition.Agent);
        var triage = Channel == Channel.Portal && !direct && agent is null;
        List<Decided> events =
        [
            new(
                new TicketOpened(
                    Number, Product, Language, Channel, Requester, Subject, Body, Severity, direct ? SupportLine.L2 : SupportLine.L1, triage, Fields: Fields, Contract: Contract),
                triage ? AutomaticRules.FormTicketsToTriage : direct ? rule : null),
            new(new ConfirmationIssued(Number, Channel), AutomaticRules.ConfirmReceipt),
            .. OutOfHours.Follow(Channel, Contract, DeskId.Of(Product, Language), c),
        ];
        if (agent is not null)
            events.Add(new(new TicketAssigned(new AgentId(agent)), rule));
        return Decision.Accept(events);
    }
}
