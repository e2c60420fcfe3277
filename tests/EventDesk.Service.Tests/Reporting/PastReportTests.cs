using System.Text.Json;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;
using EventDesk.Service.Views;
using EventDesk.Store;
using NodaTime;

namespace EventDesk.Service.Tests.Reporting;

public sealed class PastReportTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    static ReportQuery Of(string product, ReportMoment? moment = null, Cohort cohort = Cohort.OpenedIn) =>
        new() { Cohort = cohort, GroupBy = ["line", "agent"], Filters = new Dictionary<string, string> { ["product"] = product }, Moment = moment };

    /// <summary>Every report over tickets with all its digits.</summary>
    async Task<string> Reports(ReportQuery q, DateTimeOffset now) => string.Join("\n", new[]
    {
        Json(await database.Csat.Run(q, default)), Json(await database.FirstLine(now).Run(q, 5, null, default)), Json(await database.ResponseTimes.Run(q, TimeSpan.FromHours(4), 1, default)),
        Json(await database.Escalations.Run(q, default)), Json(await database.Reopens.Run(q, 5, default)), Json(await database.Volume.Run(q, default)),
        Json(await database.Waiting.Run(q, default)), Json(await database.Activities.Run(q with { GroupBy = [] }, default)),
        Json(await database.Backlog.Run(q, Life.Monday.AddDays(4), false, default)), Json(await database.Flow.Run(q with { From = Life.Monday, To = Life.Monday.AddDays(30) }, default)),
    });

    static string Json<T>(Report<T> report) => JsonSerializer.Serialize(new { report.Rows, report.Total });

    /// <summary>The events behind some figures of each report, and behind each as a whole.</summary>
    async Task<string> Behind(ReportQuery q)
    {
        List<string> all = [];
        foreach (var (report, figures) in new (ReportName, string[])[]
        {
            (ReportName.Csat, ["rated", "reviewedComments"]), (ReportName.FirstLine, ["firstLine", "highest.l2"]), (ReportName.ResponseTimes, ["firstAnswer.n", "lifetime.n"]),
            (ReportName.Escalations, ["ups", "changesOfPerson"]), (ReportName.Reopens, ["transitions", "withinWindow"]), (ReportName.Volume, ["events", "closed"]),
            (ReportName.Waiting, ["customer.entries"]), (ReportName.Activities, ["rows"]),
        })
        {
            all.Add(Told(report, "", await database.Events.Of(report, q, null, EventPosition.Start, 10_000, default)));
            foreach (var figure in figures)
                all.Add(Told(report, figure, await database.Events.OfFigure(report, new(figure, 5), q, null, EventPosition.Start, 10_000, default)));
        }
        all.Add(Told(ReportName.Backlog, "", await database.Events.OfBacklog(q, Life.Monday.AddDays(4), false, EventPosition.Start, 10_000, default)));
        var ranged = q with { From = Life.Monday, To = Life.Monday.AddDays(30) };
        all.Add(Told(ReportName.Flow, "", await database.Events.OfFlow(ranged, FlowReport.Behind[""], EventPosition.Start, 10_000, default)));
        return string.Join("\n", all);
    }

    static string Told(ReportName report, string figure, EventsBehind page) => $"{report} {figure}: {string.Join(", ", page.Events.Select(e => $"{e.Number}/{e.Version} {e.Type}"))}";

    [Fact]
    public async Task E7_A_report_known_until_an_instant_is_the_one_that_was_answered_then()
    {
        var log = Life.Log(FigureTests.Seeded("known"));
        var instants = log.Select(e => e.Timestamp).Distinct().ToList();
        List<(DateTimeOffset Then, Cohort Cohort, string Reports, string Behind)> answers = [];
        var from = DateTimeOffset.MinValue;
        foreach (var to in Enumerable.Range(1, 4).Select(i => instants[(instants.Count * i / 4) - 1]))
        {
            await database.Given(log.Where(e => e.Timestamp > from && e.Timestamp <= to), ViewCatalog.Followed);
            foreach (var cohort in Enum.GetValues<Cohort>())
                answers.Add((to, cohort, await Reports(Of("known", null, cohort), to), cohort == Cohort.OpenedIn ? await Behind(Of("known")) : ""));
            from = to;
        }
        answers.Select(a => a.Reports).Distinct().Count().ShouldBe(answers.Count);
        foreach (var (then, cohort, reports, behind) in answers)
        {
            var asked = Of("known", new(Never, then), cohort);
            (await Reports(asked, log[^1].Timestamp.AddYears(1))).ShouldBe(reports, $"{cohort} until {then}");
            if (behind.Length > 0) (await Behind(asked)).ShouldBe(behind, $"until {then}");
        }
    }

    [Fact]
    public async Task E7_A_moment_that_all_lies_before_changes_nothing()
    {
        await database.Given(FigureTests.Seeded("all"));
        var end = Life.Monday.AddYears(5);
        var (reports, behind) = (await Reports(Of("all"), end), await Behind(Of("all")));
        (await Reports(Of("all", new(end, end)), end)).ShouldBe(reports);
        (await Behind(Of("all", new(end, end)))).ShouldBe(behind);
        (await database.Volume.Run(Of("all", new(Life.Monday.AddDays(-1), Never)), default)).Total.Tickets.ShouldBe(0);
        (await database.Volume.Run(Of("all", new(Never, Life.Monday.AddDays(-1))), default)).Total.Tickets.ShouldBe(0);
    }

    [Fact]
    public async Task E7_What_was_brought_in_later_had_occurred_but_was_not_known()
    {
        var tuesday = Life.Monday.AddDays(1);
        // In the source's log the work of Tuesday stands behind the resolution of Wednesday.
        var imported = new Life(1, "past", source: "log", state: "New", activity: "open").After(TimeSpan.FromDays(2)).Row("solve", "Done", Life.Ann, new TicketResolved(Resolution.Imported, 1))
            .After(TimeSpan.FromDays(-1)).Row("work", "Busy", Life.Ben, new ActivityImported("work"));
        var here = new Life(2, "past").After(TimeSpan.FromDays(1)).Then(Lives.Reply).After(TimeSpan.FromDays(1)).Then(new TicketResolved(Resolution.Fixed, 1));
        await database.Given(imported, here);

        Task<Report<VolumeFigures>> Volume(DateTimeOffset occurred, DateTimeOffset known) => database.Volume.Run(Of("past", new(occurred, known)), default);
        (await Volume(tuesday, Never)).Total.ShouldBe(new VolumeFigures(2, 2, 0, 0, 0, 0, 0, 4, 2));
        (await Volume(Never, tuesday)).Total.ShouldBe(new VolumeFigures(1, 1, 0, 0, 0, 0, 0, 2, 0));
        (await Volume(Never, Never)).Total.ShouldBe(new VolumeFigures(2, 0, 2, 0, 2, 0, 0, 6, 3));
        (await Volume(tuesday, tuesday)).Total.Tickets.ShouldBe(1);
        var events = await database.Events.OfFigure(ReportName.Volume, new("events"), Of("past", new(tuesday, Never)), null, EventPosition.Start, 10, default);
        events.Events.Select(e => $"{e.Number}/{e.Version}").ShouldBe(["1/1", "1/3", "2/1", "2/2"]);
    }

    [Fact]
    public async Task E7_What_the_present_rows_do_not_have_yet_is_read_from_the_log()
    {
        var log = Life.Log(FigureTests.Seeded("behind"));
        var (half, then) = (log.Take(log.Count / 2).ToList(), log[^1].Timestamp);
        await database.Given(half, ViewCatalog.Followed);
        await database.Given(log.Skip(half.Count), []);
        var known = await Reports(Of("behind", new(Never, then)), then);
        await using (var connection = await database.Store.DataSource.OpenConnectionAsync())
            foreach (var view in new FollowedView[] { new TicketFacts(), new TicketSpans() })
                await view.Apply(log, connection, default);
        known.ShouldBe(await Reports(Of("behind"), then));
    }

    [Fact]
    public async Task E7_The_target_and_the_window_are_those_of_the_moment()
    {
        await database.Given(new Life(1, "aims").Then(Lives.Reply).Then(new TicketResolved(Resolution.Fixed, 1)));
        static Desk Aiming(int target) => new("aims", "en", FirstLineTargetPercent: target);
        var history = OrganisationHistory.Empty.With(Aiming(90), Instant.MinValue).With(Aiming(50), Instant.FromDateTimeOffset(Life.Monday.AddDays(3)));
        var report = database.FirstLine(Life.Monday.AddDays(30), OrganisationBook.Of(history));
        async Task<(double?, long)> Told(ReportMoment? moment) =>
            (await report.Run(Of("aims", moment) with { GroupBy = ["desk"] }, 5, null, default)).Rows[0].Figures is var f ? (f.Target, f.Provisional) : default;
        (await Told(null)).ShouldBe((0.5, 0));
        (await Told(new(Never, Life.Monday.AddDays(1)))).ShouldBe((0.9, 1));
        (await Told(new(Life.Monday.AddDays(4), Never))).ShouldBe((0.5, 1));
    }

    [Fact]
    public async Task E7_A_report_of_a_moment_can_be_called_off_and_leaves_nothing_behind()
    {
        await database.Given(FigureTests.Seeded("off"));
        using var off = new CancellationTokenSource();
        await off.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => database.Volume.Run(Of("off", new(Never, Life.Monday.AddDays(1))), off.Token));
        await database.Volume.Run(Of("off", new(Never, Life.Monday.AddDays(1))), default);
        await using var command = database.Store.DataSource.CreateCommand("select count(*) from pg_class where relpersistence = 't' and relname like any(array['ticket_%', 'mt_events%', 'moment_%'])");
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }
}
