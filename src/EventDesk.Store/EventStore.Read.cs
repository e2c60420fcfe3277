using System.Text.Json;
using Npgsql;

namespace EventDesk.Store;

/// <summary>A stream as a decision needs it.</summary>
/// <param name="LastDigest">The chain digest of the last event, base64 as it stands in its headers.</param>
public sealed record StreamForWriting(long Version, string? Type, string LastDigest, IReadOnlyList<StoredEvent> Events);

public sealed partial class EventStore
{
    const string ReadStreamSql = """
        select seq_id, id, stream_id, version, type, mt_dotnet_type, timestamp, data, headers, correlation_id, causation_id, user_name
        from mt_events
        where stream_id = $1 and version >= $2 and version <= $3
        order by version
        """;

    /// <summary>The events of a stream from <paramref name="fromVersion"/> up to and with <paramref name="toVersion"/> (null: the last), in order.</summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadStream(Guid stream, long fromVersion, long? toVersion, CancellationToken ct)
    {
        await using var command = DataSource.CreateCommand(ReadStreamSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fromVersion });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toVersion ?? long.MaxValue });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadEvents(reader, ct);
    }

    const string ReadStreamsSql = """
        select seq_id, id, stream_id, version, type, mt_dotnet_type, timestamp, data, headers, correlation_id, causation_id, user_name
        from mt_events
        where stream_id = any($1) and type = any($2)
        order by stream_id, version
        """;

    /// <summary>The events of several streams that are of these types, each stream's together and in order.</summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadStreams(IReadOnlyCollection<Guid> streams, IReadOnlyCollection<string> types, CancellationToken ct)
    {
        await using var command = DataSource.CreateCommand(ReadStreamsSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. streams] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. Options.Upcasts.Stored(types)] });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadEvents(reader, ct);
    }

    // One statement, so that version and events are of one moment.
    const string FetchForWritingSql = """
        select e.seq_id, e.id, e.stream_id, e.version, e.type, e.mt_dotnet_type, e.timestamp, e.data, e.headers,
          e.correlation_id, e.causation_id, e.user_name, s.version, s.type
        from mt_streams s
        join mt_events e on e.stream_id = s.id
        where s.id = $1
        order by e.version
        """;

    /// <summary>The whole stream with the version to append at; null when there is none.</summary>
    public async Task<StreamForWriting?> FetchForWriting(Guid stream, CancellationToken ct)
    {
        await using var command = DataSource.CreateCommand(FetchForWritingSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var events = new List<StoredEvent>();
        var (version, type) = (0L, (string?)null);
        while (await reader.ReadAsync(ct))
        {
            events.Add(ReadEvent(reader));
            version = reader.GetInt64(12);
            type = reader.IsDBNull(13) ? null : reader.GetString(13);
        }
        return events.Count == 0 ? null : new(version, type, DigestOf(events[^1]), events);
    }

    const string ReadAllSql = """
        select seq_id, id, stream_id, version, type, mt_dotnet_type, timestamp, data, headers, correlation_id, causation_id, user_name
        from mt_events
        where seq_id > $1
        order by seq_id
        limit $2
        """;

    /// <summary>
    /// What is committed after <paramref name="after"/>, in the order of commits. Reading on from the last number misses nothing, since numbers are
    /// drawn under the append lock; gaps are numbers that nobody will ever use.
    /// </summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadAll(long after, int limit, CancellationToken ct)
    {
        await using var connection = await DataSource.OpenConnectionAsync(ct);
        return await ReadAll(connection, after, limit, ct);
    }

    internal async Task<IReadOnlyList<StoredEvent>> ReadAll(NpgsqlConnection connection, long after, int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadAllSql, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<long> { TypedValue = limit } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadEvents(reader, ct);
    }

    const string HighWaterSql = "select coalesce(max(seq_id), 0) from mt_events";

    /// <summary>The number of the last committed event; 0 when there is none.</summary>
    public async Task<long> HighWater(CancellationToken ct)
    {
        await using var command = DataSource.CreateCommand(HighWaterSql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    async Task<List<StoredEvent>> ReadEvents(NpgsqlDataReader reader, CancellationToken ct)
    {
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(ct))
            events.Add(ReadEvent(reader));
        return events;
    }

    StoredEvent ReadEvent(NpgsqlDataReader row) => Options.Upcasts.Lift(new StoredEvent(
        SeqId: row.GetInt64(0), Id: row.GetGuid(1), Stream: row.GetGuid(2), Version: row.GetInt64(3), Type: row.GetString(4),
        DotnetType: Text(row, 5), Timestamp: new DateTimeOffset(row.GetDateTime(6)),
        Data: row.GetFieldValue<byte[]>(7), Headers: row.GetFieldValue<byte[]>(8),
        CorrelationId: Text(row, 9), CausationId: Text(row, 10), UserName: Text(row, 11)));

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static string DigestOf(StoredEvent e)
    {
        var json = new Utf8JsonReader(e.Headers.Span);
        while (json.Read())
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("digest"u8) && json.Read())
                return json.GetString() ?? "";
        throw new InvalidDataException($"Event {e.SeqId} carries no digest.");
    }
}
