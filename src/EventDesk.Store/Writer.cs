using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Store;

/// <summary>
/// The group commit: one loop with a connection of its own that takes whatever waits and stores it in one transaction. When nothing waits, a single
/// append commits at once; under load one commit serves hundreds.
/// </summary>
sealed partial class Writer
{
    readonly EventStore store;
    readonly ILogger log;
    readonly Channel<Pending> queue;
    readonly AppendTransaction transaction;
    readonly Task loop;

    // Asked again after a batch that held their stream or key, in the order they came.
    readonly List<Pending> carried = [];
    readonly List<Pending> batch = [];
    readonly List<Pending> unsettled = [];
    readonly HashSet<Guid> streams = [];
    readonly HashSet<ReadOnlyMemory<byte>> keys = new(BytesComparer.Instance);

    public Writer(EventStore store)
    {
        this.store = store;
        log = store.Logs.CreateLogger<Writer>();
        queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(store.Options.QueueLength) { SingleReader = true });
        transaction = new AppendTransaction(store);
        loop = Task.Run(Loop);
    }

    public async ValueTask<AppendResult> Add(Pending pending, CancellationToken ct)
    {
        await queue.Writer.WriteAsync(pending, ct);
        return await pending.Answer;
    }

    public async Task Stop()
    {
        queue.Writer.TryComplete();
        await loop;
        await transaction.Disconnect();
    }

    async Task Loop()
    {
        while (carried.Count > 0 || await queue.Reader.WaitToReadAsync())
            try
            {
                // Those whom the last commit has answered run first: the first of them would else be committed alone, and all others wait for it.
                await Task.Yield();
                Gather();
                if (batch.Count == 0)
                    continue;
                await Commit(batch);
                await Settle();
            }
            catch (Exception e) // a bug, not a broken machine: those who wait are told, the loop lives on
            {
                LogBroken(log, e);
                foreach (var pending in batch.Concat(unsettled).Concat(carried))
                    pending.Fail(e);
                unsettled.Clear();
                carried.Clear();
                await transaction.Disconnect();
            }
    }

    /// <summary>
    /// Takes what waits: one append per stream and per key; the others wait for its outcome. One that needs two streams has a transaction to itself: when
    /// only one of them stands where it should, all is rolled back.
    /// </summary>
    void Gather()
    {
        batch.Clear();
        streams.Clear();
        keys.Clear();
        foreach (var pending in carried)
            Take(pending);
        carried.Clear();
        while (batch.Count < store.Options.MaxBatch && unsettled.Count < store.Options.MaxBatch && queue.Reader.TryRead(out var pending))
            Take(pending);
        foreach (var pending in batch)
            StoreTelemetry.QueueTime.Record(store.Time.GetElapsedTime(pending.Enqueued).TotalSeconds);
    }

    void Take(Pending pending)
    {
        if (pending.Withdrawn)
            pending.Cancel();
        else if (batch.Count >= store.Options.MaxBatch || (batch.Count > 0 && (pending.Append.With is not null || batch[0].Append.With is not null)) || streams.Contains(pending.Append.Stream) || (pending.Append.Idempotency is { } i && keys.Contains(i.Key)))
            unsettled.Add(pending);
        else
        {
            streams.Add(pending.Append.Stream);
            if (pending.Append.Idempotency is { } own)
                keys.Add(own.Key);
            batch.Add(pending);
        }
    }

    /// <summary>Stores the batch and answers those that were stored; those that lost are left in <see cref="unsettled"/>.</summary>
    async Task Commit(List<Pending> appends)
    {
        for (var attempt = 1; appends.Count > 0; attempt++)
            try
            {
                var started = store.Time.GetTimestamp();
                await transaction.Run(appends);
                StoreTelemetry.CommitTime.Record(store.Time.GetElapsedTime(started).TotalSeconds);
                StoreTelemetry.BatchSize.Record(appends.Count);
                unsettled.InsertRange(0, appends.Where(p => !p.Accepted));
                store.Wakeup.Signal();
                store.Appended.Signal();
                return;
            }
            catch (Exception e)
            {
                StoreTelemetry.Retries.Add(1);
                var trouble = Trouble.Of(e, attempt);
                LogRetry(log, trouble, appends.Count, attempt, e.Message);
                if (trouble is TroubleKind.Away or TroubleKind.Stale)
                    await transaction.Disconnect();
                else
                    await transaction.Rollback();
                if (await HandleTrouble(appends, trouble, attempt, e))
                    return;
            }
    }

    /// <summary>True when the appends have come to their end, false when they are to be tried once more.</summary>
    async Task<bool> HandleTrouble(List<Pending> appends, TroubleKind trouble, int attempt, Exception e)
    {
        if (trouble is TroubleKind.Poison or TroubleKind.Stuck && appends.Count > 1)
        {
            // Halves, until the guilty one stands alone.
            var half = appends.Count / 2;
            await Commit(appends.GetRange(0, half));
            await Commit(appends.GetRange(half, appends.Count - half));
            return true;
        }
        foreach (var pending in appends.ToList())
            if (trouble is TroubleKind.Poison)
                End(appends, pending, e);
            else if (trouble is TroubleKind.Full || store.Time.GetElapsedTime(pending.Enqueued) > store.Options.GiveUpAfter)
                End(appends, pending, new StoreUnavailableException("The event store cannot be reached or has no room.", pending.MaybeStored, e));
        if (trouble is TroubleKind.Away)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1000, 10 << Math.Min(attempt, 7))), store.Time);
        return appends.Count == 0;
    }

    static void End(List<Pending> appends, Pending pending, Exception e)
    {
        appends.Remove(pending);
        pending.Fail(e);
    }

    /// <summary>Tells the losers how it stands; those that may still succeed are carried into the next batch.</summary>
    async Task Settle()
    {
        if (unsettled.Count == 0)
            return;
        for (var attempt = 1; unsettled.Count > 0; attempt++)
            try
            {
                await transaction.Settle(unsettled, carried);
                unsettled.Clear();
            }
            catch (Exception e)
            {
                LogRetry(log, TroubleKind.Away, unsettled.Count, attempt, e.Message);
                await transaction.Disconnect();
                await HandleTrouble(unsettled, Trouble.Of(e, attempt) is TroubleKind.Full ? TroubleKind.Full : TroubleKind.Away, attempt, e);
            }
    }

    [LoggerMessage(LogLevel.Error, "The writer met a fault of its own")]
    static partial void LogBroken(ILogger log, Exception e);

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} appends failed ({Trouble}, attempt {Attempt}): {Reason}")]
    static partial void LogRetry(ILogger log, TroubleKind trouble, int count, int attempt, string reason);
}

