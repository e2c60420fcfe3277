using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store.Ledger;

/// <summary>Signing would vouch for a history that is not the one signed before. The message says why and where.</summary>
public sealed class LedgerRefusedException : Exception
{
    public LedgerRefusedException(string message) : base(message) { }
    public LedgerRefusedException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>
/// One step of the ledger: what was appended since becomes leaves, and a checkpoint over them is signed, all in one transaction. Nothing is remembered
/// between two steps, so that whoever does the next one, after whatever end, goes on exactly where the last commit was.
/// </summary>
public sealed class LedgerGrowth
{
    /// <summary>Events of one step at most.</summary>
    public const int Page = 20_000;

    const string LockSql = "select pg_advisory_xact_lock($1)";

    const string EdgeSql = """
        select t.level, t.n, t.hashes, t.seqs
        from generate_series(0, 7) as l (level)
        cross join lateral (select * from ledger_tile where level = l.level order by n desc limit 1) t
        order by t.level
        """;

    const string LastSql = "select note from ledger_checkpoint order by size desc limit 1";

    // From the last leaf on, not behind it: its event must still be there, and be the same.
    const string PageSql = "select seq_id, stream_id, version, timestamp, headers->>'digest' from mt_events where seq_id >= $1 order by seq_id limit $2";

    // The same where the events up to a later number are known: the last leaf's, and the log from that number on.
    const string OnwardSql = """
        select seq_id, stream_id, version, timestamp, headers->>'digest' from mt_events where seq_id = $1
        union all
        (select seq_id, stream_id, version, timestamp, headers->>'digest' from mt_events where seq_id >= $2 order by seq_id limit $3)
        order by seq_id
        """;

    const string TileSql = """
        insert into ledger_tile (level, n, hashes, seqs) values ($1, $2, $3, $4)
        on conflict (level, n) do update set hashes = excluded.hashes, seqs = excluded.seqs
        """;

    const string SignedSql = "insert into ledger_checkpoint (size, note, signed) values ($1, $2, $3)";

    readonly NpgsqlDataSource database;
    readonly string keyFile;
    readonly TimeProvider time;
    readonly RecentLeaves? recent;

    /// <param name="keyFile">Made by the first step of a ledger that has signed nothing yet.</param>
    public LedgerGrowth(NpgsqlDataSource database, string keyFile, TimeProvider time) => (this.database, this.keyFile, this.time) = (database, keyFile, time);

    /// <summary>Takes what this process stored itself from memory, not from the log.</summary>
    internal LedgerGrowth(EventStore store, string keyFile) : this(store.DataSource, keyFile, store.Time) => recent = store.RecentLeaves;

    /// <param name="Signed">Committed, to be published and kept.</param>
    /// <param name="More">The log goes on behind it.</param>
    public sealed record Grown(SignedCheckpoint Signed, bool More);

    /// <returns>Null when there was nothing new.</returns>
    /// <exception cref="LedgerRefusedException">The tree, its last checkpoint, its keys or the event it ends with are not those of the last step.</exception>
    /// <exception cref="Sealing.KeyFileException">The key file cannot be used.</exception>
    public async Task<Grown?> Step(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var growing = new NpgsqlCommand(LockSql, connection) { Parameters = { new() { Value = Locks.Ledger } } })
            await growing.ExecuteNonQueryAsync(ct);
        var (edge, last) = await Standing(connection, ct);
        var page = await News(connection, edge, ct);
        if (page.Count == 0)
            return null;
        // Read anew each time: a rotated key signs from the next step on.
        using var keys = LedgerKeys.Load(keyFile) ?? (last is null ? LedgerKeys.Create(keyFile)
            : throw new LedgerRefusedException($"There is no key file at {keyFile}, but a checkpoint was signed before. Restore the file."));
        await RefuseOtherPast(edge, last, keys, ct);
        for (var i = 0; i < page.Count; i++)
            edge.Append(page.Seqs[i], page[i]);
        var signed = SignedCheckpoint.Sign(new(keys.Origin, edge.Size, edge.Root()), keys.Signers);
        await Store(connection, edge, signed, ct);
        await transaction.CommitAsync(ct);
        return new(signed, page.Count == Page);
    }

