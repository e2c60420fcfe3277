using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Tickets;

/// <summary>The way in for every door: load, ask the policy, decide, append. Nothing else writes to a ticket's stream but imports.</summary>
public sealed partial class TicketDesk(
    EventStore store, StreamKeys keys, MasterKeys masters, TicketNumbers numbers, OrganisationBook organisation, IncidentDesk incidents, TimeProvider clock)
{
    /// <summary>How often a command without an expected version is decided anew when others write at the same time.</summary>
    const int Attempts = 20;

    readonly RecentTickets recent = new(capacity: 5_000);

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
        if (ticket.Contract is { } contract && organisation.Now.FindContract(contract) is null)
            return new Outcome.Refused("unknown_contract", $"There is no contract \"{contract}\".");
        var requester = grant.Reach.Customer ?? CustomerOf(ticket.RequesterEmail);
        if (!grant.Reach.Covers(new TicketScope(desk.Id, SupportLine.L1, requester)))
            return new Outcome.Forbidden($"You do not work for the desk {desk.Id}.");

        var now = clock.Now();
        var id = Guid.CreateVersion7(now);
        var command = new OpenTicket(
            await numbers.Next(ct), desk.Product, desk.Language, ticket.Channel,
            new Requester(requester, ticket.RequesterName is { } name ? new SealedText(name) : null, ticket.RequesterEmail),
            ticket.Subject, ticket.Body, ticket.Severity, ticket.Fields?.ToDictionary(f => f.Key, f => new SealedText(f.Value)),
            ticket.Contract ?? organisation.History.ContractOf(requester, now));
        var decision = command.Handle(Ticket.None, await CircumstancesOf(command, desk.Product, now, who, grant, ct));
        return decision switch
        {
            Decision.Refused r => new Outcome.Refused(r.Code, r.Reason),
            Decision.Accepted a => await Append(Draft.Start(id), a.Events, now, who, grant, null, key, null, ct) switch
            {
                AppendResult.Repeated r => Replies.Repeat(r.Request, r.Reply, key),
                AppendResult.Appended r => new Outcome.Done(id, command.Number, r.Version),
                var other => throw new InvalidOperationException($"A new stream ended in {other}."),
            },
            _ => throw new InvalidOperationException("Opening a ticket always decides something."),
        };
    }

    /// <summary>One command on one ticket.</summary>
    /// <param name="operation">What the policy is asked for.</param>
    /// <param name="expectedVersion">The version the asker saw; null where no person looked (rules, mail).</param>
    /// <exception cref="StoreUnavailableException">The database cannot be written; nothing was stored.</exception>
    public Task<Outcome> Handle(
        Guid ticket, Operation operation, TicketCommand command, long? expectedVersion, Asker who, RequestKey? key, CancellationToken ct) =>
        Handle(ticket, operation, command, expectedVersion, who, key, erasing: null, ct);

    /// <param name="erasing">What the command takes out of the ticket beside its texts; null for all that erase nothing.</param>
    internal async Task<Outcome> Handle(
        Guid ticket, Operation operation, TicketCommand command, long? expectedVersion, Asker who, RequestKey? key, Erasing? erasing, CancellationToken ct)
    {
        using var span = ServiceTelemetry.Command(command.GetType().Name);
        if (Policy.Decide(who.Principal, operation) is not { } grant)
            return span.End(new Outcome.Forbidden("Your role may not do that."));
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await Attempt(ticket, operation, command, expectedVersion, who, grant, key, erasing, ct);
            if (expectedVersion is not null || outcome is not Outcome.Stale || attempt == Attempts)
                return span.End(outcome);
        }
    }

    async Task<Outcome> Attempt(
        Guid ticket, Operation operation, TicketCommand command, long? expectedVersion, Asker who, Grant grant, RequestKey? key, Erasing? erasing, CancellationToken ct)
    {
        if (expectedVersion is { } seen && recent.At(ticket, seen) is { } kept)
        {
            var quick = await Decide(new Loaded(kept, await keys.Get(ticket, ct)), operation, command, expectedVersion, who, grant, key, erasing, ct);
            if (quick is Outcome.Stale || (quick is Outcome.Done done && (done.Repeated || done.Version > seen)))
                return quick;
        }
        var (loaded, reply) = await Load(ticket, key, ct);
        if (reply is { } r)
            return Replies.Repeat(r.Request, r.Reply, key);
        return loaded is null ? new Outcome.NotFound() : await Decide(loaded, operation, command, expectedVersion, who, grant, key, erasing, ct);
    }

    async Task<Outcome> Decide(
        Loaded loaded, Operation operation, TicketCommand command, long? expectedVersion, Asker who, Grant grant, RequestKey? key, Erasing? erasing, CancellationToken ct)
    {
        var (ticket, entry) = (loaded.Entry.Id, loaded.Entry);
        if (!grant.Reach.Covers(entry.Scope))
            return new Outcome.NotFound();
        var now = clock.Now();
        SupportLine? actingAs = null;
        if (!grant.Allows(operation, entry.Scope))
        {
            if (grant.Lines?.Contains(SupportLine.L2) != true || !organisation.History.SecondLineActsAsFirst(entry.Ticket, now))
                return new Outcome.Forbidden($"The ticket is on {entry.Ticket.Line}, which is not your line.");
            actingAs = SupportLine.L1;
        }
        if (expectedVersion is { } expected && expected != entry.Version)
            return await StaleSince(ticket, expected, entry.Version, grant, ct);

        switch (command.Handle(entry.Ticket, await CircumstancesOf(command, entry.Ticket.Product, now, who, grant, ct)))
        {
            case Decision.Refused refused:
                return new Outcome.Refused(refused.Code, refused.Reason);
            case Decision.Accepted accepted:
                var created = Replies.CreatedBy(command);
                return await Append(new Draft(entry, loaded.Key, erasing), accepted.Events, now, who, grant, actingAs, key, created, ct) switch
                {
                    AppendResult.Appended a => new Outcome.Done(ticket, entry.Ticket.Number, a.Version, created),
                    AppendResult.Repeated a => Replies.Repeat(a.Request, a.Reply, key),
                    AppendResult.Conflict c => await StaleSince(ticket, entry.Version, c.ActualVersion, grant, ct),
                    var other => throw new InvalidOperationException($"Unknown end of an append: {other}."),
                };
            default:
                return new Outcome.Done(ticket, entry.Ticket.Number, entry.Version);
        }
    }

    async ValueTask<Circumstances> CircumstancesOf(TicketCommand command, string product, DateTimeOffset now, Asker who, Grant grant, CancellationToken ct) =>
        new(now, ActorOf(who, grant), DeskRules.Default, organisation.History, IncidentRules.MayConcern(command) ? await incidents.AtHand(product, now, ct) : null);

    async Task<Outcome> StaleSince(Guid ticket, long expected, long actual, Grant grant, CancellationToken ct)
    {
        if (expected > actual)
            return new Outcome.Stale(actual, []);
        var events = await store.ReadStream(ticket, 1, null, ct);
        var key = await keys.Get(ticket, ct);
        var standIns = Redactions.Shown(events);
        var since = events.Where(e => e.Version > expected).Select(e => TicketCodec.Read(e, key, standIns: standIns)).Where(e => grant.Reach.SeesInternal || Audience.IsPublic(e.Event)).ToList();
        return new Outcome.Stale(events.Count > 0 ? events[^1].Version : actual, since);
    }

    /// <summary>The id under which the person with this address is known; the address cannot be read from it.</summary>
    public CustomerId CustomerOf(string email) => CustomerOf(masters, email);

    internal static CustomerId CustomerOf(MasterKeys masters, string email) => new(masters.Pseudonym("customer", email.Trim().ToLowerInvariant()));

    /// <summary>Customers act under their pseudonym, staff under their handle.</summary>
    static Actor ActorOf(Asker who, Grant grant) => new(grant.Reach.Customer is { } c ? c.Value.ToString() : who.Principal.Id, grant.Role);
}
