using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

public sealed class QueueTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task D1_pages_are_complete_and_without_doubles_while_tickets_move()
    {
        var agent = await server.As(Role.Agent);
        var opened = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => agent.Open($"Moving {i}", "cloud", "de")));
        var (staying, moving) = (opened.Take(30).ToList(), opened.Skip(30).ToList());

        List<Guid> seen = [];
        var step = 0;
        var next = "/api/queues/unassigned/tickets?desk=cloud/de&limit=7";
        while (next is not null)
        {
            var page = (await agent.Get(next)).ShouldBe(HttpStatusCode.OK);
            seen.AddRange(Ids(page));
            next = page.Json.TryGetProperty("next", out var address) ? address.GetString() : null;
            page.Headers.TryGetValue("Link", out var link);
            link.ShouldBe(next is null ? null : $"<{next}>; rel=\"next\"");
            // Between two pages some leave the queue and new ones come.
            foreach (var leaving in moving.Skip(step++ * 5).Take(5))
                (await agent.Post($"/api/tickets/{leaving.Ticket}/assignment", new { agent = "ann" }, leaving.Version)).ShouldBe(HttpStatusCode.OK);
            await agent.Open($"Late {step}", "cloud", "de");
        }

        seen.ShouldBeUnique();
        staying.Select(t => t.Ticket).Except(seen).ShouldBeEmpty();
    }

    [Fact]
    public async Task D1_a_queue_is_in_the_order_of_severity_age_and_id()
    {
        var agent = await server.As(Role.Agent);
        List<Guid> expected = [];
        var tickets = new List<Answer>();
        for (var i = 0; i < 4; i++)
            tickets.Add(await agent.Open($"Ordered {i}", "cloud", "es"));
        (await agent.Post($"/api/tickets/{tickets[2].Ticket}/severity-assessments", new { severity = "critical" }, tickets[2].Version)).ShouldBe(HttpStatusCode.OK);
        expected.AddRange([tickets[2].Ticket, tickets[0].Ticket, tickets[1].Ticket, tickets[3].Ticket]);
        Ids(await agent.Get("/api/queues/open/tickets?desk=cloud/es")).ShouldBe(expected);
    }

    [Fact]
    public async Task D2_the_answer_of_a_command_and_the_next_look_at_the_queue_agree()
    {
        var (agent, coordinator) = (await server.As(Role.Agent, "dora"), await server.As(Role.Coordinator));
        var opened = await agent.Open("Followed", "cloud", "fr", channel: "portal");
        var path = $"/api/tickets/{opened.Ticket}";
        async Task In(string queue)
        {
            foreach (var one in new[] { "triage", "unassigned", "assigned", "waiting", "open", "mine" })
            {
                var here = one == queue || (one == "open" && queue != "") || (one == "mine" && queue is "assigned" or "waiting");
                Ids(await agent.Get($"/api/queues/{one}/tickets?desk=cloud/fr")).Contains(opened.Ticket).ShouldBe(here, $"{one} while in {queue}");
            }
            var counts = (await agent.Get("/api/queues")).Json.GetProperty("counts").EnumerateArray().Where(c => c.GetProperty("desk").GetString() == "cloud/fr").ToList();
            counts.Select(c => (c.GetProperty("place").GetString(), c.GetProperty("count").GetInt64())).ShouldBe(queue == "" ? [] : [(queue, 1)]);
        }

        await In("triage");
        var v = (await coordinator.Post($"{path}/triage", new { line = "l1" }, opened.Version)).ShouldBe(HttpStatusCode.OK).Version;
        await In("unassigned");
        v = (await agent.Post($"{path}/assignment", new { agent = "dora" }, v)).Version;
        await In("assigned");
        v = (await agent.Post($"{path}/waiting", new { reason = "thirdParty" }, v)).Version;
        await In("waiting");
        v = (await agent.Delete($"{path}/waiting", null, v)).ShouldBe(HttpStatusCode.OK).Version;
        await In("assigned");
        await agent.Post($"{path}/resolution", new { resolution = "answered" }, v);
        await In("");
    }

    [Fact]
    public async Task S2_a_customers_list_is_newest_first_and_complete_page_by_page()
    {
        var customer = await server.As(Role.Customer, "lister");
        List<Guid> opened = [];
        for (var i = 0; i < 7; i++)
            opened.Add((await customer.Open($"Mine {i}", email: "lister@example.com")).Ticket);
        List<Guid> seen = [];
        for (var next = "/api/tickets?mine=true&limit=3"; next is not null;)
        {
            var page = (await customer.Get(next)).Json;
            seen.AddRange(page.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()));
            next = page.TryGetProperty("next", out var address) ? address.GetString() : null;
        }
        opened.Reverse();
        seen.ShouldBe(opened);
    }

    [Fact]
    public async Task F8_the_global_log_is_read_in_order_without_gaps_or_doubles_and_carries_no_text()
    {
        var (agent, auditor) = (await server.As(Role.Agent), await server.As(Role.Auditor));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => agent.Open($"Logged canary {i}", "cloud", "pl")));
        List<JsonElement> events = [];
        for (var next = "/api/events?limit=7"; ;)
        {
            var page = (await auditor.Get(next)).ShouldBe(HttpStatusCode.OK);
            page.Headers["Content-Type"].ShouldBe("application/cloudevents-batch+json");
            page.Text.ShouldNotContain("Logged canary");
            next = page.Headers["Link"].Split('<', '>')[1];
            var batch = page.Json.EnumerateArray().ToList();
            if (batch.Count == 0)
                break;
            events.AddRange(batch);
        }
        // That the log was read is written down in it meanwhile, sooner or later.
        events.Count(e => e.GetProperty("type").GetString() != "eventdesk.access_recorded").ShouldBe((int)await server.EventCount());
        events.Select(e => e.GetProperty("id").GetGuid()).ShouldBeUnique();
        var order = events.Select(e => e.GetProperty("sequence").GetString()!).ToList();
        order.ShouldBe(order.Order(StringComparer.Ordinal));
        foreach (var e in events)
        {
            e.GetProperty("specversion").GetString().ShouldBe("1.0");
            e.GetProperty("source").GetString().ShouldNotBeNullOrEmpty();
            e.GetProperty("type").GetString()!.ShouldStartWith("eventdesk.");
        }
    }

    [Fact]
    public async Task F8_the_global_log_is_asked_for_what_was_recorded_within_two_instants_and_misses_nothing_of_it()
    {
        var (agent, auditor) = (await server.As(Role.Agent), await server.As(Role.Auditor));
        for (var i = 0; i < 6; i++)
            await agent.Open($"Logged at its time {i}", "cloud", "ar");
        var all = await Read("/api/events?limit=1000");
        var times = all.Select(TimeOf).Order().ToList();
        var (from, to) = (times[^12], times[^3]);
        (await Read($"/api/events?limit=2&from={Text(from)}&to={Text(to)}")).Select(IdOf).ShouldBe(all.Where(e => TimeOf(e) >= from && TimeOf(e) < to).Select(IdOf));
        (await Read($"/api/events?limit=4&to={Text(to)}")).Select(IdOf).ShouldBe(all.Where(e => TimeOf(e) < to).Select(IdOf));
        (await Read($"/api/events?from={Text(TimeProvider.System.GetUtcNow().AddDays(1))}")).ShouldBeEmpty();
        await Read("/api/events?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z"); // as far as times go

        async Task<List<JsonElement>> Read(string next)
        {
            for (List<JsonElement> events = []; ;)
            {
                var page = (await auditor.Get(next)).ShouldBe(HttpStatusCode.OK);
                if (page.Json.GetArrayLength() == 0)
                    return events;
                // That the log was read is written down in it meanwhile, sooner or later.
                events.AddRange(page.Json.EnumerateArray().Where(e => e.GetProperty("type").GetString() != "eventdesk.access_recorded"));
                next = page.Headers["Link"].Split('<', '>')[1];
            }
        }

        static DateTimeOffset TimeOf(JsonElement e) => e.GetProperty("time").GetDateTimeOffset();
        static Guid IdOf(JsonElement e) => e.GetProperty("id").GetGuid();
        static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O");
    }

    [Fact]
    public async Task F8_an_import_may_give_its_events_any_time_and_is_looked_for_as_far_off_as_it_can_stand()
    {
        var times = server.Services.GetRequiredService<RecordedTimes>();
        var (from, usual) = (TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(20));
        (await times.Span(from, null, CancellationToken.None)).ShouldBe(new RecordedSpan(from, null, usual));
        (await times.Span(null, null, CancellationToken.None)).ShouldBeNull();
        await server.Scalar("""
            insert into import_run (source, file, content, mapping, recorded, started, finished) values
              ('late', 'f', '', '', '2026-01-01T00:00Z', '2026-01-04T00:00Z', '2026-01-04T12:00Z'), ('early', 'f', '', '', '2026-01-07T00:00Z', '2026-01-05T00:00Z', '2026-01-05T12:00Z')
            returning 1
            """);
        (await times.Span(from, null, CancellationToken.None))!.Disorder.ShouldBe(TimeSpan.FromDays(3.5 + 2));
    }

    static List<Guid> Ids(Answer page) => [.. page.Json.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("id").GetGuid())];
}
