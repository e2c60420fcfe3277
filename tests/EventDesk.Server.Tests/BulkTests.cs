using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Tests;

/// <summary>A9: the same done to many tickets.</summary>
public sealed class BulkTests(RunningServer server) : IClassFixture<RunningServer>
{
    static JsonElement[] Items(Answer answer) => [.. answer.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()];

    static (string Result, string? Problem) Said(JsonElement item) =>
        (item.GetProperty("result").GetString()!, item.TryGetProperty("problem", out var problem) ? problem.GetProperty("type").GetString()!.Replace("urn:eventdesk:", "", StringComparison.Ordinal) : null);

    static object Seen(IEnumerable<JsonElement> previewed) =>
        previewed.Where(i => i.TryGetProperty("ticket", out _)).Select(i => new { ticket = i.GetProperty("ticket").GetGuid(), version = i.GetProperty("version").GetInt64() }).ToArray();

    [Fact]
    public async Task A9_The_preview_says_of_each_ticket_what_would_happen_and_stores_nothing()
    {
        var agent = await server.As(Role.Agent);
        var (open, resolved) = (await agent.Open(), await agent.Open());
        var replied = await agent.Post($"/api/tickets/{resolved.Ticket}/replies", new { body = "Done." }, resolved.Version);
        await agent.Post($"/api/tickets/{resolved.Ticket}/resolution", new { resolution = "fixed" }, replied.Version);
        var events = await server.EventCount();
        var items = Items(await agent.Post("/api/bulk/preview", new { tickets = new[] { open.Ticket.ToString(), resolved.Ticket.ToString(), "999999999" }, action = new { close = new { } } }));
        items.Select(Said).ShouldBe([("refused", "ticket_not_resolved"), ("taken", null), ("refused", "ticket_not_found")]);
        items[2].GetProperty("asked").GetString().ShouldBe("999999999");
        (await server.EventCount()).ShouldBe(events);
    }

    [Fact]
    public async Task A9_Each_ticket_has_a_result_of_its_own_and_a_repetition_gives_the_same_without_a_second_effect()
    {
        var agent = await server.As(Role.Agent);
        var tickets = new[] { await agent.Open(), await agent.Open(), await agent.Open() };
        var action = new { tag = new { add = new[] { "outage" } } };
        var previewed = Items(await agent.Post("/api/bulk/preview", new { tickets = tickets.Select(t => t.Ticket.ToString()), action }));
        await agent.Post($"/api/tickets/{tickets[1].Ticket}/notes", new { body = "Meanwhile." }, tickets[1].Version);
        var first = await agent.Post("/api/bulk", new { items = Seen(previewed), action }, key: "outage-1");
        Items(first).Select(Said).ShouldBe([("taken", null), ("stale", "stale_version"), ("taken", null)]);
        first.Json.GetProperty("taken").GetInt32().ShouldBe(2);
        var events = await server.EventCount();
        (await agent.Post("/api/bulk", new { items = Seen(previewed), action }, key: "outage-1")).Text.ShouldBe(first.Text);
        (await server.EventCount()).ShouldBe(events);
        (await agent.Get($"/api/tickets/{tickets[0].Ticket}")).Json.GetProperty("tags")[0].GetString().ShouldBe("outage");
        Items(await agent.Post("/api/bulk", new { items = Seen(previewed), action = new { tag = new { add = new[] { "other" } } } }, key: "outage-1"))[0]
            .ShouldSatisfyAllConditions(i => Said(i).ShouldBe(("refused", "idempotency_key_reused")));
    }

