using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;

namespace EventDesk.Service.Tests.Reporting;

public sealed class FlowTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static readonly DateTimeOffset Midnight = Life.Monday.AddHours(-9), LongAfter = Life.Monday.AddYears(1);

    static ReportQuery Of(string product, int days, params string[] groupBy) => FlowReport.Ranged(
        new() { GroupBy = groupBy, From = Midnight, To = Midnight.AddDays(days), Filters = new Dictionary<string, string> { ["product"] = product } }, LongAfter)!;

    static string Line(FlowFigures f) => $"{f.Start} + {f.Opened} {f.Reopened} {f.MovedIn} - {f.Resolved} {f.Closed} {f.MovedOut} = {f.End}";

    [Fact]
    public async Task E5_what_came_and_what_went_day_by_day_and_what_happens_at_midnight_is_of_the_new_day()
    {
        await database.Given(
            new Life(1, "flow", at: Midnight.AddDays(-1)).After(TimeSpan.FromDays(1)).Then(new TicketResolved(Resolution.Fixed, 1))
                .After(TimeSpan.FromDays(2)).Then(new TicketReopened(ReopenCause.Customer)),
            new Life(2, "flow", at: Midnight.AddDays(1)).After(TimeSpan.FromHours(1)).Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, "r", "c")),
            new Life(3, "flow", at: Midnight.AddHours(3)).After(TimeSpan.FromHours(1)).Then(new TicketMerged(new TicketId(Guid.Empty))));
        var days = await database.Flow.Run(Of("flow", 4, "day"), default);
        days.Rows.Select(r => $"{r.Group["day"]} {Line(r.Figures)}").ShouldBe(
        [
            "2026-03-02 1 + 1 0 0 - 1 1 0 = 0", "2026-03-03 0 + 1 0 0 - 0 0 0 = 1", "2026-03-04 1 + 0 1 0 - 0 0 0 = 2", "2026-03-05 2 + 0 0 0 - 0 0 0 = 2",
        ]);
        Line(days.Total).ShouldBe("1 + 2 1 0 - 1 1 0 = 2");
        var lines = await database.Flow.Run(Of("flow", 4, "line"), default);
        lines.Rows.Select(r => $"{r.Group["line"]} {Line(r.Figures)}").ShouldBe(["l1 1 + 2 1 0 - 1 1 1 = 1", "l2 0 + 0 0 1 - 0 0 0 = 1"]);
        Line(lines.Total).ShouldBe(Line(days.Total));
    }

    [Theory]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("month")]
    [InlineData("day", "line")]
    [InlineData("week", "agent")]
    [InlineData("team", "day")]
    [InlineData("line", "place")]
    [InlineData("severity")]
    [InlineData("language", "month")]
    public async Task E5_on_every_row_start_and_in_less_out_is_the_end_which_is_the_backlog_then_and_every_figure_opens_as_many_events(params string[] groupBy)
    {
        var product = "desk-" + string.Join('-', groupBy);
        await database.Given(Seeded(product, 120));
        var asked = Of(product, 20, groupBy);
        var report = await database.Flow.Run(asked, default);
        report.Rows.ShouldNotBeEmpty();
        foreach (var (group, figures) in report.Rows.Append(new(new Dictionary<string, string>(), report.Total)))
        {
            (figures.Start + figures.In - figures.Out).ShouldBe(figures.End);
            (figures.Opened + figures.Reopened + figures.MovedIn, figures.Resolved + figures.Closed + figures.MovedOut).ShouldBe((figures.In, figures.Out));
            var narrowed = FlowReport.Ranged(asked with { Filters = asked.Filters.Concat(group).ToDictionary() }, LongAfter)!;
            (await Backlog(narrowed.From!.Value, narrowed)).ShouldBe(figures.Start);
            (await Backlog(narrowed.To!.Value, narrowed)).ShouldBe(figures.End);
            foreach (var (name, count) in Named(figures))
                (await Behind(narrowed, name)).ShouldBe(count, $"{name} of {string.Join(", ", group)}");
        }
    }

    /// <summary>Right before the instant: at it something may have happened that is of the next period.</summary>
    async Task<long> Backlog(DateTimeOffset at, ReportQuery narrowed) => (await database.Backlog.Run(
        new ReportQuery { Filters = narrowed.Filters.Where(f => f.Key is not ("day" or "week" or "month")).ToDictionary() }, at.AddMicroseconds(-1), openOnly: true, default)).Total.Tickets;

    async Task<long> Behind(ReportQuery narrowed, string figure)
    {
        var events = 0;
        for (EventPosition? at = EventPosition.Start; at is not null;)
        {
            var page = await database.Events.OfFlow(narrowed, FlowReport.Behind[figure], at, 7, default);
            events += page.Events.Count;
            at = page.Next;
        }
        return events;
    }

    static IEnumerable<(string, long)> Named(FlowFigures f) =>
    [
        ("start", f.Start), ("in", f.In), ("opened", f.Opened), ("reopened", f.Reopened), ("movedIn", f.MovedIn),
        ("out", f.Out), ("resolved", f.Resolved), ("closed", f.Closed), ("movedOut", f.MovedOut), ("end", f.End),
    ];

    /// <summary>A desk whose tickets went all sorts of ways, on the hour, so that midnight is among them.</summary>
    static IEnumerable<Life> Seeded(string product, int tickets)
    {
        var random = new Random(7);
        for (var i = 1; i <= tickets; i++)
        {
            var life = new Life(i, product, random.Next(2) == 0 ? "en" : "pl", (SupportLine)random.Next(1, 3), at: Midnight.AddHours(random.Next(-48, 400)), team: random.Next(2) == 0 ? "a" : null);
            for (var steps = random.Next(8); steps > 0; steps--)
                life = Step(life.After(TimeSpan.FromHours(random.Next(3) * 12)), random);
            yield return life;
        }
    }

    static Life Step(Life life, Random random) => (life.Ticket.Status, random.Next(6)) switch
    {
        (Status.Open, 0) => life.Then(new TicketResolved(Resolution.Fixed, 1)),
        (Status.Open, 1) => life.Then(new TicketClosed(CloseCause.WindowElapsed)),
        (Status.Open, 2) => life.Then(new TicketAssigned(new AgentId(random.Next(2) == 0 ? "ann" : "ben"))),
        (Status.Open, 3) => life.Then(new TicketTransferred(random.Next(2) == 0 ? "a" : "b")),
        (Status.Open, 4) => life.Then(life.Ticket.Line == SupportLine.L1 ? new TicketEscalated(SupportLine.L1, SupportLine.L2, "r", "a") : new TicketDeEscalated(life.Ticket.Line, SupportLine.L1, "r", "a")),
        (Status.Open, _) => life.Then(new SeverityChanged(life.Ticket.Severity, random.Next(2) == 0 ? Severity.High : Severity.Defect)),
        _ => life.Then(new TicketReopened(ReopenCause.Customer)),
    };
}
