using System.Runtime.InteropServices;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Searching;

/// <summary>A ticket whose marks say that it may be meant.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct SearchCandidate(Guid Id, long Number, long Version, string Desk, SupportLine Line, Status Status, DateTimeOffset OpenedAt);

/// <summary>Asks the index, block by block from the newest tickets down: a word that half of all tickets have costs no more than a rare one.</summary>
sealed class SearchCandidates(EventStore store)
{
    // The planner knows nothing of marks, and guesses: it would compile code for what takes a millisecond, or read the whole table.
    const string SettingsSql = "select set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)";

    // With +0 neither condition nor order is one the primary key serves: all of a block's entries come from the marks.
    static string Sql(int words) => $"""
        select t.id, t.number, t.version, t.desk, t.line, t.status, t.opened_at
        from generate_series($1::bigint, $2::bigint, -1) as block (n)
        cross join lateral (select
          {string.Join(",\n  ", Enumerable.Range(0, words).Select(i => $"(select array_agg(block.n << 40 | m) from unnest(${i + 8}::bigint[]) m) as word{i}"))},
          (select array_agg(block.n << 40 | m) from unnest($7::bigint[]) m) as unwanted offset 0) as marked
        cross join lateral (
          select e.ticket, e.marks, e.number from search_entry e
          where e.number + 0 < $3 and {string.Join(" and ", Enumerable.Range(0, words).Select(i => $"e.marks && marked.word{i}"))}
          order by e.number + 0 desc offset 0) as entry
        cross join lateral (select * from ticket where id = entry.ticket offset 0) as t
        where ($4::text[] is null or t.desk = any($4)) and ($5::smallint is null or t.status = $5)
          and (marked.unwanted is null or not entry.marks && marked.unwanted)
        limit $6
        """;

    static readonly string[] Statements = [.. Enumerable.Range(1, SearchQuery.MostWords + 1).Select(Sql)];

    /// <summary>The newest ones first.</summary>
    /// <param name="from">The block of the newest ones; <paramref name="to"/> that of the oldest.</param>
    /// <param name="below">Only tickets with lower numbers.</param>
    /// <param name="wanted">Of each of these one has to be among a ticket's marks.</param>
    /// <param name="unwanted">None of these may.</param>
    /// <param name="desks">Null: all. Where a ticket is now counts, not what its marks say.</param>
    public async Task<List<SearchCandidate>> Read(IReadOnlyList<long[]> wanted, long[] unwanted, long from, long to, long below, string[]? desks, Status? status, int limit, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        var ask = new NpgsqlBatchCommand(Statements[wanted.Count - 1])
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = from },
                new NpgsqlParameter<long> { TypedValue = to },
                new NpgsqlParameter<long> { TypedValue = below },
                new NpgsqlParameter { Value = desks ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new NpgsqlParameter { Value = status is { } s ? (short)s : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint },
                new NpgsqlParameter<long> { TypedValue = limit },
                new NpgsqlParameter<long[]> { TypedValue = unwanted },
            },
        };
        foreach (var marks in wanted)
            ask.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = marks });
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(SettingsSql), ask } };
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.NextResultAsync(ct);
        List<SearchCandidate> found = [];
        while (await row.ReadAsync(ct))
            found.Add(new(
                row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), (SupportLine)row.GetInt16(4), (Status)row.GetInt16(5), new DateTimeOffset(row.GetDateTime(6))));
        return found;
    }

    const string NewestSql = "select number from search_entry order by number desc limit 1";

    /// <summary>The highest number there is; null: none.</summary>
    public async Task<long?> Newest(CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(NewestSql);
        return (long?)await command.ExecuteScalarAsync(ct);
    }
}
