using System.Data;
using Npgsql;

namespace EventDesk.Store.Ledger;

/// <summary>
/// Proves that a database holds what was recorded. Reads one snapshot, stream by stream for the chains and in order for the tree, in memory that hardly
/// grows with it. The chains find what somebody changed who did not compute digests; the tree and what was signed over it find who did.
/// </summary>
public static class Verify
{
    const int ProgressStep = 20_000;

    // Whether the index on (stream_id, version) or a sort is cheaper depends on how streams lie on the disk: the planner knows.
    const string SettingsSql = "set local statement_timeout = 0; set local work_mem = '64MB'; set local jit = off";

    const string EventsSql = $"copy ({EventRows.Select} order by e.stream_id, e.version, e.seq_id) to stdout (format binary)";

    /// <summary>The same without keys: the ledger's signatures are not checked.</summary>
    public static Task<VerifyReport> Database(NpgsqlDataSource database, IProgress<long>? progress, CancellationToken ct) =>
        Database(database, LedgerTrust.None, progress, ct);

    /// <param name="database">Its search path must find <c>mt_events</c>.</param>
    /// <param name="progress">Told the number of events checked so far, now and then.</param>
    /// <param name="trust">Keys and older checkpoints for the ledger.</param>
    public static async Task<VerifyReport> Database(NpgsqlDataSource database, LedgerTrust trust, IProgress<long>? progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        return await Snapshot(connection, trust, progress, ct);
    }

    /// <param name="connection">Within a transaction of one snapshot.</param>
    internal static async Task<VerifyReport> Snapshot(NpgsqlConnection connection, LedgerTrust trust, IProgress<long>? progress, CancellationToken ct)
    {
        await using (var settings = new NpgsqlCommand(SettingsSql, connection))
            await settings.ExecuteNonQueryAsync(ct);
        var walk = new ChainWalk();
        await Events(connection, walk, progress, ct);
        await EmptyStreams(connection, walk, ct);
        return walk.Finish() with { Ledger = await LedgerRows.Verify(connection, trust, ct) };
    }

    static async Task Events(NpgsqlConnection connection, ChainWalk walk, IProgress<long>? progress, CancellationToken ct)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(EventsSql, ct);
        var rows = new CopyRows(copy);
        long count = 0;
        while (await rows.Next(ct))
        {
            walk.Next(EventRows.Read(rows));
            if (++count % ProgressStep == 0)
                progress?.Report(count);
        }
        progress?.Report(count);
    }

    const string EmptyStreamsSql = """
        select s.id, coalesce(s.version, 0)
        from mt_streams s
        where not exists (select from mt_events e where e.stream_id = s.id)
        """;

    static async Task EmptyStreams(NpgsqlConnection connection, ChainWalk walk, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(EmptyStreamsSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            walk.NextEmpty(row.GetGuid(0), row.GetInt64(1));
    }
}
