using EventDesk.Domain.Sla;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>
/// The present state of every ticket and the row it has in the queues. Written with the command itself, so the answer of a command
/// and the queue can never disagree.
/// </summary>
public sealed class TicketsView : InlineView
{
    public override string Name => "Tickets";
    public override IReadOnlyList<string> Tables => ["ticket"];
    public override int Version => 3;
    public override string? StreamColumn => "id";
    public override TypeFilter? Context => OrganisationJson.Types;

    /// <summary>State is text, not jsonb: it is only ever read whole, and PostgreSQL need not parse it.</summary>
    public override string CreateTables(string suffix) => $"""
        create table ticket{suffix} (
          id uuid not null, number bigint not null, version bigint not null, digest bytea not null,
          status smallint not null, place smallint, desk text not null, line smallint not null, severity smallint not null,
          agent text, team text, customer uuid not null, due timestamptz not null, opened_at timestamptz not null, wake_at timestamptz,
          sla smallint, contract text, subject bytea, state text not null,
          callback_since timestamptz, callback_attempts smallint, callback_due timestamptz, collected boolean not null) with (fillfactor = 85);
        """;

    /// <summary>
    /// Queue indexes hold open tickets only, in the queues' total order behind the columns they are filtered by.
    /// wake_at is when a rule has to look at the ticket by itself; clocks that merely run need no list.
    /// </summary>
    public override string CreateIndexes(string suffix) => $"""
        alter table ticket{suffix} add constraint ticket_pkey{suffix} primary key (id);
        create unique index ticket_number_idx{suffix} on ticket{suffix} (number);
        create index ticket_desk_idx{suffix} on ticket{suffix} (desk, line, place, due, severity, opened_at, id) where place is not null;
        create index ticket_open_idx{suffix} on ticket{suffix} (desk, due, severity, opened_at, id) where place is not null;
        create index ticket_line_idx{suffix} on ticket{suffix} (line, due, severity, opened_at, id) where place is not null;
        create index ticket_place_idx{suffix} on ticket{suffix} (place, due, severity, opened_at, id) where place is not null;
        create index ticket_agent_idx{suffix} on ticket{suffix} (agent, due, severity, opened_at, id) where place is not null and agent is not null;
        create index ticket_customer_idx{suffix} on ticket{suffix} (customer, opened_at, id);
        create index ticket_sla_idx{suffix} on ticket{suffix} (sla, due, severity, opened_at, id) where sla > 1;
        create index ticket_callback_idx{suffix} on ticket{suffix} (callback_due, severity, opened_at, id) where callback_due is not null;
        create index ticket_wake_idx{suffix} on ticket{suffix} (wake_at) where wake_at is not null;
        """;

    public override IViewFold NewFold() => NewFold(new FoldShare());

    public override IViewFold NewFold(FoldShare share) => new TicketsFold(share.Get<TicketReplay>());

    const string Columns = """
        id, number, version, digest, status, place, desk, line, severity, agent, team, customer, due, opened_at, wake_at, sla, contract, subject, state,
          callback_since, callback_attempts, callback_due, collected
        """;

    const string InsertSql = $"""
        insert into ticket ({Columns})
        select unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bytea[]), unnest($5::smallint[]), unnest($6::smallint[]), unnest($7::text[]),
          unnest($8::smallint[]), unnest($9::smallint[]), unnest($10::text[]), unnest($11::text[]), unnest($12::uuid[]), unnest($13::timestamptz[]),
          unnest($14::timestamptz[]), unnest($15::timestamptz[]), unnest($16::smallint[]), unnest($17::text[]), unnest($18::bytea[]),
          unnest($19::text[]), unnest($20::timestamptz[]), unnest($21::smallint[]), unnest($22::timestamptz[]), unnest($23::boolean[])
        """;

