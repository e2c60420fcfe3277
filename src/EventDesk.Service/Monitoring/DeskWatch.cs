using EventDesk.Store.Following;

namespace EventDesk.Service.Monitoring;

/// <summary>Something has changed.</summary>
/// <param name="UpTo">The number of the last event that was taken in.</param>
/// <param name="Where">Of what the watcher is concerned with: where tickets changed, came to or went from.</param>
public sealed record DeskChange(long UpTo, IReadOnlySet<Spot> Where);

/// <summary>One open screen. Changes it has not fetched yet are put together, so a slow one costs no more than a quick one.</summary>
public sealed class DeskWatch : IDisposable
{
    readonly Func<Spot, bool> concerns;
    readonly Action<DeskWatch> leave;
    readonly Wakeup news = new();
    readonly Lock pending = new();
    HashSet<Spot> where = [];
    long upTo;
    bool broken, woken;

    internal DeskWatch(Func<Spot, bool> concerns, Action<DeskWatch> leave) => (this.concerns, this.leave) = (concerns, leave);

    /// <summary>What has changed since this was asked last, as soon as something has.</summary>
    /// <param name="atMost">Null is answered when nothing has changed for so long.</param>
    /// <exception cref="WatchBrokenException">Changes cannot be followed at the moment.</exception>
    public async Task<DeskChange?> Next(TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        var next = news.Next;
        if (Take() is { } already)
            return already;
        await Wakeup.Wait(next, atMost, time, ct);
        return Take();
    }

    DeskChange? Take()
    {
        lock (pending)
        {
            if (broken) throw new WatchBrokenException();
            if (where.Count == 0 && !woken) return null;
            var taken = new DeskChange(upTo, where);
            (where, woken) = ([], false);
            return taken;
        }
    }

    internal void Tell(long seqId, IReadOnlySet<Spot> changed)
    {
        lock (pending)
        {
            upTo = seqId;
            where.UnionWith(changed.Where(concerns));
            if (where.Count == 0) return;
        }
        news.Signal();
    }

    /// <summary>Has the screen look again, for something that is in no log; that change is of no place.</summary>
    public void Wake()
    {
        lock (pending) woken = true;
        news.Signal();
    }

    internal void Break()
    {
        lock (pending) broken = true;
        news.Signal();
    }

    public void Dispose() => leave(this);
}

/// <summary>The watcher has to come again.</summary>
public sealed class WatchBrokenException() : Exception("Changes cannot be followed at the moment.");
