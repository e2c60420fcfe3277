using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Service.Closing;

/// <summary>
/// What happens to tickets because a day has come: a resolved one is closed when its window has passed, a wait for a planned date ends.
/// One process does it at a time; the commands go through the desk like anybody's, so doing one twice is harmless.
/// </summary>
public sealed partial class ClosingJob(EventStore store, TicketDesk desk, Leases leases, TimeProvider clock, ILogger<ClosingJob> log) : BackgroundService
{
    const string LeaseName = "closing";
    const int PageSize = 200;

    /// <summary>A day that comes is acted upon this much later at most; a look costs one probe of a small index.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    const string DueSql = "select id, version, status from ticket where wake_at < $1 order by wake_at limit $2";

    /// <summary>One look: handles what is due and answers how many tickets changed.</summary>
    public async Task<int> Pass(CancellationToken ct)
    {
        var changed = 0;
        foreach (var (ticket, version, status) in await Due(ct))
        {
            var outcome = status == Status.Resolved
                ? await desk.Handle(ticket, Operation.Close, new CloseTicket(CloseCause.WindowElapsed), version, Asker.System, null, ct)
                : await desk.Handle(ticket, Operation.Wait, new EndWaiting(WaitingEnd.DateReached), version, Asker.System, null, ct);
            // Stale: someone was quicker; the next look sees what it is then.
            if (outcome is Outcome.Done done && done.Version > version) changed++;
        }
        return changed;
    }

    async Task<List<(Guid Ticket, long Version, Status Status)>> Due(CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(DueSql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<(Guid, long, Status)> due = [];
        while (await rows.ReadAsync(ct))
            due.Add((rows.GetGuid(0), rows.GetInt64(1), (Status)rows.GetInt16(2)));
        return due;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await using var lease = await leases.Acquire(LeaseName, stoppingToken);
                using var owned = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lease.Lost);
                while (!owned.IsCancellationRequested)
                    if (await Pass(owned.Token) < PageSize)
                        await Task.Delay(Look, clock, owned.Token);
            }
            catch (OperationCanceledException)
            {
                // Stopping, or the lease went to another process: the loop decides which.
            }
            catch (Exception e)
            {
                Broke(log, e);
                await Task.Delay(Look, clock, stoppingToken).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
    }

    [LoggerMessage(1, LogLevel.Error, "Closing tickets and ending waits broke; it is tried again")]
    static partial void Broke(ILogger log, Exception e);
}
