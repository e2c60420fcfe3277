using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>The palette offers what can be done on the page it is opened on, by keys alone, and says itself to a screen reader.</summary>
public sealed class PaletteTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static string Address(Answer opened) => $"/tickets/{opened.Json.GetProperty("number").GetInt64().ToString(CultureInfo.InvariantCulture)}";

    static ILocator Chosen(IPage page) => page.Locator("#palette [role=option][aria-selected=true]");

    static ILocator Box(IPage page) => page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox);

    /// <summary>Opens the palette, types, and takes the first that is offered.</summary>
    static async Task Do(IPage page, string typed, string offered)
    {
        await page.Keyboard.PressAsync("/");
        await Expect(Box(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(typed);
        await Expect(Chosen(page)).ToContainTextAsync(offered);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#palette")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task D1_A_ticket_is_worked_on_from_the_palette_by_keys_alone()
    {
        var opened = await (await server.As(Role.Agent)).Open("All by the palette");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", Address(opened));
        await Do(page, "to me", "Assign to me");
        await Expect(page.Locator(".facts .tag", new() { HasText = "ann" })).ToBeVisibleAsync();
        await page.ShouldHaveLoaded();

        await Do(page, "note", "Add an internal note");
        await page.Keyboard.TypeAsync("Looks like last week's.");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".message.noted .text")).ToHaveTextAsync("Looks like last week's.");
        await page.ShouldHaveLoaded();

        await Do(page, "severity", "Assess the severity");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".facts .severity")).ToContainTextAsync("1");
        await page.ShouldHaveLoaded();

        await Do(page, "escal", "Escalate");
        await Expect(page.Locator("#f-escalation input[name=reason]")).ToBeFocusedAsync();
        await Expect(page.Locator(".gates .met")).ToBeVisibleAsync();

        await DoFromField(page, "known outage", "Canned reply: Known outage");
        await page.ShouldArriveAt("**macro=known-outage");
        await Expect(page.Locator("#f-macro textarea")).ToBeFocusedAsync();
        await page.ShouldHaveLoaded();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".message.answered .text")).ToContainTextAsync("we know of this fault");
        await page.ShouldHaveLoaded();

        await Do(page, "resolve", "Resolve");
        await Expect(page.Locator("#f-resolution select")).ToBeFocusedAsync();
    }

    /// <summary>From a field, out of which one has to step first: there a stroke is a letter.</summary>
    static async Task DoFromField(IPage page, string typed, string offered)
    {
        await page.Locator("h1").ClickAsync();
        await Do(page, typed, offered);
    }

    [Fact]
    public async Task The_palette_says_what_it_offers_and_goes_to_places_too()
    {
        var opened = await (await server.As(Role.Agent)).Open("Read aloud");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", Address(opened));
        await page.Keyboard.PressAsync("/");
        var input = Box(page);
        await Expect(page.Locator("#palette [role=option]").First).ToContainTextAsync("Action");
        (await input.GetAttributeAsync("aria-activedescendant")).ShouldBe(await Chosen(page).GetAttributeAsync("id"));
        var before = await Chosen(page).InnerTextAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Chosen(page)).Not.ToHaveTextAsync(before);
        (await input.GetAttributeAsync("aria-activedescendant")).ShouldBe(await Chosen(page).GetAttributeAsync("id"));
        await Expect(Chosen(page)).ToHaveCountAsync(1);
        await page.ShouldBeReadable("the palette");
        await page.SetViewportSizeAsync(1280, 800);

        await input.FillAsync("canned replies");
        await Expect(page.Locator("#palette [role=status]")).ToHaveTextAsync("Choices: 2"); // the place, and to search for it
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldArriveAt("**/macros");
        // Where nothing can be done, only places are offered.
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#palette [role=option]").First).ToContainTextAsync("Place");
    }

    [Fact]
    public async Task S2_The_palette_offers_nothing_that_one_may_not_do()
    {
        var opened = await (await server.As(Role.Agent)).Open("Only looked at");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", Address(opened));
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#palette [role=option]", new() { HasText = "Complete history" })).ToBeVisibleAsync();
        await Expect(page.Locator("#palette [role=option]", new() { HasText = "Reply" })).ToHaveCountAsync(0);
        await Expect(page.Locator("#palette [role=option]", new() { HasText = "Resolve" })).ToHaveCountAsync(0);
    }
}