    /// <summary>Columns that never change after opening are not touched; those of no index stay out of the way of heap-only updates.</summary>
    const string UpdateSql = """
        update ticket t set version = u.version, digest = u.digest, status = u.status, place = u.place, desk = u.desk, line = u.line,
          severity = u.severity, agent = u.agent, team = u.team, due = u.due, wake_at = u.wake_at, sla = u.sla, contract = u.contract, state = u.state,
          callback_since = u.callback_since, callback_attempts = u.callback_attempts, callback_due = u.callback_due, collected = u.collected
        from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::smallint[], $5::smallint[], $6::text[], $7::smallint[], $8::smallint[],
          $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::smallint[], $14::text[], $15::text[], $16::timestamptz[], $17::smallint[], $18::timestamptz[],
          $19::boolean[])
          as u(id, version, digest, status, place, desk, line, severity, agent, team, due, wake_at, sla, contract, state, callback_since, callback_attempts, callback_due, collected)
        where t.id = u.id
        """;

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        var changes = accepted.Select(a => a.Change).OfType<TicketChange>().ToList();
        var opened = changes.Where(c => c.Before is null).Select(c => TicketRow.Of(c.After, c.Hours)).ToArray();
        var changed = changes.Where(c => c.Before is not null).Select(c => TicketRow.Of(c.After, c.Hours)).ToArray();
        if (opened.Length > 0) batch.BatchCommands.Add(Insert(opened));
        if (changed.Length > 0) batch.BatchCommands.Add(Update(changed));
        var rewritten = changes.Where(c => c.Before is { } before && !IsSamePerson(before, c.After)).Select(c => TicketRow.Of(c.After, c.Hours)).ToArray();
        if (rewritten.Length > 0) batch.BatchCommands.Add(Rewrite(rewritten));
    }

    static bool IsSamePerson(TicketEntry before, TicketEntry after) =>
        before.Ticket.Requester == after.Ticket.Requester && before.Subject.Span.SequenceEqual(after.Subject.Span);

    const string RewriteSql = """
        update ticket t set customer = u.customer, subject = u.subject
        from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as u(id, customer, subject)
        where t.id = u.id
        """;

    /// <summary>Redactions and purges touch what nothing else does.</summary>
    static NpgsqlBatchCommand Rewrite(TicketRow[] rows) => new(RewriteSql)
    {
        Parameters = { Column(rows, r => r.Id), Column(rows, r => r.Customer), Column(rows, r => r.Subject) },
    };

    static NpgsqlBatchCommand Insert(TicketRow[] rows) => new(InsertSql)
    {
        Parameters =
        {
            Column(rows, r => r.Id), Column(rows, r => r.Number), Column(rows, r => r.Version), Column(rows, r => r.Digest),
            Column(rows, r => r.Status), Column(rows, r => r.Place), Column(rows, r => r.Desk), Column(rows, r => r.Line),
            Column(rows, r => r.Severity), Column(rows, r => r.Agent), Column(rows, r => r.Team), Column(rows, r => r.Customer), Column(rows, r => r.Due),
            Column(rows, r => r.OpenedAt), Times(rows, r => r.WakeAt), Smalls(rows, r => r.Sla), Column(rows, r => r.Contract),
            Column(rows, r => r.Subject), Column(rows, r => r.State), Times(rows, r => r.Callback.Since), Smalls(rows, r => r.Callback.Attempts),
            Times(rows, r => r.Callback.Due), Column(rows, r => r.Collected),
        },
    };

    static NpgsqlBatchCommand Update(TicketRow[] rows) => new(UpdateSql)
    {
        Parameters =
        {
            Column(rows, r => r.Id), Column(rows, r => r.Version), Column(rows, r => r.Digest), Column(rows, r => r.Status),
            Column(rows, r => r.Place), Column(rows, r => r.Desk), Column(rows, r => r.Line), Column(rows, r => r.Severity),
            Column(rows, r => r.Agent), Column(rows, r => r.Team), Column(rows, r => r.Due), Times(rows, r => r.WakeAt), Smalls(rows, r => r.Sla),
            Column(rows, r => r.Contract), Column(rows, r => r.State), Times(rows, r => r.Callback.Since), Smalls(rows, r => r.Callback.Attempts),
            Times(rows, r => r.Callback.Due), Column(rows, r => r.Collected),
        },
    };

    // The type is named: where the first time is null, it cannot be told from the values.
    static NpgsqlParameter<DateTime?[]> Times(TicketRow[] rows, Func<TicketRow, DateTime?> value) =>
        new() { TypedValue = Array.ConvertAll(rows, r => value(r)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    static NpgsqlParameter<short?[]> Smalls(TicketRow[] rows, Func<TicketRow, short?> value) => Column(rows, value);

    static NpgsqlParameter<T[]> Column<T>(TicketRow[] rows, Func<TicketRow, T> value) => new() { TypedValue = Array.ConvertAll(rows, r => value(r)) };

    /// <summary>Rows of tickets that are not there yet, by COPY: for imports and rebuilds.</summary>
    public static async Task CopyRows(NpgsqlConnection connection, string suffix, IEnumerable<TicketEntry> tickets, HoursOf hours, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy ticket{suffix} ({Columns}) from stdin (format binary)", ct);
        foreach (var ticket in tickets)
            TicketRow.Of(ticket, hours).Copy(copy);
        await copy.CompleteAsync(ct);
    }
}
