using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using EventDesk.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>B5: the coordinator hands tickets over on the board, and always by the same command.</summary>
public sealed class BoardTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static string Number(Answer opened) => opened.Json.GetProperty("number").GetInt64().ToString(CultureInfo.InvariantCulture);

    static ILocator Lane(IPage page, string target) => page.Locator($".lane[data-to='{target}']");

    async Task<Answer> OpenAt(string agent, string subject)
    {
        var opened = await (await server.As(Role.Agent)).Open(subject);
        (await (await server.As(Role.Coordinator)).Post($"/api/tickets/{opened.Ticket}/assignment", new { agent }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        return opened;
    }

    /// <summary>What people did since, as the history has it: who, the type, and what the event says.</summary>
    async Task<string[]> Steps(Answer opened) => [.. (await (await server.As(Role.Coordinator)).Get($"/api/tickets/{opened.Ticket}/events")).Json.GetProperty("events").EnumerateArray()
        .Where(e => e.GetProperty("version").GetInt64() > opened.Version + 1 && e.GetProperty("type").GetString() is "ticket_assigned" or "ticket_unassigned" or "ticket_moved")
        .Select(e => $"{e.GetProperty("actor").GetProperty("id").GetString()} {e.GetProperty("type").GetString()} {string.Join('/', e.GetProperty("data").EnumerateObject().Select(d => d.Value))}".Trim())];

    [Fact]
    public async Task B5_A_coordinator_gives_a_ticket_to_another_agent_by_a_form_and_a_stale_one_shows_what_changed()
    {
        var opened = await OpenAt("ann", "Too much for ann");
        var number = Number(opened);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=billing%2Fen");
        await Expect(Lane(page, "agent:ann").Locator($"#t-{number}")).ToContainTextAsync("Too much for ann");
        (await (await server.As(Role.Agent, "ann")).Post($"/api/tickets/{opened.Ticket}/notes", new { body = "I nearly have it." }, opened.Version + 1)).ShouldBe(HttpStatusCode.OK);

        await page.Locator("#give-to").SelectOptionAsync("agent:ben");
        await page.Locator($"#t-{number} button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"Ticket {number} has changed");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("I nearly have it.");
        await Expect(Lane(page, "agent:ann").Locator($"#t-{number}")).ToBeVisibleAsync();
        await Expect(page.Locator("#give-to")).ToHaveValueAsync("agent:ben"); // nobody chooses twice

        await page.Locator($"#t-{number} button").ClickAsync();
        await Expect(page.Locator("#given")).ToContainTextAsync($"Ticket {number} was given: ben");
        await Expect(Lane(page, "agent:ben").Locator($"#t-{number}")).ToBeVisibleAsync();
        (await Steps(opened)).ShouldBe(["cora ticket_assigned ben"]);

        await page.Locator("#give-to").SelectOptionAsync("nobody");
        await page.Locator($"#t-{number} button").ClickAsync();
        await Expect(Lane(page, "nobody").Locator($"#t-{number}")).ToBeVisibleAsync();
        (await Steps(opened)).ShouldBe(["cora ticket_assigned ben", "cora ticket_unassigned"]);
    }

    [Fact]
    public async Task B5_A_ticket_dragged_to_an_agent_or_a_desk_is_given_there()
    {
        var opened = await OpenAt("ann", "To be dragged");
        var number = Number(opened);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=billing%2Fen");
        await page.Locator($"#t-{number}").DragToAsync(Lane(page, "agent:ben"));
        await Expect(Lane(page, "agent:ben").Locator($"#t-{number}")).ToBeVisibleAsync();
        await Expect(page.Locator("#given")).ToContainTextAsync("ben");
        await Expect(page.Locator($"#t-{number} .subject")).ToBeFocusedAsync();

        // The desks are shown while something is dragged.
        await page.Locator($"#t-{number} .facts span").First.HoverAsync();
        await page.Mouse.DownAsync();
        await page.Locator("h1").HoverAsync();
        await page.Locator(".drop-desks [data-to='desk:billing/pl']").HoverAsync();
        await page.Locator(".drop-desks [data-to='desk:billing/pl']").HoverAsync();
        await page.Mouse.UpAsync();
        await Expect(page.Locator("#given")).ToContainTextAsync("billing/pl");
        await Expect(page.Locator($"#t-{number}")).ToHaveCountAsync(0);
        (await Steps(opened)).ShouldBe(["cora ticket_assigned ben", "cora ticket_moved billing/pl"]);
    }

    [Fact]
    public async Task B5_A_finger_that_rests_carries_a_ticket_and_one_that_moves_at_once_scrolls()
    {
        var opened = await OpenAt("ann", "To be carried by a finger");
        await using var browser = await chromium.New(server.Address, size: new() { Width = 1024, Height = 700 }, touch: true);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=billing%2Fen");
        var finger = new Finger(page, await browser.NewCDPSessionAsync(page));
        var card = page.Locator($"#t-{Number(opened)} .facts span").First;
        var (ghost, over, ben) = (page.Locator(".ghost"), page.Locator("[data-to].over"), Lane(page, "agent:ben"));
        const string LongPage = "() => document.body.style.setProperty('min-height', '300vh')";

        await page.EvaluateAsync(LongPage);
        await finger.Press(card);
        await finger.MoveBy(0, -60);
        await finger.MoveBy(0, -60);
        await Eventually.Be(async () => await finger.Scrolled() > 0, "The page follows the finger.");
        await finger.Lift();
        await Expect(ghost).ToHaveCountAsync(0);

        await page.GotoAsync("/board?desk=billing%2Fen");
        await page.EvaluateAsync(LongPage);
        await finger.Press(card);
        await Expect(ghost).ToContainTextAsync("To be carried by a finger");
        await finger.MoveTo(ben);
        await Expect(over).ToHaveAttributeAsync("data-to", "agent:ben");
        await Expect(ghost).ToContainTextAsync("→ ben");
        (await finger.Scrolled()).ShouldBe(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".ghost, [data-to].over, .dragging")).ToHaveCountAsync(0);
        await finger.Lift();

        await finger.Press(card);
        await Expect(ghost).ToBeVisibleAsync();
        await finger.MoveTo(ben);
        await Expect(over).ToHaveCountAsync(1);
        await finger.Cancel();
        await Expect(page.Locator(".ghost, [data-to].over, .dragging")).ToHaveCountAsync(0);

        await finger.Press(card);
        await Expect(ghost).ToBeVisibleAsync();
        await finger.MoveTo(ben);
        await finger.Lift();
        await Expect(ben.Locator($"#t-{Number(opened)}")).ToBeVisibleAsync();
        await Expect(page.Locator("#given")).ToContainTextAsync("ben");
        (await Steps(opened)).ShouldBe(["cora ticket_assigned ben"]); // what was given up was never sent
    }

    [Fact]
    public async Task B5_The_board_goes_on_under_a_finger_that_carries_a_ticket_to_its_edge()
    {
        var opened = await OpenAt("ann", "To be carried far");
        await using var browser = await chromium.New(server.Address, size: new() { Width = 360, Height = 640 }, touch: true);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=billing%2Fen");
        var finger = new Finger(page, await browser.NewCDPSessionAsync(page));
        await page.Locator($"#t-{Number(opened)}").ScrollIntoViewIfNeededAsync();
        var before = await finger.Scrolled();
        await finger.Press(page.Locator($"#t-{Number(opened)} .facts span").First);
        await Expect(page.Locator(".ghost")).ToBeVisibleAsync();
        await finger.MoveToEdge(page.Locator(".drop-desks"));
        await Eventually.Be(async () => await finger.Scrolled() > before + 100, "The page goes on.");
        await finger.MoveTo(page.Locator(".drop-desks [data-to='desk:billing/pl']"));
        await Expect(page.Locator("[data-to].over")).ToHaveTextAsync("billing/pl");
        await finger.Lift();
        await Expect(page.Locator("#given")).ToContainTextAsync("billing/pl");
        (await Steps(opened)).ShouldBe(["cora ticket_moved billing/pl"]);
    }

    [Fact]
    public async Task B5_By_keys_alone_a_ticket_is_given_by_the_same_command()
    {
        var opened = await OpenAt("ann", "To be given by keys");
        var number = Number(opened);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=billing%2Fen");
        await page.Keyboard.PressAsync("j");
        while (await page.Locator($"#t-{number} .subject:focus").CountAsync() == 0)
            await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator("#give-to")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ben");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Lane(page, "agent:ben").Locator($"#t-{number}")).ToBeVisibleAsync();
        await Expect(page.Locator($"#t-{number} .subject")).ToBeFocusedAsync(); // one goes on from there
        await Expect(page.Locator("#said")).ToHaveTextAsync($"Ticket {number} was given: ben.");
        (await Steps(opened)).ShouldBe(["cora ticket_assigned ben"]);
    }

    [Fact]
    public async Task D2_What_others_do_is_seen_on_an_open_board_and_a_dragged_ticket_that_has_changed_goes_back()
    {
        var opened = await OpenAt("ann", "Watched on the board");
        var number = Number(opened);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=billing%2Fen");
        await Expect(Lane(page, "agent:ann").Locator($"#t-{number}")).ToBeVisibleAsync();
        var ben = await server.As(Role.Agent, "ben");
        (await ben.Post($"/api/tickets/{opened.Ticket}/assignment", new { agent = "ben" }, opened.Version + 1)).ShouldBe(HttpStatusCode.OK);
        await Expect(Lane(page, "agent:ben").Locator($"#t-{number}")).ToBeVisibleAsync();

        // What is under the pointer is not taken from under it; letting go tells the truth.
        await page.Locator($"#t-{number} .facts span").First.HoverAsync();
        await page.Mouse.DownAsync();
        await page.Locator("h1").HoverAsync();
        (await ben.Post($"/api/tickets/{opened.Ticket}/notes", new { body = "Mine, please." }, opened.Version + 2)).ShouldBe(HttpStatusCode.OK);
        await Lane(page, "agent:ann").Locator("h2").HoverAsync();
        await Lane(page, "agent:ann").Locator("h2").HoverAsync();
        await page.Mouse.UpAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Mine, please.");
        await Expect(Lane(page, "agent:ben").Locator($"#t-{number}")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task D2_Tickets_beyond_the_first_page_are_seen_to_change_as_well_and_are_given_from_where_they_stand()
    {
        var agent = await server.As(Role.Agent);
        for (var i = 0; i < 120; i++)
            await agent.Open($"In front {i}", "mobile", "fi");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/board?desk=mobile%2Ffi");
        var (slips, more) = (page.Locator(".slip"), page.Locator(".more a"));
        await Expect(slips).ToHaveCountAsync(120);
        await Expect(more).ToHaveCountAsync(0);

        var last = await agent.Open("Behind the first page", "mobile", "fi");
        await Expect(more).ToBeVisibleAsync(); // an open first page comes to have a next one
        await Expect(slips).ToHaveCountAsync(120);
        await more.ClickAsync();
        var slip = page.Locator($"#t-{Number(last)}");
        await Expect(Lane(page, "nobody").Locator(slip)).ToBeVisibleAsync();
        await Expect(slips).ToHaveCountAsync(1);
        (await (await server.As(Role.Coordinator)).Post($"/api/tickets/{last.Ticket}/assignment", new { agent = "fia" }, last.Version)).ShouldBe(HttpStatusCode.OK);
        await Expect(Lane(page, "agent:fia").Locator(slip)).ToBeVisibleAsync();

        await page.Locator("#give-to").SelectOptionAsync("nobody");
        await slip.Locator("button").ClickAsync();
        await Expect(page.Locator("#given")).ToContainTextAsync($"Ticket {Number(last)} was given");
        await Expect(Lane(page, "nobody").Locator(slip)).ToBeVisibleAsync(); // one goes on where one was
        await Expect(slips).ToHaveCountAsync(1);
        (await page.GotoAsync("/board?after=nowhere"))!.Status.ShouldBe(400);
    }

    [Fact]
    public async Task S2_Who_does_not_see_to_the_work_of_others_has_no_board()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann");
        (await page.GotoAsync("/board"))!.Status.ShouldBe(403);
        await Expect(page.Locator(".places a[href='/board']")).ToHaveCountAsync(0);
    }
}
