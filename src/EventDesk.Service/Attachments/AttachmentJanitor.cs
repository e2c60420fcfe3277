using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Service.Attachments;

/// <summary>Looks once an hour for uploads that broke off. Several processes may do so at once: removing twice is harmless.</summary>
public sealed partial class AttachmentJanitor(AttachmentStore files, TimeProvider time, ILogger<AttachmentJanitor> log) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                if (await files.RemoveAbandoned(stoppingToken) is var removed and > 0)
                    Removed(log, removed);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                Later(log, e);
            }
    }

    [LoggerMessage(1, LogLevel.Information, "Removed {Count} uploads that broke off")]
    static partial void Removed(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Warning, "Uploads that broke off are looked for again in an hour: the database is away")]
    static partial void Later(ILogger log, Exception e);
}
