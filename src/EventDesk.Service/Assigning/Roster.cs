using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using NodaTime;
using NpgsqlTypes;

namespace EventDesk.Service.Assigning;

/// <summary>How an agent stands.</summary>
/// <param name="Since">When the agent last went away or came back; null: never.</param>
/// <param name="AtWork">Inside the agent's own hours, or without any.</param>
/// <param name="Open">Open tickets, those that wait included.</param>
public sealed record AgentLoad(bool Away, DateTimeOffset? Since, bool AtWork, int Open);

/// <summary>A ticket that was to be given back, and how that ended.</summary>
public sealed record GivenBack(Guid Ticket, Outcome Outcome);

/// <summary>The people behind the queues: who is there, with how much on the desk.</summary>
public sealed class Roster(EventStore store, TicketDesk desk, OrganisationBook organisation, Seats seats, TimeProvider clock)
{
    const string LoadsSql = """
        select a.agent, coalesce(p.away, false), p.since, (select count(*) from ticket t where t.agent = a.agent and t.place is not null)
        from unnest($1::text[]) a (agent) left join agent_presence p using (agent)
        """;

    /// <summary>By handle.</summary>
    public async Task<IReadOnlyDictionary<string, AgentLoad>> Loads(IReadOnlyCollection<RosterAgent> agents, CancellationToken ct)
    {
        var (now, hours) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), organisation.History);
        var known = agents.ToDictionary(a => a.Id);
        await using var command = store.DataSource.CreateCommand(LoadsSql).Add(NpgsqlDbType.Array | NpgsqlDbType.Text, known.Keys.ToArray());
        await using var row = await command.ExecuteReaderAsync(ct);
        Dictionary<string, AgentLoad> loads = [];
        while (await row.ReadAsync(ct))
            loads.Add(row.GetString(0), new(
                row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2), hours.IsAtWork(known[row.GetString(0)], now), (int)row.GetInt64(3)));
        return loads;
    }

    /// <summary>The agents who work at one of the desks within reach.</summary>
    public IReadOnlyList<RosterAgent> Within(Reach reach) => [.. (organisation.Now.Agents ?? []).Where(a => !a.Retired && IsWithin(a, reach))];

    /// <summary>Null when there is no such agent, or none within reach. Who works here no more may still have tickets to give back.</summary>
    public RosterAgent? Find(string agent, Reach reach) => organisation.Now.FindAgent(agent) is { } found && IsWithin(found, reach) ? found : null;

    bool IsWithin(RosterAgent agent, Reach reach) =>
        reach.Desks is null || agent.Teams.Select(organisation.Now.FindTeam).OfType<Team>().Any(t => reach.Desks.Contains(new DeskId(t.Desk)));

    const string EndSql = "select stream, version, digest, away from agent_presence where agent = $1";

    /// <summary>Says that the agent is away, or back; nothing happens when it is so already. Once it returns, nothing new comes to who is away.</summary>
    public async Task SetAway(RosterAgent agent, bool away, Actor by, string? correlation, CancellationToken ct)
    {
        // Held so that nothing is on its way to the agent while it is written; it also keeps two changes apart.
        await using var seat = await seats.Take(agent.Id, ct);
        if (seat.Away == away)
            return;
        var now = clock.Now();
        var end = await End(agent.Id, ct);
        object e = away ? new AgentWentAway(agent.Id) : new AgentCameBack(agent.Id);
        var draft = new EventDraft(
            Guid.CreateVersion7(now), away ? PresenceJson.Away : PresenceJson.Back, $"{e.GetType().FullName}, {e.GetType().Assembly.GetName().Name}",
            JsonSerializer.SerializeToUtf8Bytes(e, e.GetType(), PresenceJson.Default), new EventMeta(by, now, now).ToHeaders());
        await store.Append(
            new Append
            {
                Stream = end.Stream, StreamType = PresenceJson.StreamType, ExpectedVersion = end.Version, Recorded = now, CorrelationId = correlation,
                Events = EventChain.Link(end, new Recording(now, correlation), [draft]), Change = new PresenceChange(agent.Id, away),
            }, ct);
    }

    async Task<ChainEnd> End(string agent, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(EndSql).Add(NpgsqlDbType.Text, agent);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new ChainEnd(row.GetGuid(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2))
            : ChainEnd.Start(OrganisationJson.StreamOf($"presence/{agent}"), PresenceJson.StreamType);
    }

    const string OpenSql = """
        select id from ticket where agent = $1 and place is not null and ($2::text[] is null or desk = any($2)) order by due, severity, opened_at, id
        """;

    /// <summary>Takes an agent's open tickets off the agent's desk: they wait in their team's queue again, at the place their age gives them.</summary>
    public async Task<IReadOnlyList<GivenBack>> GiveBack(RosterAgent agent, SealedText? reason, Asker who, Reach reach, CancellationToken ct)
    {
        List<Guid> open = [];
        await using (var command = store.DataSource.CreateCommand(OpenSql).Add(NpgsqlDbType.Text, agent.Id)
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, TicketQueues.Desks(null, reach)))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct))
                open.Add(row.GetGuid(0));
        List<GivenBack> given = [];
        foreach (var ticket in open)
            given.Add(new(ticket, await desk.Handle(ticket, Operation.ReturnTickets, new UnassignTicket(reason, new AgentId(agent.Id)), null, who, null, ct)));
        return given;
    }
}
