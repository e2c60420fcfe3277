using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using EventDesk.Benchmarks.Filling;
using EventDesk.Benchmarks.Load;
using EventDesk.Server;
using EventDesk.Store.Sealing;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>
/// Many open queue pages in one server process, each somebody else's: the memory of one, from what is resident after a full collection with and without them,
/// and the processor time of the server and of its backends in PostgreSQL while nothing happens.
/// </summary>
sealed class Screens(string root, Cluster cluster, Settings settings, Report report)
{
    const string Database = "bench_screens";
    const int Pages = 1_000, Warmers = 50;

    static readonly TimeSpan Rest = TimeSpan.FromSeconds(10), Watched = TimeSpan.FromSeconds(30);

    public async Task Run()
    {
        var product = await Product.Create(root, cluster, Database);
        using var masters = MasterKeys.LoadOrCreate(product.MasterKeyFile, mayCreate: false);
        await new Filler(product.ConnectionString, masters).Fill(Math.Min(10_000, settings.Tickets));
        var administrator = (await product.Verb("token", "create", "bench-admin", "--role", "administrator")).Trim().Split('\n')[^1].Trim();
        await using var server = await product.Serve(typeof(Screens).Assembly.Location, "serve", "collecting");
        await Following.CatchUp(cluster.ConnectionString(Database));
        await cluster.Execute(Database, "vacuum analyze");
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Pages + Warmers }) { BaseAddress = new Uri($"http://{server.Address}") };
        var tokens = await Issue(http, administrator);

        await using (var few = await OpenPages.Open(http, tokens.Take(Warmers))) await few.AllTold();
        var (empty, resting) = (await Resident(server), await Busy(server));
        await using var pages = await OpenPages.Open(http, tokens);
        await pages.AllTold();
        var asItStands = server.ResidentMegabytes;
        var (full, watching) = (await Resident(server), await Busy(server));
        if (pages.Lost > 0) throw new BenchException($"{pages.Lost} of {Pages} pages have lost their stream:\n{server.Log}");

        report["screens.kb_per_page"] = (full - empty) / Pages * 1_000;
        report["screens.kb_per_page_uncollected"] = (asItStands - empty) / Pages * 1_000;
        report["screens.rest_percent"] = resting.Server + resting.Backends;
        report["screens.server_percent"] = watching.Server;
        report["screens.postgresql_percent"] = watching.Backends;
        report["screens.percent_of_core"] = watching.Server + watching.Backends - resting.Server - resting.Backends;
        Console.WriteLine(
            $"  screens: {Pages:N0} pages, {report["screens.kb_per_page"]:0} kB each ({empty:0} MB without, {full:0} MB with them, {asItStands:0} MB before a collection); over 30 s without a change the "
            + $"server {watching.Server:0.0} % of a core and PostgreSQL {watching.Backends:0.0} %, without pages {resting.Server:0.0} % and {resting.Backends:0.0} %");
    }

    /// <summary>A token for each page: everybody who looks on is looked after for themselves.</summary>
    static async Task<string[]> Issue(HttpClient http, string administrator)
    {
        var tokens = new string[Pages];
        await Parallel.ForAsync(0, Pages, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tokens") { Content = JsonContent.Create(new { name = $"screen-{i}", roles = new[] { "agent" }, expiresInDays = 1 }) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", administrator);
            using var answer = (await http.SendAsync(request, ct)).EnsureSuccessStatusCode();
            tokens[i] = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("text").GetString()!;
        });
        return tokens;
    }

    /// <summary>Megabytes in RAM once everything nobody needs is given back.</summary>
    static async Task<double> Resident(ServerProcess server)
    {
        for (var round = 0; round < 3; round++)
        {
            using var collect = Process.Start("kill", ["-HUP", server.Id.ToString(CultureInfo.InvariantCulture)]);
            await Task.Delay(TimeSpan.FromSeconds(1.5));
        }
        return server.ResidentMegabytes;
    }

    async Task<(double Server, double Backends)> Busy(ServerProcess server)
    {
        await Task.Delay(Rest);
        var (process, backends, started) = (server.ProcessorTime, await cluster.BackendTime(Database), Stopwatch.GetTimestamp());
        await Task.Delay(Watched);
        var (cpu, postgres, took) = (server.ProcessorTime - process, await cluster.BackendTime(Database) - backends, Stopwatch.GetElapsedTime(started));
        return (cpu / took * 100, postgres / took * 100);
    }
}

/// <summary>Open queue pages as browsers hold them: one stream each, read as it comes.</summary>
sealed class OpenPages : IAsyncDisposable
{
    readonly CancellationTokenSource close = new();
    readonly List<Task> reading = [];
    int told, lost;

    public int Lost => Volatile.Read(ref lost);

    public static async Task<OpenPages> Open(HttpClient http, IEnumerable<string> tokens)
    {
        var pages = new OpenPages();
        foreach (var some in tokens.Chunk(32))
            pages.reading.AddRange(await Task.WhenAll(some.Select(async token =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, "/queues/open/live");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                var response = (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, pages.close.Token)).EnsureSuccessStatusCode();
                return pages.Read(response);
            })));
        return pages;
    }

    /// <summary>Each was sent what it shows.</summary>
    public async Task AllTold()
    {
        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref told) < reading.Count; await Task.Delay(20))
            if (waited.Elapsed > TimeSpan.FromMinutes(1) || Lost > 0)
                throw new BenchException($"Of {reading.Count} pages {told} were told what they show, and {Lost} have lost their stream.");
    }

    async Task Read(HttpResponseMessage response)
    {
        using var _ = response;
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(close.Token));
            while (await reader.ReadLineAsync(close.Token) is { } line)
                if (line == "event: rows") Interlocked.Increment(ref told);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Closed by us, or by the server.
        }
        if (!close.IsCancellationRequested) Interlocked.Increment(ref lost);
    }

    public async ValueTask DisposeAsync()
    {
        await close.CancelAsync();
        await Task.WhenAll(reading);
        close.Dispose();
    }
}

/// <summary>The product's server, which gives back the memory it does not need when it is sent SIGHUP.</summary>
static class CollectingServer
{
    public static async Task Serve()
    {
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        });
        await using var app = ServerHost.Build(Server.Settings.From(Environment.GetEnvironmentVariable));
        await ServerHost.Prepare(app.Services, CancellationToken.None);
        await app.RunAsync();
    }
}
