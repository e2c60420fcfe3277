using System.Collections.Concurrent;
using System.Diagnostics;
using EventDesk.Benchmarks.Load;
using EventDesk.Service.Views;
using Npgsql;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>What goes on behind the answers: rebuilding, importing, following, and the long run.</summary>
sealed class Background(Product product, Cluster cluster, string database, Settings settings, Report report)
{
    /// <summary>All inline views from all events, against psql copying the same rows out.</summary>
    public async Task Rebuild()
    {
        var events = await cluster.Ask<long>(database, "select count(*) from eventdesk.mt_events");
        List<double> floors = [], rates = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            var copied = await Timed(() => cluster.Psql(database, @"\copy (select * from eventdesk.mt_events) to /dev/null"));
            var rebuilt = await Timed(() => product.Verb(["views", "rebuild", .. ViewCatalog.Inline.Select(v => v.Name)]));
            floors.Add(events / copied.TotalSeconds);
            rates.Add(events / rebuilt.TotalSeconds);
            Console.WriteLine($"  rebuild: {rates[^1]:N0} events/s; COPY out {floors[^1]:N0}/s");
        }
        report["rebuild"] = Median.Of(rates.Zip(floors, (r, f) => r / f));
        report["rebuild.per_s"] = Median.Of(rates);
        report["rebuild.events"] = events;
        report["floor.copy_out.per_s"] = Median.Of(floors);
    }

    /// <summary>From the answer of a command to the moment a followed view shows it, at 500 commands a second.</summary>
    public async Task Follow(ServerProcess server)
    {
        const int perSecond = 500;
        var answered = new ConcurrentDictionary<string, long>();
        var clients = Enumerable.Range(0, 32).Select(i => new OpenTalk(product, i, t => answered[t.Path] = Stopwatch.GetTimestamp())).ToArray();
        HttpLoad.Paced(server.Address, clients, TimeSpan.FromSeconds(2), perSecond); // warm
        answered.Clear();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(product.ConnectionString) { SearchPath = "eventdesk", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        var before = await cluster.Ask<long>(database, "select coalesce(max(number), 0) from eventdesk.ticket");
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(() => Watch(connection, stop.Token));
        var load = await Task.Run(() => HttpLoad.Paced(server.Address, clients, settings.Slice * 2, perSecond).Flawless("follow"));
        await Task.Delay(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        var seen = await watching;
        var lags = await Lags(answered, seen, before);
        report["follow"] = lags[(int)(lags.Count * 0.99)];
        report["follow.p50_ms"] = lags[lags.Count / 2];
        report["follow.commands_per_s"] = load.PerSecond;
        Console.WriteLine($"  follow: p50 {report["follow.p50_ms"]:0.0} ms, p99 {report["follow"]:0.0} ms at {load.PerSecond:N0} commands/s");
    }

    /// <summary>How far the slowest followed view had come, and when that was seen first.</summary>
    static async Task<List<(long Seq, long At)>> Watch(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Following.PositionSql, connection) { Parameters = { new() { Value = Following.Names } } };
        await command.PrepareAsync(CancellationToken.None);
        List<(long, long)> seen = [(-1, 0)];
        while (!stop.IsCancellationRequested)
        {
            var position = await command.ExecuteScalarAsync(CancellationToken.None) as long? ?? throw new BenchException("No followed view has a checkpoint.");
            if (position > seen[^1].Item1) seen.Add((position, Stopwatch.GetTimestamp()));
            await Task.Delay(2, CancellationToken.None);
        }
        return seen;
    }

    async Task<List<double>> Lags(ConcurrentDictionary<string, long> answered, List<(long Seq, long At)> seen, long before)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(product.ConnectionString) { SearchPath = "eventdesk" });
        await using var command = source.CreateCommand("select e.stream_id::text, max(e.seq_id) from ticket t join mt_events e on e.stream_id = t.id where t.number > $1 group by 1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        await using var rows = await command.ExecuteReaderAsync();
        List<double> lags = [];
        while (await rows.ReadAsync())
        {
            if (!answered.TryGetValue($"/api/tickets/{rows.GetString(0)}", out var at)) continue;
            var seq = rows.GetInt64(1);
            var i = seen.FindIndex(s => s.Seq >= seq);
            if (i < 0) throw new BenchException($"Event {seq} was not followed within two seconds.");
            lags.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, seen[i].At).TotalMilliseconds));
        }
        lags.Sort();
        return lags;
    }

    static async Task<TimeSpan> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started);
    }
}
