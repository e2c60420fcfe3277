using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>How a view differs from a replay of the log.</summary>
/// <param name="UpTo">The event up to which both were compared.</param>
/// <param name="Missing">Rows the replay gives and the view lacks.</param>
/// <param name="Unexpected">Rows the view holds and the replay does not give.</param>
/// <param name="Examples">A few of them, as text.</param>
public sealed record ViewDrift(string View, long UpTo, long Missing, long Unexpected, IReadOnlyList<string> Examples)
{
    public bool None => Missing == 0 && Unexpected == 0;
}

/// <summary>Proves that a view equals a replay from the first event, in one snapshot beside live traffic. Leaves nothing behind.</summary>
public static class ViewCheck
{
    const string Suffix = "_checked";
    const int ExamplesAtMost = 5;

    public static async Task<ViewDrift> Run(EventStore store, View view, CancellationToken ct)
    {
        await using var connection = await store.Dedicated.OpenConnectionAsync(ct);
        await connection.Execute("set statement_timeout = 0; set enable_sort = off", ct);
        await connection.Execute("begin isolation level repeatable read", ct);
        var upTo = view is InlineView ? await Rebuild.Last(connection, ct) : await Checkpoint(view, connection, ct);

        var fold = view.NewFold();
        var upcasts = store.Options.Upcasts;
        await Replay.Run(connection, upcasts, fold, 0, $"seq_id <= {upTo} and {view.Reads.In(upcasts).Sql}", ct);
        await connection.Execute(view.CreateTables(Suffix), ct);
        await fold.CopyTo(connection, Suffix, ct);
        await connection.Execute("set enable_sort = on", ct);

        var drift = new ViewDrift(view.Name, upTo, 0, 0, []);
        foreach (var table in view.Tables)
            drift = await Compare(drift, view, table, connection, ct);
        await connection.Execute("rollback", ct);
        return drift;
    }

    static async Task<ViewDrift> Compare(ViewDrift drift, View view, string table, NpgsqlConnection connection, CancellationToken ct)
    {
        var (missing, lacked) = await Beyond(view.Compared(table + Suffix), view.Compared(table), connection, ct);
        var (unexpected, surplus) = await Beyond(view.Compared(table), view.Compared(table + Suffix), connection, ct);
        return drift with
        {
            Missing = drift.Missing + missing,
            Unexpected = drift.Unexpected + unexpected,
            Examples = [.. drift.Examples, .. lacked.Select(row => $"{table} lacks {row}"), .. surplus.Select(row => $"{table} should not hold {row}")],
        };
    }

    /// <summary>Rows of one query that the other does not give, as often as it gives them.</summary>
    static async Task<(long Count, List<string> Examples)> Beyond(string one, string other, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"with beyond as ({one} except all {other}) select beyond::text, count(*) over () from beyond order by 1 limit {ExamplesAtMost}", connection)
        { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (count, examples) = (0L, new List<string>());
        while (await reader.ReadAsync(ct))
        {
            examples.Add(reader.GetString(0));
            count = reader.GetInt64(1);
        }
        return (count, examples);
    }

    static async Task<long> Checkpoint(View view, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select last_seq_id from mt_event_progression where name = $1", connection) { Parameters = { new() { Value = view.ProgressionName } } };
        return await command.ExecuteScalarAsync(ct) is long at ? at : throw new InvalidOperationException($"The view {view.ProgressionName} has not been built yet.");
    }
}
