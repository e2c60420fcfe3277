using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>
/// The last page read from the log, for all followers of a process: they mostly stand at the same place and are woken together, so one of them reads
/// and the others take what it read. What was committed stays as it is and in its order, so a page read a moment ago is as right as a new one.
/// </summary>
sealed class RecentPage(EventStore store) : IDisposable
{
    readonly SemaphoreSlim gate = new(1);
    long after = -1;
    IReadOnlyList<StoredEvent> events = [];

    /// <summary>Up to <paramref name="limit"/> events behind <paramref name="checkpoint"/>; empty only when the log holds none.</summary>
    /// <returns>The page, and whether it was read by another follower: there may then be more behind it already.</returns>
    public async Task<(IReadOnlyList<StoredEvent> Page, bool Kept)> Read(NpgsqlConnection connection, long checkpoint, int limit, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (Kept(checkpoint, limit) is { Count: > 0 } kept)
                return (kept, true);
            (after, events) = (-1, []);
            events = await store.ReadAll(connection, checkpoint, limit, ct);
            after = checkpoint;
            return (events, false);
        }
        finally
        {
            gate.Release();
        }
    }

    List<StoredEvent> Kept(long checkpoint, int limit) =>
        after < 0 || checkpoint < after ? [] : [.. events.SkipWhile(e => e.SeqId <= checkpoint).Take(limit)];

    public void Dispose() => gate.Dispose();
}
