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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leases.Keep(LeaseName, Run, Look, stoppingToken);

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
}
