using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>The reports as of a moment, asked while work goes on and again when it is done.</summary>
public sealed class PastReportTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly string[] OfMoments = ["csat", "first-line", "response-times", "escalations", "reopens", "volume", "waiting", "activities", "backlog", "flow"];

    /// <summary>What the reports of a language say, as JSON and as CSV, with all events behind them.</summary>
    static async Task<List<string>> Told(Api analyst, string language, string moment)
    {
        List<string> told = [];
        foreach (var report in OfMoments)
        {
            var query = $"{(report is "activities" ? "?" : "?groupBy=line,agent&")}language={language}{(report is "backlog" or "flow" ? "" : "&cohort=openedIn")}{moment}";
            var answer = (await analyst.Get($"/api/reports/{report}{query}")).ShouldBe(HttpStatusCode.OK).Json;
            told.Add($"{report} {answer.GetProperty("rows").EnumerateArray().Aggregate("", (all, r) => all + r.GetProperty("group") + r.GetProperty("figures"))} {answer.GetProperty("total")}");
            told.Add((await analyst.Get($"/api/reports/{report}{query}&format=csv")).ShouldBe(HttpStatusCode.OK).Text);
            var events = answer.GetProperty("events").GetString()!;
            told.Add((await analyst.Get($"{events}&limit=200")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events").ToString());
        }
        foreach (var report in new[] { "csat", "first-line", "response-times", "escalations" })
            told.Add((await analyst.Get($"/reports/{report}?groupBy=line&language={language}{(report == "csat" ? "" : "&cohort=openedIn")}{moment}&format=csv")).ShouldBe(HttpStatusCode.OK).Text);
        return told;
    }

    [Fact]
    public async Task E7_a_report_known_until_an_instant_is_the_one_that_was_answered_then()
    {
        const string language = "es";
        var (agent, customer, analyst) = (await server.As(Role.Agent), await server.As(Role.Customer, "eva"), await server.As(Role.Analyst));
        List<(string Then, List<string> Told)> answers = [];
        var opened = await customer.Open("Reported", "cloud", language, "eva@example.com");
        var version = opened.Version;
        await Answered();
        foreach (var (command, body) in new (string, object)[]
        {
            ("assignment", new { agent = "ann" }), ("severity-assessments", new { severity = "high" }), ("escalations", new { reason = "Needs more" }), ("replies", new { body = "Wait." }),
            ("waiting", new { reason = "customer" }), ("resolution", new { resolution = "fixed" }), ("reopening", new { reason = "Not so" }), ("resolution", new { resolution = "fixed" }),
        })
        {
            version = (await agent.Post($"/api/tickets/{opened.Ticket}/{command}", body, version)).ShouldBe(HttpStatusCode.OK).Version;
            if (command is "replies" or "waiting" or "reopening")
                await agent.Open("Reported", "cloud", language);
            await Answered();
        }
        (await (await server.As(Role.PrivacyOfficer)).Post($"/api/tickets/{opened.Ticket}/purge", new { reason = "customerRequest" }, version)).ShouldBe(HttpStatusCode.OK);
        await ReportTests.Follow(server);
        answers.Select(a => a.Told[0] + a.Told[^1] + a.Told[15]).Distinct().Count().ShouldBeGreaterThan(5);
        foreach (var (then, told) in answers)
            (await Told(analyst, language, $"&knownUntil={then}")).ShouldBe(told, then);
        foreach (var report in new[] { "first-line", "response-times", "escalations" })
        {
            var address = $"/reports/{report}?groupBy=line&language={language}&cohort=openedIn&knownUntil={answers[5].Then}";
            await ReportTests.PageLinks(analyst, address);
            var page = (await analyst.Get(address)).Text;
            page.ShouldContain($"name=\"knownUntil\" type=\"text\" value=\"{answers[5].Then}\"");
            page.Split($"href=\"/reports/{report}").Skip(1).Select(link => link[..link.IndexOf('"', StringComparison.Ordinal)]).Where(link => link.Contains('?', StringComparison.Ordinal))
                .ShouldAllBe(link => link.Contains("knownUntil=", StringComparison.Ordinal));
        }
        var now = Now();
        (await Told(analyst, language, $"&knownUntil={now}")).ShouldBe(await Told(analyst, language, ""));
        foreach (var report in OfMoments.Except(["backlog", "flow"]))
            (await analyst.Get($"/api/reports/{report}?format=csv&language={language}&knownUntil={now}&occurredUntil={now}")).ShouldBe(HttpStatusCode.OK).Text
                .ShouldBe((await analyst.Get($"/api/reports/{report}?format=csv&language={language}")).Text, report);

        async Task Answered()
        {
            await ReportTests.Follow(server);
            answers.Add((Now(), await Told(analyst, language, "")));
        }

        static string Now() => TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("/api/reports/csat?knownUntil=yesterday", "knownUntil")]
    [InlineData("/api/reports/first-line/events?occurredUntil=2026-04-01T00:00:00", "occurredUntil")]
    [InlineData("/api/reports/activities?knownUntil=2026-13-01T00:00:00Z", "knownUntil")]
    [InlineData("/reports/escalations?occurredUntil=soon", "occurredUntil")]
    public async Task E7_a_moment_that_is_none_is_refused_by_its_name(string address, string field) =>
        (await (await server.As(Role.Coordinator)).Get(address)).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain(field);
}
