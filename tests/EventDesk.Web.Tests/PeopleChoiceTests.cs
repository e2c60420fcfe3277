using System.Net;
using EventDesk.Domain.Access;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>Nobody has to know by heart what their colleagues are called.</summary>
public sealed class PeopleChoiceTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task D1_Who_assigns_a_ticket_is_offered_the_agents_those_of_its_desk_first_and_can_type_another()
    {
        var opened = await (await server.As(Role.Agent)).Open("Whose is it", product: "mobile", language: "pl");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", $"/tickets/{opened.Json.GetProperty("number").GetInt64()}");
        var offered = page.Locator("#f-assignment datalist option");
        var teams = await offered.AllTextContentsAsync();
        var here = teams.TakeWhile(t => t.Contains("mobile/pl", StringComparison.Ordinal)).Count();
        (here > 0 && here < teams.Count).ShouldBeTrue(string.Join(" | ", teams));
        teams.Skip(here).ShouldAllBe(t => !t.Contains("mobile/pl"));
        (await page.Locator("#f-assignment [name=agent]").GetAttributeAsync("list")).ShouldBe(await page.Locator("#f-assignment datalist").GetAttributeAsync("id"));

        var first = (await offered.First.GetAttributeAsync("value"))!;
        await page.Locator("summary", new() { HasText = "Assign" }).First.ClickAsync();
        await page.ShootBoth("assigning");
        await page.Locator("#f-assignment [name=agent]").FillAsync(first);
        await page.Locator("#f-assignment button").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync(first);
        await page.Locator("summary", new() { HasText = "Assign" }).First.ClickAsync();
        await page.Locator("#f-assignment [name=agent]").FillAsync("somebody-else");
        await page.Locator("#f-assignment button").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("somebody-else");
    }

    [Theory]
    [InlineData("/queues/open", Role.Agent)]
    [InlineData("/bulk?t=1", Role.Agent)]
    [InlineData("/reports/csat", Role.Coordinator)]
    public async Task P1_A_list_of_agents_offers_those_within_reach_and_nobody_else(string address, Role role)
    {
        (await Offered(address, role, null)).ShouldContain("ann");
        var polish = await Offered(address, role, ["mobile/pl"]);
        polish.ShouldNotBeEmpty();
        polish.ShouldNotContain("ann");
    }

    [Fact]
    public async Task A9_Who_assigns_many_tickets_comes_first_in_the_list()
    {
        var last = (await Offered("/bulk?t=1", Role.Agent, null))[^1];
        Values((await (await server.As(Role.Agent, last)).Get("/bulk?t=1")).ShouldBe(HttpStatusCode.OK).Text)[0].ShouldBe(last);
    }

    async Task<string[]> Offered(string address, Role role, string[]? desks) =>
        Values((await (await server.As(role, "wanda", desks)).Get(address)).ShouldBe(HttpStatusCode.OK).Text);

    static string[] Values(string page)
    {
        var list = page[page.IndexOf("<datalist", StringComparison.Ordinal)..page.IndexOf("</datalist>", StringComparison.Ordinal)];
        return [.. list.Split("<option value=\"").Skip(1).Select(o => o[..o.IndexOf('"', StringComparison.Ordinal)])];
    }
}
