using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Assigning;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tickets;

/// <summary>The way in for every door: load, ask the policy, decide, append. Nothing else writes to a ticket's stream but imports.</summary>
public sealed partial class TicketDesk(
    EventStore store, StreamKeys keys, MasterKeys masters, TicketNumbers numbers, OrganisationBook organisation, IncidentDesk incidents, Seats seats, AccessLog access,
    TimeProvider clock)
{
    /// <summary>How often a command without an expected version is decided anew when others write at the same time.</summary>
    const int Attempts = 20;

    readonly RecentTickets recent = new(capacity: 5_000);

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
            return span.End(NotYours);
        var asked = new Asking(operation, command, expectedVersion, who, grant, key, erasing);
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await Attempt(ticket, asked, ct);
            if (outcome is not Outcome.Stale stale || attempt == Attempts || (asked.Expected is not null && stale.Outdated))
                return span.End(outcome);
            // From here on it is as if the asker had seen what only the clock wrote; anything further makes it stale.
            asked = asked with { Expected = asked.Expected is null ? null : stale.ActualVersion };
        }
    }

    /// <summary>How a command would end on the ticket as it stands now; nothing is stored.</summary>
    /// <returns><see cref="Outcome.Done"/>, with the version it would be decided on, when it would be taken.</returns>
    public async Task<Outcome> Foresee(Guid ticket, Operation operation, TicketCommand command, Asker who, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, operation) is not { } grant)
            return NotYours;
        var (loaded, _) = await Load(ticket, null, ct);
        return loaded is null ? new Outcome.NotFound() : await Decide(loaded, new Asking(operation, command, null, who, grant, null, null, Foreseen: true), ct);
    }

    static readonly Outcome.Forbidden NotYours = new("Your role may not do that.");

    /// <summary>What is asked of a ticket, by whom, and under which grant.</summary>
    /// <param name="Foreseen">It is only looked how it would end.</param>
    sealed record Asking(
        Operation Operation, TicketCommand Command, long? Expected, Asker Who, Grant Grant, RequestKey? Key, Erasing? Erasing, bool Foreseen = false);

    async Task<Outcome> Attempt(Guid ticket, Asking asked, CancellationToken ct)
    {
        if (asked.Expected is { } seen && recent.At(ticket, seen) is { Ticket.MergedInto: null } kept)
        {
            var quick = await Decide(new Loaded(kept, await keys.Get(ticket, ct)), asked, ct);
            if (quick is Outcome.Stale || (quick is Outcome.Done done && (done.Repeated || done.Version > seen)))
                return quick;
        }
        var (loaded, reply) = await Load(ticket, asked.Key, ct);
        if (reply is { } r)
            return Replies.Repeat(r.Request, r.Reply, asked.Key);
        return loaded is null ? new Outcome.NotFound() : await Decide(loaded, asked, ct);
    }

    async Task<Outcome> Decide(Loaded loaded, Asking asked, CancellationToken ct)
    {
        var (ticket, entry, who, grant, command) = (loaded.Entry.Id, loaded.Entry, asked.Who, asked.Grant, asked.Command);
        if (!grant.Reach.Covers(entry.Scope))
        {
            await access.Denied(who.Principal, asked.Operation, ticket, "reach", ct);
            return new Outcome.NotFound();
        }
        var now = clock.Now();
        SupportLine? actingAs = null;
        if (!grant.Allows(asked.Operation, entry.Scope))
        {
            if (grant.Lines?.Contains(SupportLine.L2) != true || !organisation.History.SecondLineActsAsFirst(entry.Ticket, now))
            {
                await access.Denied(who.Principal, asked.Operation, ticket, "line", ct);
                return new Outcome.Forbidden($"The ticket is on {entry.Ticket.Line}, which is not your line.");
            }
            actingAs = SupportLine.L1;
        }
        if (asked.Expected is { } expected && expected != entry.Version)
            return await StaleSince(ticket, expected, entry.Version, grant, ct);
        // What a customer writes to a ticket that goes on in another one is said there: the answer names it.
        if (entry.Ticket.MergedInto is { } into && command is ReceiveCustomerMessage)
            return await Handle(into.Value, asked.Operation, command, null, who, asked.Key, null, ct);

        switch (command.Handle(entry.Ticket, await CircumstancesOf(command, entry.Ticket.Product, now, who, grant, ct)))
        {
            case Decision.Refused refused:
                return new Outcome.Refused(refused.Code, refused.Reason);
            case Decision.Accepted accepted when command is PairCommand pair && pair.OtherOf(entry.Ticket) is { } other:
                return await HandleBoth(new Side(loaded, accepted.Events), pair, other, now, asked, actingAs, ct);
            case Decision.Accepted accepted when !asked.Foreseen:
                var created = Replies.CreatedBy(command);
                return await Append(new Draft(entry, loaded.Key, asked.Erasing), accepted.Events, now, new By(who, grant, actingAs), asked.Key, created, ct) switch
                {
                    AppendResult.Appended a => new Outcome.Done(ticket, entry.Ticket.Number, a.Version, created),
                    AppendResult.Repeated a => Replies.Repeat(a.Request, a.Reply, asked.Key),
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
        var since = events.Where(e => e.Version > expected).Select(e => TicketCodec.Read(e, key, standIns: standIns)).ToList();
        return new Outcome.Stale(
            events.Count > 0 ? events[^1].Version : actual, [.. since.Where(e => grant.Reach.SeesInternal || Audience.IsPublic(e.Event))],
            since.Count == 0 || since.Exists(e => Staleness.Outdates(e.Event)));
    }

    /// <summary>The id under which the person with this address is known; the address cannot be read from it.</summary>
    public CustomerId CustomerOf(string email) => CustomerOf(masters, email);

    internal static CustomerId CustomerOf(MasterKeys masters, string email) => new(masters.Pseudonym("customer", email.Trim().ToLowerInvariant()));

    /// <summary>Customers act under their pseudonym, staff under their handle.</summary>
    static Actor ActorOf(Asker who, Grant grant) => new(grant.Reach.Customer is { } c ? c.Value.ToString() : who.Principal.Id, grant.Role);
}
