using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>R3, R5: on a ticket's page the privacy officer looks at what is hidden, agrees that somebody else does, and has it gone for good.</summary>
public sealed class RevealPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>"I got no ******** in May."</summary>
    async Task<(string Path, string Page, long Version)> Hidden()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var path = $"/api/tickets/{opened.Ticket}";
        var hidden = (await agent.Post($"{path}/redactions", new { passages = new[] { new { version = 1, field = "body", start = 9, length = 7 } }, reason = "A secret." }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        return (path, string.Create(CultureInfo.InvariantCulture, $"/tickets/{opened.Json.GetProperty("number").GetInt64()}"), hidden.Version);
    }

    static async Task Look(IPage page, string reason)
    {
        await page.Locator("#hidden form[action$='/reveal'] [name=reason]").FillAsync(reason);
        await page.Locator("#hidden form[action$='/reveal'] button").ClickAsync();
    }

    [Fact]
    public async Task R3_An_officer_looks_with_a_reason_and_sees_it_this_once_without_a_script()
    {
        var (_, address, _) = await Hidden();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "pia", address);
        await Expect(page.Locator("#hidden li")).ToHaveCountAsync(1);
        await Expect(page.Locator("#hidden li")).ToContainTextAsync("in this message");
        await Look(page, "   ");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has to be filled in");
        await Expect(page.Locator("#revealed")).ToHaveCountAsync(0);
        await Look(page, "The bank asks.");
        await Expect(page.Locator("#revealed .text")).ToHaveTextAsync("I got no invoice in May.");
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("I got no ******** in May.");
        await Expect(page.Locator("#story .event").Last).ToContainTextAsync("looked at what is hidden");
        await Expect(page.Locator("#story .event").Last).ToContainTextAsync("The bank asks.");
        await page.GotoAsync(address);
        await Expect(page.Locator("#hidden li")).ToHaveCountAsync(1);
        (await page.ContentAsync()).ShouldNotContain("no invoice in");
    }

    [Fact]
    public async Task R3_Only_those_with_the_right_are_offered_to_look()
    {
        var (_, address, _) = await Hidden();
        foreach (var role in new[] { Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.PrivacyOfficer })
            (await (await server.As(role)).Get(address)).ShouldBe(HttpStatusCode.OK).Text.Contains("id=\"hidden\"", StringComparison.Ordinal).ShouldBe(role is Role.PrivacyOfficer, $"{role}");
    }

    [Fact]
    public async Task R3_Where_a_second_person_has_to_agree_each_sees_what_waits_for_them()
    {
        var administrator = await server.As(Role.Administrator);
        (await administrator.Put("/api/organisation/privacy", new { revealNeedsSecondPerson = true }, 0)).ShouldBe(HttpStatusCode.Created);
        try
        {
            var (path, address, version) = await Hidden();
            var otto = await server.As(Role.PrivacyOfficer, "otto");
            async Task<Answer> OttoLooks() => await otto.Post($"{path}/reveals", new { version = 1, field = "body", reason = "The bank asks." }, version);
            version = (await OttoLooks()).ShouldBe(HttpStatusCode.Accepted).Version;

            await using var browser = await chromium.New(server.Address);
            var page = await ConsoleServer.SignIn(browser, "pia", address);
            await Expect(page.Locator("#hidden")).ToContainTextAsync("otto asked to look at it");
            await page.Locator("#hidden form[action$='/reveal-approval'] button").ClickAsync();
            await Expect(page.Locator("#story .event").Last).ToContainTextAsync("agreed to a look");
            await Expect(page.Locator("#hidden form[action$='/reveal-approval']")).ToHaveCountAsync(0);
            version = (await otto.Get(path)).Version;
            var seen = (await OttoLooks()).ShouldBe(HttpStatusCode.OK);
            seen.Json.GetProperty("text").GetString().ShouldBe("I got no invoice in May.");

            // And the other way round.
            await page.GotoAsync(address);
            await Look(page, "I have to know.");
            await Expect(page.Locator("#hidden")).ToContainTextAsync("You asked to look");
            await Expect(page.Locator("#revealed")).ToHaveCountAsync(0);
            version = (await otto.Get(path)).Version;
            (await otto.Post($"{path}/reveals/1/approval", new { field = "body", @for = "pia" }, version)).ShouldBe(HttpStatusCode.OK);
            await page.GotoAsync(address);
            await Expect(page.Locator("#hidden")).ToContainTextAsync("Another person has agreed");
            await Look(page, "I have to know.");
            await Expect(page.Locator("#revealed .text")).ToHaveTextAsync("I got no invoice in May.");
            await page.ShouldBeReadable("what was revealed");
        }
        finally
        {
            (await administrator.Put("/api/organisation/privacy", new { revealNeedsSecondPerson = false }, 1)).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task R3_What_is_hidden_in_a_text_goes_for_good_and_nothing_else_of_it()
    {
        var (path, address, version) = await Hidden();
        (await (await server.As(Role.Agent)).Post($"{path}/redactions", new { passages = new[] { new { version = 1, field = "body", start = 21, length = 3 } }, reason = "Another." }, version)).ShouldBe(HttpStatusCode.OK);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "pia", address);
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("I got no ******** in ********.");
        await page.Locator("#hidden summary").ClickAsync();
        await page.Locator("#hidden form[action$='/hidden-erasure'] [name=reason]").FillAsync("The customer asks.");
        await page.Locator("#hidden form[action$='/hidden-erasure'] [name=sure]").CheckAsync();
        await page.Locator("#hidden form[action$='/hidden-erasure'] button").ClickAsync();
        await Expect(page.Locator("#story .event").Last).ToContainTextAsync("erased passages for good");
        await Expect(page.Locator("#hidden")).ToHaveCountAsync(0);
        await Expect(page.Locator("#v1 .text")).ToContainTextAsync("I got no ");
        await Expect(page.Locator("#v1 .text")).ToContainTextAsync(" in ");
        var officer = await server.As(Role.PrivacyOfficer);
        (await officer.Post($"{path}/reveals", new { version = 1, field = "body", reason = "Is it gone?" }, (await officer.Get(path)).Version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("nothing_redacted");
    }

    [Fact]
    public async Task R5_On_legal_hold_nothing_is_offered_to_be_erased()
    {
        var (path, address, version) = await Hidden();
        var officer = await server.As(Role.PrivacyOfficer);
        (await officer.Get(address)).Text.ShouldContain("/hidden-erasure\"");
        (await officer.Post($"{path}/legal-holds", new { reason = "A case." }, version)).ShouldBe(HttpStatusCode.OK);
        (await officer.Get(address)).Text.ShouldNotContain("/hidden-erasure\"");
    }

    [Fact]
    public async Task R5_The_day_from_which_on_a_rule_may_take_a_ticket_is_set_on_its_page()
    {
        var (_, address, _) = await Hidden();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "pia", address);
        await page.Locator("summary", new() { HasText = "Set until when it is kept" }).ClickAsync();
        await page.Locator("#f-expiry [name=until]").FillAsync("2020-01-01");
        await page.Locator("#f-expiry [name=reason]").FillAsync("As agreed.");
        await page.Locator("#f-expiry button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose a later day");
        await Expect(page.Locator("#f-expiry [name=reason]")).ToHaveValueAsync("As agreed.");
        await page.Locator("#f-expiry [name=until]").FillAsync("2999-01-01");
        await page.Locator("#f-expiry button").ClickAsync();
        await Expect(page.Locator("#story .event").Last).ToContainTextAsync("set how long it is kept");
        await Expect(page.Locator("#f-expiry [name=until]")).ToHaveValueAsync("2999-01-01");
    }

    [Fact]
    public async Task R3_What_is_hidden_keeps_nobody_out_and_fits_a_phone()
    {
        var (_, address, _) = await Hidden();
        await using var browser = await chromium.New(server.Address, language: "pl-PL");
        var page = await ConsoleServer.SignIn(browser, "pia", address);
        await page.Locator("#hidden summary").ClickAsync();
        await page.ShouldBeReadable("what is hidden");
    }
}
