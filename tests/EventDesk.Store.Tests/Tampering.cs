using System.Text;
using EventDesk.Store.Ledger;
using Npgsql;

namespace EventDesk.Store.Tests;

/// <summary>Someone with every right on the database, within one transaction that is rolled back afterwards.</summary>
sealed class Tampering(NpgsqlConnection connection, Random random)
{
    public sealed record Stored(long Seq, Guid Stream, long Version, long Index);

    public Random Random => random;

    public async Task<int> Do(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    NpgsqlCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    /// <summary>All events in the order of the log; each one's place is its leaf's.</summary>
    public async Task<List<Stored>> Events()
    {
        await using var command = Command("select seq_id, stream_id, version, row_number() over (order by seq_id) - 1 from mt_events order by seq_id", []);
        await using var row = await command.ExecuteReaderAsync();
        List<Stored> all = [];
        while (await row.ReadAsync())
            all.Add(new(row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3)));
        return all;
    }

    public async Task<Stored> AnyEvent(Func<Stored, bool>? such = null) => Any((await Events()).Where(such ?? (_ => true)).ToList());

    public T Any<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A number that was drawn and never used.</summary>
    public async Task<long> Gap() => Any((await Ask<long[]>("select array_agg(n) from generate_series((select min(seq_id) from mt_events), (select max(seq_id) from mt_events)) n where not exists (select from mt_events where seq_id = n)")).ToList());

    /// <summary>Computes a stream's digests anew, as somebody would who knows how.</summary>
    public async Task Rechain(Guid stream)
    {
        List<StoredEvent> events = [];
        await using (var command = Command("select seq_id, id, stream_id, version, type, mt_dotnet_type, timestamp, data, headers, correlation_id, causation_id, user_name from mt_events where stream_id = $1 order by version", [stream]))
        await using (var row = await command.ExecuteReaderAsync())
            while (await row.ReadAsync())
                events.Add(new(row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), row.GetString(4), row.GetString(5), new DateTimeOffset(row.GetDateTime(6)),
                    row.GetFieldValue<byte[]>(7), row.GetFieldValue<byte[]>(8), row.GetString(9), row.GetString(10), row.GetString(11)));
        var digest = ChainEnd.Start(stream, "ticket").Digest.ToArray();
        foreach (var e in events)
        {
            var next = new byte[Digests.Length];
            EventChain.Digest(e, digest, next);
            await Do("update mt_events set headers = headers || jsonb_build_object('digest', $2) where seq_id = $1", e.SeqId, Convert.ToBase64String(next));
            digest = next;
        }
        await Do("update mt_streams set version = $2 where id = $1", stream, events.Count);
    }

    /// <summary>Computes the whole tree anew from the events there are.</summary>
    public async Task Retree()
    {
        List<Leaf> leaves = [];
        await using (var command = Command("select seq_id, stream_id, version, timestamp, headers->>'digest' from mt_events order by seq_id", []))
        await using (var row = await command.ExecuteReaderAsync())
            while (await row.ReadAsync())
                leaves.Add(new(row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetDateTime(3), row.GetString(4)));
        var tree = new MemoryTree([]);
        tree.Grow(leaves.ToArray());
        await Do("delete from ledger_tile");
        foreach (var tile in tree.Tiles.Values)
            await Do("insert into ledger_tile values ($1, $2, $3, $4)", tile.Level, tile.N, tile.Hashes, tile.Seqs is null ? DBNull.Value : tile.Seqs);
    }

    /// <summary>Signs the stored tree with a key, in place of every checkpoint.</summary>
    public async Task Resign(string origin, LedgerSigner signer)
    {
        await Do("delete from ledger_checkpoint");
        var tiles = new Dictionary<(int, long), byte[]>();
        await using (var command = Command("select level, n, hashes from ledger_tile", []))
        await using (var row = await command.ExecuteReaderAsync())
            while (await row.ReadAsync())
                tiles[(row.GetInt32(0), row.GetInt64(1))] = row.GetFieldValue<byte[]>(2);
        var size = tiles.Where(t => t.Key.Item1 == 0).Sum(t => t.Value.Length / Digests.Length);
        var root = MerkleTree.Root([.. tiles.Where(t => t.Key.Item1 == 0).OrderBy(t => t.Key).SelectMany(t => t.Value)]);
        await Do("insert into ledger_checkpoint values ($1, $2, now())", (long)size, SignedCheckpoint.Sign(new(origin, size, root), [signer]).Text);
    }

    /// <summary>Takes the end of the log away, and every trace of it in the streams.</summary>
    public async Task CutFrom(long seq)
    {
        await Do("delete from mt_events where seq_id >= $1", seq);
        await Do("delete from mt_streams s where not exists (select from mt_events e where e.stream_id = s.id)");
        await Do("update mt_streams s set version = (select max(version) from mt_events e where e.stream_id = s.id)");
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
