using System.Net;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>A9: canned replies are made, changed and retired on their pages, each change a version that stays.</summary>
public sealed class MacroPagesTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static readonly object English = new { en = "Hello {{requester.name}}, about {{ticket.number}}." };

    [Fact]
    public async Task A9_An_administrator_makes_changes_and_retires_a_canned_reply_and_every_version_can_be_read_without_a_script()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/macros");
        await page.Locator("summary").ClickAsync();
        await page.Locator("[name=id]").FillAsync("parcel-lost");
        await page.Locator("[name=name]").FillAsync("Parcel lost");
        await page.Locator("[name=reply-en]").FillAsync("Dear {{customer}}, we look for it.");
        await page.Locator("[name=reply-pl]").FillAsync("Szukamy paczki.");
        await page.Locator("[name=assign]").CheckAsync();
        await page.Locator("[name=tags]").FillAsync("parcel lost");
        await page.Locator("[name=wait]").SelectOptionAsync("ThirdParty");
        await page.Locator("#macro button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("{{customer}} is unknown");
        await Expect(page.Locator("[name=tags]")).ToHaveValueAsync("parcel lost"); // nobody types twice
        await Expect(page.Locator("[name=wait]")).ToHaveValueAsync("ThirdParty");
        await page.Locator("[name=reply-en]").FillAsync("Dear {{requester.name}}, we look for it.");
        await page.Locator("#macro button").ClickAsync();
        await page.ShouldArriveAt("**/macros/parcel-lost");
        await Expect(page.Locator("#shown")).ToContainTextAsync("+parcel, +lost");
        await Expect(page.Locator("#shown")).ToContainTextAsync("Szukamy paczki.");

        await page.Locator("summary").ClickAsync();
        await page.Locator("[name=reply-en]").FillAsync("We have found it.");
        await page.Locator("[name=wait]").SelectOptionAsync("");
        await page.Locator("[name=resolve]").SelectOptionAsync("Fixed");
        await page.Locator("#macro button").ClickAsync();
        await Expect(page.Locator("#shown")).ToContainTextAsync("We have found it.");
        await Expect(page.Locator("#shown")).ToHaveAttributeAsync("data-version", "2");
        await page.Locator("#versions a").Last.ClickAsync();
        await Expect(page.Locator("#shown")).ToContainTextAsync("Dear {{requester.name}}, we look for it.");
        await Expect(page.Locator("#shown")).ToHaveAttributeAsync("data-version", "1");

        var macro = (await (await server.As(Role.Agent)).Get("/api/organisation")).Json.GetProperty("macros").EnumerateArray().Single(m => m.GetProperty("id").GetString() == "parcel-lost");
        (macro.GetProperty("version").GetInt32(), macro.GetProperty("steps").GetRawText()).ShouldBe((2, """{"tags":["parcel","lost"],"resolve":"fixed","assignToMe":true}"""));

        await page.GotoAsync("/macros/parcel-lost");
        await page.Locator("summary").ClickAsync();
        await page.Locator("[name=retired]").CheckAsync();
        await page.Locator("#macro button").ClickAsync();
        await Expect(page.Locator("#shown")).ToContainTextAsync("retired");
        await page.GotoAsync("/macros");
        await Expect(page.Locator("[data-macro=parcel-lost]")).ToContainTextAsync("retired");
    }

    [Fact]
    public async Task A10_A_canned_reply_that_has_changed_since_it_was_seen_is_not_overwritten()
    {
        var admin = await server.As(Role.Administrator);
        (await admin.Put("/api/organisation/macros/twice", new { name = "Twice", replies = English }, 0)).ShouldBe(HttpStatusCode.Created);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/macros/twice");
        (await admin.Put("/api/organisation/macros/twice", new { name = "Meanwhile another", replies = English }, 1)).ShouldBe(HttpStatusCode.OK);
        await page.Locator("summary").ClickAsync();
        await page.Locator("[name=name]").FillAsync("Mine");
        await page.Locator("#macro button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has changed this");
        await Expect(page.Locator("h1")).ToContainTextAsync("Meanwhile another");
        await Expect(page.Locator("[name=name]")).ToHaveValueAsync("Mine");
        await page.Locator("#macro button").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Mine");
        await Expect(page.Locator("#shown")).ToHaveAttributeAsync("data-version", "3");
    }

    [Fact]
    public async Task S2_Who_answers_with_canned_replies_reads_them_from_the_ticket_and_changes_none()
    {
        var number = (await (await server.As(Role.Agent)).Open("Which reply")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{number}");
        await page.Locator(".macros a[href='/macros']").ClickAsync();
        await page.Locator("[data-macro=more-details] a").ClickAsync();
        await Expect(page.Locator("#shown")).ToContainTextAsync("needs-details");
        await Expect(page.Locator("#macro")).ToHaveCountAsync(0);
        await Expect(page.Locator("#versions li")).ToHaveCountAsync(1);
    }
}
