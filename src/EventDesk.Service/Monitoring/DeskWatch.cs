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
    bool broken, woken, beaten;

    internal DeskWatch(Func<Spot, bool> concerns, int turn, Action<DeskWatch> leave) => (this.concerns, Turn, this.leave) = (concerns, turn, leave);

    /// <summary>Which beat of a round is this one's.</summary>
    internal int Turn { get; }

    /// <summary>What has changed since this was asked last, as soon as something has; null at a beat.</summary>
    /// <exception cref="WatchBrokenException">Changes cannot be followed at the moment.</exception>
    public async Task<DeskChange?> Next(CancellationToken ct)
    {
        var next = news.Next;
        // A beat comes first: changes that show nothing new may follow each other for as long as they like, and the connection would be silent all the while.
        if (TakeBeat()) return null;
        if (Take() is { } already) return already;
        await next.WaitAsync(ct);
        return TakeBeat() ? null : Take();
    }

    bool TakeBeat() => Interlocked.Exchange(ref beaten, false);

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

    /// <summary>Lets it come round once although nothing has changed; one that is busy does so afterwards.</summary>
    internal void Beat()
    {
        Volatile.Write(ref beaten, true);
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
