using System.Diagnostics;
using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Access;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

public sealed class MonitorTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly string[] Places = ["triage", "unassigned", "assigned", "waiting"];
    static readonly string[] States = ["atRisk", "breached", "paused", "undetermined"];

    [Fact]
    public async Task B5_the_monitor_says_the_same_as_the_queues_and_the_clocks_however_it_is_grouped()
    {
        var coordinator = await server.As(Role.Coordinator);
        await Mixed("mobile", "en");
        await Mixed("billing", "pl");
        // Other tests of this class open tickets meanwhile: what was the same before and after is compared.
        await Eventually.Hold(async () =>
        {
            var before = (await coordinator.Get("/api/queues")).Text;
            var clocks = (await coordinator.Get("/api/sla")).Json;
            var pages = new Dictionary<string, JsonElement>();
            foreach (var by in new[] { "desk", "line", "agent" })
                pages[by] = (await coordinator.Get($"/api/monitor?groupBy={by}")).ShouldBe(HttpStatusCode.OK).Json;
            var counts = (await coordinator.Get("/api/queues")).Json;
            counts.GetRawText().ShouldBe(JsonDocument.Parse(before).RootElement.GetRawText());

            foreach (var (by, page) in pages)
            {
                var (total, groups) = (page.GetProperty("total"), page.GetProperty("groups").EnumerateArray().ToList());
                foreach (var place in Places)
                {
                    var expected = counts.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("queue").GetString() == place).GetProperty("count").GetInt64();
                    total.GetProperty(place).GetInt64().ShouldBe(expected, $"{by} {place}");
                    groups.Sum(g => g.GetProperty(place).GetInt64()).ShouldBe(expected, $"{by} {place}");
                }
                foreach (var state in States)
                    groups.Sum(g => g.GetProperty("clocks").GetProperty(state).GetInt64()).ShouldBe(clocks.GetProperty(state).GetInt64(), $"{by} {state}");
            }
            foreach (var group in pages["desk"].GetProperty("groups").EnumerateArray())
                group.GetProperty("open").GetInt64().ShouldBe(counts.GetProperty("counts").EnumerateArray()
                    .Where(c => c.GetProperty("desk").GetString() == group.GetProperty("group").GetString()).Sum(c => c.GetProperty("count").GetInt64()));
        });
    }

    [Fact]
    public async Task B5_ages_and_solve_times_are_those_of_the_tickets_and_of_the_response_times_report()
    {
        var (agent, coordinator) = (await server.As(Role.Agent), await server.As(Role.Coordinator));
        List<DateTimeOffset> opened = [];
        for (var i = 0; i < 5; i++)
        {
            var ticket = await agent.Open(product: "mobile", language: "fi");
            if (i < 2) await agent.Post($"/api/tickets/{ticket.Ticket}/resolution", new { resolution = "answered" }, ticket.Version);
            else opened.Add((await agent.Get($"/api/tickets/{ticket.Ticket}")).Json.GetProperty("openedAt").GetDateTimeOffset());
        }
        var page = (await coordinator.Get("/api/monitor?desk=mobile/fi")).ShouldBe(HttpStatusCode.OK).Json;
        var (asOf, group) = (page.GetProperty("asOf").GetDateTimeOffset(), page.GetProperty("groups")[0]);
        group.GetProperty("oldestOpenedAt").GetDateTimeOffset().ShouldBe(opened[0]);
        group.GetProperty("oldestAgeSeconds").GetDouble().ShouldBe((asOf - opened[0]).TotalSeconds, 1e-5);
        group.GetProperty("medianAgeSeconds").GetDouble().ShouldBe((asOf - opened[1]).TotalSeconds, 1e-5);
        await Eventually.Hold(async () =>
        {
            var report = (await coordinator.Get($"/api/reports/response-times?desk=mobile/fi&from={asOf:yyyy-MM-dd}")).Json.GetProperty("total").GetProperty("firstResolution");
            foreach (var period in new[] { "solvedToday", "solvedLast7Days" })
            {
                group.GetProperty(period).GetProperty("n").GetInt64().ShouldBe(2);
                report.GetProperty("n").GetInt64().ShouldBe(2);
                group.GetProperty(period).GetProperty("medianSeconds").GetDouble().ShouldBe(report.GetProperty("median").GetDouble(), 1e-5);
                group.GetProperty(period).GetProperty("p90Seconds").GetDouble().ShouldBe(report.GetProperty("p90").GetDouble(), 1e-5);
            }
        });
    }

    [Fact]
    public async Task S2_agents_see_their_desks_and_lines_coordinators_all_lines_of_their_desks_and_customers_nothing()
    {
        var everywhere = await server.As(Role.Agent, "everywhere");
        var first = await everywhere.Open(product: "cloud", language: "sv");
        var second = await everywhere.Open(product: "cloud", language: "sv");
        var assessed = await everywhere.Post($"/api/tickets/{second.Ticket}/severity-assessments", new { severity = "high" }, second.Version);
        (await everywhere.Post($"/api/tickets/{second.Ticket}/escalations", new { reason = "Hard." }, assessed.Version)).ShouldBe(HttpStatusCode.OK);
        first.ShouldBe(HttpStatusCode.Created);
        await everywhere.Open(product: "cloud", language: "de");
        string[] desks = ["cloud/sv"];
        (await Open(await server.As(Role.Agent, "first", desks, [SupportLine.L1]))).ShouldBe([("l1", 1)]);
        (await Open(await server.As(Role.Agent, "second", desks, [SupportLine.L2]))).ShouldBe([("l2", 1)]);
        (await Open(await server.As(Role.Agent, "both", desks))).ShouldBe([("l1", 1), ("l2", 1)]);
        (await Open(await server.As(Role.Coordinator, "cleo", desks))).ShouldBe([("l1", 1), ("l2", 1)]);
        var outside = (await (await server.As(Role.Coordinator, "cleo", desks)).Get("/api/monitor?desk=cloud/de")).ShouldBe(HttpStatusCode.OK).Json;
        outside.GetProperty("groups").GetArrayLength().ShouldBe(0);
        outside.GetProperty("total").GetProperty("open").GetInt64().ShouldBe(0);
        var customer = await server.As(Role.Customer);
        (await customer.Get("/api/monitor")).ShouldBe(HttpStatusCode.Forbidden);
        (await customer.Get("/api/monitor/live")).ShouldBe(HttpStatusCode.Forbidden);

        static async Task<List<(string?, long)>> Open(Api who) =>
            [.. (await who.Get("/api/monitor?groupBy=line")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("groups").EnumerateArray()
                .Select(g => (g.GetProperty("group").GetString(), g.GetProperty("open").GetInt64()))];
    }

    [Theory]
    [InlineData("/api/monitor?groupBy=moon")]
    [InlineData("/api/monitor?line=l9")]
    [InlineData("/api/monitor?limit=3")]
    [InlineData("/api/monitor/live?groupBy=moon")]
    public async Task F8_a_question_that_makes_no_sense_is_refused(string address) =>
        (await (await server.As(Role.Coordinator)).Get(address)).ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");

    [Fact]
    public async Task D2_an_open_screen_is_told_within_half_a_second_of_the_command_and_given_everything_when_it_comes_again()
    {
        var (agent, coordinator) = (await server.As(Role.Agent), await server.As(Role.Coordinator));
        using var live = await coordinator.Watch("/api/monitor/live?desk=mobile/es");
        live.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await live.Next())!.Value.Json.GetProperty("total").GetProperty("open").GetInt64().ShouldBe(0);
        List<double> milliseconds = [];
        for (var n = 1; n <= 9; n++)
        {
            await agent.Open(product: "mobile", language: "es");
            var started = Stopwatch.GetTimestamp();
            await live.Until(page => page.GetProperty("total").GetProperty("open").GetInt64() == n);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        milliseconds.Order().ElementAt(4).ShouldBeLessThan(500);

        using var again = await coordinator.Watch("/api/monitor/live?desk=mobile/es", ("Last-Event-ID", "1"));
        var whole = (await again.Next())!.Value;
        whole.Name.ShouldBe("monitor");
        whole.Json.GetProperty("total").GetProperty("open").GetInt64().ShouldBe(9);
        long.Parse(whole.Id).ShouldBe(whole.Json.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task S2_a_screen_is_not_told_of_what_its_asker_does_not_reach()
    {
        var agent = await server.As(Role.Agent);
        using var live = await (await server.As(Role.Coordinator, "near", ["mobile/pl"])).Watch("/api/monitor/live");
        (await live.Next())!.Value.Json.GetProperty("groups").GetArrayLength().ShouldBe(0);
        await agent.Open(product: "mobile", language: "ar");
        await agent.Open(product: "mobile", language: "pl");
        // The first word it hears is of its own desk.
        var told = (await live.Next())!.Value.Json;
        told.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("group").GetString()).ShouldBe(["mobile/pl"]);
    }

    [Fact]
    public async Task S4_a_live_connection_ends_within_a_second_of_its_tokens_revocation_and_at_its_expiry()
    {
        var administrator = await server.As(Role.Administrator);
        var issued = (await administrator.Post("/api/tokens", new { name = "cora", roles = new[] { "coordinator" }, expiresInDays = 1 })).ShouldBe(HttpStatusCode.Created).Json;
        var holder = new Api(server.Http, issued.GetProperty("text").GetString());
        using var live = await holder.Watch("/api/monitor/live?desk=mobile/fr");
        await live.Next();
        (await administrator.Delete($"/api/tokens/{issued.GetProperty("token").GetProperty("id").GetGuid()}")).ShouldBe(HttpStatusCode.NoContent);
        var started = Stopwatch.GetTimestamp();
        (await live.Next()).ShouldBeNull();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await holder.Get("/api/monitor/live")).ShouldBe(HttpStatusCode.Unauthorized);

        var brief = new Api(server.Http, await server.Issue(new NewToken("brief", [Role.Coordinator], TimeSpan.FromSeconds(2))));
        using var expiring = await brief.Watch("/api/monitor/live?desk=mobile/fr");
        await expiring.Next();
        (await expiring.Next()).ShouldBeNull();
    }

    /// <summary>One ticket in every place, and one resolved.</summary>
    async Task Mixed(string product, string language)
    {
        var agent = await server.As(Role.Agent);
        await agent.Open(product: product, language: language, channel: "portal");
        await agent.Open(product: product, language: language);
        foreach (var last in new[] { "", "waiting", "resolution" })
        {
            var ticket = await agent.Open(product: product, language: language);
            var path = $"/api/tickets/{ticket.Ticket}";
            var v = (await agent.Post($"{path}/assignment", new { agent = $"ann-{last}" }, ticket.Version)).ShouldBe(HttpStatusCode.OK).Version;
            v = (await agent.Post($"{path}/replies", new { body = "Soon." }, v)).ShouldBe(HttpStatusCode.OK).Version;
            if (last == "waiting") await agent.Post($"{path}/waiting", new { reason = "thirdParty" }, v);
            if (last == "resolution") await agent.Post($"{path}/resolution", new { resolution = "fixed" }, v);
        }
    }
}
