using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store.Sealing;

/// <summary>
/// Makes an erasure reach every copy of the database. The erased streams' data keys stand, wrapped, in backups and in the write-ahead log; so the master
/// keys that wrapped them are destroyed, after the data keys of all other streams of their share were wrapped by new ones.
/// </summary>
public sealed class KeyShredder(EventStore store, MasterKeys masters)
{
    const int PerStep = 5_000;

    const string OpenSql = "select distinct master_id from erased_stream where destroyed is null";
    const string LockSql = "select pg_try_advisory_xact_lock($1)";

    /// <summary>Destroys what is asked for; does nothing while another process is at it. Killed at any point, the next run goes on from there.</summary>
    /// <returns>How many erased streams became unreadable for good.</returns>
    public async Task<int> Run(CancellationToken ct)
    {
        await using var guard = await store.Dedicated.OpenConnectionAsync(ct);
        await using var transaction = await guard.BeginTransactionAsync(ct);
        if (!(bool)(await Scalar(guard, LockSql, new NpgsqlParameter<long> { TypedValue = Locks.Shred }, ct))!)
            return 0;
        if (await Open(guard, ct) is not { Length: > 0 } ids)
            return 0;
        masters.Renew(ids);
        while (await Rewrap(ids, PerStep, last: false, ct))
        {
            // Until few are left, beside live traffic.
        }
        await Rewrap(ids, int.MaxValue, last: true, ct);
        await Keep(ct);
        masters.Destroy(ids);
        return await Finish(ids, ct);
    }

    static async Task<int[]> Open(NpgsqlConnection connection, CancellationToken ct)
    {
        List<int> ids = [];
        await using var command = new NpgsqlCommand(OpenSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            ids.Add(row.GetInt32(0));
        return [.. ids];
    }

    const string CloseSql = "lock table stream_key in share row exclusive mode";
    const string RefuseSql = "insert into destroyed_key select * from unnest($1::int[]) on conflict do nothing";
    const string WrappedSql = "select stream_id, master_id, wrapped from stream_key where master_id = any($1) limit $2 for update";

    const string RewrapSql = """
        update stream_key k set master_id = n.master_id, wrapped = n.wrapped
        from unnest($1::uuid[], $2::int[], $3::bytea[]) as n (stream_id, master_id, wrapped)
        where k.stream_id = n.stream_id
        """;

    /// <summary>One step of wrapping anew, in a transaction of its own.</summary>
    /// <param name="last">Nobody may add a key meanwhile, and none under these masters ever after.</param>
    /// <returns>There may be more.</returns>
    async Task<bool> Rewrap(int[] ids, int most, bool last, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (last)
        {
            await Execute(connection, CloseSql, ct);
            await Execute(connection, RefuseSql, ct, new NpgsqlParameter<int[]> { TypedValue = ids });
        }
        var old = await Read(connection, WrappedSql, ct, new NpgsqlParameter<int[]> { TypedValue = ids }, new NpgsqlParameter<long> { TypedValue = most });
        // A key that no longer opens was wrapped by a master that is gone already: it stays as it is, lost to everybody.
        var anew = old.ConvertAll(k => (k.Stream, Key: masters.Rewrap(k.Stream, k.Key))).FindAll(k => k.Key is not null);
        await Execute(
            connection, RewrapSql, ct,
            new NpgsqlParameter<Guid[]> { TypedValue = [.. anew.Select(k => k.Stream)] },
            new NpgsqlParameter<int[]> { TypedValue = [.. anew.Select(k => k.Key!.MasterId)] },
            new NpgsqlParameter<byte[][]> { TypedValue = [.. anew.Select(k => k.Key!.Wrapped.ToArray())], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await transaction.CommitAsync(ct);
        return old.Count == most && anew.Count > 0;
    }

    const string ShareSql = "select stream_id, master_id, wrapped from stream_key where master_id = $1";

    /// <summary>Before a key is destroyed, what it wrapped stands beside the key file in its new form.</summary>
    async Task Keep(CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        foreach (var master in masters.NotKept())
            masters.KeepRewrapped(master, await Read(connection, ShareSql, ct, new NpgsqlParameter<int> { TypedValue = master }));
    }

    const string FinishSql = "update erased_stream set destroyed = $2 where destroyed is null and master_id = any($1)";

    async Task<int> Finish(int[] ids, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        return await Execute(
            connection, FinishSql, ct, new NpgsqlParameter<int[]> { TypedValue = ids }, new NpgsqlParameter<DateTime> { TypedValue = store.Time.GetUtcNow().UtcDateTime });
    }

    static async Task<List<(Guid Stream, WrappedKey Key)>> Read(NpgsqlConnection connection, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        List<(Guid, WrappedKey)> keys = [];
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            keys.Add((row.GetGuid(0), new WrappedKey(row.GetInt32(1), row.GetFieldValue<byte[]>(2))));
        return keys;
    }

    static async Task<object?> Scalar(NpgsqlConnection connection, string sql, NpgsqlParameter parameter, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { parameter } };
        return await command.ExecuteScalarAsync(ct);
    }

    static async Task<int> Execute(NpgsqlConnection connection, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
