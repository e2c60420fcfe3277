using System.Text;
using EventDesk.Domain.Sla;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Timing;

/// <summary>
/// Due times rest on opening hours. When those change, the rows of running clocks are read anew: a second time a little later, for commands of
/// other processes that still went by the old hours.
/// </summary>
sealed class HourSweep(EventStore store, TimeProvider time)
{
    const int PageSize = 500;

    /// <summary>Longer than any process takes to learn of a change.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    const string DoneSql = "select last_seq_id from mt_event_progression where name = 'ClockHours'";

    const string MarkSql = """
        insert into mt_event_progression (name, last_seq_id, last_updated) values ('ClockHours', $1, now())
        on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
        """;

    /// <summary>Counts the sweeps that changed rows: whoever keeps a copy of them learns of it here, since no event says so.</summary>
    public const string Swept = "ClockFaces";

    const string SweptSql = """
        insert into mt_event_progression as p (name, last_seq_id, last_updated) values ($1, 1, now())
        on conflict (name) do update set last_seq_id = p.last_seq_id + 1, last_updated = excluded.last_updated
        """;

    const string PageSql = """
        select id, version, digest, subject, state from ticket
        where id > $1 and sla is not null and place is not null
        order by id limit $2
        """;

    const string OneSql = "select id, version, digest, subject, state from ticket where id = $1 and sla is not null";

    // Whoever changed the ticket meanwhile wrote its row by what was known then.
    const string UpdateSql = """
        update ticket t set due = u.due, wake_at = u.wake_at, sla = u.sla, callback_due = u.callback_due
        from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::smallint[], $6::timestamptz[]) as u(id, version, due, wake_at, sla, callback_due)
        where t.id = u.id and t.version = u.version
          and (t.due, t.wake_at, t.sla, t.callback_due) is distinct from (u.due, u.wake_at, u.sla, u.callback_due)
        """;

    long? swept;
    long? again;
    long since;

    /// <summary>Brings the rows up to the organisation as it is known here; nothing to do mostly.</summary>
    public async Task Run(OrganisationBook organisation, CancellationToken ct)
    {
        var rows = organisation.HourRows;
        swept ??= await Done(ct);
        if (rows != swept)
        {
            await All(organisation.History.Hours, ct);
            (swept, again, since) = (rows, rows, time.GetTimestamp());
        }
        else if (again is { } second && time.GetElapsedTime(since) > Settled)
        {
            await All(organisation.History.Hours, ct);
            await Mark(second, ct);
            again = null;
        }
    }

    /// <summary>One ticket's row.</summary>
    public async Task One(Guid ticket, HoursOf hours, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(OneSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        if (await Update(await Read(command, ct), hours, ct) > 0)
            await Tell(ct);
    }

    async Task All(HoursOf hours, CancellationToken ct)
    {
        var changed = 0;
        for (var after = Guid.Empty; ;)
        {
            await using var command = store.DataSource.CreateCommand(PageSql);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
            var page = await Read(command, ct);
            changed += await Update(page, hours, ct);
            if (page.Count < PageSize)
                break;
            after = page[^1].Id;
        }
        if (changed > 0)
            await Tell(ct);
    }

    async Task Tell(CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(SweptSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Swept });
        await command.ExecuteNonQueryAsync(ct);
        store.Wakeup.Signal();
    }

    static async Task<List<TicketEntry>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        List<TicketEntry> tickets = [];
        while (await row.ReadAsync(ct))
            tickets.Add(new TicketEntry(
                row.GetGuid(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), TicketEntry.ReadState(Encoding.UTF8.GetBytes(row.GetString(4))),
                row.IsDBNull(3) ? default : row.GetFieldValue<byte[]>(3)));
        return tickets;
    }

    /// <returns>How many tickets' rows it changed.</returns>
    async Task<int> Update(List<TicketEntry> tickets, HoursOf hours, CancellationToken ct)
    {
        if (tickets.Count == 0) return 0;
        await ClockFacts.Reread(store.DataSource, tickets, hours, ct);
        var rows = tickets.ConvertAll(t => TicketRow.Of(t, hours));
        await using var command = store.DataSource.CreateCommand(UpdateSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(r => r.Id)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(r => r.Version)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. rows.Select(r => r.Due)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime?[]> { TypedValue = [.. rows.Select(r => r.WakeAt)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<short?[]> { TypedValue = [.. rows.Select(r => r.Sla)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        command.Parameters.Add(new NpgsqlParameter<DateTime?[]> { TypedValue = [.. rows.Select(r => r.Callback.Due)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        return await command.ExecuteNonQueryAsync(ct);
    }

    async Task<long> Done(CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(DoneSql);
        return await command.ExecuteScalarAsync(ct) as long? ?? 0;
    }

    async Task Mark(long rows, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(MarkSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = rows });
        await command.ExecuteNonQueryAsync(ct);
    }
}
