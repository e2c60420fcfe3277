using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>
/// Builds views anew beside live traffic: folds the log in memory, copies the rows into shadow tables, catches up with what was appended meanwhile
/// and puts the new tables in place of the old in one short transaction. Readers and writers go on throughout; nothing is lost or shown twice.
/// </summary>
public static class Rebuild
{
    internal const string Suffix = "_rebuilt";

    const int NearlyThere = 2000;
    const int RoundsAtMost = 20;
    const int SwapsAtMost = 10;

    /// <returns>The last event the view holds.</returns>
    public static async Task<long> Run(EventStore store, View view, CancellationToken ct)
    {
        var reached = 0L;
        await Run(store, [view], (_, at) => { reached = at; return Task.CompletedTask; }, ct);
        return reached;
    }

    /// <summary>Several views from one pass over the log; each takes its place as soon as it is ready, in the order given.</summary>
    /// <param name="done">Told of each view that is in place, and the last event it holds.</param>
    public static async Task Run(EventStore store, IReadOnlyList<View> views, Func<View, long, Task> done, CancellationToken ct)
    {
        if (views.Count == 0)
            return;
        await using var connection = await store.Dedicated.OpenConnectionAsync(ct);
        await connection.Execute("set statement_timeout = 0; set lock_timeout = 0; set enable_sort = off", ct);
        foreach (var name in views.Select(v => v.Name).Order(StringComparer.Ordinal)) // everybody in the same order: nobody waits for one who waits for him
            await connection.Execute($"select pg_advisory_lock({Locks.BuildOne}, {Locks.IdOf($"{store.Options.Schema} {name}")})", ct);

        // Commits come in the order of numbers: up to the last one seen, nothing is missing.
        var at = await Last(connection, ct);
        var folds = await Fold(views, connection, store.Options.Upcasts, at, ct);
        await connection.Execute("set enable_sort = on", ct);
        foreach (var view in views)
            await done(view, await Finish(store, view, folds, connection, at, ct));
    }

    static async Task<Queue<IViewFold>> Fold(IReadOnlyList<View> views, NpgsqlConnection connection, Upcasts upcasts, long at, CancellationToken ct)
    {
        var share = new FoldShare();
        var folds = new Queue<IViewFold>(views.Select(v => v.NewFold(share)));
        var all = new FoldOfMany(views.Zip(folds));
        await Replay.Run(connection, upcasts, all, 0, $"seq_id <= {at} and {all.Reads.In(upcasts).Sql}", ct);
        return folds;
    }

    static async Task<long> Finish(EventStore store, View view, Queue<IViewFold> folds, NpgsqlConnection connection, long at, CancellationToken ct)
    {
        var fold = folds.Dequeue();
        var shadow = new ShadowTables(view, connection, Suffix);
        await shadow.Drop(ct);
        await connection.Execute(view.CreateTables(Suffix), ct);
        await fold.CopyTo(connection, Suffix, ct);
        var whole = view.StreamColumn is null ? fold : null;
        fold = null; // a large view's rows are safe in the shadow: let the memory go
        await connection.Execute(view.CreateIndexes(Suffix), ct);
        foreach (var table in view.Tables)
            await connection.Execute($"analyze {table}{Suffix}", ct);

        var catchUp = new CatchUp(view, shadow, connection, store.Options.Upcasts, whole);
        // What a followed view lacks afterwards its follower brings; an inline view must be nearly there before writers are held.
        for (var round = 0; round < RoundsAtMost && (view is InlineView || whole is null) && await Last(connection, ct) is var last && last - at > NearlyThere; round++)
            at = await catchUp.Run(at, last, ct);
        return await Swap(store, view, connection, shadow, catchUp, at, ct);
    }

