using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

/// <summary>What is wanted of the log.</summary>
/// <param name="Before">Only numbers below it; null: from the newest on.</param>
/// <param name="From">Only this number and higher ones.</param>
public sealed record LogFilter(long? Before = null, long? From = null, string? Type = null, Guid? Stream = null, string? Actor = null, RecordedSpan? Recorded = null);

/// <param name="Kind">Of the stream: ticket, organisation…</param>
public sealed record LogRow(StoredEvent Event, string Kind);

/// <param name="Next">The number before which to go on; null when there is nothing further.</param>
public sealed record LogPage(IReadOnlyList<LogRow> Rows, long? Next);

public sealed partial class EventStore
{
    /// <summary>A page looks at so many events at most, however rare what is wanted is; it may then be short or empty and still have a next one.</summary>
    const int LookedAt = 50_000;

    const string FloorSql = "select seq_id from mt_events where seq_id < $1 and seq_id >= $2 order by seq_id desc offset $3 limit 1";

    const string LogSql = """
        select e.seq_id, e.id, e.stream_id, e.version, e.type, e.mt_dotnet_type, e.timestamp, e.data, e.headers, e.correlation_id, e.causation_id, e.user_name, s.type
        from mt_events e join mt_streams s on s.id = e.stream_id
        where e.seq_id < $1 and e.seq_id >= $2
          and ($3::text is null or e.type = $3) and ($4::uuid is null or e.stream_id = $4) and ($5::text is null or e.headers->>'actor' = $5)
          and ($6::timestamptz is null or e.timestamp >= $6) and ($7::timestamptz is null or e.timestamp < $7)
        order by e.seq_id desc
        limit $8
        """;

    /// <summary>The log from its newest event back.</summary>
    public async Task<LogPage> ReadBack(LogFilter filter, int limit, CancellationToken ct)
    {
        var (before, from) = (filter.Before ?? long.MaxValue, filter.From ?? 0);
        if (filter.Recorded is { } recorded && await Bounds(recorded, ct) is var (first, end))
            (before, from) = (Math.Min(before, end), Math.Max(from, first));
        var floor = filter.Stream is null ? await Floor(before, from, ct) : null;
        await using var command = DataSource.CreateCommand(LogSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = floor ?? from });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)filter.Type ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)filter.Stream ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)filter.Actor ?? DBNull.Value });
        command.Parameters.Add(Instant(filter.Recorded?.From));
        command.Parameters.Add(Instant(filter.Recorded?.Before));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        await using var row = await command.ExecuteReaderAsync(ct);
        List<LogRow> rows = [];
        while (await row.ReadAsync(ct))
            rows.Add(new(ReadEvent(row), row.GetString(12)));
        if (rows.Count <= limit)
            return new(rows, floor);
        rows.RemoveAt(limit);
        return new(rows, rows[^1].Event.SeqId);
    }

    /// <summary>Down to where a page looks; null when it comes to the end before.</summary>
    async Task<long?> Floor(long before, long from, CancellationToken ct)
    {
        await using var command = DataSource.CreateCommand(FloorSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LookedAt });
        return (long?)await command.ExecuteScalarAsync(ct);
    }
}
