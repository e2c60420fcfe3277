using System.Diagnostics;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

sealed partial class AppendTransaction
{
    const string UnclaimSql = "delete from idempotency where key = any($1)";

    /// <summary>One wrapped by a master key that was destroyed meanwhile fails its append (ED001): the process has to look at its key file again.</summary>
    const string KeysSql = """
        insert into stream_key (stream_id, master_id, wrapped)
        select k.stream_id, case when d.master_id is null then k.master_id else eventdesk_refuse_key(d.master_id) end, k.wrapped
        from (select unnest($1::uuid[]) as stream_id, unnest($2::int[]) as master_id, unnest($3::bytea[]) as wrapped) k
        left join destroyed_key d on d.master_id = k.master_id
        """;

    const string LockSql = "select pg_advisory_xact_lock($1)";

    // Unnested in the list of what is selected, rows go straight on; in FROM they would be copied into a store of rows first. The numbers are drawn
    // outside of that list, which is looked at once more than there are rows.
    const string EventsSql = """
        insert into mt_events
          (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select nextval('mt_events_sequence'), e.*
        from (
          select unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::bigint[]), unnest($4::jsonb[]), unnest($5::varchar[]), unnest($6::timestamptz[]),
            unnest($7::varchar[]), unnest($8::varchar[]), unnest($9::varchar[]), unnest($10::jsonb[]), unnest($11::varchar[])
        ) as e
        returning seq_id as appended_seq_id
        """;

    /// <summary>The second round trip, its statements in the order they run in.</summary>
    /// <returns>The last sequence number of each accepted stream.</returns>
    async Task<Dictionary<Guid, long>> Store(List<Pending> batch, List<Pending> accepted, Action<IReadOnlyList<Append>, NpgsqlBatch>? beside)
    {
        var appends = accepted.ConvertAll(p => p.Append);
        if (appends.Exists(a => a.Begins is not null || a.With is not null))
            appends = [.. appends.Concat(appends.SelectMany(a => new[] { a.Begins, a.With }).OfType<Append>()).OrderBy(a => a.Stream)];
        await using var statements = new NpgsqlBatch(connection);
        var unclaimed = batch.FindAll(p => p.KeyClaimed && !p.Accepted);
        if (unclaimed.Count > 0)
            statements.BatchCommands.Add(new(UnclaimSql) { Parameters = { Array(unclaimed, p => p.Append.Idempotency!.Key, NpgsqlDbType.Bytea) } });
        foreach (var erasing in appends.Where(a => a.Erases is not null))
            Erase(erasing, statements);
        if (appends.FindAll(a => a.NewKey is not null) is { Count: > 0 } keyed)
            statements.BatchCommands.Add(StreamKeys(keyed));
        foreach (var view in store.InlineViews)
            view.Write(appends, statements);
        beside?.Invoke(appends, statements);
        statements.BatchCommands.Add(new(LockSql) { Parameters = { Value(Locks.Append) } });
        statements.BatchCommands.Add(Events(appends));
        foreach (var view in store.InlineViews)
            view.WriteShared(appends, statements);
        statements.BatchCommands.Add(new("commit"));
        return await Commit(statements, accepted, appends);
    }

    async Task<Dictionary<Guid, long>> Commit(NpgsqlBatch statements, List<Pending> accepted, List<Append> appends)
    {
        var committed = new List<RecentLeaves.Committed>(appends.Count * 2);
        accepted.ForEach(p => p.MaybeStored = true);
        try
        {
            // The rows come before the commit: nothing is answered until the reader has been read to its end.
            await using var reader = await statements.ExecuteReaderAsync();
            do
                if (reader.FieldCount == 1 && reader.GetName(0) == "appended_seq_id")
                    foreach (var append in appends)
                        for (var i = 0; i < append.Events.Count && await reader.ReadAsync(); i++)
                            committed.Add(new(append, i, reader.GetInt64(0)));
            while (await reader.NextResultAsync());
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR") // refused before the commit: surely not stored
        {
            accepted.ForEach(p => p.MaybeStored = false);
            throw;
        }
        store.RecentLeaves.Keep(committed);
        if (Activity.Current is { } span && committed.Count > 0)
            store.RecentCommits.Keep(committed[0].Seq, committed[^1].Seq, span.Context);
        var last = new Dictionary<Guid, long>(appends.Count);
        foreach (var (append, _, seq) in committed)
            last[append.Stream] = seq;
        return last;
    }

    static NpgsqlBatchCommand StreamKeys(List<Append> keyed) => new(KeysSql)
    {
        Parameters =
        {
            Array(keyed, a => a.Stream, NpgsqlDbType.Uuid),
            Array(keyed, a => a.NewKey!.MasterId, NpgsqlDbType.Integer),
            Array(keyed, a => a.NewKey!.Wrapped, NpgsqlDbType.Bytea),
        },
    };

    static NpgsqlBatchCommand Events(List<Append> appends)
    {
        var rows = new List<(Append Append, NewEvent Event, long Version)>(appends.Count * 2);
        foreach (var append in appends)
            for (var i = 0; i < append.Events.Count; i++)
                rows.Add((append, append.Events[i], append.ExpectedVersion + i + 1));
        return new NpgsqlBatchCommand(EventsSql)
        {
            Parameters =
            {
                Array(rows, r => r.Event.Id, NpgsqlDbType.Uuid),
                Array(rows, r => r.Append.Stream, NpgsqlDbType.Uuid),
                Array(rows, r => r.Version, NpgsqlDbType.Bigint),
                Array(rows, r => r.Event.Data, NpgsqlDbType.Jsonb),
                Array(rows, r => r.Event.Type, NpgsqlDbType.Varchar),
                Array(rows, r => r.Append.Recorded.UtcDateTime, NpgsqlDbType.TimestampTz),
                Array(rows, r => r.Event.DotnetType, NpgsqlDbType.Varchar),
                Array(rows, r => r.Append.CorrelationId, NpgsqlDbType.Varchar),
                Array(rows, r => r.Append.CausationId, NpgsqlDbType.Varchar),
                Array(rows, r => r.Event.Headers, NpgsqlDbType.Jsonb),
                Array(rows, r => r.Append.UserName, NpgsqlDbType.Varchar),
            },
        };
    }
}