    static async Task<long> Swap(EventStore store, View view, NpgsqlConnection connection, ShadowTables shadow, CatchUp catchUp, long at, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await connection.Execute($"begin; set local lock_timeout = {store.Options.LockTimeout.TotalMilliseconds:0}", ct);
                var reached = await Hold(view, connection, catchUp, at, ct);
                await shadow.PutInPlace(ct);
                await Progress(view, connection, reached, ct);
                await connection.Execute("commit", ct);
                store.Wakeup.Signal();
                return reached;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected && attempt < SwapsAtMost)
            {
                await connection.Execute("rollback", ct);
                at = await catchUp.Run(at, await Last(connection, ct), ct);
            }
    }

    // An inline view: every writer holds the swap lock, shared, from before its first row until its commit. Having it alone means that none is under
    // way and that the next one begins with the new tables. A followed view: its checkpoint's row, which its owner changes before it applies a page.
    static async Task<long> Hold(View view, NpgsqlConnection connection, CatchUp catchUp, long at, CancellationToken ct)
    {
        if (view is not InlineView)
        {
            await connection.Execute($"select from mt_event_progression where name = '{view.ProgressionName}' for update", ct);
            return at;
        }
        await connection.Execute($"select pg_advisory_xact_lock({Locks.Swap})", ct);
        await connection.Execute($"select pg_advisory_xact_lock({Locks.Append})", ct);
        return await catchUp.Run(at, await Last(connection, ct), ct);
    }

    internal static async Task Progress(View view, NpgsqlConnection connection, long at, CancellationToken ct)
    {
        await connection.Execute($"delete from mt_event_progression where name like '{view.Name}:%' and (name = '{view.Name}:All' or name ~ '^{view.Name}:V[0-9]+:All$')", ct);
        await connection.Execute($"insert into mt_event_progression (name, last_seq_id, last_updated) values ('{view.ProgressionName}', {at}, now())", ct);
        await connection.Execute($"insert into view_alive values ('{view.ProgressionName}') on conflict do nothing", ct);
    }

    internal static async Task<long> Last(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(seq_id), 0) from mt_events", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    internal static async Task Execute(this NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>Brings shadow tables from one event to a later one.</summary>
sealed class CatchUp(View view, ShadowTables shadow, NpgsqlConnection connection, Upcasts upcasts, IViewFold? whole)
{
    const string DeltaSuffix = Rebuild.Suffix + "_delta";

    public async Task<long> Run(long at, long to, CancellationToken ct)
    {
        if (to <= at)
            return at;
        if (whole is null)
            await Streams(at, to, ct);
        else
            await Whole(whole, at, to, ct);
        return to;
    }

    async Task Whole(IViewFold fold, long at, long to, CancellationToken ct)
    {
        await Replay.Run(connection, upcasts, fold, at, $"seq_id <= {to} and {view.Reads.In(upcasts).Sql}", ct);
        await shadow.Drop(ct);
        await connection.Execute(view.CreateTables(Rebuild.Suffix), ct);
        await fold.CopyTo(connection, Rebuild.Suffix, ct);
        await connection.Execute(view.CreateIndexes(Rebuild.Suffix), ct);
    }

    /// <summary>Folds the streams that moved from their first event and replaces their rows.</summary>
    async Task Streams(long at, long to, CancellationToken ct)
    {
        var moved = $"(select distinct stream_id from mt_events where seq_id > {at} and seq_id <= {to})";
        var delta = new ShadowTables(view, connection, DeltaSuffix);
        var fold = view.NewFold();
        await Replay.Run(connection, upcasts, fold, 0, $"seq_id <= {to} and (stream_id in {moved}{(view.Context is { } context ? $" or {context.In(upcasts).Sql}" : "")})", ct);
        await delta.Drop(ct);
        await connection.Execute(view.CreateTables(DeltaSuffix), ct);
        await fold.CopyTo(connection, DeltaSuffix, ct);
        foreach (var table in view.Tables)
        {
            await connection.Execute($"delete from {table}{Rebuild.Suffix} where {view.StreamColumn} in {moved}", ct);
            await connection.Execute($"insert into {table}{Rebuild.Suffix} select * from {table}{DeltaSuffix}", ct);
        }
        await delta.Drop(ct);
    }
}

/// <summary>The tables of a view under another name.</summary>
sealed class ShadowTables(View view, NpgsqlConnection connection, string suffix)
{
    public async Task Drop(CancellationToken ct)
    {
        foreach (var table in view.Tables)
            await connection.Execute($"drop table if exists {table}{suffix}", ct);
    }

    /// <summary>Takes the place of the live tables: drops those and renames these with everything whose name carries the suffix.</summary>
    public async Task PutInPlace(CancellationToken ct)
    {
        foreach (var table in view.Tables)
        {
            await connection.Execute($"drop table if exists {table}", ct);
            foreach (var rename in await Renames(table, ct))
                await connection.Execute(rename, ct);
            await connection.Execute($"alter table {table}{suffix} rename to {table}", ct);
        }
    }

    const string RenamesSql = """
        select format('alter index %I rename to %I', c.relname, replace(c.relname, $2, ''))
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = $1::regclass and strpos(c.relname, $2) > 0
        union all
        select format('alter table %s rename constraint %I to %I', conrelid::regclass, conname, replace(conname, $2, ''))
        from pg_constraint
        where conrelid = $1::regclass and conindid = 0 and strpos(conname, $2) > 0
        """;

    async Task<List<string>> Renames(string table, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(RenamesSql, connection) { Parameters = { new() { Value = table + suffix }, new() { Value = suffix } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var renames = new List<string>();
        while (await reader.ReadAsync(ct))
            renames.Add(reader.GetString(0));
        return renames;
    }
}
