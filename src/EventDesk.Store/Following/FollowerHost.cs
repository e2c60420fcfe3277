using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>The background of a process: its followers, the wake-ups between processes, the high-water mark and the forgetting of old keys.</summary>
public sealed partial class FollowerHost : BackgroundService
{
    // Marten's tools read how far the log is from here.
    const string HighWaterSql = """
        insert into mt_event_progression as held (name, last_seq_id, last_updated)
        select 'HighWaterMark', max(seq_id), now() from mt_events having max(seq_id) > 0
        on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
          where held.last_seq_id is distinct from excluded.last_seq_id
        """;

    const string ForgetSql = "delete from idempotency where expires <= $1";

    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    const int ForgetEvery = 60;
    const int RestoreEvery = 5;

    readonly EventStore store;
    readonly IReadOnlyCollection<View> views;
    readonly ILogger log;
    readonly Meter meter = new(StoreTelemetry.Name);
    readonly List<Follower> followers;
    readonly Leases leases;
    readonly RecentPage recent;
    readonly Signals signals;
    long highWater;

    /// <param name="views">All views of the process; those that follow are followed here.</param>
    public FollowerHost(EventStore store, IReadOnlyCollection<View> views)
    {
        this.store = store;
        this.views = views;
        log = store.Logs.CreateLogger<FollowerHost>();
        leases = new Leases(store);
        signals = new Signals(store);
        recent = new RecentPage(store);
        followers = [.. views.OfType<FollowedView>().Select(v => new Follower(store, v, leases, recent))];
        meter.CreateObservableGauge("eventdesk.store.view.lag.events", LagInEvents, "{event}", "Events a followed view has yet to apply");
        meter.CreateObservableGauge("eventdesk.store.view.lag.seconds", LagInSeconds, "s", "Time since a followed view last had nothing left to apply");
        meter.CreateObservableGauge("eventdesk.store.view.failing", Failing, "{view}", "1 while an event stops the view");
    }

    public IReadOnlyList<FollowerStatus> Status => [.. followers.Select(f => f.Status)];

    /// <summary>For further background work that must have one owner.</summary>
    public Leases Leases => leases;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] loops = [signals.Announce(stoppingToken), signals.Listen(stoppingToken), Housekeep(stoppingToken), .. followers.Select(f => Task.Run(() => f.Run(stoppingToken), stoppingToken))];
        await Task.WhenAll(loops).ContinueWith(_ => { }, TaskScheduler.Default);
        await leases.DisposeAsync();
    }

    public override void Dispose()
    {
        meter.Dispose();
        recent.Dispose();
        base.Dispose();
    }

    async Task Housekeep(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Tick, store.Time);
        for (var tick = 0; await timer.WaitForNextTickAsync(ct); tick++)
            try
            {
                var now = await store.HighWater(ct);
                if (now != highWater)
                    await Execute(HighWaterSql, ct);
                highWater = now;
                if (tick % RestoreEvery == 0)
                    await ViewSetup.Restore(store, views, ct);
                if (tick % ForgetEvery == 0)
                    await Execute(ForgetSql, ct, new NpgsqlParameter<DateTime> { TypedValue = store.Time.GetUtcNow().UtcDateTime });
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogSkipped(log, e.Message);
            }
    }

    async Task Execute(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    IEnumerable<Measurement<long>> LagInEvents() =>
        Owned(s => Math.Max(0, highWater - s.Checkpoint));

    IEnumerable<Measurement<double>> LagInSeconds() =>
        Owned(s => s.Checkpoint >= highWater ? 0 : (store.Time.GetUtcNow() - s.CaughtUpAt).TotalSeconds);

    IEnumerable<Measurement<int>> Failing() => Owned(s => s.Failing is null ? 0 : 1);

    IEnumerable<Measurement<T>> Owned<T>(Func<FollowerStatus, T> value) where T : struct =>
        Status.Where(s => s.Owned).Select(s => new Measurement<T>(value(s), new KeyValuePair<string, object?>("view", s.View)));

    [LoggerMessage(LogLevel.Warning, "Housekeeping waits for its next turn: {Reason}")]
    static partial void LogSkipped(ILogger log, string reason);
}
