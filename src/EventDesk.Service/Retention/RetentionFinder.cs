using EventDesk.Domain;
using EventDesk.Domain.Privacy;
using EventDesk.Service.Organising;
using EventDesk.Service.People;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Retention;

/// <summary>Something that is due on a ticket.</summary>
public sealed record DueTicket(Guid Ticket, long Number, RetentionDue Due);

/// <summary>Finds what is due: by indexes first, by the one rule then, so that what an index says too much is left out again.</summary>
public sealed class RetentionFinder(EventStore store, OrganisationBook organisation)
{
    /// <summary>
    /// Everything that may be due by one of the rules, and little else. Whole rows are united, not ids to be looked up afterwards: the planner takes a third of
    /// the table for due, and would read all of it to look them up.
    /// </summary>
    static readonly string CandidatesSql = $"""
        select due.*, (select c.active_at from customer_retention c where c.customer = due.customer)
        from (
          select r.* from unnest($1::boolean[], $2::timestamptz[]) as x (again, before)
          cross join lateral (select {RetentionTables.Tickets.Names} from ticket_retention where anonymised = x.again and clock_at <= x.before) r
          union
          select r.* from unnest($3::boolean[], $4::text[], $5::timestamptz[]) as x (again, part, before)
          cross join lateral (select {RetentionTables.Tickets.Names} from ticket_retention where anonymised = x.again and product = x.part and clock_at <= x.before) r
          union
          select r.* from unnest($6::boolean[]) as x (again)
          cross join lateral (select {RetentionTables.Tickets.Names} from ticket_retention where anonymised = x.again and expires_on <= $7 and clock_at is not null) r
          union
          select {RetentionTables.Tickets.Names} from ticket_retention where requested_at <= $8 and clock_at is not null
          union
          select r.* from customer_retention c
          cross join lateral (select {RetentionTables.Tickets.Names} from ticket_retention where customer = c.customer and clock_at is not null) r
          where c.active_at <= $9) due
        """;

    /// <summary>What is due at an instant, in no order.</summary>
    public async IAsyncEnumerable<DueTicket> Find(DateTimeOffset at, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var history = organisation.History;
        if (history.RetentionAt(at) is not { } rules)
            yield break;
        await using var command = Candidates(rules.Definition.Rules, at);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var row = RetentionTables.Tickets.Read(reader);
            if (history.DueOn(row.Facts, ActiveAt(reader, reader.FieldCount - 1), at) is { } due)
                yield return new(row.Ticket, row.Facts.Number, due);
        }
    }

    internal NpgsqlCommand Candidates(IReadOnlyList<RetentionRule> rules, DateTimeOffset at)
    {
        var since = rules.Where(r => r.Trigger == RetentionTrigger.SinceResolved).ToLookup(r => r.Scope?.OnlyProducts is null);
        var everywhere = (from r in since[true] from anonymised in Looked(r) select (anonymised, Before: Before(r, at))).ToList();
        var somewhere = (from r in since[false] from product in r.Scope!.OnlyProducts! from anonymised in Looked(r) select (anonymised, product, Before: Before(r, at))).ToList();
        var expiring = rules.Where(r => r.Trigger == RetentionTrigger.Expires).SelectMany(Looked).Distinct().ToArray();
        return store.DataSource.CreateCommand(CandidatesSql)
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Boolean, everywhere.Select(x => x.anonymised).ToArray())
            .Add(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, everywhere.Select(x => x.Before).ToArray())
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Boolean, somewhere.Select(x => x.anonymised).ToArray())
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, somewhere.Select(x => x.product).ToArray())
            .Add(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, somewhere.Select(x => x.Before).ToArray())
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Boolean, expiring)
            .Add(NpgsqlDbType.Date, DateOnly.FromDateTime(at.UtcDateTime))
            .Add(NpgsqlDbType.TimestampTz, Latest(rules, RetentionTrigger.CustomerRequest, at))
            .Add(NpgsqlDbType.TimestampTz, Latest(rules, RetentionTrigger.AccountInactive, at));
    }

    /// <summary>A rule that purges looks at what was anonymised too.</summary>
    static IEnumerable<bool> Looked(RetentionRule rule) => rule.Action == RetentionAction.Purge ? [false, true] : [false];

    static DateTime? Latest(IReadOnlyList<RetentionRule> rules, RetentionTrigger trigger, DateTimeOffset at) =>
        rules.Where(r => r.Trigger == trigger).Select(r => (DateTime?)Before(r, at)).Max();

    static DateTime Before(RetentionRule rule, DateTimeOffset at) => at.UtcDateTime.AddDays(-(rule.Days ?? 0));

    const string ActiveSql = "select active_at from customer_retention where customer = $1";
    const string RequestsSql = "select timestamp from mt_events where stream_id = $1 and type = '" + CustomerJson.RequestedAlias + "' and seq_id > $2 order by version limit 1";

    /// <summary>What is due on a ticket, from its own events as they stand now.</summary>
    /// <returns>With the version it was decided on; null: nothing, or there is no such ticket.</returns>
    public async Task<(RetentionDue Due, long Version)?> Decide(Guid ticket, DateTimeOffset at, CancellationToken ct)
    {
        var events = await store.ReadStream(ticket, 1, null, ct);
        if (events.Count == 0)
            return null;
        var facts = events.Select(e => TicketCodec.Read(e, key: null)).Aggregate(RetentionFacts.None, (f, e) => RetentionFacts.Evolve(f, e.Event, e.Meta.Occurred, e.Meta.By));
        DateTimeOffset? active = null;
        if (facts.Customer is { } customer)
        {
            if (await Time(RequestsSql, customer, events[0].SeqId, ct) is { } asked)
                facts = facts.Requested(asked);
            // The row may lag behind this ticket, never behind its own other ones for longer than the view does.
            active = await Time(ActiveSql, customer, null, ct) is { } known && known > facts.RelevantAt ? known : facts.RelevantAt;
        }
        return organisation.History.DueOn(facts, active, at) is { } due ? (due, events[^1].Version) : null;
    }

    async Task<DateTimeOffset?> Time(string sql, CustomerId customer, long? after, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(sql).Add(NpgsqlDbType.Uuid, customer.Value);
        if (after is not null)
            command.Add(NpgsqlDbType.Bigint, after);
        return await command.ExecuteScalarAsync(ct) is DateTime time ? new DateTimeOffset(time) : null;
    }

    static DateTimeOffset? ActiveAt(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    const string PeopleSql = $"""
        with here as (
          select p.id, greatest(p.created, max(s.started)) as last, {PeopleView.Administers} as administers
          from person p left join sign_in_session s on s.person = p.id
          where not p.state ? 'forgotten'
          group by p.id
        )
        select id, last from here
        where last <= $1 and not (administers and last = (select max(last) from here where administers))
        """;

    /// <summary>The members of staff who are to be removed for not having been here. Of those who administer, who was here last stays.</summary>
    public async Task<IReadOnlyList<(Guid Person, RuleRef Rule)>> FindPeople(DateTimeOffset at, CancellationToken ct)
    {
        var history = organisation.History;
        List<(Guid, RuleRef)> people = [];
        if (history.RetentionAt(at) is not { Definition.Accounts: { } accounts })
            return people;
        await using var command = store.DataSource.CreateCommand(PeopleSql).Add(NpgsqlDbType.TimestampTz, at.UtcDateTime.AddDays(-accounts.InactiveDays));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            if (history.RemovalOf(row.GetFieldValue<DateTimeOffset>(1), at) is { } rule)
                people.Add((row.GetGuid(0), rule));
        return people;
    }
}