sealed class BytesComparer : IEqualityComparer<ReadOnlyMemory<byte>>
{
    public static readonly BytesComparer Instance = new();

    public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes.Span);
        return hash.ToHashCode();
    }
}

enum TroubleKind
{
    /// <summary>The append itself is at fault.</summary>
    Poison,

    /// <summary>Two transactions stood in each other's way: the same again will do.</summary>
    Crossed,

    /// <summary>A prepared statement does not fit the tables any more, or the connection is confused: a fresh one will do.</summary>
    Stale,

    /// <summary>A lock was not to be had in time, perhaps for one stream only.</summary>
    Stuck,

    /// <summary>The server is away.</summary>
    Away,

    /// <summary>The server has no room.</summary>
    Full,
}

static class Trouble
{
    const int AgainAtMost = 5;

    public static TroubleKind Of(Exception e, int attempt) => e switch
    {
        PostgresException { SqlState: "40P01" or "40001" } when attempt < AgainAtMost => TroubleKind.Crossed,
        PostgresException { SqlState: "0A000" or "26000" } when attempt < AgainAtMost => TroubleKind.Stale,
        PostgresException { SqlState: "55P03" or "57014" or "25P03" } => TroubleKind.Stuck,
        PostgresException { SqlState: "53100" } => TroubleKind.Full,
        PostgresException { SqlState: ['5', '3' or '7' or '8', ..] or ['0', '8', ..] or "25006" } => TroubleKind.Away,
        PostgresException => TroubleKind.Poison,
        StoreUnavailableException or NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException => TroubleKind.Away,
        // The driver lost its place in the conversation (it happens after a refused statement that it was just preparing): not the appends' fault.
        _ when attempt < AgainAtMost => TroubleKind.Stale,
        _ => TroubleKind.Poison,
    };
}
