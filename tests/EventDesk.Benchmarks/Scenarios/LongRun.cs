using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>Half of the reached rate for a long time: what grows, grows here.</summary>
sealed class LongRun(Product product, ServerProcess server, Settings settings, Report report)
{
    const int Clients = 64;

    /// <summary>Compares the first and the last tenth of the time.</summary>
    public async Task Run(double reachedPerSecond)
    {
        var rate = reachedPerSecond / 2;
        var tenth = settings.Long / 10;
        report["long.minutes"] = settings.Long.TotalMinutes;
        report["long.rate_per_s"] = rate;
        for (var slice = 0; slice < 10; slice++)
        {
            var clients = Enumerable.Range(0, Clients).Select(i => new OpenTalk(product, slice * Clients + i)).ToArray();
            var load = await Task.Run(() => HttpLoad.Paced(server.Address, clients, tenth, rate).Flawless("long run"));
            var lag = await Following.Lag(product.ConnectionString);
            Console.WriteLine($"  long {slice + 1}/10: {load.PerSecond:N0}/s, p50 {load.Percentile(0.5):0.0} ms, p99 {load.Percentile(0.99):0.0} ms, {server.ResidentMegabytes:0} MB, {lag} events behind");
            var part = slice switch { 1 => "start", 9 => "end", _ => null };
            if (part is null) continue;
            report[$"long.{part}.per_s"] = load.PerSecond;
            report[$"long.{part}.p50_ms"] = load.Percentile(0.5);
            report[$"long.{part}.p99_ms"] = load.Percentile(0.99);
            report[$"long.{part}.memory_mb"] = server.ResidentMegabytes;
            report[$"long.{part}.lag_events"] = lag;
        }
    }
}
