using EventDesk.Service.Queues;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Service.Privacy;

/// <summary>
/// Once a second: what any process erased is dropped from the memory of this one, and what is still to be made unreadable in the copies of the database
/// (a process died in between, a disk was full) is done.
/// </summary>
public sealed partial class ErasureWatch(EventStore store, StreamKeys keys, MasterKeys masters, SubjectCache subjects, TimeProvider clock, ILogger<ErasureWatch> log)
    : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any transaction may take from its time stamp to its commit.</summary>
    static readonly TimeSpan LookBack = TimeSpan.FromMinutes(2);

    const string RecentSql = "select stream_id, destroyed is null from erased_stream where asked > $1 or destroyed is null";

    readonly KeyShredder shredder = new(store, masters);
    readonly Dictionary<Guid, DateTimeOffset> known = [];

    /// <summary>One look.</summary>
    public async Task Pass(CancellationToken ct)
    {
        var open = false;
        await using (var command = store.DataSource.CreateCommand(RecentSql))
        {
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - LookBack).UtcDateTime });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                if (known.TryAdd(row.GetGuid(0), clock.GetUtcNow()))
                    Forget(row.GetGuid(0));
                open |= row.GetBoolean(1);
            }
        }
        foreach (var old in known.Where(k => k.Value < clock.GetUtcNow() - 2 * LookBack).Select(k => k.Key).ToList())
            known.Remove(old);
        if (open && await shredder.Run(ct) is var destroyed and > 0)
            Destroyed(log, destroyed);
    }

    void Forget(Guid stream)
    {
        keys.Forget(stream);
        subjects.Forget(stream);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await Pass(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Later(log, e.Message);
            }
    }

    [LoggerMessage(1, LogLevel.Information, "The keys of {Count} erased streams were destroyed")]
    static partial void Destroyed(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Warning, "Erased texts are looked after again in a second: {Reason}")]
    static partial void Later(ILogger log, string reason);
}
