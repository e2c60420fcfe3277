using System.Diagnostics;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

/// <summary>
/// One batch in one transaction and two round trips. The first claims idempotency keys and moves the streams whose version is the expected one; what
/// it answers decides who is in. The second writes the inline views, then takes the append lock as late as can be, draws numbers, stores the events
/// and commits. Rows are touched in the order keys, streams, view rows, each sorted, so that processes do not cross each other.
/// </summary>
sealed class AppendTransaction(EventStore store)
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

    readonly Dictionary<Guid, Pending> byStream = [];
    readonly Dictionary<ReadOnlyMemory<byte>, Pending> byKey = new(BytesComparer.Instance);
    NpgsqlConnection? connection;

    /// <summary>Stores what can be stored and answers it; what lost its version or its key is left with <see cref="Pending.Accepted"/> false.</summary>
    /// <param name="beside">Adds statements of its own behind the views', before the append lock.</param>
    public async Task Run(List<Pending> batch, Action<IReadOnlyList<Append>, NpgsqlBatch>? beside = null)
    {
        using var activity = StartActivity(batch);
        batch.Sort((a, b) => a.Append.Stream.CompareTo(b.Append.Stream));
        connection ??= await Connect();
        await Claim(batch);
        var accepted = batch.FindAll(p => p.Accepted);
        if (accepted.Count == 0)
        {
            await Rollback();
            return;
        }
        var sequence = await Store(batch, accepted, beside);
        foreach (var pending in accepted)
            pending.Succeed(new AppendResult.Appended(pending.Append.NewVersion, sequence[pending.Append.Stream]));
    }

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
        var last = new Dictionary<Guid, long>(appends.Count);
        foreach (var (append, _, seq) in committed)
            last[append.Stream] = seq;
        return last;
    }

    const string DropKeySql = """
        with gone as (delete from stream_key where stream_id = $1 returning master_id)
        insert into erased_stream (stream_id, master_id, asked) select $1, master_id, $2 from gone
        """;

    const string EraseSql = """
        update mt_events set data = eventdesk_sealed_blanked(data)::jsonb
        where stream_id = $1 and eventdesk_sealed_blanked(data) <> data::text
        """;

    static void Erase(Append append, NpgsqlBatch statements)
    {
        var recorded = Value(append.Recorded.UtcDateTime);
        statements.BatchCommands.Add(new(DropKeySql) { Parameters = { Value(append.Stream), recorded } });
        statements.BatchCommands.Add(new("select set_config('eventdesk.door', 'erase', true)"));
        statements.BatchCommands.Add(new(EraseSql) { Parameters = { Value(append.Stream) } });
        statements.BatchCommands.Add(new("select set_config('eventdesk.door', '', true)"));
        append.Erases!.Beside(statements);
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

    const string SettleSql = """
        select l.place - 1, s.version, e.id, e.seq_id, i.request, i.reply, o.version
        from unnest($1::uuid[], $2::bigint[], $3::bytea[], $5::uuid[]) with ordinality as l (stream, version, key, other, place)
        left join mt_streams o on o.id = l.other
        left join mt_streams s on s.id = l.stream
        left join mt_events e on e.stream_id = l.stream and e.version = l.version
        left join idempotency i on i.key = l.key and i.expires > $4
        """;

    /// <summary>Answers those that have lost, or were stored by a commit whose answer was lost; the rest may be tried again.</summary>
    public async Task Settle(List<Pending> unsettled, List<Pending> again)
    {
        connection ??= await Connect();
        await using var command = new NpgsqlCommand(SettleSql, connection)
        {
            Parameters =
            {
                Array(unsettled, p => p.Append.Stream, NpgsqlDbType.Uuid),
                Array(unsettled, p => p.Append.NewVersion, NpgsqlDbType.Bigint),
                Array(unsettled, p => p.Append.Idempotency?.Key, NpgsqlDbType.Bytea),
                Value(store.Time.GetUtcNow().UtcDateTime),
                Array(unsettled, p => p.Append.With?.Stream, NpgsqlDbType.Uuid),
            },
        };
        var verdicts = new AppendResult?[unsettled.Count];
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                verdicts[reader.GetInt64(0)] = Judge(unsettled[(int)reader.GetInt64(0)].Append, reader);
        for (var i = 0; i < verdicts.Length; i++)
            if (verdicts[i] is { } verdict)
                unsettled[i].Succeed(verdict);
            else
                again.Add(unsettled[i]);
    }

    static AppendResult? Judge(Append append, NpgsqlDataReader row)
    {
        if (!row.IsDBNull(2) && row.GetGuid(2) == append.Events[^1].Id)
            return new AppendResult.Appended(append.NewVersion, row.GetInt64(3));
        if (!row.IsDBNull(4))
            return new AppendResult.Repeated(row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5));
        var version = row.IsDBNull(1) ? (long?)null : row.GetInt64(1);
        if (!(version is null && append.ExpectedVersion == 0 || version == append.ExpectedVersion && version > 0))
            return new AppendResult.Conflict(version ?? 0);
        var other = row.IsDBNull(6) ? 0 : row.GetInt64(6);
        return append.With is null || other == append.With.ExpectedVersion ? null : new AppendResult.Conflict(other, OfOther: true);
    }

    /// <summary>Leaves the transaction behind, and the connection with it when it does not answer.</summary>
    public async Task Rollback()
    {
        try
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
        }
        catch (Exception)
        {
            await Disconnect();
        }
    }

    public async Task Disconnect()
    {
        var old = connection;
        connection = null;
        try
        {
            if (old is not null)
                await old.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // It was broken already; there is nothing left to close.
        }
    }

    async Task<NpgsqlConnection> Connect()
    {
        try
        {
            return await store.WriterSource.OpenConnectionAsync();
        }
        catch (Exception e)
        {
            throw new StoreUnavailableException("The event store cannot be reached.", outcomeUnknown: false, e);
        }
    }

    static Activity? StartActivity(List<Pending> batch)
    {
        if (!StoreTelemetry.Activities.HasListeners())
            return null;
        var links = batch.Where(p => p.Caller != default).Select(p => new ActivityLink(p.Caller));
        return StoreTelemetry.Activities.StartActivity("commit batch", ActivityKind.Internal, default(ActivityContext), links: links)
            ?.SetTag("eventdesk.batch.size", batch.Count);
    }

    static NpgsqlParameter<long> Value(long value) => new() { TypedValue = value };
    static NpgsqlParameter<Guid> Value(Guid value) => new() { TypedValue = value };
    static NpgsqlParameter<DateTime> Value(DateTime value) => new() { TypedValue = value };

    static NpgsqlParameter<T[]> Array<TItem, T>(List<TItem> items, Func<TItem, T> pick, NpgsqlDbType type)
    {
        var values = new T[items.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = pick(items[i]);
        return new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
