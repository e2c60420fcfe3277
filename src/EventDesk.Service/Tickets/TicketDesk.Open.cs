using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Tickets;

public sealed partial class TicketDesk
{
    /// <summary>Opens a ticket.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be written; nothing was stored.</exception>
    public async Task<Outcome> Open(NewTicket ticket, Asker who, RequestKey? key, CancellationToken ct)
    {
        using var span = ServiceTelemetry.Command(nameof(OpenTicket));
        try
        {
            return span.End(await OpenCore(ticket, who, key, ct));
        }
        catch (PostgresException e) when (e.SqlState == MasterKeys.Destroyed)
        {
            // Another process destroyed the master key this one wrapped with; nothing was stored.
            masters.Reload();
            return span.End(await OpenCore(ticket, who, key, ct));
        }
    }

    async Task<Outcome> OpenCore(NewTicket ticket, Asker who, RequestKey? key, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, Operation.OpenTicket) is not { } grant)
            return new Outcome.Forbidden("Your role may not open tickets.");
        var desk = organisation.Now.Find(ticket.Product, ticket.Language);
        if (desk is null)
            return new Outcome.Refused("unknown_desk", $"There is no desk for product \"{ticket.Product}\" in language \"{ticket.Language}\".");
        if (desk.Retired)
            return new Outcome.Refused("desk_retired", $"The desk {desk.Id} takes no new tickets.");
        if (grant.Role == Role.Customer && ChannelOf(ticket.Channel) is { } way && desk.Through(way) is not Availability.Yes and var availability)
            return new Outcome.NotOffered(desk.Id, ticket.Channel, availability, desk.Offered);
        if (ticket.Contract is { } plan && organisation.Now.FindContract(plan) is null)
            return new Outcome.Refused("unknown_contract", $"There is no contract \"{plan}\".");
        var requester = grant.Reach.Customer ?? CustomerOf(ticket.RequesterEmail);
        if (!grant.Reach.Covers(new TicketScope(desk.Id, SupportLine.L1, requester)))
        {
            await access.Denied(who.Principal, Operation.OpenTicket, null, "reach", ct);
            return new Outcome.Forbidden($"You do not work for the desk {desk.Id}.");
        }

        // Rules are looked up in memory: only where one names an agent is the database asked, whether there is room.
        var now = clock.Now();
        var contract = ticket.Contract ?? organisation.History.ContractOf(requester, now);
        var route = organisation.History.RouteOf(
            new FormFacts(desk.Product, desk.Language, ticket.Channel, contract, requester, ticket.Severity, ticket.Fields), now);
        await using var seat = route?.Agent is { } agent ? await seats.Take(agent.Value, ct) : null;
        return await OpenOn(ticket, desk, requester, contract, seat is { TakesMore: false } ? route?.WithoutAgent : route, who, grant, key, ct);
    }

    async Task<Outcome> OpenOn(
        NewTicket ticket, Desk desk, CustomerId requester, string? contract, Route? route, Asker who, Grant grant, RequestKey? key, CancellationToken ct)
    {
        var now = clock.Now();
        var id = Guid.CreateVersion7(now);
        var command = new OpenTicket(
            await numbers.Next(ct), desk.Product, desk.Language, ticket.Channel,
            new Requester(requester, ticket.RequesterName is { } name ? new SealedText(name) : null, ticket.RequesterEmail),
            ticket.Subject, ticket.Body, ticket.Severity, ticket.Fields?.ToDictionary(f => f.Key, f => new SealedText(f.Value)),
            contract, route);
        var decision = command.Handle(Ticket.None, await CircumstancesOf(command, desk.Product, now, who, grant, ct));
        return decision switch
        {
            Decision.Refused r => new Outcome.Refused(r.Code, r.Reason),
            Decision.Accepted a => await Append(Draft.Start(id), a.Events, now, new By(who, grant, null), key, null, ct) switch
            {
                AppendResult.Repeated r => Replies.Repeat(r.Request, r.Reply, key),
                AppendResult.Appended r => new Outcome.Done(id, command.Number, r.Version),
                var other => throw new InvalidOperationException($"A new stream ended in {other}."),
            },
            _ => throw new InvalidOperationException("Opening a ticket always decides something."),
        };
    }

    /// <summary>
    /// What a desk publishes for the ways in that are customers' own, the form and the chat; null for every other. What came by phone or mail has
    /// come, whatever the desk offers, and what staff, a program or an import writes down has happened: to refuse it would lose it.
    /// </summary>
    static string? ChannelOf(Channel channel) => channel switch
    {
        Channel.Portal => "portal",
        Channel.Chat => "chat",
        _ => null,
    };
}
