using System.Text;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using NpgsqlTypes;

namespace EventDesk.Service.Incidents;

/// <summary>An incident as it stands.</summary>
/// <param name="Customers">How many customers are affected.</param>
/// <param name="Owed">How many of them were neither told personally nor can read it on the status page.</param>
public sealed record IncidentRow(Guid Id, string Product, DateTimeOffset OpenedAt, IncidentState State, bool Published, long Version, long Tickets, long Customers, long Owed);

/// <summary>A customer an incident touches, and how they were told; null: not yet, or by the status page alone.</summary>
public sealed record AffectedCustomer(Guid Customer, IReadOnlyList<Guid> Tickets, Channel? Contacted, DateTimeOffset? ContactedAt);

/// <summary>One thing that was written down about an incident.</summary>
public sealed record IncidentStep(DateTimeOffset At, Actor By, IncidentEvent Happened);

/// <summary>Incidents: found, begun with the ticket that starts them, and worked.</summary>
public sealed class IncidentDesk(EventStore store, TimeProvider clock)
{
    const string OpenSql = "select id from incident where product = $1 and state < 3 order by opened_at limit 1";

    const string RowsSql = """
        select i.id, i.product, i.opened_at, i.state, i.published, i.version, count(l.ticket), count(distinct t.customer),
          count(distinct t.customer) filter (where not i.published and not exists (select from incident_contact c where c.incident = i.id and c.customer = t.customer))
        from incident i left join incident_ticket l on l.incident = i.id left join ticket t on t.id = l.ticket
        where ($1::uuid is null or i.id = $1) and ($2::boolean is null or (i.state < 3) = $2)
        group by i.id, i.product, i.opened_at, i.state, i.published, i.version
        order by i.opened_at desc, i.id limit $3
        """;

    const string AffectedSql = """
        select t.customer, array_agg(t.id order by t.id), min(c.channel), min(c.at)
        from incident_ticket l join ticket t on t.id = l.ticket left join incident_contact c on c.incident = l.incident and c.customer = t.customer
        where l.incident = $1
        group by t.customer order by t.customer
        """;

    const string EndSql = "select version, digest, product, state, published from incident where id = $1";

    /// <summary>The open incident of a product, or the id a new one gets. Two that start in the same moment may both begin: they can be told apart, and neither is lost.</summary>
    internal async Task<IncidentAtHand> AtHand(string product, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(OpenSql).Add(NpgsqlDbType.Text, product);
        return await command.ExecuteScalarAsync(ct) is Guid open ? new(open, IsOpen: true) : new(Guid.CreateVersion7(now), IsOpen: false);
    }

    /// <summary>The incident's stream, to begin in the transaction of the ticket's append.</summary>
    internal static Append Begin(Guid incident, string product, Guid ticket, DateTimeOffset now, Actor by, string? correlation) =>
        Make(ChainEnd.Start(incident, IncidentJson.StreamType), Incident.None, [new IncidentOpened(product, new TicketId(ticket))], now, by, correlation, IncidentRules.Rule);

    public async Task<IReadOnlyList<IncidentRow>> List(bool? open, int limit, CancellationToken ct) => await Rows(null, open, limit, ct);

    /// <summary>Null when there is none.</summary>
    public async Task<(IncidentRow Incident, IReadOnlyList<AffectedCustomer> Affected)?> Find(Guid id, CancellationToken ct)
    {
        if (await Rows(id, null, 1, ct) is not [var incident])
            return null;
        await using var command = store.DataSource.CreateCommand(AffectedSql).Add(NpgsqlDbType.Uuid, id);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<AffectedCustomer> affected = [];
        while (await row.ReadAsync(ct))
            affected.Add(new(
                row.GetGuid(0), row.GetFieldValue<Guid[]>(1), row.IsDBNull(2) ? null : (Channel)row.GetInt16(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3)));
        return (incident, affected);
    }

    /// <summary>All that was written down about it, oldest first; nothing where there is none.</summary>
    public async Task<IReadOnlyList<IncidentStep>> Story(Guid id, CancellationToken ct) =>
    [
        .. from e in await store.ReadStream(id, 1, null, ct)
           let happened = IncidentJson.Read(Encoding.ASCII.GetBytes(e.Type), e.Data.Span)
           where happened is not null
           select new IncidentStep(e.Timestamp, EventMeta.Read(e.Headers.Span, e.Timestamp).By, happened),
    ];

    /// <summary>Writes something down about an incident.</summary>
    public async Task<Outcome> Handle(Guid id, IncidentEvent happened, long expectedVersion, Asker who, Operation operation, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, operation) is not { } grant)
            return new Outcome.Forbidden("Your role may not do that.");
        if (await End(id, ct) is not var (end, before))
            return new Outcome.NotFound();
        if (end.Version != expectedVersion)
            return new Outcome.Stale(end.Version, []);
        if (before.State == IncidentState.Resolved)
            return new Outcome.Refused("incident_resolved", "The incident is resolved; a new fault is a new incident.");
        var append = Make(end, before, [happened], clock.Now(), new Actor(who.Principal.Id, grant.Role), who.CorrelationId, null);
        return await store.Append(append, ct) switch
        {
            AppendResult.Appended a => new Outcome.Done(id, 0, a.Version),
            AppendResult.Conflict c => new Outcome.Stale(c.ActualVersion, []),
            var other => throw new InvalidOperationException($"Unknown end of an append: {other}."),
        };
    }

    static Append Make(ChainEnd end, Incident before, IReadOnlyList<IncidentEvent> events, DateTimeOffset now, Actor by, string? correlation, RuleRef? rule)
    {
        var headers = new EventMeta(by, now, now, rule).ToHeaders();
        return new Append
        {
            Stream = end.Stream,
            StreamType = IncidentJson.StreamType,
            ExpectedVersion = end.Version,
            Recorded = now,
            CorrelationId = correlation,
            Events = EventChain.Link(
                end, new Recording(now, correlation),
                [.. events.Select(e => new EventDraft(Guid.CreateVersion7(now), IncidentJson.Alias(e), IncidentJson.DotnetType(e), IncidentJson.Write(e), headers))]),
            Change = new IncidentChange(events.Aggregate(before, Incident.Evolve), events),
        };
    }

    async Task<List<IncidentRow>> Rows(Guid? id, bool? open, int limit, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(RowsSql).Add(NpgsqlDbType.Uuid, id).Add(NpgsqlDbType.Boolean, open).Add(NpgsqlDbType.Integer, limit);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<IncidentRow> rows = [];
        while (await row.ReadAsync(ct))
            rows.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), (IncidentState)row.GetInt16(3), row.GetBoolean(4), row.GetInt64(5),
                row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)));
        return rows;
    }

    async Task<(ChainEnd End, Incident Incident)?> End(Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(EndSql).Add(NpgsqlDbType.Uuid, id);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? (new ChainEnd(id, row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
                new Incident { Product = row.GetString(2), State = (IncidentState)row.GetInt16(3), Published = row.GetBoolean(4) })
            : null;
    }
}
