using System.Data;
using EventDesk.Domain.Access;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>
/// The rows of the comments to review. Both statements begin with the desks that have any, so neither looks at more rows than a page has for each desk: however many comments there
/// are, and however many of them wait.
/// </summary>
internal static class CommentRows
{
    /// <summary>$1 the desks within reach.</summary>
    internal const string CoverageSql = """
        with counted as (select * from comment_count where $1::text[] is null or desk = any($1))
        select coalesce(sum(comments), 0)::bigint, coalesce(sum(reviewed), 0)::bigint, coalesce(sum(waiting), 0)::bigint,
          (select min(oldest.comment_at)
            from (select distinct desk from counted where waiting > 0) d
              cross join lateral (select c.comment_at from ticket_cycle c where c.review_desk = d.desk order by c.comment_at, c.ticket limit 1) oldest),
          array_agg(distinct category) filter (where category <> '')
        from counted
        """;

    /// <summary>$1 the desks within reach, $2 and $3 the last comment of the page before, $4 how many.</summary>
    internal const string PageSql = """
        select waits.ticket, waits.cycle, waits.comment_at
        from (select distinct desk from comment_count where waiting > 0 and ($1::text[] is null or desk = any($1))) d
          cross join lateral (
            select c.ticket, c.cycle, c.comment_at
            from ticket_cycle c
            where c.review_desk = d.desk and (c.comment_at, c.ticket) > ($2, $3)
            order by c.comment_at, c.ticket
            limit $4) waits
        order by waits.comment_at, waits.ticket
        limit $4
        """;

    /// <summary>What is counted and what is listed, of one moment: a review that is followed between the two would be in neither.</summary>
    public static async Task<(CommentCoverage Coverage, List<(Guid Ticket, int Cycle, DateTimeOffset Since)> Found)> AtOneMoment(
        EventStore store, Reach reach, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        return (await Coverage(connection, reach, ct), await Found(connection, reach, after, limit, ct));
    }

    static async Task<CommentCoverage> Coverage(NpgsqlConnection connection, Reach reach, CancellationToken ct)
    {
        await using var command = Command(connection, CoverageSql, reach);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? [] : row.GetFieldValue<string[]>(4));
    }

    static async Task<List<(Guid Ticket, int Cycle, DateTimeOffset Since)>> Found(
        NpgsqlConnection connection, Reach reach, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        await using var command = Command(connection, PageSql, reach)
            .Add(NpgsqlDbType.TimestampTz, after?.Since.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)).Add(NpgsqlDbType.Uuid, after?.Ticket ?? Guid.Empty).Add(NpgsqlDbType.Integer, limit);
        List<(Guid, int, DateTimeOffset)> found = [];
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found.Add((row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)));
        return found;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Reach reach) =>
        new NpgsqlCommand(sql, connection).Add(NpgsqlDbType.Array | NpgsqlDbType.Text, reach.Desks?.Select(d => d.Value).ToArray());
}
