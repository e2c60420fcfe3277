using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Tests;

/// <summary>A9 through HTTP: merges, links, and what later reaches a merged ticket.</summary>
public sealed class PairTests(RunningServer server) : IClassFixture<RunningServer>
{
    static async Task<(long Number, long Version)> At(Api who, Guid ticket)
    {
        var json = (await who.Get($"/api/tickets/{ticket}")).ShouldBe(HttpStatusCode.OK).Json;
        return (json.GetProperty("number").GetInt64(), json.GetProperty("version").GetInt64());
    }

    static async Task<Answer> Merge(Api who, Answer from, string into) => await who.Post($"/api/tickets/{from.Ticket}/merges", new { into }, from.Version);

    [Fact]
    public async Task A9_A_ticket_is_merged_by_number_leaves_the_queue_and_shows_where_it_goes_on()
    {
        var agent = await server.As(Role.Agent);
        var (a, b) = (await agent.Open(), await agent.Open());
        var before = (await agent.Get("/api/queues")).Json.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("queue").GetString() == "open").GetProperty("count").GetInt64();
        (await Merge(agent, a, $"#{(await At(agent, b.Ticket)).Number}")).ShouldBe(HttpStatusCode.OK).Version.ShouldBe(a.Version + 1);
        var after = (await agent.Get("/api/queues")).Json.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("queue").GetString() == "open").GetProperty("count").GetInt64();
        after.ShouldBe(before - 1);
        var merged = (await agent.Get($"/api/tickets/{a.Ticket}")).Json;
        (merged.GetProperty("status").GetString(), merged.GetProperty("mergedInto").GetGuid(), merged.TryGetProperty("place", out _)).ShouldBe(("closed", b.Ticket, false));
        (await agent.Get($"/api/tickets/{b.Ticket}")).Json.GetProperty("absorbed")[0].GetGuid().ShouldBe(a.Ticket);
        var clocks = (await agent.Get($"/api/tickets/{a.Ticket}/clocks")).Json.GetProperty("clocks").EnumerateArray().ToArray();
        clocks.ShouldNotBeEmpty();
        clocks.All(c => c.TryGetProperty("stopped", out var stopped) && stopped.ValueKind == JsonValueKind.String).ShouldBeTrue();
        var history = (await (await server.As(Role.Auditor)).Get($"/api/tickets/{b.Ticket}/events")).Json.GetProperty("events").EnumerateArray().Last();
        (history.GetProperty("type").GetString(), history.GetProperty("actor").GetProperty("id").GetString()).ShouldBe(("ticket_absorbed", "agent"));
    }

    [Fact]
    public async Task A9_What_the_customer_writes_to_a_merged_ticket_lands_on_the_other_and_the_answer_says_where()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer, "mia"));
        var (a, b) = (await customer.Open(email: "mia@example.com"), await customer.Open(email: "mia@example.com"));
        var merged = await Merge(agent, a, b.Ticket.ToString());
        var written = (await customer.Post($"/api/tickets/{a.Ticket}/customer-messages", new { body = "One more thing." }, merged.Version, key: "k-1")).ShouldBe(HttpStatusCode.OK);
        (written.Ticket, written.Json.GetProperty("number").GetInt64()).ShouldBe((b.Ticket, (await At(agent, b.Ticket)).Number));
        (await customer.Post($"/api/tickets/{a.Ticket}/customer-messages", new { body = "One more thing." }, merged.Version, key: "k-1")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe(written.Text);
        (await customer.Get($"/api/tickets/{b.Ticket}/events")).Text.Split("One more thing.").Length.ShouldBe(2);
        (await customer.Get($"/api/tickets/{a.Ticket}/events")).Text.ShouldNotContain("One more thing.");
        (await customer.Get($"/api/tickets/{a.Ticket}")).Json.GetProperty("mergedInto").GetGuid().ShouldBe(b.Ticket);
        (await agent.Post($"/api/tickets/{a.Ticket}/replies", new { body = "Hello" }, merged.Version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("ticket_merged");
    }

    [Fact]
    public async Task A9_The_files_of_a_merged_ticket_are_shown_and_downloaded_where_it_goes_on_by_those_who_may_read_them()
    {
        var (agent, customer, stranger) = (await server.As(Role.Agent), await server.As(Role.Customer, "ida"), await server.As(Role.Customer, "ola"));
        var (a, b, c) = (await customer.Open(email: "ida@example.com"), await customer.Open(email: "ida@example.com"), await customer.Open(email: "ida@example.com"));
        var (open, closed) = (await Attach(agent, a, "open.txt", false), await Attach(agent, b, "internal.txt", true));
        (await Merge(agent, open, b.Ticket.ToString())).ShouldBe(HttpStatusCode.OK);
        var further = await agent.Get($"/api/tickets/{b.Ticket}");
        (await agent.Post($"/api/tickets/{b.Ticket}/merges", new { into = c.Ticket.ToString() }, further.Version)).ShouldBe(HttpStatusCode.OK);
        var (file, inner) = (open.Json.GetProperty("created").GetGuid(), closed.Json.GetProperty("created").GetGuid());

        (await Listed(agent)).ShouldBe([(inner, b.Ticket), (file, a.Ticket)]);
        (await Listed(customer)).ShouldBe([(file, a.Ticket)]);
        foreach (var (who, sees) in new[] { (agent, true), (customer, false) })
        {
            (await who.Get($"/api/tickets/{c.Ticket}/attachments/{file}")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("in open.txt");
            (await who.Get($"/api/tickets/{c.Ticket}/attachments/{inner}")).ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            var page = (await who.Get($"{(sees ? "" : "/portal")}/tickets/{c.Ticket}")).ShouldBe(HttpStatusCode.OK).Text;
            page.ShouldContain($"/api/tickets/{c.Ticket}/attachments/{file}");
            page.Contains($"{inner}", StringComparison.Ordinal).ShouldBe(sees);
        }
        // It goes one way: what was on the other is not on the one that was merged into it.
        (await agent.Get($"/api/tickets/{a.Ticket}/attachments/{inner}")).ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Get($"/api/tickets/{c.Ticket}/attachments/{file}")).ShouldBe(HttpStatusCode.NotFound);
        foreach (var role in new[] { Role.Analyst, Role.Administrator })
            (await (await server.As(role)).Get($"/api/tickets/{c.Ticket}/attachments/{file}")).ShouldBe(HttpStatusCode.Forbidden);

        async Task<List<(Guid, Guid)>> Listed(Api who) => [.. (await who.Get($"/api/tickets/{c.Ticket}/attachments")).ShouldBe(HttpStatusCode.OK).Json
            .GetProperty("attachments").EnumerateArray().Select(f => (f.GetProperty("id").GetGuid(), f.GetProperty("ticket").GetGuid()))];
    }

    static async Task<Answer> Attach(Api who, Answer ticket, string name, bool isInternal)
    {
        using var content = new StringContent($"in {name}");
        return (await who.Send(
            HttpMethod.Post, $"/api/tickets/{ticket.Ticket}/attachments?internal={(isInternal ? "true" : "false")}", content,
            ("If-Match", ticket.ETag!), ("Content-Disposition", $"attachment; filename=\"{name}\""))).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A9_A_merge_is_taken_back_and_repeated_requests_have_one_effect()
    {
        var agent = await server.As(Role.Agent);
        var (a, b) = (await agent.Open(), await agent.Open());
        var merged = await agent.Post($"/api/tickets/{a.Ticket}/merges", new { into = b.Ticket.ToString() }, a.Version, key: "once");
        (await agent.Post($"/api/tickets/{a.Ticket}/merges", new { into = b.Ticket.ToString() }, a.Version, key: "once")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe(merged.Text);
        (await agent.Delete($"/api/tickets/{a.Ticket}/merges", null, merged.Version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Get($"/api/tickets/{a.Ticket}")).Json.GetProperty("status").GetString().ShouldBe("open");
        (await agent.Get($"/api/tickets/{b.Ticket}")).Json.TryGetProperty("absorbed", out _).ShouldBeFalse();
        (await agent.Delete($"/api/tickets/{b.Ticket}/merges", null, (await At(agent, b.Ticket)).Version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("not_merged");
    }

    [Theory]
    [InlineData("eve@example.com", "other_requester")]
    [InlineData(null, "no_such_other_ticket")]
    public async Task A9_A_merge_that_would_show_one_customers_words_to_another_or_leads_nowhere_is_refused(string? email, string code)
    {
        var agent = await server.As(Role.Agent);
        var a = await agent.Open();
        (await Merge(agent, a, email is null ? "999999999" : (await agent.Open(email: email)).Ticket.ToString())).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe(code);
    }

    [Fact]
    public async Task S2_Only_whose_line_a_ticket_is_on_may_merge_it()
    {
        var (agent, second) = (await server.As(Role.Agent), await server.As(Role.Agent, "vera", lines: [SupportLine.L3]));
        var (a, b) = (await agent.Open(), await agent.Open());
        (await Merge(second, a, b.Ticket.ToString())).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task R3_Hiding_everywhere_reaches_what_was_written_on_a_merged_ticket()
    {
        var agent = await server.As(Role.Agent);
        var (a, b) = (await agent.Open(subject: "Card 4111 9999 1111 1111"), await agent.Open(subject: "Card 4111 9999 1111 1111 again"));
        await Merge(agent, a, b.Ticket.ToString());
        (await agent.Post($"/api/tickets/{b.Ticket}/redactions", new { passages = new[] { new { version = 1, field = "subject", start = 5, length = 19 } }, reason = "a card", everywhere = true },
            (await At(agent, b.Ticket)).Version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Get($"/api/tickets/{a.Ticket}")).Text.ShouldNotContain("9999 1111");
        (await agent.Get($"/api/tickets/{a.Ticket}/events")).Text.ShouldNotContain("9999 1111");
    }

    [Fact]
    public async Task R4_A_merged_ticket_is_purged_by_itself_and_the_other_goes_on()
    {
        var (agent, officer) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer));
        var (a, b) = (await agent.Open(), await agent.Open());
        var merged = await Merge(agent, a, b.Ticket.ToString());
        (await officer.Post($"/api/tickets/{a.Ticket}/purge", new { reason = "mistake" }, merged.Version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Get($"/api/tickets/{b.Ticket}")).Json.GetProperty("status").GetString().ShouldBe("open");
    }

    [Fact]
    public async Task A9_Links_stand_on_both_tickets_and_go_from_both()
    {
        var agent = await server.As(Role.Agent);
        var (a, b) = (await agent.Open(), await agent.Open(email: "eve@example.com"));
        var linked = (await agent.Post($"/api/tickets/{a.Ticket}/links", new { other = b.Ticket.ToString(), kind = "causedBy" }, a.Version)).ShouldBe(HttpStatusCode.OK);
        string Link(JsonElement ticket) => ticket.GetProperty("links")[0].GetProperty("kind").GetString()!;
        (Link((await agent.Get($"/api/tickets/{a.Ticket}")).Json), Link((await agent.Get($"/api/tickets/{b.Ticket}")).Json)).ShouldBe(("causedBy", "causes"));
        (await agent.Delete($"/api/tickets/{a.Ticket}/links", new { other = b.Ticket.ToString(), kind = "causedBy" }, linked.Version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Get($"/api/tickets/{b.Ticket}")).Json.TryGetProperty("links", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A9_A_merged_ticket_is_no_resolved_one_in_the_figures()
    {
        var (agent, manager) = (await server.As(Role.Agent), await server.As(Role.Manager));
        async Task<long> Resolved() => (await manager.Get("/api/reports/first-line?from=2026-01-01&to=2035-12-31")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("total").GetProperty("resolved").GetInt64();
        var (a, b) = (await agent.Open(), await agent.Open());
        await Merge(agent, a, b.Ticket.ToString());
        var replied = await agent.Post($"/api/tickets/{b.Ticket}/replies", new { body = "Done." }, (await At(agent, b.Ticket)).Version);
        var before = await Resolved();
        (await agent.Post($"/api/tickets/{b.Ticket}/resolution", new { resolution = "fixed" }, replied.Version)).ShouldBe(HttpStatusCode.OK);
        await Testing.Eventually.Hold(async () => (await Resolved()).ShouldBe(before + 1));
    }
}
