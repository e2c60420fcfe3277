using System.Globalization;
using System.Text.RegularExpressions;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Floors;

/// <summary>PostgreSQL's own floor: one transaction inserts one row of 1 KB jsonb, prepared, from PostgreSQL's own client.</summary>
sealed partial class PgBench(Cluster cluster, string database) : IDisposable
{
    const string CreateSql = """
        drop table if exists floor_insert;
        create table floor_insert (id bigserial primary key, data jsonb not null)
        """;

    const string Script = "insert into floor_insert (data) values (:doc::jsonb);\n";

    /// <summary>The time runs from before the clients connect, which some machines take long for; the rate is counted from after that.</summary>
    const int LeastSeconds = 5, MostSeconds = 120;

    /// <summary>Transactions of a client, for a mean to say something.</summary>
    const int LeastEach = 10;

    readonly string script = Path.GetTempFileName();

    public sealed record Result(double PerSecond, double LatencyMilliseconds);

    public async Task Prepare()
    {
        await cluster.Execute(database, CreateSql);
        await File.WriteAllTextAsync(script, Script);
    }

    public async Task<Result> Run(int clients, TimeSpan time)
    {
        for (var seconds = Math.Max(LeastSeconds, (int)time.TotalSeconds); ; seconds *= 2)
        {
            string[] arguments =
            [
                "-n", "-M", "prepared", "-f", script, "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-D", $"doc={Document()}",
                "-h", cluster.Host, "-p", $"{cluster.Port}", "-U", cluster.User, database,
            ];
            var output = await cluster.Tool("pgbench", arguments);
            if (Number(Processed(), output) < clients * LeastEach && seconds < MostSeconds) continue;
            if (!FailedNone().IsMatch(output)) throw new BenchException($"pgbench had failed transactions:\n{output}");
            return new Result(Number(Tps(), output), Number(Latency(), output));
        }
    }

    /// <summary>1,024 bytes of text a compressor cannot make much smaller, as sealed data are.</summary>
    static string Document()
    {
        var noise = new byte[738];
        new Random(1).NextBytes(noise);
        return $$"""{"number":17,"channel":"api","sealed":"{{Convert.ToBase64String(noise)}}"}""";
    }

    static double Number(Regex regex, string output) => regex.Match(output) is { Success: true } match
        ? double.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)
        : throw new BenchException($"pgbench came to no figure:\n{output}");

    [GeneratedRegex(@"actually processed: (?<n>\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = (?<n>[\d.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tps();

    [GeneratedRegex(@"latency average = (?<n>[\d.]+) ms", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Latency();

    [GeneratedRegex(@"failed transactions: 0 ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FailedNone();

    public void Dispose() => File.Delete(script);
}
