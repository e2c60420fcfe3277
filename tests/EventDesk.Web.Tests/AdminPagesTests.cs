using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using EventDesk.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What administrators do on their pages.</summary>
public sealed class AdminPagesTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task S4_An_administrator_sees_who_lacks_a_training_and_records_it_and_then_they_may_work()
    {
        var admin = await server.As(Role.Administrator);
        (await admin.Post("/api/people", new { handle = "nora", userName = "nora@example.com", name = "Nora", access = new { roles = new[] { "agent" }, desks = new[] { "*" }, lines = new[] { "l1" } } }))
            .ShouldBe(HttpStatusCode.Created);
        var token = (await admin.Post("/api/tokens", new { name = "nora", roles = new[] { "agent" } })).ShouldBe(HttpStatusCode.Created).Json.GetProperty("text").GetString()!;
        var nora = admin.With(token);
        (await nora.Get("/api/queues")).Status.ShouldBe(HttpStatusCode.Forbidden);

        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/people?role=agent&lacking=yes");
        await Expect(page.Locator("[data-person=nora]")).ToContainTextAsync("ticket-work: missing");
        await Expect(page.Locator("[data-person=ann]")).ToHaveCountAsync(0);
        await page.Locator("[data-person=nora] a").ClickAsync();
        foreach (var training in (string[])["privacy", "ticket-work"])
        {
            await page.Locator("#train input[name=training]").FillAsync(training);
            await page.Locator("#train button").ClickAsync();
            await Expect(page.Locator($"[data-training={training}]")).ToContainTextAsync(": valid");
        }
        await Expect(page.Locator("#history")).ToContainTextAsync("Training completed: ticket-work");
        await Eventually.Be(async () => (await nora.Get("/api/queues")).Status == HttpStatusCode.OK, "who was taught may work");
        await page.GotoAsync("/people?role=agent&lacking=yes");
        await Expect(page.Locator("[data-person=nora]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task S4_Access_that_somebody_else_has_changed_meanwhile_is_not_overwritten_and_what_was_ticked_stays()
    {
        var admin = await server.As(Role.Administrator);
        var made = (await admin.Post("/api/people", new { handle = "otto", userName = "otto@example.com" })).ShouldBe(HttpStatusCode.Created);
        var id = made.Json.GetProperty("id").GetString();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", $"/people/{id}");
        (await admin.Put($"/api/people/{id}/access", new { roles = new[] { "analyst" } }, made.Json.GetProperty("version").GetInt64())).ShouldBe(HttpStatusCode.OK);
        await page.Locator("#access input[value=auditor]").CheckAsync();
        await page.Locator("#access button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has changed this");
        await Expect(page.Locator("#access input[value=auditor]")).ToBeCheckedAsync();
        await page.Locator("#access button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        (await admin.Get($"/api/people/{id}")).Json.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["auditor"]);
    }

    [Fact]
    public async Task S3_A_token_is_shown_once_opens_what_it_may_and_is_revoked()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/tokens");
        await page.Locator("summary").ClickAsync();
        await page.Locator("#issue input[name=name]").FillAsync("nightly-report");
        await page.Locator("#issue button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("at least one role");
        await Expect(page.Locator("#issue input[name=name]")).ToHaveValueAsync("nightly-report");
        await page.Locator("#issue input[name=roles][value=agent]").CheckAsync();
        await page.Locator("#issue button").ClickAsync();
        var text = await page.Locator("#issued #text").InnerTextAsync();
        var program = new Api(server.Http, text);
        (await program.Get("/api/queues")).Status.ShouldBe(HttpStatusCode.OK);
        await page.GotoAsync("/tokens?all=yes");
        await Expect(page.Locator("body")).Not.ToContainTextAsync(text);
        await page.Locator("[data-name=nightly-report] button").ClickAsync();
        await Eventually.Be(async () => (await program.Get("/api/queues")).Status == HttpStatusCode.Unauthorized, "a revoked token opens nothing");
        await Expect(page.Locator("[data-name=nightly-report]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task S3_A_form_that_is_sent_again_by_loading_its_answer_anew_issues_no_second_token()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/tokens");
        await page.Locator("summary").ClickAsync();
        await page.Locator("#issue input[name=name]").FillAsync("sent-twice");
        await page.Locator("#issue input[name=roles][value=agent]").CheckAsync();
        await page.Locator("#issue button").ClickAsync();
        var text = await page.Locator("#issued #text").InnerTextAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("#issued")).ToContainTextAsync("sent before: the token for sent-twice");
        await Expect(page.Locator("body")).Not.ToContainTextAsync(text);
        await Expect(page.Locator("[data-name=sent-twice]")).ToHaveCountAsync(1);
        (await new Api(server.Http, text).Get("/api/queues")).Status.ShouldBe(HttpStatusCode.OK);

        // Filled in anew, it is another one; so is the same again, asked for on purpose.
        await page.Locator("summary").ClickAsync();
        await page.Locator("#issue input[name=name]").FillAsync("sent-twice");
        await page.Locator("#issue input[name=roles][value=agent]").CheckAsync();
        await page.Locator("#issue button").ClickAsync();
        await Expect(page.Locator("#issued #text")).Not.ToHaveTextAsync(text);
        await Expect(page.Locator("[data-name=sent-twice]")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task B2_A_calendar_is_changed_by_a_form_and_the_published_hours_show_it()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=calendars");
        await page.Locator("[data-part='calendar/pl'] a").ClickAsync();
        await page.Locator("input[name=saturday]").FillAsync("09:00-11:00, 12:00-13:30");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("[data-part='calendar/pl']")).ToContainTextAsync("09:00-11:00, 12:00-13:30");
        await Expect(page.Locator("[data-part='calendar/pl']")).ToContainTextAsync("Version 2");
        (await Saturday("billing/pl")).ShouldBe(["09:00-11:00", "12:00-13:30"]);
    }

    [Fact]
    public async Task B2_Intervals_that_overlap_are_refused_with_the_message_and_nothing_typed_is_lost()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=calendar/de");
        await page.Locator("input[name=saturday]").FillAsync("09:00-12:00, 11:00-13:00");
        await page.Locator("textarea[name=holidays]").FillAsync("2026-12-25\n2027-05-03");
        await page.Locator("#part button").ClickAsync();
        var api = await (await server.As(Role.Administrator)).Put("/api/organisation/calendars/de", new { zone = "Europe/Berlin", week = new { saturday = new[] { "09:00-12:00", "11:00-13:00" } } }, 1);
        api.Status.ShouldBe(HttpStatusCode.Conflict);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(api.Json.GetProperty("detail").GetString()!);
        await Expect(page.Locator("input[name=saturday]")).ToHaveValueAsync("09:00-12:00, 11:00-13:00");
        await Expect(page.Locator("textarea[name=holidays]")).ToHaveValueAsync("2026-12-25\n2027-05-03");
        (await Saturday("billing/de")).ShouldBeEmpty();
    }

    [Fact]
    public async Task B2_A_calendar_that_has_changed_since_it_was_seen_is_not_overwritten()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=calendar/fi");
        (await (await server.As(Role.Administrator)).Put("/api/organisation/calendars/fi", new { zone = "UTC+02:00", week = new { saturday = new[] { "10:00-12:00" } } }, 1)).ShouldBe(HttpStatusCode.OK);
        await page.Locator("input[name=saturday]").FillAsync("08:00-09:00");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has changed this");
        await Expect(page.Locator("input[name=saturday]")).ToHaveValueAsync("08:00-09:00");
        (await Saturday("billing/fi")).ShouldBe(["10:00-12:00"]);
    }

    async Task<IEnumerable<string>> Saturday(string desk)
    {
        var hours = (await (await server.As(Role.Agent)).Get("/api/hours")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("desks").EnumerateArray();
        var week = hours.Single(d => d.GetProperty("desk").GetString() == desk).GetProperty("week");
        return week.TryGetProperty("saturday", out var open) ? [.. open.EnumerateArray().Select(i => i.GetString()!)] : [];
    }

    [Theory]
    [InlineData("ann", "/people")]
    [InlineData("mia", "/people")]
    [InlineData("ann", "/tokens")]
    [InlineData("mia", "/organisation/edit?of=calendar/en")]
    public async Task S2_Who_is_no_administrator_is_refused(string who, string address)
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, who);
        (await page.GotoAsync(address))!.Status.ShouldBe(403);
        await Expect(page.Locator($".places a[href='{address}']")).ToHaveCountAsync(0);
    }
}
