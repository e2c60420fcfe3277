using System.Diagnostics.Metrics;
using EventDesk.Store.Following;
using EventDesk.Store.Sealing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Store.Ledger;

/// <summary>
/// Grows the ledger behind the log, in the one process that holds the lease: about once a second while there is news, never inside an append. When what
/// is stored contradicts what was signed it signs nothing more, says so, and looks again now and then.
/// </summary>
public sealed partial class LedgerKeeper : BackgroundService
{
    // Of checkpoints older than a day the last one of each hour stays: any two are joined by a proof anyway.
    const string ThinSql = """
        delete from ledger_checkpoint c
        where c.signed < $1 and exists (
          select from ledger_checkpoint later where later.size > c.size and date_trunc('hour', later.signed, 'UTC') = date_trunc('hour', c.signed, 'UTC'))
        """;

    /// <summary>Between two checkpoints.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The floor under the wake-ups.</summary>
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>Before a refused step is tried again.</summary>
    static readonly TimeSpan Refused = TimeSpan.FromSeconds(10);

    readonly EventStore store;
    readonly Leases leases;
    readonly string keyFile;
    readonly LedgerGrowth growth;
    readonly ILogger log;
    readonly Meter meter = new(StoreTelemetry.Name);
    DateTimeOffset thinned;

    /// <param name="keyFile">Where the signing key lies, or will lie.</param>
    public LedgerKeeper(EventStore store, Leases leases, string keyFile)
    {
        (this.store, this.leases, this.keyFile) = (store, leases, keyFile);
        growth = new LedgerGrowth(store, keyFile);
        log = store.Logs.CreateLogger<LedgerKeeper>();
        meter.CreateObservableGauge("eventdesk.store.ledger.refusing", () => Failing is null ? 0 : 1, "{ledger}", "1 while nothing is signed because the ledger contradicts itself");
    }

    /// <summary>Why nothing is signed; null when all is well, or another process is the one that signs.</summary>
    public string? Failing { get; private set; }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leases.Keep("ledger", Keep, Refused, stoppingToken);

    async Task Keep(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var next = store.Wakeup.Next;
                var grown = await Step(ct);
                if (grown is { More: true })
                    continue;
                if (grown is null)
                    await Wakeup.Wait(next, Idle, store.Time, ct);
                await Task.Delay(Failing is null ? Interval : Refused, store.Time, ct);
            }
        }
        finally
        {
            Failing = null; // another process will say
        }
    }

    async Task<LedgerGrowth.Grown?> Step(CancellationToken ct)
    {
        try
        {
            var grown = await growth.Step(ct);
            Failing = null;
            if (grown is not null)
                await Signed(grown.Signed, ct);
            return grown;
        }
        catch (Exception e) when (e is LedgerRefusedException or LedgerDamagedException or KeyFileException)
        {
            if (Failing != e.Message)
                LogRefused(log, e.Message);
            Failing = e.Message;
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogWaits(log, e.Message);
            return null;
        }
    }

    async Task Signed(SignedCheckpoint signed, CancellationToken ct)
    {
        StoreTelemetry.Checkpoints.Add(1);
        try
        {
            LedgerKeys.Keep(keyFile, signed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, e.Message);
        }
        var now = store.Time.GetUtcNow();
        if (now - thinned < TimeSpan.FromHours(1))
            return;
        await using var thin = store.DataSource.CreateCommand(ThinSql);
        thin.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime.AddDays(-1) });
        await thin.ExecuteNonQueryAsync(ct);
        thinned = now;
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Critical, "The ledger signs nothing more: {Reason} Run \"eventdesk verify\" and see the runbook.")]
    static partial void LogRefused(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The ledger waits for its next turn: {Reason}")]
    static partial void LogWaits(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The checkpoint could not be kept outside the database: {Reason}")]
    static partial void LogNotKept(ILogger log, string reason);
}
