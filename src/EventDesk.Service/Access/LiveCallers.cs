using System.Collections.Concurrent;

namespace EventDesk.Service.Access;

/// <summary>Who has a connection open that lasts. It ends with the token it was opened with: at its expiry, or as soon as a revocation is read from the log.</summary>
public sealed class LiveCallers(TimeProvider time)
{
    readonly ConcurrentDictionary<LiveCaller, Guid> open = new();

    /// <summary>To be opened before it is asked whether the token still holds: a revocation in between is then not missed.</summary>
    /// <param name="ends">Other reasons to end: the client is gone, the process stops.</param>
    public LiveCaller Open(ApiToken token, params CancellationToken[] ends)
    {
        var live = new LiveCaller(this, token.Expires - time.GetUtcNow(), time, ends);
        open[live] = token.Id;
        return live;
    }

    internal void End(Guid token)
    {
        foreach (var (live, _) in open.Where(o => o.Value == token))
            live.End();
    }

    internal void Close(LiveCaller live) => open.TryRemove(live, out _);
}

public sealed class LiveCaller : IDisposable
{
    /// <summary>Timers take no more; such a token is looked at again when its holder comes again.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    readonly LiveCallers all;
    readonly CancellationTokenSource expiry;
    readonly CancellationTokenSource ended;

    internal LiveCaller(LiveCallers all, TimeSpan life, TimeProvider time, CancellationToken[] ends)
    {
        this.all = all;
        expiry = new CancellationTokenSource(life < TimeSpan.Zero ? TimeSpan.Zero : life > Longest ? Longest : life, time);
        ended = CancellationTokenSource.CreateLinkedTokenSource([expiry.Token, .. ends]);
    }

    /// <summary>Cancelled when the connection has to end.</summary>
    public CancellationToken Ended => ended.Token;

    internal void End()
    {
        try
        {
            _ = ended.CancelAsync(); // what hangs on it runs elsewhere: whoever reads the log is not held up
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself just now.
        }
    }

    public void Dispose()
    {
        all.Close(this);
        ended.Dispose();
        expiry.Dispose();
    }
}
