using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>Teams, the roster and the routing rules through HTTP: from a form's rule to the agent who has the ticket.</summary>
public sealed class RosterTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>A product with one English desk, a team on its first line and the agents of that team.</summary>
    async Task<Api> NewDesk(string product, bool assignsByItself, params string[] agents)
    {
        var administrator = await server.As(Role.Administrator);
        (await administrator.Put($"/api/organisation/products/{product}", new { name = product }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put($"/api/organisation/desks/{product}/en", new { }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put($"/api/organisation/teams/{product}-l1", new { desk = $"{product}/en", line = "l1", assignsByItself }, 0)).ShouldBe(HttpStatusCode.Created);
        foreach (var agent in agents)
            (await administrator.Put($"/api/organisation/agents/{agent}", new { teams = new[] { $"{product}-l1" }, capacity = 2 }, 0)).ShouldBe(HttpStatusCode.Created);
        return administrator;
    }

    Task<Api> Agent(string handle) => server.As(Role.Agent, handle);

    static async Task<JsonElement> Read(Api who, Guid ticket) => (await who.Get($"/api/tickets/{ticket}")).ShouldBe(HttpStatusCode.OK).Json;

    static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    [Fact]
    public async Task B6_every_desk_of_the_sample_has_teams_on_three_lines_and_the_VIPs_agent_stands_in_the_roster()
    {
        var read = (await (await server.As(Role.Coordinator)).Get("/api/organisation")).ShouldBe(HttpStatusCode.OK).Json;
        var teams = read.GetProperty("teams").EnumerateArray().Select(x => $"{Text(x, "desk")} {Text(x, "line")}").ToHashSet();
        foreach (var product in new[] { "billing", "cloud", "mobile" })
            foreach (var language in new[] { "en", "sv", "fi", "de", "es", "fr", "ar", "pl" })
                foreach (var line in new[] { "l1", "l2", "l3" })
                    teams.ShouldContain($"{product}/{language} {line}");
        read.GetProperty("agents").EnumerateArray().ShouldContain(a => Text(a, "id") == "vera");
        read.GetProperty("routing").GetProperty("rules").GetArrayLength().ShouldBeGreaterThan(3);
        (await (await server.As(Role.Customer)).Get("/api/organisation")).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("vera");
        (await (await server.As(Role.Customer)).Get("/api/organisation/versions?of=agent/vera")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task B5_A11_a_form_that_matches_a_rule_needs_no_triage_and_its_history_names_rule_and_version()
    {
        var (customer, coordinator) = (await server.As(Role.Customer), await server.As(Role.Coordinator));
        async Task<Guid> Open(string topic) => (await customer.Post("/api/tickets", new
        {
            product = "billing", language = "en", channel = "portal", requester = new { email = "customer@example.com" }, subject = "Money back", body = "Please.", fields = new { topic },
        })).ShouldBe(HttpStatusCode.Created).Ticket;

        var version = (await coordinator.Get("/api/organisation")).Json.GetProperty("routing").GetProperty("version").GetInt32();
        var (refund, complaint, words) = (await Open("refund"), await Open("complaint"), await Open("refund me now"));
        var sent = await Read(coordinator, refund);
        (Text(sent, "team"), Text(sent, "line"), Text(sent, "place")).ShouldBe(("billing-en-l2", "l2", "unassigned"));
        (await Rule(refund)).ShouldBe(("routing/english-refunds", version));
        (Text(await Read(coordinator, complaint), "place"), await Rule(complaint)).ShouldBe(("triage", ("routing/complaints-to-the-coordinator", version)));
        (Text(await Read(coordinator, words), "place"), await Rule(words)).ShouldBe(("triage", ("form-tickets-to-triage", 1)));
        (await customer.Get($"/api/tickets/{refund}/events")).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("english-refunds");

        async Task<(string?, int)> Rule(Guid ticket)
        {
            var rule = (await coordinator.Get($"/api/tickets/{ticket}/events")).Json.GetProperty("events")[0].GetProperty("rule");
            return (Text(rule, "id"), rule.GetProperty("version").GetInt32());
        }
    }

    [Fact]
    public async Task B6_the_rules_are_changed_as_one_list_on_the_version_it_was_thought_out_on_and_refused_in_exact_words()
    {
        var administrator = await NewDesk("ruled", false, "rue");
        var before = (await administrator.Get("/api/organisation")).Json.GetProperty("routing");
        var version = before.GetProperty("version").GetInt64();
        object[] rules = [.. before.GetProperty("rules").EnumerateArray().Select(r => (object)r), new { id = "ruled", when = new { products = new[] { "ruled" } }, to = new { line = "l2" } }];
        var fields = before.GetProperty("fields");
        (await administrator.Put("/api/organisation/routing", new { rules, fields }, version)).ShouldBe(HttpStatusCode.OK);
        (await administrator.Put("/api/organisation/routing", new { rules, fields }, version)).ShouldBe(HttpStatusCode.PreconditionFailed);
        var opened = await (await server.As(Role.Customer)).Open(product: "ruled", channel: "portal");
        Text(await Read(await server.As(Role.Coordinator), opened.Ticket), "line").ShouldBe("l2");

        var wrong = new { rules = new object[] { new { id = "a", to = new { } }, new { id = "b", to = new { team = "tea" } } } };
        var refused = (await administrator.Put("/api/organisation/routing", wrong, version + 1)).ShouldBe(HttpStatusCode.Conflict);
        (refused.Code, Text(refused.Json, "detail")).ShouldBe((
            "organisation_at_odds", "Rule b names the unknown team \"tea\". Rule b is reached by no ticket: a before it matches all of its tickets."));
        var agent = (await administrator.Put("/api/organisation/agents/rue", new { teams = Array.Empty<string>(), capacity = 2 }, 1)).ShouldBe(HttpStatusCode.Conflict);
        Text(agent.Json, "detail").ShouldBe("Agent rue is in no team.");
        (await (await server.As(Role.Coordinator)).Put("/api/organisation/routing", new { rules }, version + 1)).ShouldBe(HttpStatusCode.Forbidden);
        (await administrator.Get("/api/organisation/versions?of=routing/rules")).Json.GetProperty("versions").GetArrayLength().ShouldBe((int)version + 1);
    }

    [Theory]
    [InlineData("teams/x", """{"desk":"billing/en","line":"l9"}""", "/line unknown_value")]
    [InlineData("agents/x", """{"teams":[null],"capacity":0}""", "/capacity out_of_range, /teams/0 required")]
    [InlineData("routing", """{"rules":[null]}""", "/rules/0 required")]
    [InlineData("routing", """{"rules":[{"id":"a b","to":{"agent":"a b"},"when":{"fields":{"t t":null}}}]}""", "/rules/0/id invalid_characters, /rules/0/to/agent invalid_characters, /rules/0/when/fields/t t invalid_characters, /rules/0/when/fields/t t required")]
    [InlineData("routing", """{"rules":[{"id":"a"}]}""", "/rules/0/to required")]
    public async Task F8_a_malformed_definition_is_told_exactly_what_is_wrong(string part, string body, string faults)
    {
        var answer = await (await server.As(Role.Administrator)).Send(
            HttpMethod.Put, $"/api/organisation/{part}", new StringContent(body, null, "application/json"), ("If-None-Match", "*"));
        answer.ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");
        string.Join(", ", answer.Json.GetProperty("errors").EnumerateArray().Select(e => $"{Text(e, "field")} {Text(e, "code")}").Order(StringComparer.Ordinal)).ShouldBe(faults);
    }

    [Fact]
    public async Task B5_agents_take_the_oldest_ticket_in_turn_until_they_are_full()
    {
        await NewDesk("turns", false, "tia", "tom");
        var (tia, tom) = (await Agent("tia"), await Agent("tom"));
        List<Guid> waiting = [];
        for (var i = 0; i < 5; i++)
            waiting.Add((await tia.Open(product: "turns")).Ticket);
        var taken = (await Task.WhenAll(new[] { tia, tom, tia, tom }.Select(a => a.Post("/api/queues/unassigned/next", null)))).Select(a => a.ShouldBe(HttpStatusCode.OK)).ToList();
        taken.Select(a => a.Ticket).ShouldBe(waiting.Take(4), ignoreOrder: true);
        taken.ShouldAllBe(a => a.ETag == $"\"{a.Version}\"");
        (await tia.Post("/api/queues/unassigned/next", new { })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("at_capacity");

        await tia.Post($"/api/tickets/{taken[0].Ticket}/resolution", new { resolution = "fixed" }, taken[0].Version);
        var again = await tia.Post("/api/queues/unassigned/next", new { desk = "turns/en", line = "l2" }, key: "turn-1");
        again.ShouldBe(HttpStatusCode.NoContent);
        var last = (await tia.Post("/api/queues/unassigned/next", null, key: "turn-2")).ShouldBe(HttpStatusCode.OK);
        last.Ticket.ShouldBe(waiting[4]);
        (await tia.Post("/api/queues/unassigned/next", null, key: "turn-2")).ShouldBe(HttpStatusCode.OK).Ticket.ShouldBe(last.Ticket);
        (await (await Agent("stranger")).Post("/api/queues/unassigned/next", null)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("not_in_roster");
    }

    [Fact]
    public async Task B5_a_team_that_assigns_by_itself_gives_what_arrives_and_nothing_while_everybody_is_away()
    {
        await NewDesk("selfish", true, "sue");
        var sue = await Agent("sue");
        (await sue.Send(HttpMethod.Put, "/api/roster/sue/presence", new StringContent("""{"away":true}""", null, "application/json"))).ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("away").GetBoolean().ShouldBeTrue();
        var ticket = (await sue.Open(product: "selfish")).Ticket;
        Text(await Read(sue, ticket), "place").ShouldBe("unassigned");
        (await sue.Put("/api/roster/sue/presence", new { away = false }, null)).ShouldBe(HttpStatusCode.OK);
        await Testing.Eventually.Be(async () => Text(await Read(sue, ticket), "agent") == "sue", "the ticket was given out");
        var assigned = (await sue.Get($"/api/tickets/{ticket}/events")).Json.GetProperty("events").EnumerateArray().Last();
        (Text(assigned, "type"), Text(assigned.GetProperty("rule"), "id"), assigned.GetProperty("rule").GetProperty("version").GetInt32())
            .ShouldBe(("ticket_assigned", "team/selfish-l1", 1));
    }

    [Fact]
    public async Task B5_S2_agents_speak_for_themselves_and_a_coordinator_gives_the_tickets_of_who_is_away_back()
    {
        await NewDesk("leave", false, "lea", "leo");
        var (lea, leo, coordinator) = (await Agent("lea"), await Agent("leo"), await server.As(Role.Coordinator));
        var ticket = (await lea.Open(product: "leave")).Ticket;
        (await lea.Post("/api/queues/unassigned/next", null)).ShouldBe(HttpStatusCode.OK).Ticket.ShouldBe(ticket);

        (await leo.Put("/api/roster/lea/presence", new { away = true }, null)).ShouldBe(HttpStatusCode.Forbidden);
        (await coordinator.Put("/api/roster/lea/presence", new { away = true }, null)).ShouldBe(HttpStatusCode.OK);
        (await coordinator.Put("/api/roster/ghost/presence", new { away = true }, null)).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("agent_not_found");
        (await lea.Post("/api/queues/unassigned/next", null)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("agent_away");
        var listed = (await coordinator.Get("/api/roster")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("agents").EnumerateArray().Single(a => Text(a, "agent") == "lea");
        (listed.GetProperty("away").GetBoolean(), listed.GetProperty("open").GetInt32(), listed.GetProperty("capacity").GetInt32()).ShouldBe((true, 1, 2));

        (await leo.Post("/api/roster/lea/return", null)).ShouldBe(HttpStatusCode.Forbidden);
        var elsewhere = await server.As(Role.Coordinator, "far", ["billing/pl"]);
        (await elsewhere.Post("/api/roster/lea/return", null)).ShouldBe(HttpStatusCode.NotFound);
        (await elsewhere.Get("/api/roster")).Text.ShouldNotContain("lea\"");
        var returned = (await coordinator.Post("/api/roster/lea/return", new { reason = "ill" })).ShouldBe(HttpStatusCode.OK).Json;
        returned.GetProperty("returned").EnumerateArray().Select(r => r.GetProperty("ticket").GetGuid()).ShouldBe([ticket]);
        returned.GetProperty("others").GetArrayLength().ShouldBe(0);
        (await leo.Post("/api/queues/unassigned/next", null)).ShouldBe(HttpStatusCode.OK).Ticket.ShouldBe(ticket);
    }

    [Fact]
    public async Task B4_a_VIP_goes_to_the_dedicated_agent_until_that_one_is_away_and_straight_to_the_second_line_always()
    {
        var (agent, coordinator) = (await Agent("ann"), await server.As(Role.Coordinator));
        async Task<JsonElement> Open() => await Read(agent, (await agent.Post("/api/tickets", new
        {
            product = "mobile", language = "pl", channel = "portal", requester = new { email = "vip@example.com" }, subject = "s", body = "b", contract = "vip",
        })).ShouldBe(HttpStatusCode.Created).Ticket);

        var first = await Open();
        (Text(first, "agent"), Text(first, "line"), Text(first, "place")).ShouldBe(("vera", "l2", "assigned"));
        (await coordinator.Put("/api/roster/vera/presence", new { away = true }, null)).ShouldBe(HttpStatusCode.OK);
        var second = await Open();
        (Text(second, "agent"), Text(second, "line"), Text(second, "place")).ShouldBe((null, "l2", "unassigned"));
        (await coordinator.Put("/api/roster/vera/presence", new { away = false }, null)).ShouldBe(HttpStatusCode.OK);
    }
}