    static async Task<(TreeEdge Edge, SignedCheckpoint? Last)> Standing(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(EdgeSql), new(LastSql) } };
        await using var row = await batch.ExecuteReaderAsync(ct);
        List<StoredTile> tiles = [];
        while (await row.ReadAsync(ct))
            tiles.Add(new(row.GetInt32(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetFieldValue<long[]>(3)));
        await row.NextResultAsync(ct);
        var note = await row.ReadAsync(ct) ? row.GetString(0) : null;
        try
        {
            return (TreeEdge.Of(tiles), note is null ? null : SignedCheckpoint.Parse(note) ?? throw new LedgerDamagedException("The last checkpoint cannot be read."));
        }
        catch (LedgerDamagedException e)
        {
            throw new LedgerRefusedException(e.Message, e);
        }
    }

    /// <summary>What the log holds behind the tree, a page at most.</summary>
    async Task<LeafHashes> News(NpgsqlConnection connection, TreeEdge edge, CancellationToken ct)
    {
        if (edge.Size == 0)
            return await Read(new(PageSql, connection) { Parameters = { new() { Value = 0L }, new() { Value = (long)Page } } }, ct);
        if (recent?.Behind(edge.LastSeq, Page) is { Count: > 0 } known)
        {
            var onward = await Read(new(OnwardSql, connection)
            {
                Parameters = { new() { Value = edge.LastSeq }, new() { Value = known.Seqs[^1] }, new() { Value = (long)Page - known.Count + 1 } },
            }, ct);
            RefuseOtherEnd(edge, onward);
            // Where another server took over that had not yet got the last of it, the log has gone on differently.
            if (onward.Count > 1 && onward[1].SequenceEqual(known[^1]))
            {
                known.Add(onward, from: 2);
                return known;
            }
        }
        var page = await Read(new(PageSql, connection) { Parameters = { new() { Value = edge.LastSeq }, new() { Value = (long)Page + 1 } } }, ct);
        RefuseOtherEnd(edge, page);
        page.RemoveFirst();
        return page;
    }

    static async Task<LeafHashes> Read(NpgsqlCommand select, CancellationToken ct)
    {
        await using var command = select;
        await using var row = await command.ExecuteReaderAsync(ct);
        var page = new LeafHashes();
        while (await row.ReadAsync(ct))
            page.Add(new(
                row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetDateTime(3),
                row.IsDBNull(4) || row.GetString(4) is not { Length: Digests.TextLength } digest
                    ? throw new LedgerRefusedException($"Event {row.GetInt64(0)} carries no digest.") : digest));
        return page;
    }

    static void RefuseOtherEnd(TreeEdge edge, LeafHashes page)
    {
        if (page.Count == 0 || page.Seqs[0] != edge.LastSeq)
            throw new LedgerRefusedException($"Event {edge.LastSeq}, the last one signed for, is gone.");
        if (!page[0].SequenceEqual(edge.LastLeaf))
            throw new LedgerRefusedException($"Event {edge.LastSeq}, the last one signed for, was changed.");
    }

    /// <summary>The tree must be the one that was signed last, both by the database and by what this machine keeps outside of it.</summary>
    async Task RefuseOtherPast(TreeEdge edge, SignedCheckpoint? last, LedgerKeys keys, CancellationToken ct)
    {
        if (last is null && edge.Size > 0)
            throw new LedgerRefusedException($"The tree has {edge.Size} leaves, but its checkpoints are gone.");
        if (last is not null && !last.IsSignedBy(keys.Verifiers))
            throw new LedgerRefusedException($"The last checkpoint, of size {last.Size}, was not signed with a key of {keyFile}.");
        if (last is not null && (last.Size != edge.Size || !last.Checkpoint.Root.Span.SequenceEqual(edge.Root())))
            throw new LedgerRefusedException($"The tree is not the one of the last checkpoint: it has {edge.Size} leaves, {last.Size} were signed for.");
        if (LedgerKeys.LastSigned(keyFile) is not { } kept || kept.Text == last?.Text)
            return;
        if (!kept.IsSignedBy(keys.Verifiers))
            throw new LedgerRefusedException($"The checkpoint kept beside {keyFile} was not signed with a key of that file.");
        if (kept.Size > edge.Size)
            throw new LedgerRefusedException($"The tree has {edge.Size} leaves, but this machine has signed for {kept.Size}: the database was set back to an older state.");
        var then = await new LedgerTables(database).Tree().Root(kept.Size, ct);
        if (!kept.Checkpoint.Root.Span.SequenceEqual(then))
            throw new LedgerRefusedException($"The tree does not continue the one of {kept.Size} leaves this machine has signed for.");
    }

    async Task Store(NpgsqlConnection connection, TreeEdge edge, SignedCheckpoint signed, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var tile in edge.Changed())
            batch.BatchCommands.Add(new(TileSql)
            {
                Parameters =
                {
                    new() { Value = tile.Level }, new() { Value = tile.N }, new() { Value = tile.Hashes },
                    new() { Value = (object?)tile.Seqs ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                },
            });
        batch.BatchCommands.Add(new(SignedSql) { Parameters = { new() { Value = signed.Size }, new() { Value = signed.Text }, new() { Value = time.GetUtcNow() } } });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
