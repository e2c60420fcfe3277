using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EventDesk.Service.Timing;

/// <summary>
/// What happens to tickets because a moment has come: a clock warns or breaches, a resolved ticket is closed when its window has passed, a wait
/// for a planned date ends. Each process does it for its share of the tickets; the commands go through the desk like anybody's, each on the version it
/// was seen at, so that two who do it at once, or one who dies in between, write nothing twice.
/// </summary>
public sealed class TicketTimer(
    EventStore store, TicketDesk desk, TicketPrivacy privacy, OrganisationBook organisation, Leases leases, TimeProvider clock) : BackgroundService
{
    const string LeaseName = "timer";
    const int PageSize = 500;

    /// <summary>More than there are processes, so that each has about the same.</summary>
    const int ShareCount = 8;

    /// <summary>Commands under way at once: enough to fill the batches of the writers.</summary>
    const int AtOnce = 256;

    /// <summary>Between two looks while others write: a new moment is learnt of this much later at most.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);

    // Without a parameter, so that PostgreSQL plans it once and not at each look.
    const string NextSql = "select min(wake_at) from ticket";

    // Spread by the last byte of the id, which is random.
    static readonly string DueSql = $"select id, version from ticket where wake_at < $1 and get_byte(uuid_send(id), 15) % {ShareCount} = any($2) order by wake_at limit {PageSize}";

    readonly HourSweep sweep = new(store, clock);

    /// <summary>Handles what is due.</summary>
    /// <returns>How many tickets were due, and how many of them changed.</returns>
    public Task<(int Due, int Changed)> Pass(CancellationToken ct) => Pass(Enumerable.Range(0, ShareCount), ct);

    async Task<(int Due, int Changed)> Pass(IEnumerable<int> shares, CancellationToken ct)
    {
        var due = await Due(shares, ct);
        if (due.Count > 1)
            await desk.Prefetch([.. due.Select(t => t.Ticket)], ct);
        var changed = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (t, stop) =>
        {
            // Stale: someone was quicker; the next look sees what it is then.
            var outcome = await desk.Handle(t.Ticket, Operation.Wait, new WakeTicket(), t.Version, Asker.System, null, stop);
            if (outcome is Outcome.Done done && done.Version > t.Version)
                Interlocked.Increment(ref changed);
            else if (outcome is Outcome.Stale)
                return;
            else if (await privacy.EraseExpired(t.Ticket, stop)) // of a merged ticket too, which takes no other command
                Interlocked.Increment(ref changed);
            else if (outcome is Outcome.Done)
                await sweep.One(t.Ticket, organisation.History.Hours, stop); // it was woken for hours that have changed since
        });
        return (due.Count, changed);
    }

    async Task<List<(Guid Ticket, long Version)>> Due(IEnumerable<int> shares, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(DueSql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. shares] });
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<(Guid, long)> due = [];
        while (await rows.ReadAsync(ct))
            due.Add((rows.GetGuid(0), rows.GetInt64(1)));
        return due;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leases.KeepShares(LeaseName, ShareCount, Run, AfterTrouble, stoppingToken);

    /// <summary>Reads running clocks anew where the organisation has changed.</summary>
    public Task ReadHours(CancellationToken ct) => sweep.Run(organisation, ct);

    /// <summary>
    /// Sleeps until the next moment that is known of, or somebody writes. Like the followers it looks now and then all the same, should the news of a
    /// write get lost.
    /// </summary>
    async Task Run(Shares shares, CancellationToken ct)
    {
        while (true)
        {
            var news = store.Wakeup.Next;
            await shares.Balance(ct);
            if (shares.Held.Contains(0)) // rows are read anew by one
                await ReadHours(ct);
            var rest = await Next(ct) is { } next ? next - clock.GetUtcNow() : TimeSpan.MaxValue;
            if (rest <= TimeSpan.Zero && (await Pass(shares.Held, ct)).Due == PageSize)
                continue;
            var atOnce = rest > TimeSpan.Zero && rest < Look ? rest : Look;
            await Task.Delay(atOnce, clock, ct);
            if (Min(rest, store.Options.PollInterval) - atOnce is { Ticks: > 0 } more)
                await Wakeup.Wait(news, more, clock, ct);
        }
    }

    async Task<DateTimeOffset?> Next(CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(NextSql);
        return await command.ExecuteScalarAsync(ct) is DateTime next ? new DateTimeOffset(next) : null;
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
