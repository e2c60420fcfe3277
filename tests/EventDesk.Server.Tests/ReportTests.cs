using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Service.Views;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

public sealed class ReportTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly string[] Reports = ["csat", "first-line", "response-times", "escalations", "reopens", "volume", "waiting", "activities", "backlog", "sla"];

    /// <summary>Until the server's followers have applied what the log holds now.</summary>
    async Task Follow()
    {
        var last = await server.Scalar("select coalesce(max(seq_id), 0) from mt_events");
        foreach (var view in ViewCatalog.Followed)
            await Eventually.Be(
                async () => await server.Scalar($"select count(*) from mt_event_progression where name = '{view.ProgressionName}' and last_seq_id >= {last}") == 1,
                $"{view.Name} has applied event {last}");
    }

    async Task<Guid> Resolved(string language)
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("Reported", "cloud", language);
        var v = (await agent.Post($"/api/tickets/{opened.Ticket}/replies", new { body = "Done." }, opened.Version)).ShouldBe(HttpStatusCode.OK).Version;
        (await agent.Post($"/api/tickets/{opened.Ticket}/resolution", new { resolution = "fixed" }, v)).ShouldBe(HttpStatusCode.OK);
        return opened.Ticket;
    }

    [Fact]
    public async Task E6_every_row_of_every_report_opens_the_events_behind_it_and_holds_no_text()
    {
        var ticket = await Resolved("fi");
        await Follow();
        var analyst = await server.As(Role.Analyst);
        foreach (var report in Reports)
        {
            var query = report switch { "backlog" => "?include=all&groupBy=line&language=fi", "activities" => "?language=fi", _ => "?groupBy=line,language&language=fi" };
            var answer = (await analyst.Get($"/api/reports/{report}{query}")).ShouldBe(HttpStatusCode.OK);
            answer.Text.ShouldNotContain("Reported");
            var row = answer.Json.GetProperty("rows").EnumerateArray().FirstRow(report);
            var behind = (await analyst.Get(row.GetProperty("events").GetString()!)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events");
            // Nothing was escalated, reopened or waited for: there the ticket's opening, if anything, stands for it.
            if (report is not ("reopens" or "waiting")) behind.GetArrayLength().ShouldBeGreaterThan(0, report);
            foreach (var e in behind.EnumerateArray()) e.GetProperty("ticket").GetGuid().ShouldBe(ticket, report);
        }
    }

    [Fact]
    public async Task E9_a_report_comes_as_csv_when_asked()
    {
        await Resolved("pl");
        await Follow();
        var analyst = await server.As(Role.Analyst);
        var csv = await analyst.Get("/api/reports/first-line?groupBy=desk&language=pl", ("Accept", "text/csv"));
        csv.Headers["Content-Type"].ShouldBe("text/csv; charset=utf-8");
        var lines = csv.Text.Split("\r\n");
        lines[0].ShouldStartWith("desk,tickets,resolved,firstLine,overallShare,");
        lines[1].ShouldStartWith("cloud/pl,1,1,1,1,");
        (await analyst.Get("/api/reports/first-line?groupBy=desk&language=pl&format=csv")).Text.ShouldBe(csv.Text);
    }

    [Fact]
    public async Task E7_queues_and_backlog_answer_for_any_instant()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("Then", "cloud", "ar");
        var before = DateTimeOffset.Parse((await agent.Get($"/api/tickets/{opened.Ticket}")).Json.GetProperty("openedAt").GetString()!);
        (await agent.Post($"/api/tickets/{opened.Ticket}/assignment", new { agent = "ann" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        await Follow();
        var then = Uri.EscapeDataString(before.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"));
        async Task<int> In(string queue, string asOf) => (await agent.Get($"/api/queues/{queue}/tickets?desk=cloud/ar&asOf={asOf}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("tickets").GetArrayLength();
        (await In("unassigned", then), await In("assigned", then)).ShouldBe((1, 0));
        (await In("unassigned", "2099-01-01T00:00:00Z"), await In("assigned", "2099-01-01T00:00:00Z")).ShouldBe((0, 1));
        (await In("open", "2000-01-01T00:00:00Z")).ShouldBe(0);
        (await agent.Get("/api/queues?asOf=2000-01-01T00:00:00Z")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("counts").GetArrayLength().ShouldBe(0);
        var backlog = (await (await server.As(Role.Manager)).Get($"/api/reports/backlog?groupBy=place&desk=cloud/ar&asOf={then}")).ShouldBe(HttpStatusCode.OK).Json;
        backlog.GetProperty("rows")[0].GetProperty("group").GetProperty("place").GetString().ShouldBe("unassigned");
    }

    [Theory]
    [InlineData("/api/reports/first-line?groupBy=moon")]
    [InlineData("/api/reports/first-line?groupBy=desk,line,agent")]
    [InlineData("/api/reports/first-line?window=soon")]
    [InlineData("/api/reports/first-line?target=2")]
    [InlineData("/api/reports/first-line?severity=apocalyptic")]
    [InlineData("/api/reports/first-line?from=yesterday")]
    [InlineData("/api/reports/first-line?cohort=all")]
    [InlineData("/api/reports/response-times?target=4")]
    [InlineData("/api/reports/response-times?unit=moons")]
    [InlineData("/api/reports/csat?status=open")]
    [InlineData("/api/reports/csat?format=xml")]
    [InlineData("/api/reports/backlog?asOf=now")]
    [InlineData("/api/reports/backlog?include=some")]
    [InlineData("/api/reports/volume/events?after=AAAA")]
    [InlineData("/api/queues?asOf=now")]
    public async Task F8_a_question_that_makes_no_sense_is_refused(string address)
    {
        var coordinator = await server.As(Role.Coordinator);
        (await coordinator.Get(address)).ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A1_an_administrator_reads_the_outbox_in_order_and_it_carries_no_text()
    {
        var ticket = await Resolved("sv");
        await Follow();
        var administrator = await server.As(Role.Administrator);
        List<string> kinds = [];
        for (var next = "/api/outbox?limit=2"; next is not null;)
        {
            var page = (await administrator.Get(next)).ShouldBe(HttpStatusCode.OK);
            page.Text.ShouldNotContain("@");
            kinds.AddRange(page.Json.GetProperty("entries").EnumerateArray().Where(e => e.GetProperty("ticket").GetGuid() == ticket).Select(e => e.GetProperty("type").GetString()!));
            next = page.Json.TryGetProperty("next", out var address) ? address.GetString() : null;
        }
        kinds.ShouldBe(["confirmation_issued", "reply_sent", "ticket_resolved"]);
    }
}

static class Rows
{
    /// <summary>The first of them; there must be one.</summary>
    public static T FirstRow<T>(this IEnumerable<T> rows, string what)
    {
        var all = rows.ToList();
        all.ShouldNotBeEmpty(what);
        return all[0];
    }
}
