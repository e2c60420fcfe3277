using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventDesk.Domain.Access;
using EventDesk.Service.Views;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

public sealed class ReportTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly string[] Reports = ["csat", "first-line", "response-times", "escalations", "reopens", "volume", "waiting", "activities", "backlog", "flow", "sla"];

    /// <summary>Until the server's followers have applied what the log holds now.</summary>
    Task Follow() => Follow(server);

    internal static async Task Follow(RunningServer server)
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

    [Theory]
    [InlineData("csat", "sent")]
    [InlineData("first-line", "resolved")]
    public async Task E1_Satisfaction_is_told_by_contract_and_so_are_the_reports_over_tickets(string report, string figure)
    {
        await Resolved("ar");
        await Follow();
        var analyst = await server.As(Role.Analyst);
        var row = (await analyst.Get($"/api/reports/{report}?groupBy=contract&language=ar")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("rows").EnumerateArray().ShouldHaveSingleItem();
        row.GetProperty("group").GetRawText().ShouldBe("""{"contract":"standard"}""");
        var all = row.GetProperty("figures").GetProperty(figure).GetInt64();
        all.ShouldBeGreaterThan(0);
        foreach (var (contract, counted) in new[] { ("standard", all), ("vip", 0), ("none", 0) })
            (await analyst.Get($"/api/reports/{report}?language=ar&contract={contract}")).Json.GetProperty("total").GetProperty(figure).GetInt64().ShouldBe(counted, contract);
    }

    /// <summary>One resolved at once, one that went up, waited and came back, one nobody has looked at.</summary>
    async Task Lived(string language)
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer, "eva"));
        await Resolved(language);
        var opened = await customer.Open("Reported", "cloud", language, "eva@example.com");
        var version = opened.Version;
        foreach (var (command, body) in new (string, object)[]
        {
            ("assignment", new { agent = "ann" }), ("severity-assessments", new { severity = "high" }), ("escalations", new { reason = "Needs more" }), ("replies", new { body = "Wait." }),
            ("waiting", new { reason = "customer" }), ("resolution", new { resolution = "fixed" }), ("reopening", new { reason = "Not so" }),
        })
            version = (await agent.Post($"/api/tickets/{opened.Ticket}/{command}", body, version)).ShouldBe(HttpStatusCode.OK).Version;
        await agent.Open("Reported", "cloud", language);
        await Follow();
    }

    /// <summary>Numbers that count nothing: they open what they were computed from.</summary>
    static bool IsCount(string path) => !((string[])["mean", "median", "p90", "p95", "seconds", "Seconds", "Share", "Rate", "Percent", "percent", "share", "low", "high", "Coverage", "target", "variants"])
        .Any(part => path.Split('.')[^1].Contains(part, StringComparison.Ordinal));

    static IEnumerable<(string Path, double Number)> Numbers(JsonElement node, string path) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(m => Numbers(m.Value, path.Length == 0 ? m.Name : $"{path}.{m.Name}")),
        JsonValueKind.Array => node.EnumerateArray().SelectMany((item, i) => Numbers(item, $"{path}.{i}")),
        JsonValueKind.Number => [(path, node.GetDouble())],
        _ => [],
    };

    [Fact]
    public async Task E6_every_figure_of_every_report_opens_just_its_events_and_a_page_links_the_same()
    {
        await Lived("de");
        var analyst = await server.As(Role.Analyst);
        foreach (var report in Reports)
        {
            var query = report switch { "backlog" => "?groupBy=line&language=de", "flow" => "?groupBy=day,line&language=de", "sla" => "?groupBy=severity&language=de", "csat" => "?groupBy=line&language=de", "activities" => "?language=de&cohort=openedIn", _ => "?groupBy=line&language=de&cohort=openedIn" };
            var answer = (await analyst.Get($"/api/reports/{report}{query}")).ShouldBe(HttpStatusCode.OK).Json;
            var rows = answer.GetProperty("rows").EnumerateArray().Select(r => (Figures: r.GetProperty("figures"), Events: r.GetProperty("events").GetString()!))
                .Append((Figures: answer.GetProperty("total"), Events: answer.GetProperty("events").GetString()!)).ToList();
            foreach (var (figures, events) in rows)
                foreach (var (path, number) in Numbers(figures, "").Where(n => n.Path != "target"))
                {
                    var behind = (await analyst.Get($"{events}&figure={path}&limit=200")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events").GetArrayLength();
                    if (IsCount(path)) behind.ShouldBe((int)number, $"{report} {path} {events}");
                    else if (number > 0) behind.ShouldBeGreaterThan(0, $"{report} {path}");
                }
            (await analyst.Get($"{rows[0].Events}&figure=moon")).ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");
            if (report is not ("reopens" or "volume" or "waiting" or "activities")) await PageLinks(analyst, $"/reports/{report}{query}");
        }
    }

    internal static async Task PageLinks(Api analyst, string address)
    {
        var page = (await analyst.Get(address)).ShouldBe(HttpStatusCode.OK).Text;
        var cells = Regex.Matches(page, """<td class="n" data-figure="(?<figure>[^"]+)"><a href="(?<href>[^"]+)"><data value="(?<value>[^"]*)">""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
        cells.Count.ShouldBeGreaterThan(0, address);
        foreach (Match cell in cells)
        {
            var (figure, href, value) = (cell.Groups["figure"].Value, WebUtility.HtmlDecode(cell.Groups["href"].Value), double.Parse(cell.Groups["value"].Value, CultureInfo.InvariantCulture));
            href.ShouldContain("figure=");
            var events = (await analyst.Get(href + "&limit=200")).ShouldBe(HttpStatusCode.OK).Text;
            if (IsCount(figure) && !figure.StartsWith("open.", StringComparison.Ordinal)) Regex.Count(events, "<tr><th scope=\"row\">").ShouldBe((int)value, href);
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
    [InlineData("openedZone=UTC", "openedWithin=00:00-12:00", "openedWithin=12:00-24:00")]
    [InlineData("openedZone=Europe/Warsaw", "openedWithin=00:00-12:00", "openedWithin=12:00-24:00")]
    [InlineData("openedWithin=00:00-24:00", "openedOn=monday,tuesday,wednesday,thursday,friday", "openedOn=saturday,sunday")]
    public async Task E4_every_ticket_is_opened_within_one_of_the_windows_of_a_week_and_their_figures_open_it_there_alone(string both, string one, string other)
    {
        await Resolved("es");
        await Follow();
        var analyst = await server.As(Role.Analyst);
        var all = await Behind("");
        all.ShouldNotBeEmpty();
        var (first, second) = (await Behind($"&{both}&{one}"), await Behind($"&{both}&{other}"));
        first.Intersect(second).ShouldBeEmpty();
        first.Union(second).ShouldBe(all, ignoreOrder: true);

        async Task<List<Guid>> Behind(string window)
        {
            var report = (await analyst.Get($"/api/reports/response-times?groupBy=desk&language=es{window}")).ShouldBe(HttpStatusCode.OK).Json;
            var events = (await analyst.Get($"{report.GetProperty("events").GetString()}&figure=firstResolution.n&limit=200")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events");
            events.GetArrayLength().ShouldBe(report.GetProperty("total").GetProperty("firstResolution").GetProperty("n").GetInt32());
            var csv = (await analyst.Get($"/api/reports/response-times?language=es&format=csv{window}")).Text.Split("\r\n");
            csv[1].Split(',')[Array.IndexOf(csv[0].Split(','), "firstResolution.n")].ShouldBe(events.GetArrayLength().ToString(CultureInfo.InvariantCulture));
            return [.. events.EnumerateArray().Select(e => e.GetProperty("ticket").GetGuid())];
        }
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
    [InlineData("/api/reports/response-times?openedWithin=10-18")]
    [InlineData("/api/reports/response-times?openedWithin=18:00-10:00")]
    [InlineData("/api/reports/response-times?openedWithin=10:00-10:00")]
    [InlineData("/api/reports/response-times?openedOn=holidays")]
    [InlineData("/api/reports/response-times?openedOn=monday,monday")]
    [InlineData("/api/reports/response-times?openedZone=Mars/Phobos")]
    [InlineData("/api/reports/response-times/events?openedOn=monday,")]
    [InlineData("/api/reports/first-line?openedWithin=10:00-18:00")]
    [InlineData("/api/reports/csat?status=open")]
    [InlineData("/api/reports/csat?format=xml")]
    [InlineData("/api/reports/backlog?asOf=now")]
    [InlineData("/api/reports/backlog?include=some")]
    [InlineData("/api/reports/flow?groupBy=day,week")]
    [InlineData("/api/reports/flow?groupBy=day&from=1900-01-01")]
    [InlineData("/api/reports/flow?week=2026-W54")]
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
