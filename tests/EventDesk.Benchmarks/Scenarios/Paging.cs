using EventDesk.Benchmarks.Load;
using Microsoft.Playwright;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>The queue's page as people get it: how long the server takes for one, and, in a browser that has seen nothing yet, when it is there and what came over the line.</summary>
sealed class Paging(Product product, ServerProcess server, Settings settings, Report report)
{
    const int Readers = 2, Visits = 11;

    static readonly string[] Browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    public async Task Run()
    {
        var pages = Addresses().Select(path => new HttpRequest("GET", path, [product.Agent, "Accept: text/html"])).ToList();
        LoadResult Load() => HttpLoad.Run(server.Address, [.. Enumerable.Range(0, Readers).Select(i => new ReadTalk(pages, i * 7))], settings.Slice).Flawless("queue page");
        HttpLoad.WarmUp(Load);
        var loads = Enumerable.Range(0, settings.Rounds).Select(_ => Load()).ToList();
        report["page.p50_ms"] = Median.Of(loads.Select(l => l.Percentile(0.5)));
        report["page.p99_ms"] = Median.Of(loads.Select(l => l.Percentile(0.99)));
        report["page.per_s"] = Median.Of(loads.Select(l => l.PerSecond));
        Console.WriteLine($"  page: p50 {report["page.p50_ms"]:0.0} ms, p99 {report["page.p99_ms"]:0.0} ms, {loads[0].MeanBodyBytes:N0} bytes of HTML, {report["page.per_s"]:N0}/s to {Readers} readers");
        await Visit();
    }

    static IEnumerable<string> Addresses() =>
    [
        .. from place in new[] { "open", "triage", "unassigned", "assigned", "waiting" } select $"/queues/{place}",
        .. from product in Requests.Products from language in Requests.Languages select $"/queues/open?desk={product}/{language}",
        .. from line in new[] { "l1", "l2" } select $"/queues/open?line={line}",
        .. from agent in Requests.Agents select $"/queues/open?agent={agent}",
    ];

    async Task Visit()
    {
        if (Browsers.FirstOrDefault(File.Exists) is not { } program)
        {
            Console.WriteLine("  page: there is no Chromium here, the first paint was not measured");
            return;
        }
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
        List<double> paints = [], bytes = [];
        for (var visit = 0; visit < Visits; visit++)
        {
            // A context of its own has a cache of its own, and that is empty.
            await using var context = await browser.NewContextAsync(new()
            {
                BaseURL = $"http://{server.Address}", ExtraHTTPHeaders = [new("Authorization", product.Agent["Authorization: ".Length..])],
            });
            var page = await context.NewPageAsync();
            var (line, received) = (await context.NewCDPSessionAsync(page), 0.0);
            line.Event("Network.loadingFinished").OnEvent += (_, e) => received += e!.Value.GetProperty("encodedDataLength").GetDouble();
            await line.SendAsync("Network.enable");
            await page.GotoAsync("/queues/open");
            await page.WaitForFunctionAsync("() => performance.getEntriesByName('first-contentful-paint').length > 0");
            await Assertions.Expect(page.Locator(".ticket").First).ToBeVisibleAsync();
            paints.Add(await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"));
            bytes.Add(received);
        }
        report["page.first_paint_ms"] = Median.Of(paints);
        report["page.first_paint_worst_ms"] = paints.Max();
        report["page.kb"] = Median.Of(bytes) / 1_000;
        Console.WriteLine($"  page: first contentful paint {report["page.first_paint_ms"]:0} ms, at most {report["page.first_paint_worst_ms"]:0} ms in {Visits} visits with nothing cached; {report["page.kb"]:0} kB over the line");
    }
}
