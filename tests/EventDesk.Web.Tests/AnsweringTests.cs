using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>An answer that is the last word for now is sent and done with in one go.</summary>
public sealed class AnsweringTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static long Number(Answer opened) => opened.Json.GetProperty("number").GetInt64();

    async Task<string[]> Types(Answer opened) =>
        [.. (await (await server.As(Role.Auditor)).Get($"/api/tickets/{opened.Ticket}/events")).Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!)];

    [Fact]
    public async Task D1_An_agent_takes_a_ticket_answers_and_resolves_it_in_one_go_and_goes_on_to_the_next_by_keys_alone()
    {
        var agent = await server.As(Role.Agent);
        var (first, second) = (await agent.Open("Done in one go", product: "cloud"), await agent.Open("Comes after it", product: "cloud"));
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open?desk=cloud%2Fen");
        await page.Keyboard.PressAsync("j");
        while (!(await page.Locator(".ticket.at").InnerTextAsync()).Contains("Done in one go", StringComparison.Ordinal))
            await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await page.ShouldArriveAt($"**/tickets/{Number(first)}");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("Enter"); // "Take it" has the focus
        await Expect(page.Locator(".facts")).ToContainTextAsync("ann");

        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys dt", new() { HasText = "Ctrl+Shift+Enter" }).Locator("+ dd")).ToHaveTextAsync("Send and resolve");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync("Turn it off and on.");
        await page.Keyboard.PressAsync("Control+Shift+Enter");
        await Expect(page.Locator(".facts")).ToContainTextAsync("Resolved");
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("Turn it off and on.");
        (await Types(first)).Count(t => t is "reply_sent" or "ticket_resolved").ShouldBe(2);
        await page.ShootBoth("answering-done");
        await page.ShouldBeReadable("a ticket that is done");

        await page.Keyboard.PressAsync("j");
        await page.ShouldArriveAt($"**/tickets/{Number(second)}");
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync("We look into it.");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("We look into it.");
        await Expect(page.Locator(".facts")).ToContainTextAsync("Open");
    }

    [Fact]
    public async Task A9_An_answer_sent_to_wait_for_the_customer_is_one_step_and_leads_back_to_the_queue_without_a_script()
    {
        var opened = await (await server.As(Role.Agent)).Open("Which version", product: "mobile");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/unassigned?desk=mobile%2Fen&line=l1");
        await page.GotoAsync($"/tickets/{Number(opened)}");
        await Expect(page.Locator(".go-on")).ToHaveCountAsync(0);
        await page.Locator("#reply-body").FillAsync("Which version is it?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send and wait for the customer" }).ClickAsync();
        await Expect(page.Locator(".facts .wait")).ToContainTextAsync("the customer");
        (await Types(opened)).TakeLast(2).ShouldContain("waiting_started");
        await page.Locator(".go-on a").Last.ClickAsync();
        await page.ShouldArriveAt("**/queues/unassigned?desk=mobile%2Fen&line=l1");
    }

    [Fact]
    public async Task A4_What_a_gate_refuses_is_said_beside_the_form_nothing_is_sent_and_nothing_typed_is_lost()
    {
        var opened = await (await server.Customer()).Open("In triage still", channel: "portal");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{Number(opened)}");
        await page.Locator("#reply-body").FillAsync("A long answer.");
        await page.Locator("#f-reply [name=how]").SelectOptionAsync("Workaround");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send and resolve" }).ClickAsync();
        await Expect(page.Locator("#f-reply").GetByRole(AriaRole.Alert)).ToContainTextAsync("triage");
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("A long answer.");
        await Expect(page.Locator("#f-reply [name=how]")).ToHaveValueAsync("Workaround");
        (await Types(opened)).ShouldNotContain("reply_sent");
    }

    [Fact]
    public async Task A9_A_canned_reply_is_finished_by_the_button_and_not_by_its_own_steps()
    {
        var opened = await (await server.As(Role.Agent)).Open("Too little said");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{Number(opened)}?macro=more-details");
        await page.Locator("#f-macro [name=how]").SelectOptionAsync("Workaround");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send and resolve" }).ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("Resolved");
        await Expect(page.Locator(".facts")).ToContainTextAsync("needs-details");
        (await Types(opened)).ShouldNotContain("waiting_started");
    }

    [Theory]
    [InlineData("en-GB")]
    [InlineData("pl-PL")]
    [InlineData("es-ES")]
    public async Task The_buttons_of_an_answer_keep_nobody_out(string language)
    {
        var opened = await (await server.As(Role.Agent)).Open("A rather long subject, as people write them, that has to wrap on a phone");
        await using var browser = await chromium.New(server.Address, language);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{Number(opened)}");
        await page.ShootBoth($"answering-{language}");
        await page.ShouldBeReadable($"an answer {language}");
    }
}
