using EventDesk.Store.Following;
using Npgsql;

namespace EventDesk.Store;

/// <summary>
/// Appends in large transactions beside the writers: for imports. It keeps the writers' own rules (rows first, the append lock late, numbers drawn under it),
/// so live traffic and followers need not know of it. One thread at a time.
/// </summary>
public sealed class BulkAppender : IAsyncDisposable
{
    readonly EventStore store;
    readonly AppendTransaction transaction;
    readonly CancellationTokenSource closing = new();
    readonly Task announcing;

    /// <summary>While it is open, followers of other processes are woken by what it stores.</summary>
    public BulkAppender(EventStore store)
    {
        this.store = store;
        transaction = new AppendTransaction(store);
        announcing = new Signals(store).Announce(closing.Token);
    }

    /// <summary>Stores all appends whose version is the expected one, in one transaction; answered once it is durable.</summary>
    /// <param name="appends">One for each stream, without idempotency.</param>
    /// <param name="beside">Adds statements of the caller to the same transaction, given what will be stored; its rows must be the caller's alone. Not called when nothing is stored.</param>
    /// <returns>The appends that were not stored because their stream stands elsewhere.</returns>
    /// <exception cref="Exception">The database refused or went away. Then nothing was stored, or, when the connection broke during the commit, perhaps all of it.</exception>
    public async Task<IReadOnlyList<Append>> Append(IReadOnlyList<Append> appends, Action<IReadOnlyList<Append>, NpgsqlBatch>? beside, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var batch = appends.Select(a => new Pending(a, default, store.Time.GetTimestamp(), ct)).ToList();
        try
        {
            await transaction.Run(batch, beside);
        }
        catch
        {
            await transaction.Rollback();
            throw;
        }
        store.Wakeup.Signal();
        store.Appended.Signal();
        StoreTelemetry.Events.Add(batch.Where(p => p.Accepted).Sum(p => p.Append.Events.Count));
        return [.. batch.Where(p => !p.Accepted).Select(p => p.Append)];
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await announcing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await transaction.Disconnect();
        closing.Dispose();
    }
}
