using System.Diagnostics;

namespace EventDesk.Store;

public sealed partial class EventStore
{
    /// <summary>
    /// Stores the events of one command, all or nothing, and answers once they are durable. Appends of many callers share a transaction; a conflict
    /// or a bad value fails its own append alone. An append whose last event already stands at its place (sent again after a lost answer) is answered as appended.
    /// </summary>
    /// <param name="ct">Gives up while the append still waits for its batch; afterwards it has no effect.</param>
    /// <exception cref="StoreUnavailableException">The database is away or has no room.</exception>
    public async ValueTask<AppendResult> Append(Append append, CancellationToken ct)
    {
        if (append.Events.Count == 0)
            throw new ArgumentException("An append holds at least one event.", nameof(append));
        ArgumentOutOfRangeException.ThrowIfNegative(append.ExpectedVersion, nameof(append));
        if (append.With?.Stream == append.Stream)
            throw new ArgumentException("The other stream is another one.", nameof(append));

        using var activity = StoreTelemetry.Activities.StartActivity("append");
        activity?.SetTag("eventdesk.stream.type", append.StreamType).SetTag("eventdesk.events", append.Events.Count);
        var pending = new Pending(append, activity?.Context ?? Activity.Current?.Context ?? default, Time.GetTimestamp(), ct);
        var result = await writers[(uint)append.Stream.GetHashCode() % (uint)writers.Length].Add(pending, ct);
        Count(result, append, activity);
        return result;
    }

    static void Count(AppendResult result, Append append, Activity? activity)
    {
        switch (result)
        {
            case AppendResult.Appended:
                StoreTelemetry.Appends.Add(1, new KeyValuePair<string, object?>("stream.type", append.StreamType));
                StoreTelemetry.Events.Add(append.Events.Count);
                break;
            case AppendResult.Conflict:
                StoreTelemetry.Conflicts.Add(1);
                activity?.SetTag("eventdesk.result", "conflict");
                break;
            case AppendResult.Repeated:
                StoreTelemetry.Repeats.Add(1);
                activity?.SetTag("eventdesk.result", "repeated");
                break;
        }
    }
}

/// <summary>An append on its way through a writer.</summary>
sealed class Pending(Append append, ActivityContext caller, long enqueued, CancellationToken ct)
{
    readonly TaskCompletionSource<AppendResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Append Append => append;
    public ActivityContext Caller => caller;
    public long Enqueued => enqueued;
    public Task<AppendResult> Answer => answer.Task;

    /// <summary>Its streams stand at the expected versions and are locked by the running transaction.</summary>
    public bool Accepted => Claimed == (append.With is null ? 1 : 2);

    /// <summary>How many of its streams do.</summary>
    public int Claimed { get; set; }

    public bool KeyClaimed { get; set; }

    /// <summary>A commit that held it was sent and never answered.</summary>
    public bool MaybeStored { get; set; }

    /// <summary>True when its caller has given up and no transaction has held it yet.</summary>
    public bool Withdrawn => ct.IsCancellationRequested && !MaybeStored;

    public void Succeed(AppendResult result) => answer.TrySetResult(result);
    public void Cancel() => answer.TrySetCanceled(ct);

    public void Fail(Exception e)
    {
        StoreTelemetry.Failures.Add(1);
        answer.TrySetException(e);
    }
}
