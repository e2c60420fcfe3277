using System.Collections.Concurrent;
using EventDesk.Benchmarks.Floors;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>Commands through HTTP against pgbench's single-row inserts, one after the other within each round.</summary>
sealed class Writing(Product product, ServerProcess server, PgBench floor, Settings settings, Report report)
{
    const int TicketsPerClient = 8;

    public async Task Open(int clients)
    {
        var name = $"open.c{clients}";
        await Compare(name, clients, () => HttpLoad.Run(server.Address, Openers(clients), settings.Slice));
        report[$"{name}.p99_over_floor_mean"] = report[$"{name}.p99_ms"] / report[$"floor.insert.c{clients}.latency_ms"];
    }

    public async Task Reply(int clients)
    {
        var talks = OpenSome(clients * TicketsPerClient).Chunk(TicketsPerClient).Select((l, i) => new ReplyTalk(product, l, i)).ToArray();
        await Compare($"reply.c{clients}", clients, () => HttpLoad.Run(server.Address, talks, settings.Slice));
    }

    /// <summary>New tickets.</summary>
    public IReadOnlyList<OpenedTicket> OpenSome(int count)
    {
        var opened = new ConcurrentBag<OpenedTicket>();
        var clients = Enumerable.Range(0, 32).Select(i => new OpenTalk(product, i, opened.Add)).ToArray();
        while (opened.Count < count) HttpLoad.Run(server.Address, clients, TimeSpan.FromMilliseconds(500)).Flawless("open");
        return [.. opened.Take(count)];
    }

    async Task Compare(string name, int clients, Func<LoadResult> load)
    {
        var insert = $"floor.insert.c{clients}";
        List<PgBench.Result> floors = [];
        List<LoadResult> loads = [];
        List<double> micros = [];
        HttpLoad.WarmUp(() => load().Flawless(name));
        for (var round = 0; round < settings.Rounds; round++)
        {
            floors.Add(await floor.Run(clients, settings.Slice));
            var before = server.ProcessorTime;
            loads.Add(load().Flawless(name));
            micros.Add((server.ProcessorTime - before).TotalMicroseconds / loads[^1].Count);
            Console.WriteLine($"  {name}: {loads[^1].PerSecond:N0}/s, p50 {loads[^1].Percentile(0.5):0.0} ms, p99 {loads[^1].Percentile(0.99):0.0} ms, {micros[^1]:N0} us of the server; insert {floors[^1].PerSecond:N0}/s, {floors[^1].LatencyMilliseconds:0.0} ms");
        }
        report[name] = Median.Of(loads.Zip(floors, (l, f) => l.PerSecond / f.PerSecond));
        report[$"{name}.per_s"] = Median.Of(loads.Select(l => l.PerSecond));
        report[$"{name}.p50_ms"] = Median.Of(loads.Select(l => l.Percentile(0.50)));
        report[$"{name}.p99_ms"] = Median.Of(loads.Select(l => l.Percentile(0.99)));
        report[$"{name}.server_us"] = Median.Of(micros);
        report[$"{insert}.per_s"] = Median.Of(floors.Select(f => f.PerSecond));
        report[$"{insert}.latency_ms"] = Median.Of(floors.Select(f => f.LatencyMilliseconds));
    }

    Talk[] Openers(int clients) => [.. Enumerable.Range(0, clients).Select(i => new OpenTalk(product, i))];
}
