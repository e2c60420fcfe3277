using System.Diagnostics;
using System.Net;
using System.Text.Json;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>The search over the whole database: how long its index takes to be made, and how long answers to rare, middling and common words take.</summary>
sealed class Searching(Product product, ServerProcess server, Cluster cluster, string database, Settings settings, Report report)
{
    const int WarmUp = 20;

    /// <summary>Orders have up to six digits, each of which is on about one ticket of a million.</summary>
    static readonly (string Name, Func<Random, string> Query)[] Kinds =
    [
        ("none", random => $"zeppelin{random.Next(1_000_000)}"),
        ("rare", random => $"order {random.Next(100_000, 1_000_000)} "),
        ("middle", random => $"order {random.Next(100, 1_000)}"),
        ("common", _ => "refund"),
        ("two_common", _ => "invoice account "),
        ("phrase", _ => "\"charged twice\""),
        ("rare_phrase", _ => "\"thank you please check our account\""),
        ("without", random => $"refund -zeppelin{random.Next(1_000_000)}"),
        ("of_one_desk", random => $"refund&desk={Requests.Products[random.Next(3)]}/{Requests.Languages[random.Next(8)]}"),
    ];

    public async Task Run()
    {
        if (!settings.Keep || !await IsReady() || await Missing() > 0) report["search.build_s"] = await Build();
        report["search.index_mb"] = await cluster.Ask<long>(database, "select pg_total_relation_size('eventdesk.search_entry')") / 1e6;
        report["search.tickets"] = await cluster.Ask<long>(database, "select count(*) from eventdesk.search_entry");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", product.Agent["Authorization: ".Length..]);
        var random = new Random(1);
        foreach (var (name, query) in Kinds)
        {
            for (var i = 0; i < WarmUp; i++) await Ask(http, query(random));
            var (taken, hits, whole, stop) = (new List<double>(), 0, 0, Stopwatch.StartNew());
            while (taken.Count < 100 || stop.Elapsed < settings.Slice)
            {
                var started = Stopwatch.GetTimestamp();
                var (found, last) = await Ask(http, query(random));
                taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                (hits, whole) = (hits + found, whole + (last || found > 0 ? 1 : 0));
            }
            taken.Sort();
            report[$"search.{name}.p50_ms"] = taken[taken.Count / 2];
            report[$"search.{name}.p99_ms"] = taken[(int)(taken.Count * 0.99)];
            report[$"search.{name}.hits"] = hits / (double)taken.Count;
            report["search.p99_ms"] = Math.Max(report.Has("search.p99_ms") ? report["search.p99_ms"] : 0, report[$"search.{name}.p99_ms"]);
            Console.WriteLine($"  {name}: p50 {taken[taken.Count / 2]:0.0} ms, p99 {taken[(int)(taken.Count * 0.99)]:0.0} ms, {hits / (double)taken.Count:0.0} hits, {100.0 * whole / taken.Count:0} % with a hit or at the end");
        }
    }

    Task<bool> IsReady() => cluster.Ask<bool>(database, "select coalesce((select ready from eventdesk.search_state), false)");

    /// <summary>An index from a run before may have been kept from following.</summary>
    Task<long> Missing() => cluster.Ask<long>(database, "select (select count(*) from eventdesk.ticket) - (select count(*) from eventdesk.search_entry)");

    /// <summary>As after a crash of the database.</summary>
    async Task<double> Build()
    {
        await cluster.Execute(database, "truncate eventdesk.search_entry, eventdesk.search_state");
        var started = Stopwatch.GetTimestamp();
        while (!await IsReady()) await Task.Delay(200);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        while (await cluster.Ask<long>(database, "select (select max(seq_id) from eventdesk.mt_events where type = 'ticket_opened') - (select seq_id from eventdesk.search_state)") > 0) await Task.Delay(200);
        await cluster.Execute(database, "vacuum analyze eventdesk.search_entry");
        Console.WriteLine($"  made in {took:0} s");
        return took;
    }

    static async Task<(int Hits, bool Last)> Ask(HttpClient http, string query)
    {
        var parts = query.Split('&');
        using var answer = await http.GetAsync($"/api/search?q={Uri.EscapeDataString(parts[0])}{(parts.Length > 1 ? $"&{parts[1]}" : "")}");
        if (answer.StatusCode != HttpStatusCode.OK) throw new BenchException($"{query}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return (json.RootElement.GetProperty("hits").GetArrayLength(), !json.RootElement.TryGetProperty("next", out _));
    }
}
