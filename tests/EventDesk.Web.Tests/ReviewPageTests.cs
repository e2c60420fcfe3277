using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using EventDesk.Service.Views;
using EventDesk.Testing;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>E2: every comment is read by someone, from a list that begins with the one that waits longest.</summary>
public sealed class ReviewPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    const string List = "/api/feedback-reviews?limit=200";

    /// <summary>A resolved ticket that was rated, once its comment is in the list.</summary>
    async Task<(Guid Ticket, long Number)> Commented(int rating, string comment)
    {
        var (agent, kim) = (await server.As(Role.Agent), await server.As(Role.Customer, "kim"));
        var opened = await agent.Open(email: "kim@example.com");
        var path = $"/api/tickets/{opened.Ticket}";
        var resolved = (await agent.Post($"{path}/resolution", new { resolution = "answered" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        (await kim.Post($"{path}/feedback", new { rating, comment }, resolved.Version)).ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () => await Waiting(await server.As(Role.Coordinator), opened.Ticket) is not null, "the comment waits");
        return (opened.Ticket, opened.Json.GetProperty("number").GetInt64());
    }

    static async Task<JsonElement?> Waiting(Api who, Guid ticket) => (await who.Get(List)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("comments").EnumerateArray()
        .Where(c => c.GetProperty("ticket").GetGuid() == ticket).Cast<JsonElement?>().SingleOrDefault();

    /// <summary>Ratings with a comment, and of those the reviewed ones.</summary>
    async Task<(long Commented, long Reviewed)> Counted()
    {
        var list = (await (await server.As(Role.Coordinator)).Get(List)).ShouldBe(HttpStatusCode.OK).Json;
        return (list.GetProperty("commented").GetInt64(), list.GetProperty("reviewed").GetInt64());
    }

    [Fact]
    public async Task E2_Comments_are_reviewed_from_a_list_that_begins_with_the_oldest_without_a_script()
    {
        var ((first, number), (_, later)) = (await Commented(2, "It took a week."), await Commented(5, "Thank you!"));
        var (comments, reviewed) = await Counted();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", "/reports");
        await page.Locator(".cards a[href='/reports/comments']").ClickAsync();
        var (row, rows) = (page.Locator($"#c-{number}"), page.Locator(".comments > li"));
        await Expect(row.Locator("blockquote")).ToHaveTextAsync("It took a week.");
        await Expect(row).ToContainTextAsync("2 of 5");
        await Expect(row).ToContainTextAsync("waits for");
        var order = await rows.EvaluateAllAsync<string[]>("all => all.map(r => r.id)");
        Array.IndexOf(order, $"c-{number}").ShouldBeLessThan(Array.IndexOf(order, $"c-{later}"));
        await Expect(page.Locator("#coverage")).ToContainTextAsync($"{reviewed} of {comments} comments are reviewed");
        await Expect(page.Locator("#coverage")).ToContainTextAsync("The oldest has waited for");

        await row.Locator("[name=category]").FillAsync("much too late");
        await row.Locator("[name=reason]").FillAsync("Call them back.");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"#{number}: Only letters, digits");
        await Expect(row.Locator("[name=reason]")).ToHaveValueAsync("Call them back."); // nobody types twice
        await row.Locator("[name=category]").FillAsync("late-answer");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        // At once, however far behind what reports count is.
        await Expect(page.Locator("#reviewed")).ToContainTextAsync($"{number}");
        await Expect(row).ToHaveCountAsync(0);
        await Expect(page.Locator($"#c-{later}")).ToBeVisibleAsync();
        await Expect(page.Locator("#coverage")).ToContainTextAsync($"{reviewed + 1} of {comments} comments are reviewed");

        var data = (await (await server.As(Role.Auditor)).Get($"/api/tickets/{first}/events")).Json.GetProperty("events").EnumerateArray().Last(e => e.GetProperty("type").GetString() == "feedback_reviewed").GetProperty("data");
        (data.GetProperty("category").GetString(), data.GetProperty("action").GetString()).ShouldBe(("late-answer", "Call them back."));
    }

    [Fact]
    public async Task E2_The_word_that_was_used_before_is_offered_and_the_coverage_is_that_of_the_report()
    {
        var (ticket, number) = await Commented(4, "Not bad.");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "mia", "/reports/comments");
        await page.Locator($"#c-{number} [name=category]").FillAsync("praise");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#reviewed")).ToBeVisibleAsync();
        var manager = await server.As(Role.Manager);
        (await Waiting(manager, ticket)).ShouldBeNull();
        await Eventually.Be(async () => (await manager.Get("/reports/comments")).Text.Contains("<option value=\"praise\">", StringComparison.Ordinal), "the word is offered");
        var (comments, reviewed) = await Counted();
        var figures = (await manager.Get("/api/reports/csat")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("total");
        (figures.GetProperty("comments").GetInt64(), figures.GetProperty("reviewedComments").GetInt64()).ShouldBe((comments, reviewed));
    }

    [Fact]
    public async Task A10_What_somebody_else_reviewed_meanwhile_is_not_reviewed_twice()
    {
        var (ticket, number) = await Commented(1, "No.");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "cora", "/reports/comments");
        var manager = await server.As(Role.Manager);
        var version = (await Waiting(manager, ticket))!.Value.GetProperty("version").GetInt64();
        (await manager.Post($"/api/tickets/{ticket}/feedback-reviews", new { category = "rude" }, version)).ShouldBe(HttpStatusCode.OK);
        await page.Locator($"#c-{number} [name=category]").FillAsync("late-answer");
        await page.Locator($"#c-{number}").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"Ticket {number} has changed");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("reviewed the comment: rude");
        await Expect(page.Locator($"#c-{number}")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task S2_R3_R4_A_comment_is_listed_within_reach_alone_as_far_as_it_is_shown_and_not_once_it_was_purged()
    {
        var (ticket, _) = await Commented(3, "My password is swordfish, still.");
        var (here, elsewhere) = (await server.As(Role.Coordinator, "olek", ["billing/en"]), await server.As(Role.Coordinator, "ola", ["mobile/pl"]));
        (await Waiting(elsewhere, ticket)).ShouldBeNull();
        (await elsewhere.Get(List)).Json.GetProperty("commented").GetInt64().ShouldBe(0);
        var waiting = (await Waiting(here, ticket))!.Value;
        waiting.GetProperty("comment").GetString().ShouldBe("My password is swordfish, still.");

        var events = (await here.Get($"/api/tickets/{ticket}/events")).Json.GetProperty("events").EnumerateArray();
        var given = events.Single(e => e.GetProperty("type").GetString() == "feedback_given").GetProperty("version").GetInt64();
        var officer = await server.As(Role.PrivacyOfficer);
        var hidden = (await officer.Post($"/api/tickets/{ticket}/redactions", new { passages = new[] { new { version = given, field = "comment", start = 15, length = 9 } }, reason = "A password." },
            waiting.GetProperty("version").GetInt64())).ShouldBe(HttpStatusCode.OK);
        (await Waiting(here, ticket))!.Value.GetProperty("comment").GetString().ShouldBe("My password is ********, still.");

        (await officer.Post($"/api/tickets/{ticket}/purge", new { reason = "legalOrder" }, hidden.Version)).ShouldBe(HttpStatusCode.OK);
        (await Waiting(here, ticket)).ShouldBeNull();
    }

    [Fact]
    public async Task E2_What_happened_to_a_ticket_a_moment_ago_is_taken_into_account_however_far_behind_the_rows_are()
    {
        var (purged, merged, reviewed) = ((await Commented(1, "One.")).Ticket, (await Commented(2, "Two.")).Ticket, (await Commented(3, "Three.")).Ticket);
        var (coordinator, officer) = (await server.As(Role.Coordinator), await server.As(Role.PrivacyOfficer));
        var into = (await (await server.As(Role.Agent)).Open(email: "kim@example.com")).Ticket;
        async Task<(long Commented, long Reviewed, long Waiting)> Counted()
        {
            var list = (await coordinator.Get(List)).ShouldBe(HttpStatusCode.OK).Json;
            return (list.GetProperty("commented").GetInt64(), list.GetProperty("reviewed").GetInt64(), list.GetProperty("waiting").GetInt64());
        }
        async Task<long> Version(Guid ticket) => (await Waiting(coordinator, ticket))!.Value.GetProperty("version").GetInt64();
        (await coordinator.Post($"/api/tickets/{merged}/reopening", new { reason = "Again." }, await Version(merged))).ShouldBe(HttpStatusCode.OK);
        var before = await Counted();
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var connection = await source.OpenConnectionAsync())
        await using (var held = await connection.BeginTransactionAsync())
        {
            // Nobody can follow meanwhile.
            await using var hold = new NpgsqlCommand($"select from mt_event_progression where name = '{new TicketFacts().ProgressionName}' for update", connection);
            await hold.ExecuteNonQueryAsync();
            (await officer.Post($"/api/tickets/{purged}/purge", new { reason = "legalOrder" }, await Version(purged))).ShouldBe(HttpStatusCode.OK);
            (await Counted()).ShouldBe((before.Commented, before.Reviewed, before.Waiting - 1));
            (await coordinator.Post($"/api/tickets/{merged}/merges", new { into = $"{into}" }, await Version(merged))).ShouldBe(HttpStatusCode.OK);
            (await Counted()).ShouldBe((before.Commented, before.Reviewed, before.Waiting - 2));
            (await coordinator.Post($"/api/tickets/{reviewed}/feedback-reviews", new { category = "praise" }, await Version(reviewed))).ShouldBe(HttpStatusCode.OK);
            (await Counted()).ShouldBe((before.Commented, before.Reviewed + 1, before.Waiting - 3));
            foreach (var gone in new[] { purged, merged, reviewed })
                (await Waiting(coordinator, gone)).ShouldBeNull();
        }
        await Eventually.Be(async () => await Counted() == (before.Commented, before.Reviewed + 1, before.Waiting - 3), "the rows say the same");
    }

    [Fact]
    public async Task The_list_goes_on_page_by_page()
    {
        var (older, newer) = ((await Commented(3, "One.")).Ticket, (await Commented(3, "Two.")).Ticket);
        var coordinator = await server.As(Role.Coordinator);
        List<Guid> seen = [];
        for (var next = "/api/feedback-reviews?limit=1"; next is not null;)
        {
            var page = (await coordinator.Get(next)).ShouldBe(HttpStatusCode.OK).Json;
            seen.AddRange(page.GetProperty("comments").EnumerateArray().Select(c => c.GetProperty("ticket").GetGuid()));
            next = page.TryGetProperty("next", out var further) ? further.GetString() : null;
        }
        seen.ShouldBeUnique();
        seen.IndexOf(older).ShouldBeInRange(0, seen.IndexOf(newer) - 1);
        (await coordinator.Get("/api/feedback-reviews?after=x")).ShouldBe(HttpStatusCode.BadRequest);
        (await coordinator.Get("/reports/comments?after=x")).ShouldBe(HttpStatusCode.BadRequest);
    }
}
