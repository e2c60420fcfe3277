using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D1: every key can be found out, and none does anything behind the list of them.</summary>
public sealed class KeysTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static ILocator Keys(IPage page) => page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });

    static ILocator Row(IPage page, string key) => Keys(page).Locator("dt").Filter(new() { Has = page.GetByText(key, new() { Exact = true }) }).Locator("+ dd");

    [Fact]
    public async Task D1_The_keys_of_a_queue_are_told_once_and_do_nothing_behind_the_list()
    {
        await (await server.As(Role.Agent)).Open("Walked over");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await Expect(page.Locator(".ticket").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(Keys(page)).ToBeVisibleAsync();
        (await Keys(page).Locator("dt, dd").AllInnerTextsAsync()).Chunk(2).Select(row => (row[0], row[1])).ShouldBe(
            [("j / k", "move"), ("o", "open"), ("x", "mark"), ("?", "all keys"), ("n", "Take the next"), ("c", "New ticket"), ("b", "With these…"), ("/", "Go to…")], ignoreOrder: true);
        await page.ShouldBeReadable("the keys");
        await page.SetViewportSizeAsync(1280, 800);

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator(".ticket.at")).ToHaveCountAsync(0);
        await Expect(page.Locator("#palette")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(".ticket.at")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task D1_The_keys_of_a_ticket_are_its_own_and_wait_until_the_list_is_closed()
    {
        var number = (await (await server.As(Role.Agent)).Open("Worked on")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{number}");
        await page.Keyboard.PressAsync("?");
        await Expect(Row(page, "r")).ToHaveTextAsync("Answer the customer");
        await Expect(Row(page, "n")).ToHaveTextAsync("Internal note");
        await Expect(Row(page, "h")).ToHaveTextAsync("Hide a text");
        await Expect(Keys(page)).Not.ToContainTextAsync("j"); // there is nothing to walk over
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("#f-note")).ToBeHiddenAsync();
        await Keys(page).GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(Keys(page)).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("#f-note textarea")).ToBeFocusedAsync();
    }
}
