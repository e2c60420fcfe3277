using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D1, D2: a queue of more tickets than a page has is one list, and all of it lives.</summary>
public sealed class EndlessQueueTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>A page, another, and a part of a third.</summary>
    const int Many = 120, Page = 50;

    static long Number(Answer opened) => opened.Json.GetProperty("number").GetInt64();

    static async Task<List<Answer>> Fill(Api agent, string product, string language)
    {
        List<Answer> opened = [];
        for (var i = 1; i <= Many; i++)
            opened.Add(await agent.Open($"One of many {i}", product, language));
        return opened;
    }

    /// <summary>To the end of what is there, and where its last row stands in the window before anything else can have come.</summary>
    static Task<double> GoToTheEnd(IPage page, string row) => page.EvaluateAsync<double>(
        "row => { scrollTo(0, document.documentElement.scrollHeight); return document.getElementById(row).getBoundingClientRect().top; }", row);

    static Task<double> Top(IPage page, string row) => page.EvaluateAsync<double>("row => document.getElementById(row).getBoundingClientRect().top", row);

    /// <summary>As soon as the browser has drawn what changed: it scrolls then by what was added above.</summary>
    static Task ShouldStandAt(IPage page, string row, double top) => page.WaitForFunctionAsync(
        "([row, top]) => Math.abs(document.getElementById(row).getBoundingClientRect().top - top) < 1", new object[] { row, top });

    [Fact]
    public async Task D1_The_list_grows_at_its_end_without_a_jump_and_has_every_ticket_once()
    {
        var opened = await Fill(await server.As(Role.Agent), "mobile", "fi");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open?desk=mobile%2Ffi");
        var rows = page.Locator(".ticket");
        await Expect(rows).ToHaveCountAsync(Page);
        for (var end = Page; end < Many; end += Page)
        {
            var last = $"t-{opened[end - 1].Ticket}";
            var before = await GoToTheEnd(page, last);
            await Expect(rows).ToHaveCountAsync(Math.Min(end + Page, Many));
            await ShouldStandAt(page, last, before);
        }
        await Expect(page.Locator("#more")).ToBeHiddenAsync();
        (await rows.EvaluateAllAsync<string[]>("all => all.map(r => r.id)")).ShouldBe(opened.Select(o => $"t-{o.Ticket}"));
    }

    [Fact]
    public async Task D2_Every_row_that_was_loaded_lives_is_walked_to_by_keys_and_marked_with_the_others()
    {
        var agent = await server.As(Role.Agent);
        var opened = await Fill(agent, "mobile", "de");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open?desk=mobile%2Fde");
        var rows = page.Locator(".ticket");
        await page.Locator($"#t-{opened[1].Ticket} .mark input").CheckAsync();
        for (var walked = 0; walked < Many; walked++)
        {
            await Expect(page.Locator($"#t-{opened[walked].Ticket}")).ToBeAttachedAsync(); // the list is ahead of who walks
            await page.Keyboard.PressAsync("j");
        }
        await Expect(page.Locator($"#t-{opened[^1].Ticket}")).ToHaveClassAsync("ticket at");
        await page.Keyboard.PressAsync("x");

        var watched = opened[110];
        var version = (await agent.Post($"/api/tickets/{watched.Ticket}/notes", new { body = "Seen far down." }, watched.Version)).ShouldBe(HttpStatusCode.OK).Version;
        await Expect(page.Locator($"#t-{watched.Ticket}")).ToHaveAttributeAsync("data-version", $"{version}");
        var place = await Top(page, $"t-{opened[^1].Ticket}");
        (await agent.Post($"/api/tickets/{opened[0].Ticket}/replies", new { body = "Answered, so it is not due any more." }, opened[0].Version)).ShouldBe(HttpStatusCode.OK);
        var come = await agent.Open("Comes behind all of them", "mobile", "de");
        await Expect(page.Locator($"#t-{come.Ticket}")).ToBeVisibleAsync();
        await ShouldStandAt(page, $"t-{opened[^1].Ticket}", place); // what changes out of sight moves nothing in sight
        (await rows.EvaluateAllAsync<string[]>("all => all.map(r => r.id)")).ShouldBeUnique();

        await page.Keyboard.PressAsync("b");
        await page.ShouldArriveAt("**/bulk?t=*");
        foreach (var marked in new[] { opened[1], opened[^1] })
            await Expect(page.Locator("body")).ToContainTextAsync($"#{Number(marked)}");
        await page.GoBackAsync();
        await Expect(rows).ToHaveCountAsync(Many + 1); // who comes back finds the place again
    }

    [Fact]
    public async Task D1_Without_a_script_one_goes_on_page_by_page_and_with_one_each_of_them_lives()
    {
        var agent = await server.As(Role.Agent);
        var opened = await Fill(agent, "cloud", "de");
        await using var plain = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(plain, "ann", "/queues/open?desk=cloud%2Fde");
        List<string> seen = [.. await page.Locator(".ticket").EvaluateAllAsync<string[]>("all => all.map(r => r.id)")];
        await page.Locator("#more a").ClickAsync();
        await Expect(page.Locator($"#t-{opened[Page].Ticket}")).ToBeVisibleAsync();
        var second = page.Url;
        seen.AddRange(await page.Locator(".ticket").EvaluateAllAsync<string[]>("all => all.map(r => r.id)"));
        seen.ShouldBe(opened.Take(2 * Page).Select(o => $"t-{o.Ticket}"));

        await using var browser = await chromium.New(server.Address);
        var later = await ConsoleServer.SignIn(browser, "ann", new Uri(second).PathAndQuery);
        var version = (await agent.Post($"/api/tickets/{opened[Page].Ticket}/notes", new { body = "On the second page." }, opened[Page].Version)).ShouldBe(HttpStatusCode.OK).Version;
        await Expect(later.Locator($"#t-{opened[Page].Ticket}")).ToHaveAttributeAsync("data-version", $"{version}");
        await GoToTheEnd(later, $"t-{opened[(2 * Page) - 1].Ticket}");
        await Expect(later.Locator(".ticket")).ToHaveCountAsync(Many - Page);
        foreach (var nowhere in new[] { "after=nowhere", "rows=0", "rows=501", "rows=many" })
            foreach (var address in new[] { "/queues/open", "/queues/open/live" })
                (await later.APIRequest.GetAsync($"{server.Address}{address}?{nowhere}")).Status.ShouldBe(400);
    }
}
