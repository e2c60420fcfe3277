using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>
/// Carries the news of appended events between processes. NOTIFY never runs inside an append, where it would put all commits in a row: a side
/// connection sends it, gathered over a few milliseconds. A lost notice costs no event, only the wait until the next poll.
/// </summary>
sealed partial class Signals(EventStore store)
{
    const string Channel = "eventdesk_appended";
    const string AnnounceSql = "select pg_notify($1, $2)";

    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    readonly ILogger log = store.Logs.CreateLogger<Signals>();
    int announcer;

    /// <summary>Tells the other processes what this one appended.</summary>
    public async Task Announce(CancellationToken ct)
    {
        for (var failures = 0; !ct.IsCancellationRequested;)
            try
            {
                await using var connection = await store.Dedicated.OpenConnectionAsync(ct);
                announcer = connection.ProcessID;
                // The notice is no data: it need not wait for the disk.
                await Execute(connection, "set synchronous_commit = off", ct);
                await using var notify = new NpgsqlCommand(AnnounceSql, connection) { Parameters = { new() { Value = Channel }, new() { Value = store.Options.Schema } } };
                for (var next = store.Appended.Next; ; next = store.Appended.Next)
                {
                    await notify.ExecuteNonQueryAsync(ct);
                    failures = 0;
                    await next.WaitAsync(ct);
                    await Task.Delay(Gathering, store.Time, ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogLost(log, "announce", e.Message);
                await Backoff(++failures, ct);
            }
    }

    /// <summary>Wakes this process when another one has appended, and hears what others have to say.</summary>
    public async Task Listen(CancellationToken ct)
    {
        for (var failures = 0; !ct.IsCancellationRequested;)
            try
            {
                await using var connection = await store.Dedicated.OpenConnectionAsync(ct);
                connection.Notification += (_, notice) =>
                {
                    if (notice.Channel == Notices.Channel)
                        store.Notices.Hear(notice.Payload);
                    else if (notice.PID != announcer && notice.Payload == store.Options.Schema)
                        store.Wakeup.Signal();
                };
                await Execute(connection, $"listen {Channel}; listen {Notices.Channel}", ct);
                store.Wakeup.Signal(); // something may have come while nobody listened
                for (failures = 0; ;)
                    if (!await connection.WaitAsync(TimeSpan.FromSeconds(10), ct))
                        await Execute(connection, "select 1", ct); // a connection that died silently shows itself
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogLost(log, "listen", e.Message);
                await Backoff(++failures, ct);
            }
    }

    Task Backoff(int failures, CancellationToken ct) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 25 << Math.Min(failures, 7))), store.Time, ct).ContinueWith(_ => { }, TaskScheduler.Default);

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "The connection to {What} was lost and is opened again: {Reason}")]
    static partial void LogLost(ILogger log, string what, string reason);
}
