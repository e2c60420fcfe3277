namespace EventDesk.Store.Following;

/// <summary>Wakes everyone who waits for new events. Take <see cref="Next"/> before looking, so that nothing slips in between.</summary>
public sealed class Wakeup
{
    TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next signal.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Signal() =>
        Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Ends at the signal <paramref name="next"/> stands for, or when <paramref name="atMost"/> has passed.</summary>
    public static async Task Wait(Task next, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        if (next.IsCompleted)
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(next, Task.Delay(atMost, time, stop.Token));
        await stop.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }
}
