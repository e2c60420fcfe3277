using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service.Organising;

/// <summary>Keeps a process up with what others change of the organisation: one count of a small table each second.</summary>
public sealed partial class OrganisationWatch(OrganisationBook book, TimeProvider clock, ILogger<OrganisationWatch> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await book.Refresh(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Skipped(log, e.Message);
            }
    }

    [LoggerMessage(1, LogLevel.Warning, "The organisation could not be looked up and is as it was: {Reason}")]
    static partial void Skipped(ILogger log, string reason);
}
