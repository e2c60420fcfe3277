using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What somebody types is not lost, not shown to others, and said to be what it is.</summary>
public sealed class TypingTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static string Address(Answer opened) => $"/tickets/{opened.Json.GetProperty("number").GetInt64().ToString(CultureInfo.InvariantCulture)}";

    async Task<string> Ticket(string subject) => Address(await (await server.As(Role.Agent)).Open(subject));

    static async Task SignInAgain(IPage page, string handle)
    {
        await page.Locator($"button[value={handle}]").ClickAsync();
        await Expect(page.Locator(".who")).ToHaveTextAsync(handle);
        await page.ShouldHaveLoaded();
    }

    [Fact]
    public async Task S6_A_reply_outlives_the_session_it_was_typed_in_and_is_gone_once_it_is_sent()
    {
        var ticket = await Ticket("The session ends");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", ticket);
        await page.Locator("#reply-body").FillAsync("A long answer.");
        await browser.ClearCookiesAsync();
        await page.Locator("#f-reply .primary").ClickAsync();
        await SignInAgain(page, "ann");
        new Uri(page.Url).AbsolutePath.ShouldBe(ticket);
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("A long answer.");
        await Expect(page.Locator("#f-reply [role=status]").First).ToContainTextAsync("What you had typed");

        await page.Locator("#f-reply .primary").ClickAsync();
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("A long answer.");
        await page.ReloadAsync();
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("");
        (await page.EvaluateAsync<int>("() => sessionStorage.length + localStorage.length")).ShouldBe(0);
    }

    [Fact]
    public async Task S6_What_somebody_typed_is_not_shown_to_the_next_one_at_the_same_machine()
    {
        var ticket = await Ticket("Two at one machine");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", ticket);
        await page.Locator("#reply-body").FillAsync("Only mine.");
        await browser.ClearCookiesAsync();
        await page.GotoAsync(ticket);
        await SignInAgain(page, "mia");
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync("");

        await page.Locator("#reply-body").FillAsync("Mine, and I leave.");
        await page.GetByText("Sign out").ClickAsync();
        await page.ShouldArriveAt("**/sign-in**");
        (await page.EvaluateAsync<int>("() => sessionStorage.length")).ShouldBe(0);
    }

    [Fact]
    public async Task R2_What_should_not_be_sent_is_named_in_words_of_the_readers_language()
    {
        var ticket = await Ticket("Words for kinds");
        await using var browser = await chromium.New(server.Address, language: "pl-PL");
        var page = await ConsoleServer.SignIn(browser, "ann", ticket);
        await page.Locator("#reply-body").FillAsync("4111 1111 1111 1111");
        await Expect(page.Locator("#f-reply .hints")).ToContainTextAsync("numer karty");
        await Expect(page.Locator("#f-reply .hints")).Not.ToContainTextAsync("paymentCard");
    }

    [Theory]
    [InlineData("note", "Internal note")]
    [InlineData("customer-message", "Write down what the customer said")]
    public async Task R2_What_should_not_stand_in_a_ticket_is_named_while_one_notes_it_down_too(string form, string label)
    {
        var ticket = await Ticket("Noted down");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", ticket);
        await page.Locator("summary", new() { HasText = label }).ClickAsync();
        await page.Locator($"#f-{form} textarea").FillAsync("She said 4111 1111 1111 1111");
        await Expect(page.Locator($"#f-{form} .hints")).ToContainTextAsync("a card number");
        await page.Locator($"#f-{form} textarea").FillAsync("She said nothing");
        await Expect(page.Locator($"#f-{form} .hints")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task D1_Why_no_next_ticket_is_taken_is_said()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        (await (await server.As(Role.Coordinator)).Put("/api/roster/ann/presence", new { away = true }, null)).ShouldBe(HttpStatusCode.OK);
        await page.Locator(".take button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You are away");
        (await (await server.As(Role.Coordinator)).Put("/api/roster/ann/presence", new { away = false }, null)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("en-GB")]
    [InlineData("pl-PL")]
    [InlineData("es-ES")]
    public async Task The_monitor_needs_no_scrolling_sideways_on_a_desktop(string language)
    {
        await Ticket("On the monitor");
        await using var browser = await chromium.New(server.Address, language);
        var page = await ConsoleServer.SignIn(browser, "cora", "/monitor");
        (await page.Locator(".scroll").EvaluateAsync<int>("s => s.scrollWidth - s.clientWidth")).ShouldBe(0);
    }
}
