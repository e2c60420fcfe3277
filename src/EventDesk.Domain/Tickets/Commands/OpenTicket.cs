using EventDesk.Domain.Organisation;

namespace EventDesk.Domain.Tickets;

/// <summary>Someone asks for help. The first command of a stream.</summary>
/// <param name="Number">Drawn beforehand; never reused.</param>
/// <param name="Contract">The plan of this customer; null: the desk's.</param>
/// <param name="Route">Where the organisation's rules send it; null: no rule matched.</param>
public sealed record OpenTicket(
    long Number, string Product, string Language, Channel Channel, Requester Requester, SealedText Subject, SealedText Body,
    Severity? Severity = null, IReadOnlyDictionary<string, SealedText>? Fields = null, string? Contract = null, Route? Route = null) : TicketCommand
{
    /// <summary>
    /// Forms are read by a coordinator first; who mails, calls or chats has chosen the desk and goes straight to the first line. A rule may say otherwise:
    /// line and team then stand on the opening itself, what cannot stand there follows it, and each of these events names the rule.
    /// </summary>
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Number != 0)
            return Decision.Refuse("ticket_exists", "There is a ticket under this id already.");
        var triage = Route is null ? Channel == Channel.Portal : Route is { Line: null, Agent: null };
        var opened = new TicketOpened(
            Number, Product, Language, Channel, Requester, Subject, Body, Severity, Route?.Line ?? SupportLine.L1, triage,
            Route?.Desk is null ? Route?.Team : null, Fields, Contract: Contract);
        List<Decided> events =
        [
            new(opened, Route?.Rule ?? (triage ? AutomaticRules.FormTicketsToTriage : null)),
            new(new ConfirmationIssued(Number, Channel), AutomaticRules.ConfirmReceipt),
            .. OutOfHours.Follow(Channel, Contract, DeskId.Of(Product, Language), c),
        ];
        if (Route is not null)
            events.AddRange(Onward(Route));
        return Decision.Accept(events);
    }

    static IEnumerable<Decided> Onward(Route route)
    {
        if (route.Desk is { } desk)
            yield return new(new TicketMoved(desk.Product, desk.Language), route.Rule);
        if (route.Agent is { } agent)
            yield return new(new TicketAssigned(agent, route.Team), route.Rule);
        else if (route is { Desk: not null, Team: { } team })
            yield return new(new TicketTransferred(team), route.Rule);
    }
}
