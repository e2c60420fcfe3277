using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service.Access.Log;

/// <summary>Stores each second what was seen in it, and the rest when the process stops: after the doors have closed, since it was registered before them.</summary>
public sealed partial class AccessLogKeeper(AccessLog access, TimeProvider time, ILogger<AccessLogKeeper> log) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryFlush();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlush();
    }

    async Task TryFlush()
    {
        try
        {
            await access.Flush(CancellationToken.None);
        }
        catch (Exception e)
        {
            Kept(log, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Who read what could not be stored and is kept for the next turn: {Reason}")]
    static partial void Kept(ILogger log, string reason);
}
