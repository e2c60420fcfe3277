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
            var started = clock.GetTimestamp();
            var step = await index.Pass(ct);
            if (step is SearchStep.Made)
                continue;
            if (step is SearchStep.Nothing)
                await Wakeup.Wait(next, Look, clock, ct);
            // Whoever works at the desk comes first: at most a fifth of a processor goes into keeping up.
            var rest = 4 * clock.GetElapsedTime(started);
            await Task.Delay(step is SearchStep.Followed && rest > Gather ? rest : Gather, clock, ct);
        }
    }
}
