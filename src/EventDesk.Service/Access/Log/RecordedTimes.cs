using EventDesk.Store;

namespace EventDesk.Service.Access.Log;

/// <summary>
/// Asks the log by recorded times. Its order is that of the commits: an event waits a moment between its time and its place, and an import gives all of
/// its events one time, which may be any. How far the order of times is from that of places follows from both.
/// </summary>
public sealed class RecordedTimes(EventStore store, TimeProvider clock)
{
    /// <summary>No append waits so long, and no two clocks of ours differ by it.</summary>
    static readonly TimeSpan Wait = TimeSpan.FromMinutes(10);

    const string ImportsSql = """
        select coalesce(max(coalesce(finished, $1) - recorded), interval '0'), coalesce(max(recorded - started), interval '0') from import_run
        """;

    /// <summary>Null when neither is given: then all of the log is asked for.</summary>
    public async Task<RecordedSpan?> Span(DateTimeOffset? from, DateTimeOffset? before, CancellationToken ct)
    {
        if (from is null && before is null)
            return null;
        await using var command = store.DataSource.CreateCommand(ImportsSql);
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(from, before, Longer(row.GetTimeSpan(0)) + Longer(row.GetTimeSpan(1)));
    }

    static TimeSpan Longer(TimeSpan time) => time > Wait ? time : Wait;
}
