using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>The opening hours are for everybody; whoever is signed in does not leave the console to read them.</summary>
public sealed class HoursPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B2_Who_is_signed_in_reads_the_hours_inside_the_console_and_everybody_else_in_the_portals_look(bool script)
    {
        await using var browser = await chromium.New(server.Address, script: script);
        var anyone = await browser.NewPageAsync();
        var published = (await anyone.GotoAsync("/hours?product=cloud"))!;
        published.Headers["cache-control"].ShouldContain("public");
        published.Headers["vary"].ShouldContain("Cookie");
        await Expect(anyone.Locator("h1")).ToHaveTextAsync("Opening hours");
        await Expect(anyone.Locator(".places a")).ToHaveTextAsync(["Your tickets", "Hours", "Status"]);
        await Expect(anyone.Locator(".places a[href='/hours']")).ToHaveAttributeAsync("aria-current", "page");
        await Expect(anyone.Locator(".who")).ToHaveCountAsync(0);
        var desks = await anyone.Locator("article").CountAsync();

        var page = await ConsoleServer.SignIn(browser, "ann");
        (await page.GotoAsync("/hours?product=cloud"))!.Headers["cache-control"].ShouldBe("no-store");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Opening hours");
        await Expect(page.Locator(".places a[href='/queues']")).ToBeVisibleAsync();
        (await page.Locator("article").CountAsync()).ShouldBe(desks);
        await page.Locator(".hours nav a", new() { HasText = "Polski" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Godziny pracy");
        await Expect(page.Locator(".who")).ToHaveTextAsync("ann");

        await page.GotoAsync("/settings?language=es&back=/hours");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Horario de atención");
        await page.Locator("form[action='/sign-out'] button").ClickAsync();
        await page.GotoAsync("/hours");
        await Expect(page.Locator(".who")).ToHaveCountAsync(0);
        await Expect(page.Locator(".places a[href='/portal']")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task B2_A_customer_who_is_signed_in_keeps_the_portal_and_a_token_opens_what_everybody_sees()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "hours@example.com");
        await page.GotoAsync("/hours");
        await Expect(page.Locator(".places a[href='/hours']")).ToHaveAttributeAsync("aria-current", "page");
        var program = (await (await server.As(Role.Agent)).Get("/hours")).ShouldBe(HttpStatusCode.OK);
        program.Text.ShouldBe((await new Api(server.Http, null).Get("/hours")).Text);
        (await new Api(server.Http, "edk_" + new string('A', 43)).Get("/hours")).ShouldBe(HttpStatusCode.OK);
    }
}
