using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>Sees to it that every view exists and holds what the log says, before anybody reads or writes it.</summary>
public static class ViewSetup
{
    // A view is there when its version has a progression row and, should it keep rows in unlogged tables, no crash has emptied them since.
    const string MissingSql = """
        select v.name
        from unnest($1::text[]) as v (name)
        where not exists (select from mt_event_progression p where p.name = v.name)
          or v.name = any($2) and not exists (select from view_alive a where a.name = v.name)
        """;

    const string LostSql = """
        select p.name from mt_event_progression p where p.name = any($1) and not exists (select from view_alive a where a.name = p.name)
        """;

    const string UnloggedSql = "select relname::text from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and relpersistence = 'u'";

    /// <summary>Builds what is missing or of an older version by replay; several processes that start at once share the work.</summary>
    public static async Task Run(EventStore store, IReadOnlyCollection<View> views, CancellationToken ct)
    {
        await using var connection = await store.Dedicated.OpenConnectionAsync(ct);
        if ((await Missing(store, connection, views, ct)).Count == 0)
            return;

        await connection.Execute("set statement_timeout = 0; set lock_timeout = 0", ct);
        await connection.Execute($"select pg_advisory_lock({Locks.Build})", ct);
        if (await CreateEmpty(store, connection, views, ct))
            return;
        await Rebuild.Run(store, await Missing(store, connection, views, ct), (_, _) => Task.CompletedTask, ct);
    }

    /// <summary>Builds what a crash of the server has emptied while this process went on.</summary>
    public static async Task Restore(EventStore store, IReadOnlyCollection<View> views, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        var lost = await Names(connection, LostSql, ct, (object)await AtRisk(store, connection, views, ct));
        await Rebuild.Run(store, [.. views.Where(v => lost.Contains(v.ProgressionName))], (_, _) => Task.CompletedTask, ct);
    }

    /// <summary>On an empty log there is nothing to replay: all tables in one transaction. False when there are events.</summary>
    static async Task<bool> CreateEmpty(EventStore store, NpgsqlConnection connection, IReadOnlyCollection<View> views, CancellationToken ct)
    {
        await connection.Execute("begin", ct);
        await connection.Execute($"select pg_advisory_xact_lock({Locks.Swap})", ct);
        var empty = await Rebuild.Last(connection, ct) == 0;
        if (empty)
            foreach (var view in await Missing(store, connection, views, ct))
            {
                await new ShadowTables(view, connection, "").Drop(ct);
                await connection.Execute(view.CreateTables(""), ct);
                await connection.Execute(view.CreateIndexes(""), ct);
                await Rebuild.Progress(view, connection, 0, ct);
            }
        await connection.Execute("commit", ct);
        return empty;
    }

    static async Task<List<View>> Missing(EventStore store, NpgsqlConnection connection, IReadOnlyCollection<View> views, CancellationToken ct)
    {
        var names = views.Select(v => v.ProgressionName).ToArray();
        var missing = await Names(connection, MissingSql, ct, names, await AtRisk(store, connection, views, ct));
        return [.. views.Where(v => missing.Contains(v.ProgressionName))];
    }

    static async Task<string[]> AtRisk(EventStore store, NpgsqlConnection connection, IReadOnlyCollection<View> views, CancellationToken ct)
    {
        var unlogged = await Names(connection, UnloggedSql, ct, store.Options.Schema);
        return [.. views.Where(v => v.Tables.Any(unlogged.Contains)).Select(v => v.ProgressionName)];
    }

    static async Task<HashSet<string>> Names(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }
}
