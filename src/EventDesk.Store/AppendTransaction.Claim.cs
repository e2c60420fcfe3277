using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

sealed partial class AppendTransaction
{
    const string SharedLockSql = "select pg_advisory_xact_lock_shared($1)";

    // A key that was used before keeps its append away from the streams, so that a repetition leaves no trace.
    const string ClaimSql = """
        with claimed as (
          insert into idempotency as held (key, request, reply, expires)
          select * from unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::timestamptz[])
          on conflict (key) do update set request = excluded.request, reply = excluded.reply, expires = excluded.expires
            where held.expires <= $5
          returning key
        ), asked as (
          select * from unnest($6::uuid[], $7::bigint[], $8::bigint[], $9::varchar[], $10::timestamptz[], $11::bytea[])
            as a (id, expected, version, type, recorded, key)
          where key is null or key in (select key from claimed)
        ), opened as (
          insert into mt_streams (id, type, version, timestamp, created)
          select id, type, version, recorded, recorded from asked where expected = 0
          on conflict do nothing
          returning id
        ), moved as (
          update mt_streams s set version = a.version, timestamp = a.recorded
          from asked a
          where s.id = a.id and s.version = a.expected and a.expected > 0
          returning s.id
        ), begun as (
          insert into mt_streams (id, type, version, timestamp, created)
          select b.id, b.type, b.version, b.recorded, b.recorded
          from unnest($12::uuid[], $13::uuid[], $14::bigint[], $15::varchar[], $16::timestamptz[]) as b (id, leader, version, type, recorded)
          where b.leader in (select id from opened union all select id from moved)
        )
        select id, null::bytea as key from opened union all select id, null from moved union all select null, key from claimed
        """;

    readonly Dictionary<Guid, Pending> byStream = [];
    readonly Dictionary<ReadOnlyMemory<byte>, Pending> byKey = new(BytesComparer.Instance);

    /// <summary>The first round trip: leaves on each whether its key and its streams are its own now, <see cref="Pending.Accepted"/>.</summary>
    async Task Claim(List<Pending> batch)
    {
        byStream.Clear();
        byKey.Clear();
        foreach (var pending in batch)
        {
            (pending.Claimed, pending.KeyClaimed) = (0, false);
            byStream.Add(pending.Append.Stream, pending);
            if (pending.Append.With is { } other)
                byStream.Add(other.Stream, pending);
            if (pending.Append.Idempotency is { } idempotency)
                byKey.Add(idempotency.Key, pending);
        }
        await using var statements = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("begin"), new(SharedLockSql) { Parameters = { Value(Locks.Swap) } }, ClaimCommand(batch) },
        };
        await using var reader = await statements.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
            if (reader.IsDBNull(0))
                byKey[reader.GetFieldValue<byte[]>(1)].KeyClaimed = true;
            else
                byStream[reader.GetGuid(0)].Claimed++;
    }

    NpgsqlBatchCommand ClaimCommand(List<Pending> batch)
    {
        var keys = batch.Where(p => p.Append.Idempotency is not null).Select(p => p.Append.Idempotency!).ToList();
        keys.Sort((a, b) => a.Key.Span.SequenceCompareTo(b.Key.Span));
        var begun = batch.FindAll(p => p.Append.Begins is not null);
        var asked = batch.ConvertAll(p => (p.Append, p.Append.Idempotency?.Key));
        foreach (var pending in batch)
            if (pending.Append.With is { } other)
                asked.Add((other, pending.Append.Idempotency?.Key));
        asked.Sort((a, b) => a.Append.Stream.CompareTo(b.Append.Stream));
        return new NpgsqlBatchCommand(ClaimSql)
        {
            Parameters =
            {
                Array(keys, k => k.Key, NpgsqlDbType.Bytea),
                Array(keys, k => k.Request, NpgsqlDbType.Bytea),
                Array(keys, k => k.Reply, NpgsqlDbType.Bytea),
                Array(keys, k => k.Expires.UtcDateTime, NpgsqlDbType.TimestampTz),
                Value(store.Time.GetUtcNow().UtcDateTime),
                Array(asked, a => a.Append.Stream, NpgsqlDbType.Uuid),
                Array(asked, a => a.Append.ExpectedVersion, NpgsqlDbType.Bigint),
                Array(asked, a => a.Append.NewVersion, NpgsqlDbType.Bigint),
                Array(asked, a => a.Append.StreamType, NpgsqlDbType.Varchar),
                Array(asked, a => a.Append.Recorded.UtcDateTime, NpgsqlDbType.TimestampTz),
                Array(asked, a => a.Key, NpgsqlDbType.Bytea),
                Array(begun, p => p.Append.Begins!.Stream, NpgsqlDbType.Uuid),
                Array(begun, p => p.Append.Stream, NpgsqlDbType.Uuid),
                Array(begun, p => p.Append.Begins!.NewVersion, NpgsqlDbType.Bigint),
                Array(begun, p => p.Append.Begins!.StreamType, NpgsqlDbType.Varchar),
                Array(begun, p => p.Append.Begins!.Recorded.UtcDateTime, NpgsqlDbType.TimestampTz),
            },
        };
    }
}
