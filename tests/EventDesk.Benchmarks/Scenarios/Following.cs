using EventDesk.Benchmarks.Load;
using EventDesk.Service.Views;
using Npgsql;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>How far the followed views have come.</summary>
static class Following
{
    /// <summary>The position of the slowest; null while one of them has none.</summary>
    public const string PositionSql = "select case when count(*) = cardinality($1) then min(last_seq_id) end from eventdesk.mt_event_progression where name = any($1)";

    const string LagSql = $"select max(seq_id) - coalesce(({PositionSql}), 0) from eventdesk.mt_events";

    public static readonly string[] Names = [.. ViewCatalog.Followed.Select(v => v.ProgressionName)];

    public static async Task<long> Lag(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(LagSql);
        command.Parameters.Add(new() { Value = Names });
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }

    /// <summary>What still runs behind would be measured with whatever comes next.</summary>
    public static async Task CatchUp(string connectionString)
    {
        var (least, at) = (long.MaxValue, DateTime.UtcNow);
        for (long lag; (lag = await Lag(connectionString)) > 0; await Task.Delay(200))
        {
            if (lag < least) (least, at) = (lag, DateTime.UtcNow);
            if (DateTime.UtcNow - at > TimeSpan.FromMinutes(2)) throw new BenchException($"The followed views stand still, {lag:N0} events behind.");
        }
    }
}
