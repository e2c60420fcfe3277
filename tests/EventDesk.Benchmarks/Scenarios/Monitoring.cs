using System.Diagnostics;
using System.Net.Http.Json;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>The monitor over the whole database: the first look, later ones, and screens that stay open while tickets come.</summary>
sealed class Monitoring(Product product, ServerProcess server, Settings settings, Report report)
{
    const int Screens = 50, Changes = 200;
    static readonly string[] Groupings = ["desk", "line", "agent"];

    public async Task Run()
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Screens + 8 }) { BaseAddress = new Uri($"http://{server.Address}") };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", product.Agent["Authorization: ".Length..]);
        var before = server.ResidentMegabytes;
        report["monitor.first_ms"] = await Timed(() => http.GetStringAsync("/api/monitor"));
        report["monitor.board_mb"] = server.ResidentMegabytes - before;
        List<double> looks = [];
        for (var i = 0; i < Changes; i++)
        {
            await Open(http, i);
            // Something has changed since the last look, so nothing is answered from what was counted before.
            looks.Add(await Timed(() => http.GetStringAsync($"/api/monitor?groupBy={Groupings[i % 3]}")));
        }
        looks.Sort();
        report["monitor.p50_ms"] = looks[looks.Count / 2];
        report["monitor.p99_ms"] = looks[(int)(looks.Count * 0.99)];
        await Live(http);
    }

    async Task Live(HttpClient http)
    {
        report["monitor.idle_cpu_percent_without_screens"] = await Idle();
        using var stop = new CancellationTokenSource();
        var seen = new long[Screens];
        var screens = Enumerable.Range(0, Screens).Select(i => Watch(http, i, seen, stop.Token)).ToArray();
        while (Enumerable.Range(0, Screens).Any(s => Volatile.Read(ref seen[s]) == 0)) await Task.Delay(10);
        report["monitor.idle_cpu_percent"] = await Idle();
        List<double> lags = [];
        for (var i = 0; i < Changes; i++)
        {
            var known = seen.ToArray();
            await Open(http, i);
            var started = Stopwatch.GetTimestamp();
            while (Enumerable.Range(0, Screens).Any(s => Volatile.Read(ref seen[s]) == known[s]) && Stopwatch.GetElapsedTime(started).TotalSeconds < 5) await Task.Delay(1);
            lags.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        lags.Sort();
        report["monitor.live.p50_ms"] = lags[lags.Count / 2];
        report["monitor.live.p99_ms"] = lags[(int)(lags.Count * 0.99)];
        await stop.CancelAsync();
        await Task.WhenAll(screens).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    /// <summary>What the server uses of one core while nobody does anything.</summary>
    async Task<double> Idle()
    {
        await Task.Delay(settings.Slice); // what was asked before comes to rest
        var (used, since) = (server.ProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(settings.Slice);
        return (server.ProcessorTime - used) / Stopwatch.GetElapsedTime(since) * 100;
    }

    /// <summary>An open screen: notes the number of the last event it was shown.</summary>
    static async Task Watch(HttpClient http, int screen, long[] seen, CancellationToken stop)
    {
        using var response = await http.GetAsync($"/api/monitor/live?groupBy={Groupings[screen % 3]}", HttpCompletionOption.ResponseHeadersRead, stop);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        while (await reader.ReadLineAsync(stop) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                Volatile.Write(ref seen[screen], long.Parse(line[4..]));
    }

    static async Task Open(HttpClient http, int i) => (await http.PostAsJsonAsync("/api/tickets", new
    {
        product = Requests.Products[i % 3], language = Requests.Languages[i % 8], channel = "api", requester = new { email = $"screen{i}@example.com" }, subject = "Seen", body = "Is it?",
    })).EnsureSuccessStatusCode();

    static async Task<double> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
