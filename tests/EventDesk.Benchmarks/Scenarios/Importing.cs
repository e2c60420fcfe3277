using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>An event log of another help desk, from the start of the command to its end, each time into an empty database.</summary>
sealed class Importing(string root, Cluster cluster, Settings settings, Report report)
{
    const int Cases = 20_000;

    const string Mapping = """
        {
          "about": "A log made for measuring.",
          "source": "bench",
          "format": "csv",
          "missing": [""],
          "time": { "column": "time", "formats": ["yyyy-MM-dd HH:mm:ss"], "zone": "UTC" },
          "fields": {
            "case": "case", "activity": "activity", "state": "activity", "actor": "who", "team": "team",
            "product": { "value": "billing" }, "language": { "value": "en" }
          },
          "rules": [
            { "when": { "activity": "Waiting" }, "emit": "waiting", "reason": "customer" },
            { "when": { "activity": "Resolved" }, "emit": "resolved" },
            { "when": { "activity": "Closed" }, "emit": "closed" },
            { "emit": "working" }
          ]
        }
        """;

    public async Task Run()
    {
        List<double> rates = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            var product = await Product.Create(root, cluster, "bench_import");
            var (log, mapping) = settings.Log ?? await Made(product);
            var started = Stopwatch.GetTimestamp();
            await product.Verb("import", log, "--mapping", mapping);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var events = await cluster.Ask<long>("bench_import", "select count(*) from eventdesk.mt_events");
            if (events == 0) throw new BenchException("The import stored nothing.");
            rates.Add(events / seconds);
            report["import.events"] = events;
            Console.WriteLine($"  import: {events:N0} events in {seconds:0.0} s, {rates[^1]:N0}/s");
        }
        report["import"] = Median.Of(rates);
    }

    /// <summary>Cases of six rows on average, interleaved as they happen in a real desk.</summary>
    async Task<(string Log, string Mapping)> Made(Product product)
    {
        var (log, mapping) = (product.File("log.csv"), product.File("mapping.json"));
        await System.IO.File.WriteAllTextAsync(mapping, Mapping);
        var random = new Random(1);
        var cases = Math.Min(Cases, settings.Tickets);
        var rows = Enumerable.Range(1, cases).SelectMany(c => Case(c, random)).OrderBy(r => r.At);
        await using var to = new StreamWriter(log, append: false, Encoding.UTF8);
        await to.WriteLineAsync("case,time,activity,who,team");
        foreach (var (at, c, activity, who) in rows)
            await to.WriteLineAsync($"{c},{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},{activity},{who},team-{c % 7}");
        return (log, mapping);
    }

    static IEnumerable<(DateTime At, int Case, string Activity, string Who)> Case(int number, Random random)
    {
        var at = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(number * 3);
        string[] middle = ["In Progress", "Waiting", "In Progress", "Assigned"];
        yield return (at, number, "Accepted", "clerk");
        for (var i = random.Next(2, 5); i > 0; i--)
            yield return (at = at.AddMinutes(random.Next(5, 600)), number, middle[random.Next(middle.Length)], $"agent-{random.Next(40)}");
        yield return (at = at.AddMinutes(random.Next(5, 600)), number, "Resolved", $"agent-{random.Next(40)}");
        yield return (at.AddDays(5), number, "Closed", "clerk");
    }
}
