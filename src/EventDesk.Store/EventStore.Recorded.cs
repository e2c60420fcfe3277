using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

/// <summary>Events by when they were recorded.</summary>
/// <param name="From">At this instant or later; null: from the first on.</param>
/// <param name="Before">Before this instant; null: up to the last.</param>
/// <param name="Disorder">By how much the time of an event can be later than that of one behind it.</param>
public sealed record RecordedSpan(DateTimeOffset? From, DateTimeOffset? Before, TimeSpan Disorder);

public sealed partial class EventStore
{
    // No index leads from a time to its events, and none may be added. But the log is nearly in the order of its times, so halving it finds the place in
    // as many looks as its length has bits: behind all that is earlier than the time, as far as it is in order.
    const string PlaceSql = """
        with recursive halves (low, high) as (
          select 0::bigint, coalesce(max(seq_id), 0) + 1 from mt_events
          union all
          select case when e.timestamp < $1 then e.seq_id + 1 else low end, case when e.timestamp < $1 then high else (low + high) / 2 end
          from halves left join lateral (select seq_id, timestamp from mt_events where seq_id >= (low + high) / 2 order by seq_id limit 1) e on true
          where low < high
        )
        select low from halves where low = high
        """;

    const string ReadRecordedSql = """
        select seq_id, id, stream_id, version, type, mt_dotnet_type, timestamp, data, headers, correlation_id, causation_id, user_name
        from mt_events
        where seq_id > $1 and seq_id >= $2 and seq_id < $3
          and ($4::timestamptz is null or timestamp >= $4) and ($5::timestamptz is null or timestamp < $5)
        order by seq_id
        limit $6
        """;

    /// <summary>What is committed after <paramref name="after"/> and was recorded within the span, in the order of commits.</summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadRecorded(long after, RecordedSpan recorded, int limit, CancellationToken ct)
    {
        var (first, end) = await Bounds(recorded, ct);
        await using var command = DataSource.CreateCommand(ReadRecordedSql);
        foreach (var number in new[] { after, first, end })
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        command.Parameters.Add(Instant(recorded.From));
        command.Parameters.Add(Instant(recorded.Before));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadEvents(reader, ct);
    }

    /// <summary>The numbers from the first on and below the end: none outside of them is of an event in the span.</summary>
    async Task<(long First, long End)> Bounds(RecordedSpan recorded, CancellationToken ct) => (
        recorded.From is { } from ? await Place(Moved(from, -recorded.Disorder), ct) : 0,
        recorded.Before is { } before ? await Place(Moved(before, recorded.Disorder), ct) : long.MaxValue);

    async Task<long> Place(DateTime time, CancellationToken ct)
    {
        await using var command = DataSource.CreateCommand(PlaceSql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    static DateTime Moved(DateTimeOffset time, TimeSpan by) =>
        new((long)Int128.Clamp((Int128)time.UtcTicks + by.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);

    static NpgsqlParameter Instant(DateTimeOffset? time) => new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)time?.UtcDateTime ?? DBNull.Value };
}
