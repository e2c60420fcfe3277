using EventDesk.Domain.Access;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D1: a queue with its filters is kept under a name.</summary>
public sealed class SavedViewPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task D1_a_view_is_saved_opened_renamed_and_retired_in_the_queue()
    {
        await (await server.As(Role.Agent)).Open("Counted", product: "billing", language: "sv");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open?desk=billing%2Fsv");
        await page.Locator(".save-view summary").ClickAsync();
        await page.Locator(".save-view input[name=name]").FillAsync("Swedish bills");
        await page.Locator(".save-view button.primary").ClickAsync();
        var view = page.Locator("#queues a", new() { HasText = "Swedish bills" });
        await Expect(view).ToHaveAttributeAsync("aria-current", "page");
        await Expect(view.Locator("b")).ToHaveTextAsync("1");
        await page.GotoAsync("/queues/mine");
        await view.ClickAsync();
        await page.ShouldArriveAt("**/queues/open?desk=billing%2Fsv");
        await Expect(page.GetByText("Counted")).ToBeVisibleAsync();
        await page.ShouldBeReadable("a saved view");
        await page.Locator(".save-view summary").ClickAsync();
        await page.Locator(".save-view input[name=name]").FillAsync("Räkningar");
        await page.Locator(".save-view button.primary").ClickAsync();
        await Expect(page.Locator("#queues a", new() { HasText = "Räkningar" })).ToHaveCountAsync(1);
        await Expect(view).ToHaveCountAsync(0);
        await page.Locator(".save-view summary").ClickAsync();
        await page.Locator(".save-view form[action$='/retire'] button").ClickAsync();
        await page.ShouldArriveAt("**/queues/open");
        await Expect(page.Locator("#queues a", new() { HasText = "Räkningar" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task D1_a_shared_view_is_at_everybodys_side_and_changed_by_those_who_share()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/queues/waiting?line=l2");
        await page.Locator(".save-view summary").ClickAsync();
        await page.Locator(".save-view input[name=name]").FillAsync("Second line waits");
        await page.Locator(".save-view input[name=shared]").CheckAsync();
        await page.Locator(".save-view button.primary").ClickAsync();
        await Expect(page.Locator("#queues a", new() { HasText = "Second line waits" })).ToHaveCountAsync(1);
        await using var other = await chromium.New(server.Address);
        var theirs = await ConsoleServer.SignIn(other, "ann", "/queues/open");
        await theirs.Locator("#queues a", new() { HasText = "Second line waits" }).ClickAsync();
        await theirs.ShouldArriveAt("**/queues/waiting?line=l2");
        await Expect(theirs.Locator(".save-view form[action$='/retire']")).ToHaveCountAsync(0);
    }
}
