using Microsoft.Extensions.Hosting;

namespace EventDesk.Service.Monitoring;

/// <summary>
/// One timer for all open screens of this process: each of them comes round once in <see cref="Round"/> though nothing has changed, a share of them at a time.
/// A timer for each would wake the process for every one of them; all of them at once would hold up whoever asks for something just then.
/// </summary>
public sealed class Heartbeat(DeskFeed feed, TimeProvider time) : BackgroundService
{
    /// <summary>A silent connection is looked at this often: proxies, which close one after 30 s and more, keep it open, and a client that is gone is found out.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(25);

    internal const int Turns = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round / Turns, time);
        for (var turn = 0; await timer.WaitForNextTickAsync(stoppingToken); turn = (turn + 1) % Turns)
            feed.Beat(turn);
    }
}
