using Npgsql;

namespace EventDesk.Store.Ledger;

/// <summary>The ledger as it stands in the database: tiles and signed checkpoints, for whoever serves or proves.</summary>
public sealed class LedgerTables(NpgsqlDataSource database)
{
    const string TileSql = "select hashes from ledger_tile where level = $1 and n = $2";

    /// <summary>The hashes of a tile, as many as there are; null when there is none.</summary>
    public async ValueTask<byte[]?> Tile(int level, long n, CancellationToken ct)
    {
        await using var command = database.CreateCommand(TileSql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = level });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = n });
        return await command.ExecuteScalarAsync(ct) as byte[];
    }

    const string LastSql = "select note from ledger_checkpoint order by size desc limit 1";

    /// <summary>The newest signed checkpoint; null before the first.</summary>
    public async Task<SignedCheckpoint?> Last(CancellationToken ct)
    {
        await using var command = database.CreateCommand(LastSql);
        return await command.ExecuteScalarAsync(ct) is not string note ? null
            : SignedCheckpoint.Parse(note) ?? throw new LedgerDamagedException("The last checkpoint cannot be read.");
    }

    /// <summary>Roots and proofs over the stored tiles. One for each answer: tiles at the edge grow.</summary>
    public TreeReader Tree() => new(Tile);

    const string PlacesSql = """
        select asked.seq, tile.n * 256 + array_position(tile.seqs, asked.seq) - 1
        from unnest($1::bigint[]) as asked (seq)
        cross join lateral (
          select n, seqs from ledger_tile where level = 0 and seqs[1] <= asked.seq order by seqs[1] desc limit 1
        ) tile
        where asked.seq = any(tile.seqs)
        """;

    /// <summary>The index of each event's leaf, by its seq_id; those that are not in the tree yet are left out.</summary>
    public async Task<IReadOnlyDictionary<long, long>> Places(IReadOnlyList<long> seqs, CancellationToken ct)
    {
        await using var command = database.CreateCommand(PlacesSql);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. seqs] });
        await using var row = await command.ExecuteReaderAsync(ct);
        var places = new Dictionary<long, long>();
        while (await row.ReadAsync(ct))
            places[row.GetInt64(0)] = row.GetInt64(1);
        return places;
    }
}
