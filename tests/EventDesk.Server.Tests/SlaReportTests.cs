using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>A server whose time the test moves; it begins on the Monday after the organisation did.</summary>
public sealed class MovingServer : RunningServer
{
    public MovingClock Clock { get; } = new();

    protected override void Register(IServiceCollection services)
    {
        var now = TimeProvider.System.GetUtcNow();
        var monday = now.Date.AddDays(((8 - (int)now.DayOfWeek) % 7) + 7).AddHours(9);
        Clock.Move(new DateTimeOffset(monday, TimeSpan.Zero) - Clock.GetUtcNow());
        services.AddSingleton<TimeProvider>(Clock);
    }
}

public sealed class SlaReportTests(MovingServer server) : IClassFixture<MovingServer>
{
    [Fact]
    public async Task C6_E4_E6_attainment_through_the_api_on_the_second_and_long_after_and_every_figure_opens_its_events()
    {
        var (agent, coordinator) = (await Someone(Role.Agent), await Someone(Role.Coordinator));
        var opened = server.Clock.GetUtcNow();
        var (exact, late, forgotten, resolved, promised) = (await Open(agent), await Open(agent), await Open(agent), await Open(agent), await Open(agent, "request"));
        await Act(agent, resolved, "resolution", new { resolution = "answered" });
        server.Clock.Move(TimeSpan.FromHours(8)); // the budget of severity 2 at a desk that never closes
        await Act(agent, exact, "replies", new { body = "In time." });
        server.Clock.Move(TimeSpan.FromSeconds(1));
        await Act(agent, late, "replies", new { body = "Late." });
        server.Clock.Move(TimeSpan.FromDays(40));
        await Act(agent, promised, "replies", new { body = "At last." });

        var address = $"/api/reports/sla?from={At(opened)}&to={At(opened.AddMinutes(1))}";
        var first = (await coordinator.Get(address)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("total").GetProperty("firstResponse");
        Counts(first).ShouldBe("n 4, met 1, breached 2, running 0, undetermined 0, resolvedUnanswered 1, dropped 0");
        first.GetProperty("attainmentPercent").GetDouble().ShouldBe(100.0 / 3, 1e-9);
        var promises = first.GetProperty("promises");
        (promises.GetProperty("n").GetInt64(), promises.GetProperty("missed").GetInt64()).ShouldBe((1, 1));

        // As of the very second the budget ended nothing was late yet; one second on, two were.
        var then = (await coordinator.Get($"{address}&occurredUntil={At(opened.AddHours(8))}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("total").GetProperty("firstResponse");
        Counts(then).ShouldBe("n 4, met 1, breached 0, running 2, undetermined 0, resolvedUnanswered 1, dropped 0");
        var known = (await coordinator.Get($"{address}&knownUntil={At(opened.AddHours(8).AddSeconds(1))}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("total").GetProperty("firstResponse");
        Counts(known).ShouldBe("n 4, met 1, breached 2, running 0, undetermined 0, resolvedUnanswered 1, dropped 0");

        var rows = (await coordinator.Get($"{address}&groupBy=severity,contract")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("rows").EnumerateArray().ToList();
        rows.Select(r => r.GetProperty("group").GetRawText()).ShouldBe(["""{"severity":"high","contract":"standard"}""", """{"severity":"request","contract":"standard"}"""]);
        // The timer writes the forgotten one's breach by itself.
        await Eventually.Hold(async () =>
        {
            var behind = (await coordinator.Get(rows[0].GetProperty("events").GetString()!)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events").EnumerateArray()
                .Select(e => (Ticket: e.GetProperty("ticket").GetGuid(), Type: e.GetProperty("type").GetString())).ToList();
            Types(exact).ShouldBe(["ticket_opened", "sla_target_set", "reply_sent"]);
            Types(late).ShouldBe(["ticket_opened", "sla_target_set", "sla_breached", "reply_sent"]);
            Types(forgotten).ShouldBe(["ticket_opened", "sla_target_set", "sla_breached"]);
            Types(resolved).ShouldBe(["ticket_opened", "sla_target_set", "ticket_resolved"]);
            Types(promised).ShouldBeEmpty();

            IEnumerable<string?> Types(Guid ticket) => behind.Where(b => b.Ticket == ticket).Select(b => b.Type);
        });

        var drift = await ViewCheck.Run(server.Services.GetRequiredService<EventStore>(), ViewCatalog.Inline.OfType<ClockFacts>().Single(), default);
        drift.Examples.ShouldBeEmpty();
        var csv = await coordinator.Get($"{address}&groupBy=contract&format=csv");
        csv.Text.Split("\r\n")[0].ShouldStartWith("contract,firstResponse.n,firstResponse.met,firstResponse.breached,");
    }

    [Fact]
    public async Task B4_E4_a_call_back_counts_as_kept_when_the_customer_was_reached_on_the_second_and_an_attempt_does_not()
    {
        var (agent, coordinator, administrator) = (await Someone(Role.Agent), await Someone(Role.Coordinator), await Someone(Role.Administrator));
        (await administrator.Put("/api/organisation/languages/nn", new { name = "Nynorsk" }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put("/api/organisation/calendars/never", new { zone = "Europe/Oslo", week = new { } }, 0)).ShouldBe(HttpStatusCode.Created);
        var target = new { severity = "standard", firstResponse = new { time = "8h" } };
        (await administrator.Put("/api/organisation/contracts/night", new { name = "Night", targets = new[] { target }, callback = new { time = "2h" } }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put("/api/organisation/desks/billing/nn", new { calendar = "never", contract = "night" }, 0)).ShouldBe(HttpStatusCode.Created);
        var called = server.Clock.GetUtcNow();
        var (exact, late, tried) = (await Call(agent), await Call(agent), await Call(agent));
        await Act(agent, tried, "callbacks", new { reached = false, note = "Busy." });
        server.Clock.Move(TimeSpan.FromHours(2));
        await Act(agent, exact, "callbacks", new { reached = true });
        server.Clock.Move(TimeSpan.FromSeconds(1));
        await Act(agent, late, "callbacks", new { reached = true });

        var report = await coordinator.Get($"/api/reports/sla?from={At(called)}&to={At(called.AddMinutes(1))}&desk=billing/nn");
        var calls = report.ShouldBe(HttpStatusCode.OK).Json.GetProperty("total").GetProperty("callback");
        Counts(calls).ShouldBe("n 3, met 1, breached 2, running 0, undetermined 0, resolvedUnanswered 0, dropped 0");
    }

    static async Task<Guid> Call(Api agent) => (await agent.Post("/api/tickets", new
    {
        product = "billing", language = "nn", channel = "phone", severity = "standard", requester = new { email = "customer@example.com" }, subject = "s", body = "b",
    })).ShouldBe(HttpStatusCode.Created).Ticket;

    [Theory]
    [InlineData("groupBy=team")]
    [InlineData("cohort=openedIn")]
    [InlineData("knownUntil=yesterday")]
    [InlineData("severity=apocalyptic")]
    public async Task F8_a_question_that_makes_no_sense_is_refused(string query) =>
        (await (await Someone(Role.Analyst)).Get($"/api/reports/sla?{query}")).ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");

    /// <summary>With a token that outlives the moves of the clock.</summary>
    async Task<Api> Someone(Role role) => new(server.Http, await server.Issue(new NewToken(role.ToString(), [role], TimeSpan.FromDays(365))));

    static async Task<Guid> Open(Api agent, string severity = "high") => (await agent.Post("/api/tickets", new
    {
        product = "billing", language = "en", channel = "api", severity, requester = new { email = "customer@example.com" }, subject = "s", body = "b",
    })).ShouldBe(HttpStatusCode.Created).Ticket;

    /// <summary>On whatever version it stands at: the timer writes warnings and breaches meanwhile.</summary>
    static Task Act(Api agent, Guid ticket, string command, object body) => Eventually.Hold(async () =>
    {
        var version = (await agent.Get($"/api/tickets/{ticket}")).Version;
        (await agent.Post($"/api/tickets/{ticket}/{command}", body, version)).ShouldBe(HttpStatusCode.OK);
    });

    static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");

    static string Counts(JsonElement figures) => string.Join(", ", ((string[])["n", "met", "breached", "running", "undetermined", "resolvedUnanswered", "dropped"])
        .Select(name => $"{name} {figures.GetProperty(name).GetInt64()}"));
}
