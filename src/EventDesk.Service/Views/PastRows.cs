using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>
/// The rows of a followed view of tickets as they were at a moment, for one transaction. What has not changed since is taken as it stands; the rest is folded from the log, some tickets at
/// a time, by the very fold that makes the rows. Of a ticket's events those are known that were recorded by then, and what was appended before them; what occurred later is left out.
/// </summary>
internal static class PastRows
{
    /// <summary>Added to the name of a table of the view, and of the log: as it was then.</summary>
    public const string Then = "_then";

    const string Folded = "_folded";

    /// <summary>Tickets that are in memory at once.</summary>
    const int PageSize = 500;

    /// <summary>
    /// $1 known until, $2 occurred until. A stream that the present rows are behind of is folded too. A stream carries the times of its first and its last append, so the events of what
    /// began later or has not changed since are not looked at.
    /// </summary>
    const string ChangedSql = """
        create temp table ticket_changed on commit drop as
        select s.id as ticket, coalesce(k.version, 0) as known
        from mt_streams s
          left join ticket_fact f on f.ticket = s.id
          left join lateral (
            select version from mt_events e where e.stream_id = s.id and s.created <= $1 and e.timestamp <= $1 order by version desc limit 1) k on true
        where s.type = 'ticket' and (f.ticket is null or f.version <> s.version or s.timestamp > $1 or f.last_event_at > $2)
        """;

    const string MomentSql = "create temp table moment_asked on commit drop as select $1::timestamptz as occurred";

    const string LogSql = $"""
        create unique index ix_ticket_changed on ticket_changed (ticket);
        analyze ticket_changed;
        create temp view mt_events{Then} as
          select e.* from mt_events e left join ticket_changed c on c.ticket = e.stream_id
          where (c.ticket is null or e.version <= c.known) and coalesce((e.headers->>'occurred')::timestamptz, e.timestamp) <= (select occurred from moment_asked)
        """;

    const string PageSql = "select ticket from ticket_changed where ticket > $1 and known > 0 order by ticket limit $2";

    const string EventsSql = $"select {LogRows.Columns} from mt_events{Then} where stream_id = any($1) order by stream_id, version";

    /// <summary>Makes them. They go with the transaction, which has to see one snapshot and to be rolled back.</summary>
    public static async Task Make(NpgsqlConnection connection, FollowedView view, DateTimeOffset occurredUntil, DateTimeOffset knownUntil, CancellationToken ct)
    {
        await Execute(connection, ChangedSql, ct, knownUntil, occurredUntil);
        await Execute(connection, MomentSql, ct, occurredUntil);
        await Execute(connection, LogSql, ct);
        foreach (var table in view.Tables)
            await Execute(connection, TableSql(table), ct);
        foreach (var table in view.Tables.Where(t => t != CommentCounts.Table.Name))
            await Execute(connection, ThenSql(table), ct);
        for (var page = await Page(connection, Guid.Empty, ct); page.Length > 0; page = await Page(connection, page[^1], ct))
            await Fold(connection, view.NewFold(), page, ct);
        foreach (var table in view.Tables)
            await Execute(connection, $"analyze {table}{Folded}", ct);
    }

    static string TableSql(string table) => $"create temp table {table}{Folded} (like {table}) on commit drop";

    /// <summary>Of rows that are of one ticket each; sums over all of them are of now.</summary>
    static string ThenSql(string table) => $"""
        create temp view {table}{Then} as
          select * from {table} r where not exists (select from ticket_changed c where c.ticket = r.ticket)
          union all select * from {table}{Folded}
        """;

    static async Task<Guid[]> Page(NpgsqlConnection connection, Guid after, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(PageSql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<Guid> page = [];
        while (await rows.ReadAsync(ct)) page.Add(rows.GetGuid(0));
        return [.. page];
    }

    static async Task Fold(NpgsqlConnection connection, IViewFold fold, Guid[] tickets, CancellationToken ct)
    {
        await using (var command = new NpgsqlCommand(EventsSql, connection) { CommandTimeout = 0 })
        {
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = tickets });
            await LogRows.Read(command, fold.Apply, ct);
        }
        await fold.CopyTo(connection, Folded, ct);
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct, params DateTimeOffset[] moments)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var moment in moments)
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = moment.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(ct);
    }
}
