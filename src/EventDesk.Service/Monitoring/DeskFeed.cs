using System.Diagnostics;
using EventDesk.Store;
using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service.Monitoring;

/// <summary>
/// Tells the open screens of this process what has changed where. One reader of the log for all of them: the store's wake-up starts it, whoever appended;
/// without a watcher it stands still. With it goes the board, which everybody's figures are counted from.
/// </summary>
public sealed partial class DeskFeed(EventStore store, TimeProvider time, ILogger<DeskFeed> log) : BackgroundService
{
    /// <summary>Under load changes are gathered for so long; the first one goes out at once.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    /// <summary>A board that nobody asks for is kept so long.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a look it may be far behind.</summary>
    static readonly TimeSpan Rested = TimeSpan.FromSeconds(5);

    /// <summary>Further behind, reading the rows anew is quicker than reading the log.</summary>
    const long FarBehind = 50_000;

    /// <summary>Resolutions of so many days are remembered.</summary>
    internal const int SolvedDays = 7;

    readonly BoardReader reader = new(store);
    readonly SemaphoreSlim gate = new(1);
    readonly Lock watching = new();
    readonly List<DeskWatch> watches = [];
    readonly Wakeup someone = new();
    OpenBoard? board;
    long asked;
    int nextTurn;

    /// <summary>Watches what the asker is concerned with, until disposed.</summary>
    public DeskWatch Watch(Func<Spot, bool> concerns)
    {
        DeskWatch watch;
        lock (watching)
        {
            // By turns: however many come at once, a round's beats stay as even as they can be.
            watch = new DeskWatch(concerns, nextTurn, Leave);
            nextTurn = (nextTurn + 1) % Heartbeat.Turns;
            watches.Add(watch);
        }
        someone.Signal();
        return watch;
    }

    /// <summary>Lets those come round whose turn it is.</summary>
    internal void Beat(int turn)
    {
        lock (watching)
            foreach (var watch in watches)
                if (watch.Turn == turn) watch.Beat();
    }

    void Leave(DeskWatch watch)
    {
        lock (watching) watches.Remove(watch);
    }

    /// <summary>Reads from the board, with everything in it that was answered before this was asked.</summary>
    internal async Task<T> Read<T>(Func<OpenBoard, T> question, CancellationToken ct)
    {
        var current = await CatchUp(ct);
        lock (current) return question(current);
    }

    /// <summary>Reads from the board as it was told last: for watchers, who are woken after it was.</summary>
    internal Task<T> ReadTold<T>(Func<OpenBoard, T> question, CancellationToken ct)
    {
        if (Volatile.Read(ref board) is not { } told)
            return Read(question, ct);
        lock (told) return Task.FromResult(question(told));
    }

    /// <summary>Brings the board to the end of the log and tells the watchers.</summary>
    async Task<OpenBoard> CatchUp(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var rested = time.GetElapsedTime(Interlocked.Exchange(ref asked, time.GetTimestamp()));
            var since = time.GetUtcNow().UtcDateTime.Date.AddDays(-SolvedDays);
            if (board is null || (rested > Rested && await store.HighWater(ct) - board.UpTo > FarBehind))
                await Load(since, ct);
            while (true)
            {
                var page = await reader.Follow(board!, ct);
                if (page.Stale) await Load(since, ct);
                else Tell(board!, since);
                if (!page.More && !page.Stale) return board!;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    async Task Load(DateTime since, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var loaded = await reader.Load(since, ct);
        // Whoever watches is told of everything that was there and of everything that is there.
        if (board is { } old)
            foreach (var cell in old.Cells) loaded.Touch(cell.Spot);
        board = loaded;
        Loaded(log, loaded.Cells.Sum(c => (long)c.Opened.Count), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    void Tell(OpenBoard told, DateTime since)
    {
        IReadOnlySet<Spot> where;
        lock (told)
        {
            told.Forget(since);
            where = told.TakeTouched();
        }
        if (where.Count == 0) return;
        lock (watching)
            foreach (var watch in watches) watch.Tell(told.UpTo, where);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                var next = someone.Next;
                if (IsWatched) await Follow(stoppingToken);
                else if (board is null) await next.WaitAsync(stoppingToken);
                else await Idle(next, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Stopping.
            }
            catch (Exception e)
            {
                Broke(log, e.Message);
                // Who looks on is told nothing while nothing can be read: their streams end, and they come again.
                lock (watching)
                    foreach (var watch in watches) watch.Break();
                await Task.Delay(AfterTrouble, time, stoppingToken).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
    }

    bool IsWatched
    {
        get
        {
            lock (watching) return watches.Count > 0;
        }
    }

    async Task Follow(CancellationToken ct)
    {
        while (IsWatched)
        {
            var (next, started) = (store.Wakeup.Next, time.GetTimestamp());
            await CatchUp(ct);
            await Wakeup.Wait(next, store.Options.PollInterval, time, ct);
            if (Gathering - time.GetElapsedTime(started) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, ct);
        }
    }

    async Task Idle(Task next, CancellationToken ct)
    {
        await Wakeup.Wait(next, Kept, time, ct);
        await gate.WaitAsync(ct);
        if (!IsWatched && time.GetElapsedTime(Volatile.Read(ref asked)) >= Kept) board = null;
        gate.Release();
    }

    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1, LogLevel.Information, "The board holds {Open} open tickets, loaded in {Milliseconds:0} ms")]
    static partial void Loaded(ILogger log, long open, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "The log could not be followed for open screens, whose streams end: {Reason}")]
    static partial void Broke(ILogger log, string reason);
}
