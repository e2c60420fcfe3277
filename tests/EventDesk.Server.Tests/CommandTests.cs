using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

public sealed class CommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A1_opening_a_ticket_answers_with_its_address_its_number_and_its_version()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        opened.Headers["Location"].ShouldBe($"/api/tickets/{opened.Ticket}");
        opened.ETag.ShouldBe($"\"{opened.Version}\"");
        opened.Ticket.Version.ShouldBe(7);
        var number = opened.Json.GetProperty("number").GetInt64();
        (await agent.Get($"/api/tickets/{number}")).Json.GetProperty("id").GetGuid().ShouldBe(opened.Ticket);
    }

    [Fact]
    public async Task A4_A5_the_way_to_management_needs_every_assessment_and_evaluation()
    {
        var (agent, manager) = (await server.As(Role.Agent), await server.As(Role.Manager));
        var ticket = await agent.Open();
        var path = $"/api/tickets/{ticket.Ticket}";
        var version = ticket.Version;
        async Task Step(Api who, string what, object body) => version = (await who.Post($"{path}/{what}", body, version)).ShouldBe(HttpStatusCode.OK).Version;
        async Task Refused(Api who, string what, object body, string code) =>
            (await who.Post($"{path}/{what}", body, version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe(code);

        await Refused(agent, "escalations", new { reason = "up" }, "severity_not_assessed");
        await Step(agent, "severity-assessments", new { severity = "high", reason = "urgent" });
        await Step(agent, "escalations", new { reason = "needs the ledger" });
        await Step(agent, "severity-assessments", new { severity = "high" });
        await Refused(agent, "escalations", new { reason = "up" }, "management_not_evaluated");
        await Step(manager, "management-evaluations", new { escalate = false, reason = "too early" });
        await Refused(agent, "escalations", new { reason = "up" }, "management_declined");
        await Step(manager, "management-evaluations", new { escalate = true, reason = "now" });
        await Step(agent, "escalations", new { reason = "up" });
        await Step(agent, "unresolvable", new { reason = "vendor is gone" });
        var state = (await agent.Get(path)).Json;
        state.GetProperty("line").GetString().ShouldBe("management");
        state.GetProperty("highestLine").GetString().ShouldBe("management");
        state.GetProperty("version").GetInt64().ShouldBe(version);
    }

    [Fact]
    public async Task A7_a_ticket_is_resolved_rated_reopened_by_a_message_and_closed()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer, "kim"));
        var opened = await customer.Open(email: "kim@example.com");
        var path = $"/api/tickets/{opened.Ticket}";
        var v = (await agent.Post($"{path}/replies", new { body = "On its way." }, opened.Version)).Version;
        v = (await agent.Post($"{path}/waiting", new { reason = "customer" }, v)).Version;
        v = (await customer.Post($"{path}/customer-messages", new { body = "Thanks, it came." }, v)).Version;
        v = (await agent.Post($"{path}/resolution", new { resolution = "fixed", summary = "Sent again." }, v)).Version;
        v = (await customer.Post($"{path}/feedback", new { rating = 5, comment = "Quick." }, v)).ShouldBe(HttpStatusCode.OK).Version;
        v = (await customer.Post($"{path}/customer-messages", new { body = "It is the wrong one." }, v)).Version;
        (await customer.Get(path)).Json.GetProperty("status").GetString().ShouldBe("open");
        v = (await agent.Post($"{path}/resolution", new { resolution = "fixed" }, v)).Version;
        v = (await customer.Post($"{path}/closing", null, v)).ShouldBe(HttpStatusCode.OK).Version;
        (await customer.Get(path)).Json.GetProperty("status").GetString().ShouldBe("closed");
        (await customer.Post($"{path}/reopening", null, v)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("ticket_closed");
        var review = await (await server.As(Role.Coordinator)).Post($"{path}/feedback-reviews", new { category = "praise", action = "Told the team." }, v);
        review.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A7_the_state_at_a_version_or_an_instant_is_the_one_of_that_moment()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var path = $"/api/tickets/{opened.Ticket}";
        var assigned = await agent.Post($"{path}/assignment", new { agent = "ann" }, opened.Version);
        var recorded = (await agent.Get($"{path}/events")).Json.GetProperty("events")[0].GetProperty("recorded").GetString()!;
        (await agent.Delete($"{path}/assignment", new { reason = "on leave" }, assigned.Version)).ShouldBe(HttpStatusCode.OK);

        (await agent.Get($"{path}?version={assigned.Version}")).Json.GetProperty("agent").GetString().ShouldBe("ann");
        (await agent.Get(path)).Json.TryGetProperty("agent", out _).ShouldBeFalse();
        var then = (await agent.Get($"{path}?asOf={Uri.EscapeDataString(recorded)}")).ShouldBe(HttpStatusCode.OK).Json;
        then.TryGetProperty("agent", out _).ShouldBeFalse();
        then.GetProperty("version").GetInt64().ShouldBe(opened.Version);
        (await agent.Get($"{path}?asOf=2001-01-01T00:00:00Z")).ShouldBe(HttpStatusCode.NotFound);
        (await agent.Get($"{path}?version=99")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A10_a_reader_who_has_the_version_gets_nothing_new()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        foreach (var path in new[] { $"/api/tickets/{opened.Ticket}", $"/api/tickets/{opened.Ticket}/events" })
        {
            var read = await agent.Get(path);
            read.ETag.ShouldBe($"\"{opened.Version}\"");
            (await agent.Get(path, ("If-None-Match", read.ETag!))).ShouldBe(HttpStatusCode.NotModified).Text.ShouldBeEmpty();
            (await agent.Get(path, ("If-None-Match", "\"1\", W/" + read.ETag))).ShouldBe(HttpStatusCode.NotModified);
            (await agent.Get(path, ("If-None-Match", "\"99\""))).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A10_a_stale_writer_is_told_what_changed_since_and_a_customer_only_what_is_public()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer, "lee"));
        var opened = await customer.Open(email: "lee@example.com");
        var path = $"/api/tickets/{opened.Ticket}";
        var noted = await agent.Post($"{path}/notes", new { body = "a secret note" }, opened.Version);
        var replied = await agent.Post($"{path}/replies", new { body = "a public answer" }, noted.Version);

        var stale = (await agent.Post($"{path}/notes", new { body = "again" }, opened.Version)).ShouldBe(HttpStatusCode.PreconditionFailed);
        stale.Code.ShouldBe("stale_version");
        stale.Json.GetProperty("actualVersion").GetInt64().ShouldBe(replied.Version);
        Since(stale).ShouldBe(["note_added agent agent a secret note", "reply_sent agent agent a public answer"]);

        var own = (await customer.Post($"{path}/customer-messages", new { body = "hello?" }, opened.Version)).ShouldBe(HttpStatusCode.PreconditionFailed);
        own.Json.GetProperty("actualVersion").GetInt64().ShouldBe(replied.Version);
        Since(own).ShouldBe(["reply_sent agent - a public answer"]);
    }

    static IEnumerable<string> Since(Answer stale) =>
        from e in stale.Json.GetProperty("since").EnumerateArray()
        let actor = e.GetProperty("actor")
        select $"{e.GetProperty("type").GetString()} {actor.GetProperty("role").GetString()} {(actor.TryGetProperty("id", out var id) ? id.GetString() : "-")} {e.GetProperty("text").GetString()}";

    [Fact]
    public async Task A10_of_sixteen_writers_each_version_is_won_by_exactly_one_and_the_losers_are_told_what_changed()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var path = $"/api/tickets/{opened.Ticket}";
        var won = new System.Collections.Concurrent.ConcurrentBag<long>();
        var conflicts = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var version = opened.Version;
            for (var done = 0; done < 5;)
            {
                var answer = await agent.Post($"{path}/notes", new { body = $"writer {writer}, note {done}" }, version);
                if (answer.Status == HttpStatusCode.OK)
                {
                    won.Add(answer.Version);
                    version = answer.Version;
                    done++;
                    continue;
                }
                answer.ShouldBe(HttpStatusCode.PreconditionFailed);
                Interlocked.Increment(ref conflicts);
                var actual = answer.Json.GetProperty("actualVersion").GetInt64();
                var since = answer.Json.GetProperty("since").EnumerateArray().Select(e => e.GetProperty("version").GetInt64());
                since.ShouldBe(Enumerable.Range((int)version + 1, (int)(actual - version)).Select(v => (long)v));
                version = actual;
            }
        }));
        won.Order().ShouldBe(Enumerable.Range((int)opened.Version + 1, 80).Select(v => (long)v));
        conflicts.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A10_the_same_request_sent_a_hundred_times_at_once_has_one_effect_and_one_answer()
    {
        var agent = await server.As(Role.Agent);
        var before = await server.EventCount();
        var opened = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ =>
            agent.Post("/api/tickets", new { product = "billing", language = "en", requester = new { email = "once@example.com" }, subject = "Once", body = "Only once." }, key: "open-1")));
        opened.Select(a => (a.Status, a.Text, a.ETag, a.Headers["Location"])).Distinct().Count().ShouldBe(1, opened[0].Text);
        opened[0].ShouldBe(HttpStatusCode.Created);
        (await server.EventCount() - before).ShouldBe(3);

        var path = $"/api/tickets/{opened[0].Ticket}/replies";
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => agent.Post(path, new { body = "Once." }, opened[0].Version, "reply-1")));
        replies.Select(a => (a.Status, a.Text, a.ETag)).Distinct().Count().ShouldBe(1);
        replies[0].ShouldBe(HttpStatusCode.OK);
        (await server.EventCount() - before).ShouldBe(4);

        (await agent.Post(path, new { body = "Another." }, opened[0].Version, "reply-1")).ShouldBe(HttpStatusCode.UnprocessableEntity).Code.ShouldBe("idempotency_key_reused");
        var other = await server.As(Role.Agent, "ben");
        (await other.Post(path, new { body = "Once." }, replies[0].Version, "reply-1")).ShouldBe(HttpStatusCode.OK).Version.ShouldBe(replies[0].Version + 1);
    }

    [Fact]
    public async Task T1_the_complete_history_says_who_did_what_when_under_which_rule_and_trace()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open(channel: "portal");
        var path = $"/api/tickets/{opened.Ticket}";
        await (await server.As(Role.Coordinator)).Send(
            HttpMethod.Post, $"{path}/triage", new StringContent("""{"line":"l1"}""", null, "application/json"),
            ("If-Match", opened.ETag!), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("X-Causation-Id", "0b6b7c5e-7f0e-4a51-9d0a-2f3f6f0f7d52"));
        var history = (await agent.Get($"{path}/events")).Json;
        var events = history.GetProperty("events").EnumerateArray().ToList();
        events.Select(e => e.GetProperty("type").GetString()).ShouldBe(["ticket_opened", "confirmation_issued", "sla_target_set", "ticket_triaged"]);
        events.Select(e => e.GetProperty("version").GetInt64()).ShouldBe([1, 2, 3, 4]);
        events[0].GetProperty("data").GetProperty("body").GetString().ShouldBe("I got no invoice in May.");
        events[1].GetProperty("rule").GetProperty("id").GetString().ShouldBe("confirm-receipt");
        var triaged = events[3];
        triaged.GetProperty("actor").GetProperty("role").GetString().ShouldBe("coordinator");
        triaged.GetProperty("correlationId").GetString().ShouldBe("4bf92f3577b34da6a3ce929d0e0e4736");
        triaged.GetProperty("causationId").GetString().ShouldBe("0b6b7c5e-7f0e-4a51-9d0a-2f3f6f0f7d52");
        history.GetProperty("version").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task T2_the_stored_form_with_digests_is_for_auditors()
    {
        var (agent, auditor) = (await server.As(Role.Agent), await server.As(Role.Auditor));
        var path = $"/api/tickets/{(await agent.Open()).Ticket}/events?proof=true";
        (await agent.Get(path)).ShouldBe(HttpStatusCode.Forbidden);
        var opened = (await auditor.Get(path)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events")[0];
        opened.GetProperty("headers").GetProperty("digest").GetBytesFromBase64().Length.ShouldBe(32);
        opened.GetProperty("data").GetProperty("subject").GetProperty("sealed").ValueKind.ShouldBe(JsonValueKind.String);
        opened.GetProperty("dotnetType").GetString().ShouldBe("EventDesk.Domain.Tickets.TicketOpened, EventDesk.Domain");
    }
}
