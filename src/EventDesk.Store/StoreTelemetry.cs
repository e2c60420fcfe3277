using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventDesk.Store;

/// <summary>The names under which the store is observed.</summary>
public static class StoreTelemetry
{
    public const string Name = "EventDesk.Store";

    public static readonly ActivitySource Activities = new(Name);
    public static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Appends = Meter.CreateCounter<long>("eventdesk.store.appends", "{append}", "Appends stored");
    internal static readonly Counter<long> Events = Meter.CreateCounter<long>("eventdesk.store.events", "{event}", "Events stored");
    internal static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("eventdesk.store.conflicts", "{append}", "Appends refused because the stream had moved on");
    internal static readonly Counter<long> Repeats = Meter.CreateCounter<long>("eventdesk.store.repeats", "{append}", "Appends whose idempotency key was used before");
    internal static readonly Counter<long> Failures = Meter.CreateCounter<long>("eventdesk.store.failures", "{append}", "Appends that ended with an exception");
    internal static readonly Counter<long> Retries = Meter.CreateCounter<long>("eventdesk.store.retries", "{batch}", "Batches tried again");
    internal static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("eventdesk.store.batch.size", "{append}", "Appends that shared one commit");
    internal static readonly Histogram<double> CommitTime = Meter.CreateHistogram<double>("eventdesk.store.commit.duration", "s", "Time of one batch from its first statement to the confirmed commit");
    internal static readonly Histogram<double> QueueTime = Meter.CreateHistogram<double>("eventdesk.store.queue.duration", "s", "Time an append waited for its batch");
    internal static readonly Counter<long> Followed = Meter.CreateCounter<long>("eventdesk.store.followed", "{event}", "Events applied to followed views");
    internal static readonly Counter<long> Checkpoints = Meter.CreateCounter<long>("eventdesk.store.ledger.checkpoints", "{checkpoint}", "Checkpoints of the ledger signed");
    internal static readonly Counter<long> FollowerFailures = Meter.CreateCounter<long>("eventdesk.store.follower.failures", "{attempt}", "Pages a followed view could not apply");
}
