using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

/// <summary>
/// One batch in one transaction and two round trips. The first claims idempotency keys and moves the streams whose version is the expected one; what
/// it answers decides who is in. The second writes the inline views, then takes the append lock as late as can be, draws numbers, stores the events
/// and commits. Rows are touched in the order keys, streams, view rows, each sorted, so that processes do not cross each other.
/// </summary>
sealed partial class AppendTransaction(EventStore store)
{
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
