using EventDesk.Domain.Access;
using EventDesk.Testing;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D4: people find tickets by their words.</summary>
public sealed class SearchPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    async Task<long> Written(string subject, string body)
    {
        var agent = await server.As(Role.Agent);
        var number = (await agent.Open(subject)).Json.GetProperty("number").GetInt64();
        (await agent.Post($"/api/tickets/{number}/notes", new { body }, 3)).ShouldBe(System.Net.HttpStatusCode.OK);
        await Eventually.Be(async () => (await agent.Get($"/api/search?q={Uri.EscapeDataString(body)}")).Text.Contains($"\"number\":{number}", StringComparison.Ordinal), "read by the search");
        return number;
    }

    [Fact]
    public async Task D4_a_ticket_is_found_from_the_field_at_the_top_and_its_note_is_opened()
    {
        var number = await Written("Parcel from Lima", "The condor was left at the door");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await page.Locator(".find input").FillAsync("condors door");
        await page.Locator(".find input").PressAsync("Enter");
        await page.ShouldArriveAt("**/search?q=condors+door");
        var hit = page.Locator("#hits li");
        await Expect(hit).ToHaveCountAsync(1);
        await Expect(hit.Locator(".subject")).ToHaveTextAsync("Parcel from Lima");
        await Expect(hit.Locator("mark")).ToHaveTextAsync(["condor", "door"]);
        await hit.Locator(".facts a").ClickAsync();
        await page.ShouldArriveAt($"**/tickets/{number}#v4");
        await Expect(page.Locator("#v4")).ToContainTextAsync("The condor was left at the door");
    }

    [Fact]
    public async Task D4_the_palette_searches_for_what_is_typed()
    {
        await Written("Toucan", "of the palette");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await page.Keyboard.PressAsync("/");
        await page.Locator("#palette input").FillAsync("toucan");
        await page.Locator("#palette input").PressAsync("Enter");
        await page.ShouldArriveAt("**/search?q=toucan");
        await Expect(page.Locator("#hits .subject")).ToHaveTextAsync("Toucan");
    }

    [Fact]
    public async Task D4_what_finds_nothing_or_cannot_be_searched_for_is_said()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/search?q=nothingofthekind");
        await Expect(page.Locator(".empty")).ToContainTextAsync("Nothing found");
        await page.GotoAsync("/search?q=-only");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("a word that has to be there");
        await Expect(page.Locator("main input[name=q]")).ToHaveValueAsync("-only");
    }

    [Fact]
    public async Task D4_what_a_ticket_says_stays_text_where_it_is_found()
    {
        await Written("<b>Quetzal</b>", "<script>alert(1)</script> quetzal");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/search?q=quetzal");
        await Expect(page.Locator("#hits .subject")).ToHaveTextAsync("<b>Quetzal</b>");
        await Expect(page.Locator("#hits .snippet")).ToHaveTextAsync("<script>alert(1)</script> quetzal");
    }
}
