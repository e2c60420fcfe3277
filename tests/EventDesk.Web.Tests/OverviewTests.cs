using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What coordinators and auditors look over.</summary>
public sealed class OverviewTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    const string OtherActor = """{"actor": "mallory"}""";

    [Fact]
    public async Task D3_The_monitor_says_what_the_API_says_and_changes_by_itself()
    {
        var agent = await server.As(Role.Agent);
        await agent.Open("Seen on the monitor", "cloud", "en");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/monitor?groupBy=desk");
        var open = page.Locator("tr[data-group='cloud/en'] td[data-figure=open]");
        var total = (await (await server.As(Role.Coordinator)).Get("/api/monitor?desk=cloud/en")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("total").GetProperty("open").GetInt64();
        await Expect(open).ToHaveTextAsync(total.ToString(CultureInfo.InvariantCulture));
        await agent.Open("Comes by itself", "cloud", "en");
        await Expect(open).ToHaveTextAsync((total + 1).ToString(CultureInfo.InvariantCulture));
        await page.Shoot("monitor");
        await open.Locator("a").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("All open");
        await Expect(page.GetByText("Comes by itself")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task D3_A_coordinator_sends_a_ticket_to_a_line_from_the_board_and_a_stale_one_is_not_taken()
    {
        var customer = await server.Customer();
        var opened = (await customer.Open("Where does it go", channel: "portal")).ShouldBe(HttpStatusCode.Created);
        var (id, number) = (opened.Ticket, opened.Json.GetProperty("number").GetInt64());
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", "/triage");
        if (await page.Locator($"#t-{number}").CountAsync() == 0)
            Assert.Skip("This desk sends its tickets to the first line by itself.");
        await page.Shoot("triage");
        var coordinator = await server.As(Role.Coordinator);
        var now = (await coordinator.Get($"/api/tickets/{id}")).Json.GetProperty("version").GetInt64();
        (await coordinator.Post($"/api/tickets/{id}/notes", new { body = "Look twice." }, now)).ShouldBe(HttpStatusCode.OK);
        await page.Locator($"#t-{number} select[name=line]").SelectOptionAsync("L2");
        await page.Locator($"#t-{number} button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"Ticket {number} has changed");
        await page.Locator($"#t-{number} select[name=line]").SelectOptionAsync("L2");
        await page.Locator($"#t-{number} button").ClickAsync();
        await Expect(page.Locator($"#t-{number}")).ToHaveCountAsync(0);
        (await coordinator.Get($"/api/tickets/{id}")).Json.GetProperty("line").GetString().ShouldBe("l2");
    }

    [Fact]
    public async Task A_tickets_story_is_told_in_sentences()
    {
        var agent = await server.As(Role.Agent, "ann");
        var opened = await agent.Open("To be told");
        (await agent.Post($"/api/tickets/{opened.Ticket}/severity-assessments", new { severity = "high" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var number = opened.Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{number}");
        foreach (var (language, sentence) in new[] { ("en", "ann set the severity to High"), ("pl", "ann ustala ważność: "), ("es", "ann fijó la gravedad en ") })
        {
            await page.GotoAsync($"/settings?language={language}&back=/tickets/{number}");
            await Expect(page.Locator("#story")).ToContainTextAsync(sentence);
        }
        await using var other = await chromium.New(server.Address, script: false);
        var auditor = await ConsoleServer.SignIn(other, "abe", $"/tickets/{number}/history");
        await Expect(auditor.Locator("tr", new() { HasText = "wrote" }).First).ToContainTextAsync("wrote ×");
    }

    [Fact]
    public async Task T1_On_paper_a_history_says_every_step_with_its_text_and_nothing_that_is_pressed()
    {
        var opened = await (await server.As(Role.Agent)).Open("For the files");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", $"/tickets/{opened.Json.GetProperty("number").GetInt64()}/history");
        var text = page.Locator(".timeline .text").First;
        await Expect(text).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(text).ToBeVisibleAsync();
        await Expect(text).ToHaveTextAsync("I got no invoice in May.");
        foreach (var pressed in (string[])[".bar", ".foot", ".slider"])
            await Expect(page.Locator(pressed)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_pieces_of_a_clock_are_shown_and_add_up_to_what_has_elapsed()
    {
        var opened = await (await server.As(Role.Agent)).Open("Where did the time go");
        var number = opened.Json.GetProperty("number").GetInt64();
        (await (await server.As(Role.Agent)).Post($"/api/tickets/{opened.Ticket}/replies", new { body = "Here." }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "abe", $"/tickets/{number}");
        await page.GetByText("Where the time went").ClickAsync();
        var pieces = await page.Locator("#clock-1 tbody td.n").AllInnerTextsAsync();
        pieces.ShouldNotBeEmpty();
        var sum = pieces.Select(p => TimeSpan.Parse(p, CultureInfo.InvariantCulture)).Aggregate((a, b) => a + b);
        TimeSpan.Parse(await page.Locator("#clock-1 [data-elapsed]").InnerTextAsync(), CultureInfo.InvariantCulture).ShouldBe(sum);
        sum.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task D4_An_auditor_narrows_the_log_goes_to_the_step_in_a_history_and_verifies_it()
    {
        var opened = await (await server.As(Role.Agent)).Open("Nothing of this is in the log");
        var number = opened.Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", $"/log?stream={number}&type=ticket_opened");
        await page.Shoot("log");
        await Expect(page.Locator("#log tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("body")).Not.ToContainTextAsync("Nothing of this");
        await page.Locator("input[name=ticket]").FillAsync(number.ToString(CultureInfo.InvariantCulture));
        await page.GetByText("Verify", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#verdict")).ToContainTextAsync("Everything holds.");

        await page.GotoAsync($"/log?stream={number}&type=ticket_opened");
        await page.Locator("#log tbody a").First.ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync($"#{number}");
    }

    [Fact]
    public async Task D4_The_log_is_narrowed_to_days_as_they_are_where_its_reader_is()
    {
        var number = (await (await server.As(Role.Agent)).Open("Written down today")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "abe");
        var rows = page.Locator("#log tbody tr");
        // Where the day ends last it is never the day on which it begins first.
        var (first, last) = (Day("Pacific/Kiritimati"), Day("Pacific/Pago_Pago"));
        await Look("Pacific/Kiritimati", $"since={first}&until={first}", 1);
        await Look("Pacific/Pago_Pago", $"since={last}&until={last}", 1);
        await Look("Pacific/Pago_Pago", $"since={first}", 0);
        await Look("Pacific/Kiritimati", $"until={last}", 0);
        (await page.GotoAsync("/log?since=tomorrow"))!.Status.ShouldBe(400);

        static string Day(string zone) => TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        async Task Look(string zone, string days, int found)
        {
            await browser.AddCookiesAsync([new() { Name = "zone", Value = zone, Url = server.Address }]);
            await page.GotoAsync($"/log?stream={number}&type=ticket_opened&{days}");
            await Expect(rows).ToHaveCountAsync(found);
        }
    }

    [Fact]
    public async Task D4_The_log_names_tickets_by_their_numbers_and_offers_every_type_of_event()
    {
        var number = (await (await server.As(Role.Agent)).Open("Named by its number")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", $"/log?stream={number}&type=ticket_opened");
        await page.Locator("#log").GetByText("only these").ClickAsync();
        await page.ShouldArriveAt($"**/log?stream={number}");
        await page.Locator("#log").GetByText($"#{number}").First.ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Named by its number");

        await page.GotoAsync("/log");
        var offered = await page.Locator("#event-types option").EvaluateAllAsync<string[]>("all => all.map(o => o.value)");
        offered.ShouldBeUnique();
        (await server.Scalar($"select count(distinct type) from mt_events where type not in ({string.Join(", ", offered.Select(o => $"'{o}'"))})")).ShouldBe(0);
    }

    [Fact]
    public async Task D4_What_somebody_changed_in_the_database_is_found_from_the_page()
    {
        var opened = await (await server.As(Role.Agent)).Open("To be tampered with");
        var number = opened.Json.GetProperty("number").GetInt64();
        await server.Scalar($"""
            alter table mt_events disable trigger all;
            update mt_events set headers = headers || '{OtherActor}' where stream_id = '{opened.Ticket}' and version = 1;
            alter table mt_events enable always trigger eventdesk_keep_events; alter table mt_events enable always trigger eventdesk_keep_all_events; select 1
            """);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", "/log");
        await page.Locator("input[name=ticket]").FillAsync(number.ToString(CultureInfo.InvariantCulture));
        await page.GetByText("Verify", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#verdict")).ToContainTextAsync("Something was changed.");
        await Expect(page.Locator("#verdict a")).ToHaveTextAsync(opened.Ticket.ToString());
    }

    [Theory]
    [InlineData("ann", "/log")]
    [InlineData("cora", "/log")]
    [InlineData("ann", "/triage")]
    [InlineData("ana", "/monitor")]
    public async Task Who_has_no_right_is_told_so(string who, string address)
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, who);
        (await page.GotoAsync(address))!.Status.ShouldBe(403);
    }
}
