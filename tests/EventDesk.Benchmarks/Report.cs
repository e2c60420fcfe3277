using System.Text.Json;

namespace EventDesk.Benchmarks;

/// <summary>Every figure by name; printed as a table, written as one flat JSON object.</summary>
sealed class Report
{
    readonly SortedDictionary<string, double> figures = new(StringComparer.Ordinal);

    /// <summary>What a figure must reach, as the project asks of itself.</summary>
    static readonly (string Name, string Sign, double Limit, string Unit)[] Targets =
    [
        ("open.c64", ">=", 0.55, "of pgbench's single-row INSERT"),
        ("open.c64.p99_over_floor_mean", "<=", 4, "x pgbench's mean latency"),
        ("open.c256", ">=", 0.75, "of pgbench's single-row INSERT"),
        ("open.c256.p99_over_floor_mean", "<=", 4, "x pgbench's mean latency"),
        ("reply.c64", ">=", 0.55, "of pgbench's single-row INSERT"),
        ("queue.c64", ">=", 0.08, "of Kestrel's static bytes"),
        ("queue.growth", "<=", 1.3, "x the cost of a page in the small database"),
        ("history.c64", ">=", 0.05, "of Kestrel's static bytes"),
        ("rebuild", ">=", 0.6, "of psql COPY out"),
        ("import", ">=", 15_000, "events/s"),
        ("idle.timer_percent_of_core", "<=", 2, "% of a core, clocks running and none due"),
        ("follow", "<=", 150, "ms p99, commit to visible"),
        ("page.p99_ms", "<=", 50, "ms p99 for the HTML of a queue's page"),
        ("page.first_paint_ms", "<=", 1_000, "ms to the first contentful paint, nothing cached"),
        ("page.kb", "<=", 500, "kB over the line, nothing cached"),
        ("screens.kb_per_page", "<=", 100, "kB resident for an open queue page, 1,000 of them"),
        ("screens.percent_of_core", "<=", 0.5, "% of a core, 1,000 open pages and nothing happening"),
        ("search.p99_ms", "<=", 100, "ms p99, the slowest kind of search"),
        ("seal", "<=", 1.35, "x the same append without seal, digest and ledger"),
        ("memory", "<=", 250, "MB resident after all of it"),
        ("start", "<=", 1.5, "s to ready"),
    ];

    public double this[string name]
    {
        get => figures[name];
        set => figures[name] = value;
    }

    public bool Has(string name) => figures.ContainsKey(name);

    public void Print(TextWriter to)
    {
        to.WriteLine();
        foreach (var (name, sign, limit, unit) in Targets.Where(t => Has(t.Name)))
        {
            var met = sign == ">=" ? this[name] >= limit : this[name] <= limit;
            to.WriteLine($"{name,-32}{Number(this[name]),12}  {sign} {Number(limit),-8}{(met ? "met " : "MISS")}  {unit}");
        }
        to.WriteLine();
        foreach (var (name, value) in figures.Where(f => Targets.All(t => t.Name != f.Key)))
            to.WriteLine($"{name,-32}{Number(value),12}");
    }

    public async Task Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var rounded = figures.ToDictionary(f => f.Key, f => Math.Round(f.Value, 4));
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(rounded, Indented) + "\n");
    }

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    static string Number(double value) => value switch
    {
        >= 1000 => value.ToString("N0"),
        >= 10 => value.ToString("0.#"),
        _ => value.ToString("0.###"),
    };
}
