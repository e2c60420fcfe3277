using System.Net;
using System.Text.RegularExpressions;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What is done about an outage, on the console: say it, say how far it is, write down who was told.</summary>
public sealed class IncidentPagesTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A6_F5_An_outage_is_published_from_the_ticket_that_began_it_and_everybody_reads_it()
    {
        var (ticket, _) = await Outage("cloud", "down@example.com");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", $"/tickets/{ticket}");
        await page.GetByText("Part of an incident").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Cloud: incident");
        await Expect(page.Locator("#stands")).ToContainTextAsync("1 customer is owed word");
        await page.Locator("#publication textarea").FillAsync("Machines do not start. We are looking for the cause.");
        await page.Locator("#publication button").ClickAsync();
        await Expect(page.Locator("#stands")).ToContainTextAsync("on the status page");
        await Expect(page.Locator("#stands")).Not.ToContainTextAsync("owed");
        await Expect(page.Locator("#state option").First).ToHaveTextAsync("Identified");
        await page.Locator("#state button").ClickAsync();
        await Expect(page.Locator("#stands")).ToContainTextAsync("Identified");
        await Expect(page.Locator("#story li", new() { HasText = "Machines do not start." })).ToContainTextAsync(new Regex(@"cora\s*Machines do not start\.", RegexOptions.None, TimeSpan.FromSeconds(1))); // who, above what they said
        await page.Shoot("incident");

        await page.GetByText("See it on the status page").ClickAsync();
        await Expect(page.Locator(".components")).ToContainTextAsync("Cloud Identified");
        await Expect(page.Locator(".incident")).ToContainTextAsync("Machines do not start. We are looking for the cause.");
    }

    [Fact]
    public async Task A6_Who_is_still_owed_word_stands_first_and_is_written_down_once_told_and_a_stale_form_is_not_taken()
    {
        var (ticket, incident) = await Outage("mobile", "owed@example.com");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", "/incidents");
        var row = page.Locator($"#open ~ ul [data-incident='{incident}']");
        await Expect(row).ToContainTextAsync("1 customer is owed word");
        await page.Shoot("incidents");
        await row.Locator("a").ClickAsync();
        await page.Locator("#customers select").SelectOptionAsync("Phone");
        (await (await server.As(Role.Agent)).Post($"/api/incidents/{incident}/state", new { state = "monitoring" }, 1)).ShouldBe(HttpStatusCode.OK);
        await page.Locator("#customers button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has changed this");
        await page.Locator("#customers button").ClickAsync();
        await Expect(page.Locator("#customers")).ToContainTextAsync($"#{ticket}");
        await Expect(page.Locator("#customers")).ToContainTextAsync("told: Phone");
        await Expect(page.Locator("#customers form")).ToHaveCountAsync(0);
        await page.GotoAsync("/incidents");
        await Expect(row).Not.ToContainTextAsync("owed");

        await page.GotoAsync($"/incidents/{incident}");
        await page.Locator("#state select").SelectOptionAsync("Resolved");
        await page.Locator("#state button").ClickAsync();
        await Expect(page.GetByText("It is resolved and stays so")).ToBeVisibleAsync();
        await Expect(page.Locator("#publication, #state")).ToHaveCountAsync(0);
        await page.GotoAsync("/incidents");
        await Expect(row).ToHaveCountAsync(0);
        await Expect(page.Locator($"#past ~ ul [data-incident='{incident}']")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A6_S2_An_auditor_looks_and_is_offered_nothing_to_do_and_whom_it_is_not_for_finds_no_way_there()
    {
        var (_, incident) = await Outage("billing", "watched@example.com");
        await using (var browser = await chromium.New(server.Address))
        {
            var page = await ConsoleServer.SignIn(browser, "abe", $"/incidents/{incident}");
            await Expect(page.Locator("#customers")).ToContainTextAsync("not told yet");
            await Expect(page.Locator("main form")).ToHaveCountAsync(0);
            await page.ShouldBeReadable("/incidents/{incident}, an auditor");
        }
        await using (var browser = await chromium.New(server.Address))
        {
            var page = await ConsoleServer.SignIn(browser, "ann", $"/incidents/{incident}");
            await Expect(page.Locator("nav.places [aria-current=page]")).ToHaveTextAsync("Incidents");
            await page.ShouldBeReadable("/incidents/{incident}, an agent");
            await page.Shoot("incident-phone");
        }
        await using (var browser = await chromium.New(server.Address))
        {
            var page = await ConsoleServer.SignIn(browser, "ana");
            await Expect(page.Locator("nav.places a[href='/incidents']")).ToHaveCountAsync(0);
        }
    }

    /// <summary>A ticket of severity 1 of a product that no other test here has an incident of.</summary>
    async Task<(long Number, string Incident)> Outage(string product, string email)
    {
        var agent = await server.As(Role.Agent);
        var opened = (await agent.Post("/api/tickets", new { product, language = "en", channel = "api", requester = new { email }, subject = "All down", body = "Nothing works.", severity = "critical" }))
            .ShouldBe(HttpStatusCode.Created);
        var incident = (await agent.Get("/api/incidents?open=true")).Json.GetProperty("incidents").EnumerateArray().Single(i => i.GetProperty("product").GetString() == product);
        return (opened.Json.GetProperty("number").GetInt64(), incident.GetProperty("id").GetString()!);
    }
}
