using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>A1: who works at the desk opens a ticket for a customer who called or wrote.</summary>
public sealed class OpeningPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static async Task Fill(IPage page, string email, string subject, string body)
    {
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#desk").SelectOptionAsync("billing/en");
        await page.Locator("#subject").FillAsync(subject);
        await page.Locator("#body").FillAsync(body);
    }

    [Fact]
    public async Task A1_An_agent_opens_a_ticket_for_a_customer_who_wrote_without_a_script()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await page.GetByRole(AriaRole.Link, new() { Name = "New ticket" }).ClickAsync();
        await Fill(page, "nora@example.com", "The printer burns", "It began at nine.");
        await page.Locator("#name").FillAsync("Nora Nowak");
        await page.Locator("#channel").SelectOptionAsync("Email");
        await page.Locator("#severity").SelectOptionAsync("High");
        await page.Locator("#contract").SelectOptionAsync("vip");
        await page.Locator("#field-topic").SelectOptionAsync("outage");
        await page.Locator("#open > button").ClickAsync();
        await page.ShouldArriveAt("**/tickets/*");
        await Expect(page.Locator("h1")).ToContainTextAsync("The printer burns");
        await Expect(page.Locator(".requester")).ToContainTextAsync("Nora Nowak");
        await Expect(page.Locator("#v1")).ToContainTextAsync("written down by ann");

        var opened = (await (await server.As(Role.Auditor)).Get($"/api{new Uri(page.Url).AbsolutePath}/events")).Json.GetProperty("events")[0];
        opened.GetProperty("actor").GetProperty("id").GetString().ShouldBe("ann");
        var data = opened.GetProperty("data");
        (data.GetProperty("product").GetString(), data.GetProperty("channel").GetString(), data.GetProperty("severity").GetString(), data.GetProperty("contract").GetString())
            .ShouldBe(("billing", "email", "high", "vip"));
        data.GetProperty("fields").GetProperty("topic").GetString().ShouldBe("outage");
    }

    [Fact]
    public async Task R2_A_key_leads_to_the_form_which_names_what_should_not_be_written_while_one_types()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "cora", "/queues/open");
        await page.Keyboard.PressAsync("c");
        await page.ShouldArriveAt("**/tickets/new");
        (await page.Locator("#desk").InputValueAsync()).ShouldEndWith("/en"); // the reader's language, not the first of all desks
        await Fill(page, "olaf@example.com", "Payment", "The card is 4111 1111 1111 1111.");
        await Expect(page.Locator("form-hints [role=status]")).ToContainTextAsync("a card number");
        await page.Locator("#body").FillAsync("The card is not taken.");
        await Expect(page.Locator("form-hints [role=status]")).ToBeEmptyAsync();
        await page.Locator("#open > button").ClickAsync();
        await page.ShouldArriveAt("**/tickets/*");
        await Expect(page.Locator("#v1 .text")).ToHaveTextAsync("The card is not taken.");
        // Without a name it is still the customer who asked, whoever wrote it down.
        await Expect(page.Locator("#v1 .by")).ToContainTextAsync("Customer asked · written down by cora");
    }

    [Fact]
    public async Task The_palette_leads_to_the_form_from_anywhere()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/incidents");
        await page.Keyboard.PressAsync("/");
        await page.GetByRole(AriaRole.Combobox).FillAsync("new ticket");
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldArriveAt("**/tickets/new");
    }

    [Fact]
    public async Task A1_What_is_wrong_is_said_at_its_field_and_nobody_types_twice()
    {
        const string Tickets = "select count(*) from mt_events where type = 'ticket_opened'";
        var before = await server.Scalar(Tickets);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", "/tickets/new");
        await Fill(page, "pat@example.com", "   ", "I wrote this at length.");
        await page.Locator("#severity").SelectOptionAsync("Defect");
        await page.Locator("#open > button").ClickAsync();
        await Expect(page.Locator("#subject-wrong")).ToHaveTextAsync("This has to be filled in.");
        await Expect(page.Locator("#body")).ToHaveValueAsync("I wrote this at length.");
        await Expect(page.Locator("#desk")).ToHaveValueAsync("billing/en");
        await Expect(page.Locator("#severity")).ToHaveValueAsync("Defect");
        (await server.Scalar(Tickets)).ShouldBe(before);

        await page.Locator("#subject").FillAsync("At last");
        await page.Locator("#open > button").ClickAsync();
        await page.ShouldArriveAt("**/tickets/*");
        (await server.Scalar(Tickets)).ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("channel", "Import", HttpStatusCode.BadRequest)]
    [InlineData("channel", "Pigeon", HttpStatusCode.BadRequest)]
    [InlineData("contract", "no-such", HttpStatusCode.Conflict)]
    [InlineData("desk", "billing/xx", HttpStatusCode.Conflict)]
    public async Task A1_What_the_form_does_not_offer_is_not_taken(string field, string value, HttpStatusCode status)
    {
        var again = (await Send(null, (field, value))).ShouldBe(status).Text;
        again.ShouldContain($"id=\"{field}-wrong\"");
        again.ShouldContain("I wrote this at length.</textarea>");
    }

    [Fact]
    public async Task S2_A_ticket_is_opened_only_at_the_desks_within_reach()
    {
        var polish = await server.As(Role.Agent, "ola", ["mobile/pl"], [SupportLine.L1]);
        var form = (await polish.Get("/tickets/new")).ShouldBe(HttpStatusCode.OK).Text;
        form.ShouldContain("<option value=\"mobile/pl\"");
        form.ShouldNotContain("<option value=\"billing/en\"");
        (await Send(["mobile/pl"], ("desk", "billing/en"))).ShouldBe(HttpStatusCode.Forbidden).Text.ShouldContain("id=\"desk-wrong\"");
        (await Send(["mobile/pl"], ("desk", "mobile/pl"))).ShouldBe(HttpStatusCode.SeeOther);
        (await (await server.As(Role.Manager)).Get("/queues/open")).Text.ShouldNotContain("/tickets/new");
    }

    [Fact]
    public async Task A10_A_form_that_is_sent_twice_opens_one_ticket()
    {
        var once = ("once", Guid.CreateVersion7().ToString("N"));
        var first = (await Send(null, once)).ShouldBe(HttpStatusCode.SeeOther).Headers["Location"];
        (await Send(null, once)).ShouldBe(HttpStatusCode.SeeOther).Headers["Location"].ShouldBe(first);
    }

    /// <summary>The form as an agent of these desks sends it, with this in it instead of what stands there.</summary>
    async Task<Answer> Send(string[]? desks, (string Field, string Value) changed)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Address) };
        var agent = new Api(http, await server.Issue(new("olga", [Role.Agent], TimeSpan.FromDays(1), desks)));
        Dictionary<string, string> fields = new()
        {
            ["desk"] = "billing/en", ["channel"] = "Phone", ["email"] = "quinn@example.com", ["subject"] = "My subject", ["body"] = "I wrote this at length.",
        };
        fields[changed.Field] = changed.Value;
        using var form = new FormUrlEncodedContent(fields);
        return await agent.Send(HttpMethod.Post, "/tickets/new", form);
    }
}
