using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D1: what each role is there for is done by keys alone, in sight of where one is.</summary>
public sealed class KeyboardTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task D1_A_coordinator_goes_from_a_figure_of_the_monitor_to_its_tickets_by_keys_alone()
    {
        await (await server.As(Role.Agent)).Open("Counted on the monitor");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/queues/open");
        await page.PressOn(page.Locator(".places a[href='/monitor']"));
        await page.ShouldArriveAt("**/monitor");
        await page.PressOn(page.Locator("main live-part a[href^='/queues/']").First);
        await page.ShouldArriveAt("**/queues/**");
        await page.PressOn(page.Locator(".places a[href='/board']"));
        await page.ShouldArriveAt("**/board");
    }

    [Fact]
    public async Task D1_An_auditor_walks_a_history_and_narrows_and_verifies_the_log_by_keys_alone()
    {
        var opened = await (await server.As(Role.Agent)).Open("Looked into");
        var number = opened.Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", "/log");
        await page.TypeInto(page.Locator("[name=stream]"), $"{number}");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldArriveAt($"**/log?**stream={number}**");
        await page.TypeInto(page.Locator("[name=ticket]"), $"{number}");
        await page.PressOn(page.Locator("form[action='/log/verify'] button"));
        await Expect(page.Locator("#verdict")).ToBeVisibleAsync();
        await page.GotoAsync($"/tickets/{number}/history");
        await page.TabTo(page.Locator("input[type=range]"));
        await page.Keyboard.PressAsync("Home");
        await page.ShouldArriveAt($"**/tickets/{number}/history?version=1");
        await Expect(page.Locator(".timeline .now")).ToHaveAttributeAsync("id", "s1");
        await Expect(page.Locator("input[type=range]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".timeline .now")).ToHaveAttributeAsync("id", "s2");
        await Expect(page.Locator("input[type=range]")).ToBeFocusedAsync();
        // A link that is followed is replaced by the same of the next step, and one goes on from there.
        await page.PressOn(page.Locator(".slider [rel=prev]"));
        await Expect(page.Locator(".timeline .now")).ToHaveAttributeAsync("id", "s1");
        await Expect(page.Locator(".slider [rel=prev]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task D1_An_analyst_asks_opens_a_figure_and_takes_the_CSV_by_keys_alone()
    {
        await (await server.As(Role.Agent)).Open("Counted in a report");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ana", "/reports/response-times");
        await page.TypeInto(page.Locator("select[name=groupBy]"), "desk");
        await page.PressOn(page.Locator("form.report button"));
        await page.ShouldArriveAt("**/reports/response-times?**groupBy=desk**");
        var download = await page.RunAndWaitForDownloadAsync(() => page.PressOn(page.Locator("main > .head a[download]")));
        download.SuggestedFilename.ShouldEndWith(".csv");
        await page.PressOn(page.Locator("td[data-figure] a").First);
        await page.ShouldArriveAt("**events**");
    }

    [Fact]
    public async Task D1_A_privacy_officer_looks_ahead_and_holds_a_ticket_by_keys_alone()
    {
        var number = (await (await server.As(Role.Agent)).Open("To be kept")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "pia", "/retention");
        var day = TimeProvider.System.GetUtcNow().AddDays(20);
        await page.TypeInto(page.Locator("[name=at]"), day.ToString("MMddyyyy", CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldArriveAt(string.Create(CultureInfo.InvariantCulture, $"**/retention?at={day:yyyy-MM-dd}"));
        await page.GotoAsync($"/tickets/{number}");
        await page.PressOn(page.Locator("#panel details:has(#f-hold) > summary"));
        await page.TypeInto(page.Locator("#f-hold [name=reason]"), "A court asked");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".tag.bad", new() { HasText = "hold" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task D1_An_administrator_adds_somebody_and_issues_a_token_by_keys_alone()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/people");
        await page.PressOn(page.Locator("details:has(#add) > summary"));
        await page.TypeInto(page.Locator("#add [name=userName]"), "kit@example.com");
        await page.TypeInto(page.Locator("#add [name=handle]"), "kit");
        await page.PressOn(page.Locator("#add input[name=roles][value=agent]"), "Space");
        await page.PressOn(page.Locator("#add > button"));
        await Expect(page.Locator("main")).ToContainTextAsync("kit@example.com");
        await page.PressOn(page.Locator(".places a[href='/tokens']"));
        await page.ShouldArriveAt("**/tokens");
        await page.PressOn(page.Locator("details:has(#issue) > summary"));
        await page.TypeInto(page.Locator("#issue [name=name]"), "by-keys");
        await page.PressOn(page.Locator("#issue input[name=roles][value=auditor]"), "Space");
        await page.PressOn(page.Locator("#issue > button"));
        await Expect(page.Locator("#issued #text")).ToContainTextAsync("edk_");
        await page.PressOn(page.Locator(".places a[href='/organisation']"));
        await page.ShouldArriveAt("**/organisation");
    }

    [Fact]
    public async Task D1_An_administrator_adds_a_routing_rule_by_keys_alone()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=routing");
        await page.PressOn(page.Locator("main a[href*='/organisation/edit']"));
        await page.ShouldArriveAt("**/organisation/edit?of=routing*");
        await page.PressOn(page.Locator("#rule-5 > summary"));
        await page.TypeInto(page.Locator("[name=rule-5-id]"), "by-keys");
        await page.TypeInto(page.Locator("[name=rule-5-place]"), "1");
        await page.PressOn(page.Locator("[name=rule-5-products][value=mobile]"), "Space");
        await page.TypeInto(page.Locator("[name=rule-5-line]"), "L2");
        await page.PressOn(page.Locator("#part > button"));
        await page.ShouldArriveAt("**/organisation?part=routing");
        await Expect(page.Locator("main tbody tr").First).ToContainTextAsync("by-keys");
    }

    [Fact]
    public async Task D1_A_customer_opens_a_ticket_writes_and_rates_by_keys_alone()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.ComeAs(browser, "keys@example.com", "/portal/new");
        await page.TypeInto(page.Locator("#subject"), "By keys alone");
        await page.TypeInto(page.Locator("#body"), "I have no mouse.");
        await page.PressOn(page.Locator("form[action='/portal/new'] button.primary"));
        await page.ShouldArriveAt("**/portal/tickets/*?opened=yes");
        var number = new Uri(page.Url).Segments[^1];
        await page.TypeInto(page.Locator("#reply"), "Nor a trackball.");
        await page.PressOn(page.Locator("#f-customer-message button"));
        await Expect(page.Locator(".talk")).ToContainTextAsync("Nor a trackball.");
        await As(await server.As(Role.Coordinator), "triage", number, new { line = "l1" });
        var agent = await server.As(Role.Agent);
        await As(agent, "replies", number, new { body = "Keys will do.", channel = "portal" });
        await As(agent, "resolution", number, new { resolution = "answered", summary = "Told so." });
        await page.ReloadAsync();
        await page.PressOn(page.Locator("#f-feedback input[name=rating]").First, "Space");
        await page.Keyboard.PressAsync("ArrowLeft"); // round to the last
        await page.PressOn(page.Locator("#f-feedback button"));
        await Expect(page.Locator("#f-feedback input[value='5']")).ToBeCheckedAsync();
        await Expect(page.Locator("#rate + p")).ToContainTextAsync("5");
    }

    static async Task As(Api api, string command, string number, object body)
    {
        var version = long.Parse((await api.Get($"/api/tickets/{number}")).ETag!.Trim('"'), CultureInfo.InvariantCulture);
        (await api.Post($"/api/tickets/{number}/{command}", body, version)).ShouldBe(HttpStatusCode.OK);
    }
}
