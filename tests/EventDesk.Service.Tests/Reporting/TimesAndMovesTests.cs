using System.Globalization;
using System.Text.RegularExpressions;
using EventDesk.Domain;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;
using NodaTime;

namespace EventDesk.Service.Tests.Reporting;

public sealed class TimesAndMovesTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static ReportQuery Of(string product, params string[] groupBy) =>
        new() { GroupBy = groupBy, Cohort = Cohort.OpenedIn, Filters = new Dictionary<string, string> { ["product"] = product } };

    [Fact]
    public async Task E4_mean_is_exact_percentiles_are_between_neighbours_and_exactly_on_target_is_within()
    {
        await database.Given(Enumerable.Range(1, 4).Select(i =>
            new Life(i, "times").After(TimeSpan.FromMinutes(i * 10)).Then(Lives.Reply).After(TimeSpan.FromMicroseconds(1)).Then(new TicketResolved(Resolution.Fixed, 1))));
        var all = (await database.ResponseTimes.Run(Of("times"), TimeSpan.FromMinutes(30), 60, default)).Total;
        all.FirstAnswer.ShouldBe(new Durations(4, 25, 25, 37, 38.5, 3, 0.75));
        all.FirstResolution.Mean.ShouldBe(25 + (1 / 60_000_000.0));
        all.FirstResolution.Within.ShouldBe(2);
        all.Lifetime.N.ShouldBe(4);
    }

    [Fact]
    public async Task E4_resolutions_without_an_answer_are_apart_and_waiting_is_taken_off()
    {
        await database.Given(
            new Life(1, "apart").Then(new WaitingStarted(WaitingReason.Customer)).After(TimeSpan.FromHours(2)).Then(new WaitingEnded(WaitingEnd.CustomerMessage))
                .Then(new WaitingStarted(WaitingReason.ThirdParty)).After(TimeSpan.FromHours(3)).Then(new WaitingEnded(WaitingEnd.Agent))
                .After(TimeSpan.FromHours(1)).Then(new TicketResolved(Resolution.Fixed, 1)));
        var all = (await database.ResponseTimes.Run(Of("apart"), null, 3600, default)).Total;
        (all.AnsweredByResolution, all.FirstAnswer.N, all.FirstAnswer.Mean, all.FirstAnswer.Within).ShouldBe((1, 0, null, null));
        (all.FirstResolution.Mean, all.FirstResolutionLessWaiting.Mean, all.FirstResolutionLessCustomer.Mean).ShouldBe((6, 1, 4));
    }

    static readonly IReadOnlyList<IsoDayOfWeek> WorkingDays = [.. CalendarDefinition.WholeWeek.Take(5)];

    /// <summary>Ticket n is resolved after n times ten minutes. The desk of <c>en</c> goes by Warsaw, which has summer time from 29 March on, that of <c>pl</c> by an offset, that of <c>sv</c> has no calendar.</summary>
    static IEnumerable<Life> OpenedThroughTheWeek => new (string Language, string At)[]
    {
        ("en", "2026-03-02T09:00:00Z"), ("en", "2026-03-02T16:59:59.999999Z"), ("en", "2026-03-02T17:00:00Z"), ("en", "2026-03-30T08:00:00Z"), ("en", "2026-03-30T07:59:59.999999Z"), ("en", "2026-03-07T12:00:00Z"),
        ("pl", "2026-03-02T08:00:00Z"), ("pl", "2026-03-02T16:00:00Z"), ("sv", "2026-03-02T10:00:00Z"), ("sv", "2026-03-02T09:00:00Z"),
    }.Select((t, i) => new Life(i + 1, "opened", t.Language, at: DateTimeOffset.Parse(t.At, CultureInfo.InvariantCulture)).After(TimeSpan.FromMinutes(10 * (i + 1))).Then(new TicketResolved(Resolution.Fixed, 1)));

    [Fact]
    public async Task E4_only_tickets_opened_within_a_window_of_the_week_are_counted_by_the_clocks_of_the_desk_or_of_a_zone()
    {
        await database.Given(OpenedThroughTheWeek);
        var zones = OpenedWindow.ZonesOf(new SupportOrganisation(
            [], [], [new Desk("opened", "en", Calendar: "warsaw"), new Desk("opened", "pl", Calendar: "east"), new Desk("opened", "sv")],
            [new CalendarDefinition("warsaw", "Europe/Warsaw"), new CalendarDefinition("east", "UTC+02:00")]));
        var hours = new OpenInterval(10 * 60, 18 * 60);
        await Holds(new(hours, WorkingDays, null, zones), 46, 40, 1, 2, 4, 7, 9);
        await Holds(new(hours, WorkingDays, "Europe/Warsaw", zones), 340 / 6.0, 60, 1, 2, 4, 8, 9, 10);
        await Holds(new(hours, WorkingDays, "UTC-01:00", zones), 130 / 3.0, 30, 2, 3, 8);
        await Holds(new(hours, [IsoDayOfWeek.Saturday], null, zones), 60, 60, 6);
        await Holds(new(new OpenInterval(18 * 60, OpenInterval.EndOfDay), WorkingDays, null, zones), 55, 55, 3, 8);

        async Task Holds(OpenedWindow window, double mean, double median, params long[] tickets)
        {
            foreach (var moment in (ReportMoment?[])[null, new(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)])
            {
                var asked = Of("opened") with { Opened = window, Moment = moment };
                var all = (await database.ResponseTimes.Run(asked, null, 60, default)).Total;
                (all.Tickets, all.FirstResolution.N, all.FirstResolution.Median).ShouldBe((tickets.Length, tickets.Length, median));
                all.FirstResolution.Mean!.Value.ShouldBe(mean, 0.000001);
                var behind = await database.Events.OfFigure(ReportName.ResponseTimes, new("firstResolution.n"), asked, null, EventPosition.Start, 50, default);
                behind.Events.Select(e => e.Number).ShouldBe(tickets, ignoreOrder: true);
                (await database.ResponseTimes.Run(asked with { GroupBy = ["language"] }, null, 60, default)).Rows.Sum(r => r.Figures.Tickets).ShouldBe(tickets.Length);
            }
        }
    }

    [Fact]
    public async Task E4_the_clocks_of_every_zone_are_those_the_service_knows_whatever_zones_the_database_has()
    {
        DateTimeOffset[] openings = [.. Enumerable.Range(0, 60).Select(i => new DateTimeOffset(1996, 1, 3, 0, 0, 0, TimeSpan.Zero).AddHours(i * 4_567))];
        await database.Given(openings.Select((at, i) => new Life(i + 1, "zones", at: at).Then(new TicketResolved(Resolution.Fixed, 1))));
        var hours = new OpenInterval(9 * 60, 17 * 60);
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids.Concat(["UTC+05:30", "UTC-03:15:20"]))
        {
            var expected = openings.Count(at => Instant.FromDateTimeOffset(at).InZone(CalendarDefinition.ZoneOf(zone)!) is var wall
                && WorkingDays.Contains(wall.DayOfWeek) && wall.TimeOfDay >= new LocalTime(9, 0) && wall.TimeOfDay < new LocalTime(17, 0));
            (await database.Volume.Run(Of("zones") with { Opened = new(hours, WorkingDays, zone, new Dictionary<string, string>()) }, default)).Total.Tickets.ShouldBe(expected, zone);
        }
        Regex.Count(ReportSql.Tickets, "at time zone (?!'UTC')").ShouldBe(0); // a zone that it does not know would be its error
    }

    [Fact]
    public async Task E5_moves_returns_and_rates_per_line()
    {
        await database.Given(
            new Life(1, "moves", team: "a").Then(new TicketTransferred("b")).Then(new TicketTransferred("a")),
            new Life(2, "moves", team: "a").After(TimeSpan.FromHours(1)).Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, "r", "c"))
                .After(TimeSpan.FromHours(2)).Then(new TicketDeEscalated(SupportLine.L2, SupportLine.L1, "r", "a")),
            new Life(3, "moves", line: SupportLine.L2));
        var all = (await database.Escalations.Run(Of("moves"), default)).Total;
        (all.Tickets, all.Escalated, all.Handovers, all.Ups, all.Downs, all.SameLine).ShouldBe((3, 1, 4, 1, 1, 2));
        (all.TeamReturnCases, all.TeamReturns, all.LineReturnCases, all.LineReturns).ShouldBe((2, 2, 1, 1));
        all.Lines[0].ShouldBe(new LineFigures("l1", 2, 1, 0.5, 3600));
        all.Lines[1].ShouldBe(new LineFigures("l2", 2, 0, 0, 7200));
        var events = await database.Events.Of(ReportName.Escalations, Of("moves") with { Filters = new Dictionary<string, string> { ["product"] = "moves", ["highestLine"] = "l2", ["firstLine"] = "l1" } }, null, EventPosition.Start, 10, default);
        events.Events.Select(e => e.Type).ShouldBe(["ticket_opened", "ticket_escalated", "ticket_de_escalated"]);
    }

    [Fact]
    public async Task E5_reopens_count_cases_and_transitions()
    {
        await database.Given(
            Lives.Resolved(1, product: "reopened"),
            new Life(2, "reopened").Then(new TicketResolved(Resolution.Fixed, 1)).Then(new TicketReopened(ReopenCause.Customer)).Then(new TicketResolved(Resolution.Fixed, 2))
                .After(TimeSpan.FromDays(30)).Then(new TicketReopened(ReopenCause.Agent)),
            new Life(3, "reopened").Then(new TicketResolved(Resolution.Fixed, 1)).After(TimeSpan.FromDays(30)).Then(new TicketReopened(ReopenCause.Agent)));
        (await database.Reopens.Run(Of("reopened"), 5, default)).Total.ShouldBe(new ReopenFigures(3, 2, 2 / 3.0, 3, 1));
    }

    [Fact]
    public async Task E5_activities_count_rows_entries_tickets_and_variants_for_imported_and_live_tickets()
    {
        static Life Imported(long number) => new Life(number, "activities", source: "log", state: "s", activity: "work")
            .Row("wait", "s", Life.Ann, new ActivityImported("wait"), new TicketAssigned(new AgentId("ann"))).Row("wait", "s", Life.Ann, new ActivityImported("wait"));
        var live = new Life(3, "activities").Then(new NoteAdded(Guid.Empty, "text"));
        await database.Given(Imported(1), Imported(2), live);
        var report = await database.Activities.Run(Of("activities"), default);
        report.Rows.ToDictionary(r => r.Group["activity"], r => r.Figures).ShouldBe(new Dictionary<string, ActivityFigures>
        {
            ["wait"] = new(4, 2, 2), ["work"] = new(2, 2, 2), ["note_added"] = new(1, 1, 1), ["ticket_opened"] = new(1, 1, 1),
        }, ignoreOrder: true);
        report.Total.ShouldBe(new ActivityFigures(8, 6, 3, 2));
        (await database.Events.Of(ReportName.Activities, Of("activities"), "wait", EventPosition.Start, 10, default)).Events.Count.ShouldBe(4);
        (await database.Events.Of(ReportName.Activities, Of("activities"), null, EventPosition.Start, 10, default)).Events.Count.ShouldBe(8);
    }

    [Fact]
    public async Task E5_waiting_and_volume_say_how_often_and_in_how_many_tickets()
    {
        await database.Given(
            new Life(1, "waits").Then(new WaitingStarted(WaitingReason.Customer)).After(TimeSpan.FromMinutes(1)).Then(new WaitingEnded(WaitingEnd.Agent))
                .Then(new WaitingStarted(WaitingReason.Customer)).Then(new SeverityChanged(null, Severity.High)),
            new Life(2, "waits").Then(new SeverityChanged(null, Severity.High)).Then(new SeverityChanged(Severity.High, Severity.Defect)));
        var waiting = (await database.Waiting.Run(Of("waits"), default)).Total;
        (waiting.Customer, waiting.ThirdParty.Entries).ShouldBe((new Waits(2, 1, 60), 0));
        var volume = await database.Volume.Run(Of("waits", "severity"), default);
        volume.Rows.Select(r => (r.Group["severity"], r.Figures.Tickets)).ShouldBe([("high", 1), ("defect", 1)]);
        (volume.Total.SeverityChanges, volume.Total.SeverityChangedTickets).ShouldBe((3, 2));
    }

    [Fact]
    public async Task E7_the_backlog_of_an_instant_is_what_stood_then()
    {
        await database.Given(
            new Life(1, "then").After(TimeSpan.FromHours(1)).Then(new TicketAssigned(new AgentId("ann"))).After(TimeSpan.FromHours(1)).Then(new TicketResolved(Resolution.Fixed, 1)),
            new Life(2, "then", line: SupportLine.L2, at: Life.Monday.AddHours(1)),
            new Life(3, "then", source: "log", state: "Queued", activity: "a", at: Life.Monday.AddHours(2)));
        async Task<string> Then(double hours, bool openOnly, params string[] groupBy)
        {
            var report = await database.Backlog.Run(Of("then", groupBy), Life.Monday.AddHours(hours), openOnly, default);
            return string.Join(", ", report.Rows.Select(r => $"{string.Join('|', r.Group.Values)} {r.Figures.Tickets}")) + $" = {report.Total.Tickets}";
        }
        (await Then(-0.01, false, "line")).ShouldBe(" = 0");
        (await Then(0, false, "line")).ShouldBe("l1 1 = 1");
        (await Then(0.99, true, "place", "agent")).ShouldBe("unassigned|none 1 = 1");
        (await Then(1, true, "place", "agent")).ShouldBe("unassigned|none 1, assigned|ann 1 = 2");
        (await Then(1.99, true, "line")).ShouldBe("l1 1, l2 1 = 2");
        (await Then(2, true, "line")).ShouldBe("l1 1, l2 1 = 2");
        (await Then(2, false, "status", "line")).ShouldBe("open|l1 1, open|l2 1, resolved|l1 1 = 3");
        (await Then(1_000_000, false, "state")).ShouldBe("Queued 1, open 1, resolved 1 = 3");
        (await database.Events.OfBacklog(Of("then"), Life.Monday.AddHours(1), openOnly: true, EventPosition.Start, 10, default)).Events.Select(e => e.Type)
            .ShouldBe(["ticket_assigned", "ticket_opened"]);
    }
}
