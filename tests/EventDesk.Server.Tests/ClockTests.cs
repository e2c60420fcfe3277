using System.Net;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

public sealed class ClockTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task C2_the_segments_of_a_clock_add_up_to_what_it_says_has_elapsed()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var path = $"/api/tickets/{opened.Ticket}";
        await agent.Post($"{path}/replies", new { body = "On its way." }, opened.Version);
        var clock = (await agent.Get($"{path}/clocks/1")).ShouldBe(HttpStatusCode.OK).Json;
        clock.GetProperty("kind").GetString().ShouldBe("firstResponse");
        clock.GetProperty("stoppedBy").GetString().ShouldBe("answer");
        clock.GetProperty("breached").GetBoolean().ShouldBeFalse();
        var segments = clock.GetProperty("segments").EnumerateArray().ToList();
        segments.Sum(s => s.GetProperty("countedSeconds").GetDouble()).ShouldBe(clock.GetProperty("elapsedSeconds").GetDouble(), 1e-6);
        segments[0].GetProperty("from").GetDateTimeOffset().ShouldBe(clock.GetProperty("started").GetDateTimeOffset());
        segments[^1].GetProperty("to").GetDateTimeOffset().ShouldBe(clock.GetProperty("stopped").GetDateTimeOffset());
        segments.ShouldAllBe(s => s.GetProperty("version").GetInt32() == 1);
        (await agent.Get($"{path}/clocks")).Json.GetProperty("clocks").GetArrayLength().ShouldBe(1);
        (await agent.Get($"{path}/clocks/2")).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("clock_not_found");
    }

    [Fact]
    public async Task C7_clocks_that_need_someone_are_listed_by_their_state_for_those_who_reach_them()
    {
        var (agent, elsewhere, customer) = (await server.As(Role.Agent), await server.As(Role.Agent, "elsewhere", ["cloud/en"]), await server.As(Role.Customer, "kit"));
        var opened = await agent.Open(email: "kit@example.com");
        var path = $"/api/tickets/{opened.Ticket}";
        var v = (await agent.Post($"{path}/replies", new { body = "a" }, opened.Version)).Version;
        v = (await customer.Post($"{path}/customer-messages", new { body = "b" }, v)).Version;
        await agent.Post($"{path}/waiting", new { reason = "thirdParty" }, v);
        Listed(await agent.Get("/api/sla/clocks?state=paused&limit=200")).ShouldContain(opened.Ticket);
        Listed(await agent.Get("/api/sla/clocks?state=paused&contract=vip")).ShouldNotContain(opened.Ticket);
        Listed(await elsewhere.Get("/api/sla/clocks?state=paused")).ShouldNotContain(opened.Ticket);
        (await agent.Get("/api/sla")).Json.GetProperty("paused").GetInt64().ShouldBeGreaterThan(0);
        (await customer.Get("/api/sla/clocks?state=paused")).ShouldBe(HttpStatusCode.Forbidden);
        (await agent.Get("/api/sla/clocks?state=sleeping")).ShouldBe(HttpStatusCode.BadRequest);
        (await customer.Get($"{path}/clocks")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task B1_C2_in_hours_nobody_knows_a_working_clock_is_undetermined_and_shown_as_such()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open(language: "sv");
        (await agent.Get($"/api/tickets/{opened.Ticket}/clocks/1")).Json.GetProperty("state").GetString().ShouldBe("undetermined");
        Listed(await agent.Get("/api/sla/clocks?state=undetermined&desk=billing/sv&limit=200")).ShouldContain(opened.Ticket);
    }

    [Fact]
    public async Task A6_severity_1_declares_an_incident_and_every_customer_is_owed_word_until_told_or_published()
    {
        var (agent, coordinator) = (await server.As(Role.Agent), await server.As(Role.Coordinator));
        var opened = await agent.Open(product: "mobile", language: "de");
        var assessed = await agent.Post($"/api/tickets/{opened.Ticket}/severity-assessments", new { severity = "critical" }, opened.Version);
        assessed.ShouldBe(HttpStatusCode.OK);
        var incident = (await agent.Get("/api/incidents?open=true")).Json.GetProperty("incidents").EnumerateArray().First(i => i.GetProperty("product").GetString() == "mobile");
        var path = $"/api/incidents/{incident.GetProperty("id").GetGuid()}";
        var detail = await agent.Get(path);
        var version = detail.Json.GetProperty("incident").GetProperty("version").GetInt64();
        var affected = detail.Json.GetProperty("affected")[0];
        affected.GetProperty("told").GetString().ShouldBe("owed");
        var told = new { customer = affected.GetProperty("customer").GetGuid(), channel = "phone" };
        (await agent.Post($"{path}/contacts", told, 7)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await agent.Post($"{path}/contacts", told, version)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("owed").GetInt64().ShouldBe(0);
        (await coordinator.Post($"{path}/state", new { state = "resolved" }, version + 1)).ShouldBe(HttpStatusCode.OK);
        (await coordinator.Post($"{path}/publication", new { message = "Over." }, version + 2)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("incident_resolved");
    }

    static IEnumerable<Guid> Listed(Answer page) =>
        page.ShouldBe(HttpStatusCode.OK).Json.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("id").GetGuid());
}
