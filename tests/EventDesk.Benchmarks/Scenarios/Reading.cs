using System.Text;
using EventDesk.Benchmarks.Floors;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>Pages and histories through HTTP against Kestrel serving as many bytes from memory.</summary>
sealed class Reading(Product product, ServerProcess server, Settings settings, Report report)
{
    const int PageSize = 50;

    /// <summary>Full pages of queues by desk, line, place and agent, the first ones and those behind them.</summary>
    public async Task Queue(string name)
    {
        var pages = AllPages();
        if (pages.Count == 0) throw new BenchException("No queue has a full page.");
        report[$"{name}.distinct_pages"] = pages.Count;
        await Compare(name, pages);
    }

    /// <summary>Complete histories of tickets with 20 events.</summary>
    public Task History(IReadOnlyList<Guid> tickets) => Compare("history.c64", [.. tickets.Select(t => Get($"/api/tickets/{t}/events"))]);

    static IEnumerable<(string Path, int Depth)> QueueStarts() =>
    [
        .. from product in Requests.Products from language in Requests.Languages select ($"open/tickets?desk={product}/{language}&", 3),
        .. from place in new[] { "triage", "unassigned", "assigned", "waiting" } select ($"{place}/tickets?", 5),
        .. from line in new[] { "l1", "l2" } select ($"open/tickets?line={line}&", 5),
        .. from agent in Requests.Agents select ($"open/tickets?agent={agent}&", 2),
    ];

    internal List<HttpRequest> AllPages() => [.. QueueStarts().SelectMany(s => Pages(s.Path, s.Depth))];

    IEnumerable<HttpRequest> Pages(string start, int depth)
    {
        using var connection = new Connection(server.Address);
        for (var path = $"/api/queues/{start}limit={PageSize}"; path is not null && depth > 0; depth--)
        {
            var request = Get(path);
            var answer = connection.Ask(request.Bytes.Span);
            if (answer.Status != 200) throw new BenchException($"GET {path}: {answer.Status} {answer.Text}");
            path = Next(Encoding.ASCII.GetString(answer.Header("Link"u8)));
            // Only a page that is not the last is surely full.
            if (path is not null) yield return request;
        }
    }

    /// <summary>The address in <c>&lt;…&gt;; rel="next"</c>.</summary>
    static string? Next(string link)
    {
        if (!link.Contains("rel=\"next\"", StringComparison.Ordinal)) return null;
        var address = link[(link.IndexOf('<') + 1)..link.IndexOf('>')];
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme.StartsWith("http", StringComparison.Ordinal) ? uri.PathAndQuery : address;
    }

    async Task Compare(string name, IReadOnlyList<HttpRequest> requests)
    {
        const int clients = 64;
        LoadResult Load() => HttpLoad.Run(
            server.Address, [.. Enumerable.Range(0, clients).Select(i => new ReadTalk(requests, i * 7919))], settings.Slice).Flawless(name);

        var bytes = Load().MeanBodyBytes;
        HttpLoad.WarmUp(Load);
        await using var floor = await StaticFloor.Start(new byte[bytes]);
        floor.Run(clients, TimeSpan.FromSeconds(2));
        List<LoadResult> floors = [], loads = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            floors.Add(floor.Run(clients, settings.Slice));
            loads.Add(Load());
            Console.WriteLine($"  {name}: {loads[^1].PerSecond:N0}/s, p99 {loads[^1].Percentile(0.99):0.0} ms, {bytes} bytes; static {floors[^1].PerSecond:N0}/s");
        }
        report[name] = Median.Of(loads.Zip(floors, (l, f) => l.PerSecond / f.PerSecond));
        report[$"{name}.per_s"] = Median.Of(loads.Select(l => l.PerSecond));
        report[$"{name}.p99_ms"] = Median.Of(loads.Select(l => l.Percentile(0.99)));
        report[$"{name}.bytes"] = bytes;
        report[$"floor.static.{name}.per_s"] = Median.Of(floors.Select(f => f.PerSecond));
    }

    HttpRequest Get(string path) => new("GET", path, [product.Agent]);
}
