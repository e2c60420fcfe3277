using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service.Access;

/// <summary>Looks after everybody who was let in, four times a second, so that none of them stays when they should not.</summary>
public sealed partial class CallerWatch(Callers callers, TimeProvider time, ILogger<CallerWatch> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await callers.Sweep(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Skipped(log, e.Message);
                callers.GiveUp();
            }
    }

    [LoggerMessage(1, LogLevel.Warning, "Those who were let in could not be looked at again; each of them is trusted for a second at most: {Reason}")]
    static partial void Skipped(ILogger log, string reason);
}
