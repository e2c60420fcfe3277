using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service.Retention;

/// <summary>Looks every minute for what the rules say is to be forgotten, and once an hour for people who have not been here. One process does it at a time.</summary>
public sealed partial class RetentionJob(RetentionDesk retention, Leases leases, TimeProvider clock, ILogger<RetentionJob> log) : BackgroundService
{
    const string LeaseName = "retention";

    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>Who was here lately is read from all sessions: nobody needs to be forgotten by the minute.</summary>
    static readonly TimeSpan LookForPeople = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await using var lease = await leases.Acquire(LeaseName, stoppingToken);
                using var owned = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lease.Lost);
                await Run(owned.Token);
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

    async Task Run(CancellationToken ct)
    {
        var people = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            var withPeople = clock.GetUtcNow() >= people;
            var done = await retention.Run(withPeople, null, ct);
            if (withPeople)
                people = clock.GetUtcNow() + LookForPeople;
            if (done is not { Purged: 0, Anonymised: 0, Later: 0, People: 0 })
                Forgot(log, done.Purged, done.Anonymised, done.Held, done.Later, done.People);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Retention purged {Purged} tickets and anonymised {Anonymised}; {Held} are held, {Later} changed meanwhile; {People} people were removed")]
    static partial void Forgot(ILogger log, long purged, long anonymised, long held, long later, long people);

    [LoggerMessage(2, LogLevel.Error, "Retention broke; it is tried again in a minute")]
    static partial void Broke(ILogger log, Exception e);
}
