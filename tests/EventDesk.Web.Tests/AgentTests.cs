using System.Text.RegularExpressions;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What an agent does all day, in a browser.</summary>
public sealed partial class AgentTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task D1_An_agent_takes_a_ticket_from_the_queue_answers_and_resolves_it_by_keys_alone()
    {
        var opened = await (await server.As(Role.Agent)).Open("Printer on fire");
        var number = opened.Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open?desk=billing%2Fen");

        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(".ticket.at")).ToHaveCountAsync(1);
        while (!(await page.Locator(".ticket.at").InnerTextAsync()).Contains("Printer on fire", StringComparison.Ordinal))
            await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldArriveAt($"**/tickets/{number}");

        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("Enter"); // "Take it" has the focus
        await Expect(page.Locator(".facts")).ToContainTextAsync("ann");

        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync("Pour water on it.");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("Pour water on it.");
        await Expect(page.Locator(".clock").First).ToContainTextAsync("met");

        await page.Keyboard.PressAsync("d");
        await page.Keyboard.TypeAsync("Answered"); // the kind of resolution has the focus
        await page.PressOn(page.Locator("#f-resolution button"));
        await Expect(page.Locator(".facts")).ToContainTextAsync("Resolved");
        await Expect(page.Locator("#story")).ToContainTextAsync("resolved it: Answered");
    }

    [Fact]
    public async Task A4_The_gates_of_an_escalation_are_shown_before_one_runs_into_them()
    {
        var opened = await (await server.As(Role.Agent)).Open("Data lost");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{opened.Json.GetProperty("number").GetInt64()}");

        await page.Keyboard.PressAsync("e");
        await Expect(page.Locator(".gates .unmet")).ToContainTextAsync("severity was assessed on L1");
        await page.Locator("#f-escalation input[name=reason]").FillAsync("Needs a developer");
        await page.Locator("#f-escalation button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("assess");
        await Expect(page.Locator("#f-escalation input[name=reason]")).ToHaveValueAsync("Needs a developer"); // nobody types twice

        await page.Keyboard.PressAsync("Escape");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("s");
        await page.Locator("#f-severity input[value=High]").CheckAsync();
        await page.Locator("#f-severity button").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("2");
        await page.Keyboard.PressAsync("e");
        await Expect(page.Locator(".gates .met")).ToHaveCountAsync(1);
        await page.Locator("#f-escalation input[name=reason]").FillAsync("Needs a developer");
        await page.Locator("#f-escalation button").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("L2");
    }

    [Fact]
    public async Task A10_A_stale_answer_shows_what_changed_and_can_be_sent_anyway()
    {
        var agent = await server.As(Role.Agent, "bob");
        var opened = await agent.Open("Two at once");
        var (id, number) = (opened.Json.GetProperty("ticket").GetString(), opened.Json.GetProperty("number").GetInt64());
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{number}");
        var version = long.Parse(await page.Locator("#f-reply input[name=version]").InputValueAsync());
        (await agent.Post($"/api/tickets/{id}/notes", new { body = "I am on it." }, version)).ShouldBe(System.Net.HttpStatusCode.OK);

        await page.Locator("#reply-body").FillAsync("We look into it.");
        await page.Locator("#f-reply .primary").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("I am on it.");
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("We look into it.");
        await page.GetByText("Send anyway").ClickAsync();
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("We look into it.");
    }

    [Fact]
    public async Task D2_A_change_made_over_the_API_appears_in_an_open_queue_by_itself_and_after_a_broken_connection_too()
    {
        var agent = await server.As(Role.Agent);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await agent.Open("Comes by itself");
        await Expect(page.GetByText("Comes by itself")).ToBeVisibleAsync();

        await browser.SetOfflineAsync(true);
        await agent.Open("Came while nobody listened");
        await browser.SetOfflineAsync(false);
        await Expect(page.GetByText("Came while nobody listened")).ToBeVisibleAsync();
    }

    static async Task MarkAndHide(IPage page)
    {
        await page.EvaluateAsync("""
            () => { const text = document.querySelector("h1 .text").firstChild, range = document.createRange();
              range.setStart(text, text.data.indexOf("swordfish")); range.setEnd(text, text.data.length);
              getSelection().removeAllRanges(); getSelection().addRange(range); }
            """);
        await page.Locator(".hide-passage").ClickAsync();
    }

    [Fact]
    public async Task R3_A_marked_passage_is_hidden_wherever_it_stands()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("My password is swordfish");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{opened.Json.GetProperty("number").GetInt64()}");
        await MarkAndHide(page);
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("swordfish");
        await page.Keyboard.TypeAsync("a password"); // the reason has the focus
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1 .text")).ToHaveTextAsync("My password is ********");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("swordfish");
    }

    [Fact]
    public async Task R3_Where_no_answer_comes_the_dialog_says_so_keeps_the_reason_and_hides_once_when_tried_again()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("My password is swordfish");
        await using var browser = await chromium.New(server.Address, language: "pl-PL");
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{opened.Json.GetProperty("number").GetInt64()}");
        await MarkAndHide(page);
        const string Redactions = "**/redactions";
        await page.RouteAsync(Redactions, async route => { await route.FetchAsync(); await route.AbortAsync(); }); // it is done, and only the answer is lost
        await page.Keyboard.TypeAsync("hasło");
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nie nadeszła odpowiedź");
        await Expect(dialog.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("hasło");

        await page.UnrouteAsync(Redactions);
        await dialog.Locator(".primary").ClickAsync();
        await Expect(page.Locator("h1 .text")).ToHaveTextAsync("My password is ********");
        (await (await server.As(Role.Auditor)).Get($"/api/tickets/{opened.Ticket}/events")).Json.GetProperty("events").EnumerateArray()
            .Count(e => e.GetProperty("type").GetString() == "passage_redacted").ShouldBe(1);
    }

    public static TheoryData<string> Hostile =>
    [
        "<script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">", "</textarea></template><style>*{display:none}</style>",
        "\u202Egnp.exe\u202C and z̸̢̛̛̗̗͎͚̈́̄̈́͘a̷l̸g̷o̶", new string('W', 200),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_a_ticket_says_starts_nothing_and_stays_in_its_box(string text)
    {
        const string email = "hostile@example.com";
        var number = (await (await server.As(Role.Agent)).Open(text, email: email)).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{number}");
        await Expect(page.Locator("h1 .text")).ToHaveTextAsync(Blank().Replace(text, " "));
        await ShouldBeHarmless(page, $"/tickets/{number}", "/queues/open", "/search?q=example", $"/bulk?t={number}");
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        await using var others = await chromium.New(server.Address);
        await ShouldBeHarmless(await ConsoleServer.SignIn(others, "cora"), "/board", "/triage", "/reports/backlog/events");
        await using var auditors = await chromium.New(server.Address);
        await ShouldBeHarmless(await ConsoleServer.SignIn(auditors, "abe"), $"/tickets/{number}/history", "/log");
        await using var customers = await chromium.New(server.Address);
        await ShouldBeHarmless(await ConsoleServer.ComeAs(customers, email), "/portal", $"/portal/tickets/{number}");
    }

    static async Task ShouldBeHarmless(IPage page, params string[] addresses)
    {
        foreach (var address in addresses)
            foreach (var width in (int[])[1280, 360])
            {
                await page.SetViewportSizeAsync(width, 800);
                await page.GotoAsync(address);
                (await page.TitleAsync()).ShouldNotBe("owned", address);
                (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue($"{address}, {width} px");
                await Expect(page.Locator("main")).ToBeVisibleAsync();
            }
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blank();
}
