using System.Text.Json;
using System.Text.Json.Nodes;
using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;

namespace EventDesk.Service.Tests.Reporting;

public sealed class FigureTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    const double Window = 5;
    static readonly TimeSpan Target = TimeSpan.FromHours(12);
    static readonly string[] Measured = ["mean", "median", "p90", "p95", "low", "high", "target", "seconds", "openSeconds", "percentPositive", "shareOfTickets", "variants"];

    /// <summary>What counts nothing: it opens what it was computed from.</summary>
    static bool IsCount(string path) => path.Split('.')[^1] is var name && !Measured.Contains(name)
        && !new[] { "Share", "Rate", "Within", "Coverage" }.Any(end => name.EndsWith(end, StringComparison.Ordinal) && name != "sourceRows");

    public static TheoryData<ReportName> OfTickets =>
    [
        ReportName.Csat, ReportName.FirstLine, ReportName.ResponseTimes, ReportName.Escalations, ReportName.Reopens, ReportName.Volume, ReportName.Waiting, ReportName.Activities,
    ];

    [Theory]
    [MemberData(nameof(OfTickets))]
    public async Task E6_every_figure_of_a_report_opens_as_many_events_as_it_counts(ReportName report)
    {
        var product = report.ToString().ToLowerInvariant();
        await database.Given(Seeded(product));
        await EveryFigureOpens(report, new ReportQuery { Cohort = Cohort.OpenedIn, GroupBy = ["line"], Filters = new Dictionary<string, string> { ["product"] = product } });
    }

    [Theory]
    [MemberData(nameof(OfTickets))]
    public async Task E7_every_figure_as_of_a_moment_opens_as_many_events_as_it_counts(ReportName report)
    {
        var product = "then" + report.ToString().ToLowerInvariant();
        await database.Given(Seeded(product));
        await EveryFigureOpens(report, new ReportQuery
        {
            Cohort = Cohort.OpenedIn, GroupBy = ["line"], Filters = new Dictionary<string, string> { ["product"] = product },
            Moment = new(Life.Monday.AddDays(12), Life.Monday.AddYears(1)),
        });
    }

    async Task EveryFigureOpens(ReportName report, ReportQuery asked)
    {
        var rows = await Run(report, asked);
        rows.Count.ShouldBeGreaterThan(2);
        var counted = 0L;
        foreach (var (group, figures) in rows)
            foreach (var (path, number) in Numbers(figures, ""))
            {
                if (path == "target") continue;
                ReportFigures.PathsOf(report).ShouldContain(path);
                var label = group.GetValueOrDefault("activity");
                var narrowed = asked with { Filters = asked.Filters.Concat(group.Where(g => g.Key != "activity")).ToDictionary() };
                var events = await Behind(report, new(path, Window, Target, label), narrowed);
                events.Distinct().Count().ShouldBe(events.Count, path);
                if (IsCount(path)) events.Count.ShouldBe((int)number, $"{path} of {string.Join(", ", group)}");
                else if (number > 0) events.ShouldNotBeEmpty(path);
                counted += IsCount(path) ? (long)number : 0;
            }
        counted.ShouldBeGreaterThan(50);
    }

    async Task<List<(IReadOnlyDictionary<string, string> Group, JsonNode Figures)>> Run(ReportName report, ReportQuery q) => report switch
    {
        ReportName.Csat => Rows(await database.Csat.Run(q, default)),
        ReportName.FirstLine => Rows(await database.FirstLine(TimeProvider.System.GetUtcNow()).Run(q, Window, null, default)),
        ReportName.ResponseTimes => Rows(await database.ResponseTimes.Run(q, Target, 1, default)),
        ReportName.Escalations => Rows(await database.Escalations.Run(q, default)),
        ReportName.Reopens => Rows(await database.Reopens.Run(q, Window, default)),
        ReportName.Volume => Rows(await database.Volume.Run(q, default)),
        ReportName.Waiting => Rows(await database.Waiting.Run(q, default)),
        _ => Rows(await database.Activities.Run(q, default)),
    };

    static List<(IReadOnlyDictionary<string, string>, JsonNode)> Rows<T>(Report<T> report) =>
        [.. report.Rows.Append(new(new Dictionary<string, string>(), report.Total)).Select(r => (r.Group, JsonSerializer.SerializeToNode(r.Figures, JsonSerializerOptions.Web)!))];

    static IEnumerable<(string Path, double Number)> Numbers(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => Numbers(m.Value, path.Length == 0 ? m.Key : $"{path}.{m.Key}")),
        JsonArray items => items.SelectMany((item, i) => Numbers(item, $"{path}.{i}")),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => [(path, value.GetValue<double>())],
        _ => [],
    };

    /// <summary>Page by page, so small that tickets fall between; those of a moment are made anew for each page.</summary>
    async Task<List<(Guid, long)>> Behind(ReportName report, FigureQuery figure, ReportQuery narrowed)
    {
        List<(Guid, long)> events = [];
        for (EventPosition? at = EventPosition.Start; at is not null;)
        {
            var page = await database.Events.OfFigure(report, figure, narrowed, null, at, narrowed.Moment is null ? 7 : 150, default);
            events.AddRange(page.Events.Select(e => (e.Ticket, e.Version)));
            at = page.Next;
        }
        return events;
    }

    internal static IEnumerable<Life> Seeded(string product)
    {
        var random = new Random(11);
        for (var i = 1; i <= 60; i++)
        {
            var life = i % 6 == 0
                ? new Life(i, product, source: "log", state: "Queued", activity: "received").Row("wait", "Waiting", Life.Ann, new ActivityImported("wait")).Row("wait", "Waiting", Life.Ben, new ActivityImported("wait"))
                    .After(TimeSpan.FromDays(400)) // what was imported was recorded before anything happened here
                : new Life(i, product, line: (SupportLine)random.Next(1, 3), triage: random.Next(4) == 0, team: random.Next(2) == 0 ? "a" : "b", severity: Severity.Standard);
            for (var steps = random.Next(3, 14); steps > 0; steps--)
                life = Step(life.After(TimeSpan.FromHours(random.Next(6))), random);
            yield return life;
        }
    }

    static Life Step(Life life, Random random) => (life.Ticket, random.Next(12)) switch
    {
        ({ Status: not Status.Open } t, < 4) => life.Then(new FeedbackGiven(t.Cycle, random.Next(1, 6), GiveFeedback.Scale, random.Next(2) == 0 ? new SealedText("words") : null), Life.Customer),
        ({ Status: not Status.Open } t, 4) => life.Then(new FeedbackReviewed(t.Cycle, "praise", "thanked")),
        ({ Status: Status.Resolved }, 5) => life.Then(new TicketClosed(CloseCause.WindowElapsed)),
        ({ Status: not Status.Open }, _) => life.After(TimeSpan.FromDays(random.Next(12))).Then(new TicketReopened(ReopenCause.Customer)),
        (_, 0 or 1) => life.Then(Lives.Reply, random.Next(2) == 0 ? Life.Ann : Life.Ben),
        (_, 2) => life.Then(Lives.Message, Life.Customer),
        (_, 3) => life.Then(new TicketTransferred(random.Next(2) == 0 ? "a" : "b")),
        ({ Line: SupportLine.L1 }, 4) => life.Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, "r", "c")),
        ({ Line: SupportLine.L2 }, 4) => life.Then(new TicketDeEscalated(SupportLine.L2, SupportLine.L1, "r", "a")),
        (_, 5) => life.Then(new SeverityChanged(life.Ticket.Severity, random.Next(2) == 0 ? Severity.High : Severity.Defect)),
        ({ Waiting: null }, 6 or 7) => life.Then(new WaitingStarted((WaitingReason)random.Next(2))),
        ({ Waiting: not null }, _) => life.Then(new WaitingEnded(WaitingEnd.Agent)),
        (_, 8) => life.Then(new TicketAssigned(new AgentId("ann")), actingAs: random.Next(3) == 0 ? SupportLine.L1 : null),
        (var t, _) => life.Then(new TicketResolved(Resolution.Fixed, t.Cycle + 1)),
    };
}
