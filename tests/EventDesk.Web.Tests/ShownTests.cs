using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>A10: what somebody else does appears on an open ticket; one acts on it once it was in view, and no sooner.</summary>
public sealed class ShownTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>A ticket that ann has open, and somebody else who works on it through the API.</summary>
    sealed record Open(Api Bob, string Path, IPage Page)
    {
        public long Version { get; private set; }

        public async Task Do(string what, object body) => Version = (await Bob.Post($"{Path}/{what}", body, Version)).ShouldBe(HttpStatusCode.OK).Version;

        public static async Task<Open> Of(ConsoleServer server, IBrowserContext browser, string subject, string body)
        {
            var bob = await server.As(Role.Agent, "bob");
            var opened = (await bob.Post("/api/tickets", new { product = "billing", language = "en", channel = "api", requester = new { email = "kim@example.com" }, subject, body })).ShouldBe(HttpStatusCode.Created);
            var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{opened.Json.GetProperty("number").GetInt64()}");
            return new(bob, $"/api/tickets/{opened.Ticket}", page) { Version = opened.Version };
        }

        public Task ShouldActOn(long version) => Expect(Page.Locator("#ticket")).ToHaveAttributeAsync("data-version", $"{version}");
    }

    [Fact]
    public async Task A10_What_one_has_just_read_makes_nothing_stale_and_takes_nothing_that_is_being_typed()
    {
        await using var browser = await chromium.New(server.Address);
        var ticket = await Open.Of(server, browser, "Read and answered", "It does not work.");
        var page = ticket.Page;
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync("We look ");
        await ticket.Do("notes", new { body = "It is the cable." });
        await Expect(page.Locator(".message.noted .text")).ToHaveTextAsync("It is the cable.");
        await ticket.ShouldActOn(ticket.Version);
        await page.Keyboard.TypeAsync("at the cable.");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("We look at the cable.");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A10_What_has_not_been_in_view_is_told_before_anything_is_sent()
    {
        await using var browser = await chromium.New(server.Address, size: new() { Width = 1280, Height = 320 });
        var ticket = await Open.Of(server, browser, "Far away", "It does not work.");
        var (page, before) = (ticket.Page, ticket.Version);
        await page.Locator("#reply-body").FillAsync("We look into it.");
        await page.Locator("#reply-body").EvaluateAsync("e => e.scrollIntoView({ block: 'start' })");
        await ticket.Do("notes", new { body = "I have told her already." });
        await Expect(page.Locator(".message.noted .text")).ToHaveTextAsync("I have told her already.");
        await Expect(page.Locator(".message.noted")).Not.ToBeInViewportAsync();
        await page.Locator("#f-reply .primary").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("I have told her already.");
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("We look into it.");
        await Expect(page.Locator(".message.answered")).ToHaveCountAsync(0);
        before.ShouldBeLessThan(ticket.Version);
    }

    [Fact]
    public async Task A10_To_show_what_has_changed_leads_to_it_and_then_one_acts_on_it()
    {
        await using var browser = await chromium.New(server.Address, size: new() { Width = 1280, Height = 320 });
        var ticket = await Open.Of(server, browser, "Shown", "It does not work.");
        var page = ticket.Page;
        await page.Locator("#reply-body").FillAsync("We look into it.");
        await page.Locator("#reply-body").EvaluateAsync("e => e.scrollIntoView({ block: 'start' })");
        await ticket.Do("notes", new { body = "It is the cable." });
        await page.Locator("live-ticket a").ClickAsync();
        await Expect(page.Locator(".message.noted")).ToBeInViewportAsync();
        await ticket.ShouldActOn(ticket.Version);
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("We look into it.");
        await page.Locator("#f-reply .primary").ClickAsync();
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("We look into it.");
    }

    [Fact]
    public async Task A10_A_form_that_says_what_is_not_so_any_more_keeps_what_was_typed_and_is_stale_and_the_others_are_as_the_ticket_is_now()
    {
        await using var browser = await chromium.New(server.Address);
        var ticket = await Open.Of(server, browser, "Escalated twice?", "It does not work.");
        var (page, before) = (ticket.Page, ticket.Version);
        await page.Keyboard.PressAsync("e");
        await Expect(page.Locator(".gates .unmet")).ToHaveCountAsync(1);
        await page.Locator("#f-escalation input[name=reason]").FillAsync("To the second line");
        await page.Locator("summary", new() { HasText = "Assess the severity" }).ClickAsync();
        await page.Locator("h1").ClickAsync(); // nobody is at that one
        await ticket.Do("severity-assessments", new { severity = "high" });
        await ticket.Do("escalations", new { reason = "Bob was first" });

        await Expect(page.Locator(".facts")).ToContainTextAsync("L2");
        await ticket.ShouldActOn(ticket.Version);
        await Expect(page.Locator("#f-severity input[value=High]")).ToBeCheckedAsync(); // nobody was at it, so it says what is so
        await Expect(page.Locator("#f-severity")).ToBeVisibleAsync(); // and stays open
        await Expect(page.Locator("#f-reply input[name=version]")).ToHaveValueAsync($"{ticket.Version}");
        await Expect(page.Locator("#f-escalation input[name=version]")).ToHaveValueAsync($"{before}");
        await Expect(page.Locator("#f-escalation input[name=reason]")).ToHaveValueAsync("To the second line");

        await page.Locator("#f-escalation button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Bob was first");
        await Expect(page.Locator("#f-escalation input[name=reason]")).ToHaveValueAsync("To the second line");
        await Expect(page.Locator(".facts")).ToContainTextAsync("L2");
    }

    [Fact]
    public async Task R2_What_should_be_hidden_of_a_message_that_comes_is_listed_by_itself_and_hidden_without_reloading()
    {
        await using var browser = await chromium.New(server.Address);
        var ticket = await Open.Of(server, browser, "Comes by itself", "It does not work.");
        var page = ticket.Page;
        await ticket.Do("customer-messages", new { body = "My card is 4111 1111 1111 1111.", channel = "email" });
        await page.Locator("#found li button").ClickAsync();
        await Expect(page.Locator(".message.wrote .text")).ToHaveTextAsync("My card is ********.");
    }

    /// <summary>Marks words of the first message and asks for the dialog.</summary>
    static async Task Mark(IPage page, string words)
    {
        await page.EvaluateAsync("""
            words => { const text = document.querySelector("#v1 .text").firstChild, range = document.createRange(), at = text.data.indexOf(words);
              range.setStart(text, at); range.setEnd(text, at + words.length);
              getSelection().removeAllRanges(); getSelection().addRange(range); }
            """, words);
        await page.Locator(".hide-passage").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("Not to be kept");
    }

    [Fact]
    public async Task A10_R3_The_dialog_tells_what_has_changed_and_hides_all_the_same_what_was_marked_wherever_it_stands_by_now()
    {
        await using var browser = await chromium.New(server.Address);
        var ticket = await Open.Of(server, browser, "Two secrets", "It is swordfish, and the other one is Ursula.");
        var page = ticket.Page;
        await Mark(page, "Ursula");
        await ticket.Do("redactions", new { passages = new[] { new { version = 1, field = "body", start = 6, length = 9 } }, reason = "Bob was first" }); // one character less before it
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("It is ********, and the other one is Ursula.");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator(".primary").ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was sent yet.");
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Bob was first");
        await Expect(dialog.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("Not to be kept");
        await page.ShouldBeReadable("hiding what has changed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send anyway" }).ClickAsync();
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("It is ********, and the other one is ********.");
    }

    [Fact]
    public async Task A10_R3_The_dialog_says_when_somebody_else_has_hidden_it_already()
    {
        await using var browser = await chromium.New(server.Address);
        var ticket = await Open.Of(server, browser, "One secret", "It is swordfish.");
        var page = ticket.Page;
        await Mark(page, "swordfish");
        await ticket.Do("redactions", new { passages = new[] { new { version = 1, field = "body", start = 6, length = 9 } }, reason = "Bob was first" });
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("It is ********.");
        await page.GetByRole(AriaRole.Dialog).Locator(".primary").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("hidden or erased it meanwhile");
    }
}
