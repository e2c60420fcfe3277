using System.Net;
using System.Xml.Linq;
using EventDesk.Domain.Access;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>How things stand, for everybody.</summary>
public sealed class StatusTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task F5_A_published_incident_stands_on_the_status_page_and_in_its_feed_and_nobodys_ticket_does()
    {
        var agent = await server.As(Role.Agent);
        (await agent.Post("/api/tickets", new
        {
            product = "cloud", language = "en", channel = "api", requester = new { email = "quiet@example.com" }, subject = "Secret subject", body = "All down.", severity = "critical",
        })).ShouldBe(HttpStatusCode.Created);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await browser.NewPageAsync();
        (await page.GotoAsync("/status"))!.Headers["cache-control"].ShouldBe("public, max-age=60");
        await Expect(page.Locator(".incident")).ToHaveCountAsync(0); // it is nobody's business until somebody publishes it
        await Expect(page.Locator("h1")).ToHaveTextAsync("Everything works");

        var row = (await agent.Get("/api/incidents")).Json.GetProperty("incidents")[0];
        var (id, version) = (row.GetProperty("id").GetString(), row.GetProperty("version").GetInt64());
        (await agent.Post($"/api/incidents/{id}/publication", new { message = "Machines do not start.\uFFFE" }, version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Post($"/api/incidents/{id}/state", new { state = "identified" }, version + 1)).ShouldBe(HttpStatusCode.OK);
        await page.ReloadAsync();
        await Expect(page.Locator(".components")).ToContainTextAsync("Cloud Identified");
        await Expect(page.Locator(".incident .steps li")).ToHaveCountAsync(3);
        await Expect(page.Locator(".incident")).ToContainTextAsync("Machines do not start.");

        var answer = await server.Http.GetAsync("/status/feed.atom");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/atom+xml");
        var text = await answer.Content.ReadAsStringAsync();
        var entry = XDocument.Parse(text).Root!.Elements(Atom + "entry").ShouldHaveSingleItem();
        entry.Element(Atom + "id")!.Value.ShouldBe($"urn:uuid:{id}");
        entry.Element(Atom + "title")!.Value.ShouldBe("Cloud: Identified");
        entry.Element(Atom + "content")!.Value.ShouldContain("Machines do not start.");
        foreach (var public_ in (string[])[text, await page.ContentAsync()])
        {
            public_.ShouldNotContain("Secret subject");
            public_.ShouldNotContain("quiet@example.com");
        }

        (await agent.Post($"/api/incidents/{id}/state", new { state = "resolved" }, version + 2)).ShouldBe(HttpStatusCode.OK);
        await page.ReloadAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Everything works");
        await Expect(page.Locator(".incident")).ToContainTextAsync("Resolved");
    }
}