    [Fact]
    public async Task S2_Nobody_does_to_many_what_they_may_not_do_to_one()
    {
        var (agent, coordinator) = (await server.As(Role.Agent), await server.As(Role.Coordinator));
        var ticket = await agent.Open(channel: "portal");
        var triage = new { tickets = new[] { ticket.Ticket.ToString() }, action = new { triage = new { line = "l1" } } };
        Items(await agent.Post("/api/bulk/preview", triage)).Select(Said).ShouldBe([("refused", "forbidden")]);
        Items(await coordinator.Post("/api/bulk/preview", triage)).Select(Said).ShouldBe([("taken", null)]);
        var elsewhere = await server.As(Role.Agent, "olga", desks: ["cloud/en"]);
        var tag = new { tag = new { add = new[] { "x" } } };
        Items(await elsewhere.Post("/api/bulk/preview", new { tickets = new[] { ticket.Ticket.ToString() }, action = tag })).Select(Said).ShouldBe([("refused", "ticket_not_found")]);
        Items(await elsewhere.Post("/api/bulk", new { items = new[] { new { ticket = ticket.Ticket, version = ticket.Version } }, action = tag })).Select(Said).ShouldBe([("refused", "ticket_not_found")]);
        var second = await server.As(Role.Agent, "vera", lines: [SupportLine.L3]);
        Items(await second.Post("/api/bulk", new { items = new[] { new { ticket = ticket.Ticket, version = ticket.Version } }, action = new { assign = new { agent = "vera" } } }))
            .Select(Said).ShouldBe([("refused", "forbidden")]);
    }

    [Fact]
    public async Task A9_A_queue_is_previewed_as_its_list_shows_it()
    {
        var agent = await server.As(Role.Agent, "bulkann");
        var (a, b) = (await agent.Open(), await agent.Open());
        foreach (var t in new[] { a, b })
            await agent.Post($"/api/tickets/{t.Ticket}/assignment", new { agent = "bulkann" }, t.Version);
        var items = Items(await agent.Post("/api/bulk/preview", new { queue = new { queue = "mine", desk = "billing/en" }, action = new { severity = new { severity = "high" } } }));
        items.Select(i => i.GetProperty("ticket").GetGuid()).ShouldBe([a.Ticket, b.Ticket], ignoreOrder: true);
        items.Select(Said).ShouldAllBe(s => s.Result == "taken");
        Items(await agent.Post("/api/bulk", new { items = Seen(items), action = new { severity = new { severity = "high" } } })).Select(Said).ShouldAllBe(s => s.Result == "taken");
        (await agent.Get($"/api/tickets/{a.Ticket}")).Json.GetProperty("severity").GetString().ShouldBe("high");
    }

    [Fact]
    public async Task A9_Many_are_merged_into_one_which_is_itself_refused()
    {
        var agent = await server.As(Role.Agent);
        var tickets = new[] { await agent.Open(), await agent.Open(), await agent.Open() };
        var action = new { merge = new { into = tickets[2].Ticket.ToString() } };
        var previewed = Items(await agent.Post("/api/bulk/preview", new { tickets = tickets.Select(t => t.Ticket.ToString()), action }));
        previewed.Select(Said).ShouldBe([("taken", null), ("taken", null), ("refused", "same_ticket")]);
        Items(await agent.Post("/api/bulk", new { items = Seen(previewed.Take(2)), action })).Select(Said).ShouldBe([("taken", null), ("taken", null)]);
        (await agent.Get($"/api/tickets/{tickets[2].Ticket}")).Json.GetProperty("absorbed").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A9_At_most_five_hundred_tickets_each_once_and_exactly_one_action()
    {
        var agent = await server.As(Role.Agent);
        object Preview(int n, object action) => new { tickets = Enumerable.Range(1, n).Select(i => i.ToString()), action };
        var tag = new { tag = new { add = new[] { "x" } } };
        (await agent.Post("/api/bulk/preview", Preview(501, tag))).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("/tickets");
        (await agent.Post("/api/bulk/preview", Preview(500, tag))).ShouldBe(HttpStatusCode.OK);
        (await agent.Post("/api/bulk/preview", Preview(1, new { }))).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("one_action");
        (await agent.Post("/api/bulk/preview", Preview(1, new { close = new { }, assign = new { agent = "ann" } }))).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("one_action");
        (await agent.Post("/api/bulk/preview", Preview(1, new { assign = new { agent = "a b" } }))).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("/action/assign/agent");
        var twice = new { ticket = Guid.CreateVersion7(), version = 1 };
        (await agent.Post("/api/bulk", new { items = new[] { twice, twice }, action = tag })).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("given_twice");
    }
}
