using System.Globalization;
using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using EventDesk.Service.Views;
using EventDesk.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>Reports in a browser say what the API says.</summary>
public sealed class ReportPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>Two tickets resolved on the first line, one that went up, one nobody has looked at.</summary>
    async Task<long> Worked(string language)
    {
        var agent = await server.As(Role.Agent);
        var first = await Resolve(agent, await agent.Open("One", "cloud", language));
        await Resolve(agent, await agent.Open("Two", "cloud", language));
        var up = await agent.Open("Three", "cloud", language);
        var v = (await agent.Post($"/api/tickets/{up.Ticket}/severity-assessments", new { severity = "high" }, up.Version)).ShouldBe(HttpStatusCode.OK).Version;
        v = (await agent.Post($"/api/tickets/{up.Ticket}/escalations", new { reason = "Needs more" }, v)).ShouldBe(HttpStatusCode.OK).Version;
        await Resolve(agent, up, v);
        await agent.Open("Four", "cloud", language);
        await Follow();
        return first;
    }

    static async Task<long> Resolve(Api agent, Answer opened, long? version = null)
    {
        var v = (await agent.Post($"/api/tickets/{opened.Ticket}/replies", new { body = "Done." }, version ?? opened.Version)).ShouldBe(HttpStatusCode.OK).Version;
        (await agent.Post($"/api/tickets/{opened.Ticket}/resolution", new { resolution = "fixed" }, v)).ShouldBe(HttpStatusCode.OK);
        return opened.Json.GetProperty("number").GetInt64();
    }

    async Task Follow()
    {
        var last = await server.Scalar("select coalesce(max(seq_id), 0) from mt_events");
        foreach (var view in ViewCatalog.Followed)
            await Eventually.Be(
                async () => await server.Scalar($"select count(*) from mt_event_progression where name = '{view.ProgressionName}' and last_seq_id >= {last}") == 1,
                $"{view.Name} has applied event {last}");
    }

    [Theory]
    [InlineData("first-line", "firstLine", "")]
    [InlineData("response-times", "firstAnswer", "firstAnswer.")]
    [InlineData("sla", "firstResponse", "firstResponse.")]
    [InlineData("csat", "csat", "")]
    [InlineData("backlog", "backlog", "")]
    [InlineData("escalations", "escalations", "")]
    public async Task E6_The_figures_of_a_page_are_those_of_the_API_and_each_opens_its_events(string report, string part, string path)
    {
        await Worked("en");
        const string question = "?groupBy=desk&desk=cloud%2Fen";
        var answer = (await (await server.As(Role.Analyst)).Get($"/api/reports/{report}{question}")).ShouldBe(HttpStatusCode.OK).Json;
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ana", $"/reports/{report}{question}");
        await page.Shoot(report);

        var cells = page.Locator($"#t-{part} tbody tr").First.Locator("td[data-figure]");
        (await cells.CountAsync()).ShouldBeGreaterThan(0);
        var told = 0;
        foreach (var cell in await cells.AllAsync())
            if (Find(answer.GetProperty("rows")[0].GetProperty("figures"), path + await cell.GetAttributeAsync("data-figure")) is { } number && await cell.Locator("data").CountAsync() == 1)
            {
                double.Parse((await cell.Locator("data").GetAttributeAsync("value"))!, CultureInfo.InvariantCulture).ShouldBe(number, Math.Abs(number) * 1e-6 + 1e-9);
                told++;
            }
        told.ShouldBeGreaterThan(0);

        // A figure of none opens none.
        await cells.Locator("a:has(data:not([value='0']))").First.ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("cloud/en");
        (await page.Locator(".events tbody tr").CountAsync()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task E9_The_CSV_of_a_report_says_what_its_table_says()
    {
        await Worked("en");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ana", "/reports/first-line?groupBy=desk,line");
        var columns = await Texts(page.Locator("#t-firstLine thead th"));
        var rows = await page.Locator("#t-firstLine tbody tr").AllAsync();
        var file = await page.APIRequest.GetAsync(server.Address + await page.GetByText("Download as CSV").GetAttributeAsync("href"));
        file.Headers["content-type"].ShouldBe("text/csv; charset=utf-8");
        var lines = (await file.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        (lines.Length, lines[0].Split(',').Length).ShouldBe((rows.Count + 1, columns.Count));
        foreach (var (row, line) in rows.Zip(lines.Skip(1)))
        {
            var exact = await row.Locator("td[data-figure]").EvaluateAllAsync<string[]>("cells => cells.map(c => c.querySelector('data')?.value ?? '')");
            line.Split(',').Skip(2).ShouldBe(exact);
        }
    }

    [Fact]
    public async Task E6_Products_and_languages_are_shown_by_name_in_the_readers_language_and_asked_for_by_id()
    {
        await Worked("sv");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ana", "/reports/response-times?groupBy=product,language&language=sv");
        var row = page.Locator("#t-firstAnswer tbody tr");
        await Expect(row.Locator("th")).ToHaveTextAsync("Cloud");
        await Expect(row.Locator("td").First).ToHaveTextAsync("Swedish");
        await Expect(page.Locator(".bars .name").First).ToHaveTextAsync("Cloud · Swedish");
        await Expect(page.Locator("select[name=language]")).ToHaveValueAsync("sv");
        var file = await page.APIRequest.GetAsync(server.Address + await page.GetByText("Download as CSV").GetAttributeAsync("href"));
        var lines = (await file.TextAsync()).Split("\r\n");
        lines[0].ShouldStartWith("product,productName,language,languageName,");
        lines[1].ShouldStartWith("cloud,Cloud,sv,Svenska,");

        await page.GotoAsync("/settings?language=pl&back=" + Uri.EscapeDataString("/reports/response-times?groupBy=product,language&language=sv"));
        await Expect(row.Locator("td").First).ToHaveTextAsync("szwedzki");
        await row.Locator("td[data-figure=median] a").ClickAsync();
        page.Url.ShouldContain("product=cloud");
        page.Url.ShouldContain("language=sv");
        await Expect(page.Locator(".facts")).ToContainTextAsync("Produkt: Cloud");
        await Expect(page.Locator(".facts")).ToContainTextAsync("szwedzki");
    }

    [Fact]
    public async Task E1_Satisfaction_is_narrowed_by_channel_severity_and_contract_and_shown_by_contract_over_usual_days()
    {
        await Worked("fr");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ana", "/reports/csat?language=fr");
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        await page.GetByText("Last 7 days").ClickAsync();
        await Expect(page.Locator("input[name=from]")).ToHaveValueAsync(today.AddDays(-6).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await Expect(page.Locator("input[name=to]")).ToHaveValueAsync(today.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await Expect(page.Locator(".periods [aria-current]")).ToHaveTextAsync("Last 7 days");
        await Expect(page.Locator("select[name=language]")).ToHaveValueAsync("fr"); // what was asked besides stays

        var sent = page.Locator("#t-csat td[data-figure=sent] data").First;
        await Ask("channel", "api", "3");
        await Ask("severity", "high", "1");
        await Ask("contract", "standard", "1");
        await page.Locator("select[name=groupBy]").SelectOptionAsync("contract");
        await Ask("severity", "", "3");
        await Expect(page.Locator("#t-csat tbody th")).ToHaveTextAsync("Standard");
        await page.Shoot("csat-by-contract");
        await Ask("contract", "vip", "0");

        async Task Ask(string field, string value, string counted)
        {
            await page.Locator($".ask select[name={field}]").SelectOptionAsync(value);
            await page.Locator(".ask > button").ClickAsync();
            await Expect(sent).ToHaveAttributeAsync("value", counted);
        }
    }

    [Fact]
    public async Task E4_Times_are_limited_to_tickets_opened_within_a_window_and_each_number_opens_the_events_of_those()
    {
        await Worked("fi");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ana", "/reports/response-times?language=fi");
        await page.GetByText("Last 7 days").ClickAsync();
        var (all, on, work) = (await Count(), page.Locator("select[name=openedOn]"), "monday,tuesday,wednesday,thursday,friday");
        all.ShouldBeGreaterThan(0);
        // One zone throughout: what is Saturday at one desk may be Friday still in another.
        var zone = page.Locator("select[name=openedZone]");
        var chosen = (await zone.Locator("option").Nth(1).GetAttributeAsync("value"))!;
        await zone.SelectOptionAsync(chosen);
        await on.SelectOptionAsync("saturday,sunday");
        await page.Locator(".ask > button").ClickAsync();
        await Expect(on).ToHaveValueAsync("saturday,sunday");
        var weekend = await Count();
        await on.SelectOptionAsync(work);
        await page.Locator("input[name=openedWithin]").FillAsync("00:00-24:00");
        await zone.SelectOptionAsync(chosen);
        await page.Locator(".ask > button").ClickAsync();
        await Expect(on).ToHaveValueAsync(work);
        await Expect(page.Locator("input[name=openedWithin]")).ToHaveValueAsync("00:00-24:00");
        await Expect(page.Locator(".periods [aria-current]")).ToHaveTextAsync("Last 7 days"); // in whatever order the form writes its address
        await page.Shoot("response-times-window");
        var week = await Count();
        (week + weekend).ShouldBe(all);

        var csv = await page.APIRequest.GetAsync(server.Address + await page.GetByText("Download as CSV").GetAttributeAsync("href"));
        var lines = (await csv.TextAsync()).Split("\r\n");
        lines[1].Split(',')[Array.IndexOf(lines[0].Split(','), "firstResolution.n")].ShouldBe(week.ToString(CultureInfo.InvariantCulture));
        if (week == 0)
            await page.GotoAsync($"/reports/response-times?language=fi&openedOn=saturday,sunday&openedZone={Uri.EscapeDataString(chosen)}");
        await page.Locator("#t-firstResolution td[data-figure=n] a").First.ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync(week == 0 ? "Opened on: Saturday, Sunday" : "Opened on: Monday, Tuesday, Wednesday, Thursday, Friday");
        await Expect(page.Locator(".events tbody tr")).ToHaveCountAsync((int)all);

        async Task<long> Count() => long.Parse((await page.Locator("#t-firstResolution td[data-figure=n] data").First.GetAttributeAsync("value"))!, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("flow", "desk line agent severity")]
    [InlineData("backlog", "desk line agent severity")]
    [InlineData("sla", "desk line agent channel severity contract")]
    [InlineData("escalations", "desk line agent channel severity contract")]
    public async Task E6_A_report_offers_to_be_narrowed_by_what_it_can_be(string report, string filters)
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ana", $"/reports/{report}");
        var offered = await page.Locator(".ask [name]").EvaluateAllAsync<string[]>("all => all.map(f => f.name)");
        offered.Where(f => f is "desk" or "line" or "agent" or "channel" or "severity" or "contract").ShouldBe(filters.Split(' '));
        await Expect(page.Locator(".periods a")).ToHaveCountAsync(report == "backlog" ? 0 : 3); // it is of one moment
    }

    [Theory]
    [InlineData("csat", 1280)]
    [InlineData("first-line", 1280)]
    [InlineData("response-times", 1280)]
    [InlineData("sla", 1280)]
    [InlineData("backlog", 1280)]
    [InlineData("flow", 1280)]
    [InlineData("escalations", 1280)]
    [InlineData("sla?product=billing", 1280)]
    [InlineData("sla", 1920)]
    [InlineData("sla", 360)]
    [InlineData("first-line", 360)]
    [InlineData("response-times", 360)]
    public async Task The_form_of_a_report_is_tidy_at_any_width(string report, int width)
    {
        await using var browser = await chromium.New(server.Address, size: new() { Width = width, Height = 800 });
        var page = await ConsoleServer.SignIn(browser, "ana", $"/reports/{report}");
        (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("nothing goes beyond the page");
        var (fields, button) = ((await page.Locator(".ask .questions").BoundingBoxAsync())!, (await page.Locator(".ask > button").BoundingBoxAsync())!);
        if (width > 1000)
        {
            (button.Y + button.Height).ShouldBe(fields.Y + fields.Height, 2, "it stands in line with the last row");
            button.X.ShouldBeGreaterThan(fields.X + fields.Width - 1);
            var tops = await page.Locator(".ask .questions > label").EvaluateAllAsync<double[]>("labels => labels.map(l => l.offsetTop)");
            var rows = tops.GroupBy(top => top).OrderBy(row => row.Key).Select(row => row.Count()).ToList();
            (rows.Max() - rows.Min()).ShouldBeLessThanOrEqualTo(1, $"rows of {string.Join(", ", rows)} fields are alike");
        }
        else
        {
            button.Width.ShouldBe(fields.Width, 2);
        }
    }

    [Fact]
    public async Task E6_A_coordinator_goes_from_a_figure_to_the_step_in_the_tickets_history()
    {
        var number = await Worked("pl");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", "/reports/response-times?groupBy=desk&desk=cloud%2Fpl");
        await page.Locator("#t-firstResolution td[data-figure=median] a").First.ClickAsync();
        await page.Locator(".events").GetByText($"#{number}", new() { Exact = true }).First.ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync($"#{number}");
    }

    [Fact]
    public async Task What_is_wrong_with_a_question_is_said_and_who_may_not_ask_is_told_so()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        var refused = await page.GotoAsync("/reports/csat");
        refused!.Status.ShouldBe(403);
        await Expect(page.Locator("h1")).ToHaveTextAsync("You may not do that.");
        await using var other = await chromium.New(server.Address);
        var analyst = await ConsoleServer.SignIn(other, "ana", "/reports");
        (await analyst.GotoAsync("/reports/csat?groupBy=mood"))!.Status.ShouldBe(400);
        (await analyst.GotoAsync("/log"))!.Status.ShouldNotBe(200);
    }

    static async Task<IReadOnlyList<string>> Texts(ILocator of) => await of.AllTextContentsAsync();

    static double? Find(JsonElement figures, string path)
    {
        foreach (var name in path.Split('.'))
            if (figures.ValueKind != JsonValueKind.Object || !figures.TryGetProperty(name, out figures))
                return null;
        return figures.ValueKind == JsonValueKind.Number ? figures.GetDouble() : null;
    }
}
