using EventDesk.Store;
using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;

namespace EventDesk.Service.Searching;

/// <summary>Keeps the search up with the log, in one process at a time.</summary>
public sealed class SearchIndexJob(SearchIndex index, EventStore store, Leases leases, TimeProvider clock) : BackgroundService
{
    const string LeaseName = "search";

    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);

    /// <summary>What a ticket gets within this time is written once: an entry costs more than reading one.</summary>
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    /// <summary>So soon it is seen that a crash of the database has emptied the index.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leases.Keep(LeaseName, Run, AfterTrouble, stoppingToken);

    async Task Run(CancellationToken ct)
    {
        while (true)
        {
            var next = store.Wakeup.Next;
            if (await index.Pass(ct))
                continue;
            await Wakeup.Wait(next, Look, clock, ct);
            await Task.Delay(Gather, clock, ct);
        }
    }
}
