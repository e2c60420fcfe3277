using Npgsql;

namespace EventDesk.Store.Ledger;

/// <summary>The ledger of a database within one snapshot. Pages are read whole, so that both sources take turns on one connection.</summary>
static class LedgerRows
{
    const string ThereSql = "select to_regclass('ledger_tile') is not null";
    const string UpperSql = "select level, n, hashes from ledger_tile where level <> 0";
    const string CheckpointsSql = "select size, note from ledger_checkpoint order by size";

    /// <summary>Null for a database from before there was a ledger.</summary>
    public static async Task<LedgerReport?> Verify(NpgsqlConnection connection, LedgerTrust trust, CancellationToken ct)
    {
        await using (var there = new NpgsqlCommand(ThereSql, connection))
            if (await there.ExecuteScalarAsync(ct) is not true)
                return null;
        var upper = await Upper(connection, ct);
        var ledger = new LedgerProof(upper, await Notes(connection, ct), trust);
        return await ledger.Run(new Tiles(connection), new Leaves(connection), ct);
    }

    public static async Task<Dictionary<(int, long), byte[]>> Upper(NpgsqlConnection connection, CancellationToken ct)
    {
        var tiles = new Dictionary<(int, long), byte[]>();
        await using var command = new NpgsqlCommand(UpperSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            tiles[(row.GetInt32(0), row.GetInt64(1))] = row.GetFieldValue<byte[]>(2);
        return tiles;
    }

    public static async Task<List<(long Size, string Note)>> Notes(NpgsqlConnection connection, CancellationToken ct)
    {
        List<(long, string)> notes = [];
        await using var command = new NpgsqlCommand(CheckpointsSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            notes.Add((row.GetInt64(0), row.GetString(1)));
        return notes;
    }

    public sealed class Tiles(NpgsqlConnection connection) : TileSource
    {
        const int Page = 64;
        const string Sql = "select n, hashes, seqs from ledger_tile where level = 0 and n > $1 order by n limit $2";

        readonly Queue<StoredTile> page = new();
        long last = -1;

        public override async ValueTask<StoredTile?> Next(CancellationToken ct)
        {
            if (page.Count == 0)
                await Read(ct);
            if (!page.TryDequeue(out var tile))
                return null;
            last = tile.N;
            return tile;
        }

        async Task Read(CancellationToken ct)
        {
            await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = last }, new() { Value = Page } } };
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                page.Enqueue(new(0, row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : row.GetFieldValue<long[]>(2)));
        }
    }

    public sealed class Leaves(NpgsqlConnection connection) : LeafSource
    {
        const int Page = 20_000;

        // Times that no event can have, and a stream that is none, are those of no leaf.
        const string Sql = """
            select seq_id, coalesce(stream_id, '00000000-0000-0000-0000-000000000000'), version,
              case when timestamp >= '0001-01-01Z' and timestamp < '9999-12-31Z' then timestamp else '0001-01-01Z' end, left(headers->>'digest', 64)
            from mt_events
            where seq_id > $1
            order by seq_id
            limit $2
            """;

        readonly Queue<Leaf> page = new();
        long last = long.MinValue;

        public override async ValueTask<bool> Next(CancellationToken ct)
        {
            if (page.Count == 0)
                await Read(ct);
            if (!page.TryDequeue(out var leaf))
                return false;
            last = leaf.Seq;
            Current = leaf;
            return true;
        }

        async Task Read(CancellationToken ct)
        {
            await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = last }, new() { Value = Page } } };
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                page.Enqueue(new(row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetDateTime(3), row.IsDBNull(4) ? "" : row.GetString(4)));
        }
    }
}
