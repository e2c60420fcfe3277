using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>R2, R3: staff see what should not stand in a ticket, and hide it without marking anything: by keys alone, and without a script.</summary>
public sealed class HidingTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    const string Password = "Sommer2024!", Card = "4111 1111 1111 1111", Iban = "DE89 3704 0044 0532 0130 00";

    static string PageOf(Answer opened) => $"/tickets/{opened.Json.GetProperty("number").GetInt64()}";

    /// <summary>A password that is answered with it, a card, and an account in a field of the form.</summary>
    static async Task<Answer> Told(Api agent)
    {
        var opened = (await agent.Post("/api/tickets", new
        {
            product = "billing", language = "en", channel = "api", requester = new { email = "kim@example.com" },
            subject = "I cannot sign in", body = $"My password: {Password}\nMy card is {Card}.", fields = new { refund = Iban },
        })).ShouldBe(HttpStatusCode.Created);
        (await agent.Post($"/api/tickets/{opened.Ticket}/replies", new { body = $"You say {Password} is not taken?" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        return opened;
    }

    /// <summary>Steps on until the focus is there.</summary>
    static async Task TabTo(IPage page, ILocator there)
    {
        for (var i = 0; i < 80 && !await there.EvaluateAsync<bool>("e => e === document.activeElement"); i++)
            await page.Keyboard.PressAsync("Tab");
        await Expect(there).ToBeFocusedAsync();
    }

    static async Task<int> Hidden(Api auditor, Answer opened) => (await auditor.Get($"/api/tickets/{opened.Ticket}/events")).Json.GetProperty("events").EnumerateArray()
        .Count(e => e.GetProperty("type").GetString() == "passage_redacted");

    [Fact]
    public async Task R2_R3_What_was_found_is_listed_and_hidden_wherever_it_stands_by_keys_alone_and_without_a_script()
    {
        var opened = await Told(await server.As(Role.Agent));
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", PageOf(opened));
        var found = page.Locator("#found li");
        await Expect(found).ToHaveCountAsync(3);
        await Expect(found.Nth(0)).ToContainTextAsync("a password");
        await Expect(found.Nth(0)).ToContainTextAsync("My password: ********");
        await Expect(found.Nth(1)).ToContainTextAsync("a card number");
        await Expect(found.Nth(2)).ToContainTextAsync("in the field refund");
        (await page.Locator("#found").InnerHTMLAsync()).ShouldNotContain("Sommer");

        await TabTo(page, page.GetByRole(AriaRole.Button, new() { Name = "Hide a password" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync($"My password: ******** My card is {Card}.");
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("You say ******** is not taken?"); // as the dialog does it: elsewhere too
        await Expect(page.Locator("#story .event").Last).ToContainTextAsync("It looks like a password.");
        await Expect(found).ToHaveCountAsync(2);
        (await page.ContentAsync()).ShouldNotContain("Sommer");
        await TabTo(page, page.GetByRole(AriaRole.Button, new() { Name = "Hide a card number" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(found).ToHaveCountAsync(1);
        await found.Locator("button").ClickAsync();
        await Expect(found).ToHaveCountAsync(0);
        var history = (await (await server.As(Role.Auditor)).Get($"/api/tickets/{opened.Ticket}/events")).Text;
        foreach (var secret in new[] { Password, Card, Iban })
            history.ShouldNotContain(secret);
    }

    [Fact]
    public async Task R3_The_list_shows_nothing_that_the_conversation_does_not_show_and_only_to_those_who_may_hide_it()
    {
        var opened = await Told(await server.As(Role.Agent));
        foreach (var role in new[] { Role.Agent, Role.Coordinator, Role.PrivacyOfficer, Role.Manager, Role.Auditor })
        {
            var page = (await (await server.As(role)).Get(PageOf(opened))).ShouldBe(HttpStatusCode.OK).Text;
            page.Split(Iban).Length.ShouldBe(2, $"{role}: once, in what the form said");
            page.Split("Sommer2024").Length.ShouldBe(3, $"{role}: once in what was asked, once in the answer");
            page.Contains("id=\"found\"", StringComparison.Ordinal).ShouldBe(role is Role.Agent or Role.Coordinator or Role.PrivacyOfficer, $"{role}");
            page.Contains("/hide-text\"", StringComparison.Ordinal).ShouldBe(role is Role.Agent or Role.Coordinator or Role.PrivacyOfficer, $"{role}");
        }
    }

    [Fact]
    public async Task A10_R3_Where_the_ticket_has_changed_nothing_is_hidden_until_it_was_seen_and_then_at_the_place_it_has_now()
    {
        var agent = await server.As(Role.Agent, "bob");
        var opened = await Told(agent);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", PageOf(opened));
        var version = (await agent.Get($"/api/tickets/{opened.Ticket}")).Version;
        (await agent.Post($"/api/tickets/{opened.Ticket}/redactions", new { passages = new[] { new { version = 1, field = "body", start = 13, length = Password.Length } }, reason = "Bob was first", everywhere = true },
            version)).ShouldBe(HttpStatusCode.OK); // what stands behind it moves

        await page.Locator("#found li", new() { HasText = "a card number" }).Locator("button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was sent yet.");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Bob was first");
        await Expect(page.Locator("#v1 .text")).ToContainTextAsync(Card);
        await page.Locator("#found li", new() { HasText = "a card number" }).Locator("button").ClickAsync();
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("My password: ******** My card is ********.");
    }

    [Fact]
    public async Task R3_A_text_that_is_typed_is_hidden_wherever_it_stands_and_refused_in_words_where_it_does_not()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("About Ursula Zimmermann");
        (await agent.Post($"/api/tickets/{opened.Ticket}/notes", new { body = "They mean Ursula\n> Zimmermann, of course." }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", PageOf(opened));
        await Expect(page.Locator("#found li")).ToHaveCountAsync(0); // nothing that any rule knows
        await TabTo(page, page.Locator("summary", new() { HasText = "Hide a text" }));
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Ursula Zimmerman-");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("stands nowhere in the ticket");
        await Expect(page.Locator("#words")).ToHaveValueAsync("Ursula Zimmerman-"); // nobody types twice
        foreach (var (typed, why) in new[] { ("Um", "at least three letters"), ("  ", "filled in") })
        {
            await page.Locator("#words").FillAsync(typed);
            await page.Locator("#f-hide-text button").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(why);
        }
        (await Hidden(await server.As(Role.Auditor), opened)).ShouldBe(0);

        await page.Locator("#words").FillAsync("Ursula Zimmermann");
        await page.Locator("#f-hide-text button").ClickAsync();
        await Expect(page.Locator("h1 .text")).ToHaveTextAsync("About ********");
        await Expect(page.Locator(".message.noted .text")).ToHaveTextAsync("They mean ********, of course.");
        (await page.ContentAsync()).ShouldNotContain("Zimmermann");
        // What is hidden is not found: nobody learns by trying what it was.
        await page.Locator("summary", new() { HasText = "Hide a text" }).ClickAsync();
        await page.Locator("#words").FillAsync("Ursula Zimmermann");
        await page.Locator("#f-hide-text button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("stands nowhere in the ticket");
    }

    [Fact]
    public async Task R3_What_is_typed_to_be_hidden_is_kept_nowhere_in_the_browser()
    {
        var opened = await (await server.As(Role.Agent)).Open("About Ursula Zimmermann");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", PageOf(opened));
        await page.Keyboard.PressAsync("h");
        await Expect(page.Locator("#words")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Ursula Zimmermann");
        (await page.EvaluateAsync<int>("() => sessionStorage.length + localStorage.length")).ShouldBe(0);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1 .text")).ToHaveTextAsync("About ********");
        await Expect(page.Locator("#words")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task R2_What_is_found_keeps_nobody_out_and_fits_a_phone()
    {
        var opened = await Told(await server.As(Role.Agent));
        await using var browser = await chromium.New(server.Address, language: "pl-PL");
        var page = await ConsoleServer.SignIn(browser, "ann", PageOf(opened));
        await page.Keyboard.PressAsync("h");
        await Expect(page.Locator("#found li")).ToHaveCountAsync(3);
        await page.ShouldBeReadable("what should be hidden");
    }
}
