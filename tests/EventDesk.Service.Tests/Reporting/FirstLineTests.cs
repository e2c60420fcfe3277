using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;

namespace EventDesk.Service.Tests.Reporting;

public sealed class FirstLineTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static readonly DateTimeOffset LongAfter = Life.Monday.AddYears(1);

    static ReportQuery Of(string product, params string[] groupBy) =>
        new() { GroupBy = groupBy, Filters = new Dictionary<string, string> { ["product"] = product } };

    static Life Resolved(string product, long number, SupportLine line = SupportLine.L1, Resolution how = Resolution.Fixed) => Lives.Resolved(number, line, how, product);

    [Fact]
    public async Task E3_what_never_left_the_first_line_and_stayed_resolved_counts_overall_and_of_the_eligible()
    {
        await database.Given(
            Resolved("e3", 1), Resolved("e3", 2),
            Resolved("e3", 3, SupportLine.L2),
            new Life(4, "e3").Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, "reason")).Then(new TicketResolved(Resolution.Fixed, 1)),
            Resolved("e3", 5, how: Resolution.Spam), Resolved("e3", 6, how: Resolution.Duplicate),
            new Life(7, "e3"));
        var all = (await database.FirstLine(LongAfter).Run(Of("e3") with { Cohort = Cohort.OpenedIn }, 5, null, default)).Total;
        (all.Tickets, all.Resolved, all.FirstLine, all.Eligible).ShouldBe((7, 4, 2, 3));
        (all.OverallShare, all.EligibleShare, all.ShareOfTickets).ShouldBe((0.5, 2 / 3.0, 2 / 7.0));
        all.Highest.ShouldBe(new LineCounts(5, 2, 0, 0));
        all.First.ShouldBe(new LineCounts(6, 1, 0, 0));
    }

    [Theory]
    [InlineData(5.0, 1)]
    [InlineData(4.0, 2)]
    [InlineData(null, 1)]
    public async Task E3_a_reopening_takes_a_resolution_back_only_within_the_window_of_working_days(double? window, int firstLine)
    {
        var product = $"window {window}";
        // From Monday to the next Monday are seven days and five working ones.
        await database.Given(
            Resolved(product, 1),
            new Life(2, product).Then(new TicketResolved(Resolution.Fixed, 1)).After(TimeSpan.FromDays(7)).Then(new TicketReopened(ReopenCause.Customer)).Then(new TicketResolved(Resolution.Fixed, 2)));
        (await database.FirstLine(LongAfter).Run(Of(product), window, null, default)).Total.FirstLine.ShouldBe(firstLine);
    }

    [Fact]
    public async Task E3_a_resolution_is_provisional_until_the_window_has_passed()
    {
        await database.Given(Resolved("provisional", 1));
        (await database.FirstLine(Life.Monday.AddDays(7)).Run(Of("provisional"), 5, null, default)).Total.Provisional.ShouldBe(1);
        (await database.FirstLine(Life.Monday.AddDays(8)).Run(Of("provisional"), 5, null, default)).Total.Provisional.ShouldBe(0);
    }

    [Fact]
    public async Task E3_a_desk_has_its_own_target_against_the_eligible_share()
    {
        await database.Given(Resolved("good", 1), Resolved("bad", 2), new Life(3, "bad").Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, "reason")).Then(new TicketResolved(Resolution.Fixed, 1)));
        var report = await database.FirstLine(LongAfter, new("good", "en", FirstLineTargetPercent: 90), new("bad", "en", FirstLineTargetPercent: 60))
            .Run(new ReportQuery { GroupBy = ["desk"] }, 5, null, default);
        report.Rows.Where(r => r.Group["desk"] is "good/en" or "bad/en").Select(r => (r.Group["desk"], r.Figures.Target, r.Figures.TargetMet))
            .ShouldBe([("bad/en", 0.6, false), ("good/en", 0.9, true)]);
        report.Total.Target.ShouldBeNull();
    }

    [Fact]
    public async Task A8_what_l2_did_in_l1s_place_counts_as_first_line_and_is_reported_apart()
    {
        await database.Given(new Life(1, "acting", triage: true).Then(new TicketTriaged(SupportLine.L2, null), actingAs: SupportLine.L1).Then(new TicketResolved(Resolution.Fixed, 1)));
        var all = (await database.FirstLine(LongAfter).Run(Of("acting"), 5, null, default)).Total;
        (all.FirstLine, all.FirstLineActingAs).ShouldBe((1, 1));
    }

    [Fact]
    public async Task E3_first_contact_is_one_public_answer_and_no_word_of_the_customer_after_it()
    {
        await database.Given(
            Lives.Ordinary(1),
            new Life(2).Then(Lives.Reply).Then(Lives.Message, Life.Customer).Then(new TicketResolved(Resolution.Fixed, 1)),
            new Life(3).Then(Lives.Message, Life.Customer).Then(Lives.Reply).Then(new TicketResolved(Resolution.Fixed, 1)),
            new Life(4).Then(Lives.Reply).Then(Lives.Reply).Then(new TicketResolved(Resolution.Fixed, 1)));
        var all = (await database.FirstLine(LongAfter).Run(Of("billing"), 5, null, default)).Total;
        (all.Resolved, all.FirstContact).ShouldBe((4, 2));
    }

    [Fact]
    public async Task E3_the_cohort_is_by_first_resolution_or_by_opening_and_a_period_is_half_open()
    {
        await database.Given(Resolved("cohort", 1), Resolved("cohort", 30));
        async Task<long> Tickets(Cohort cohort, int from, int to) => (await database.FirstLine(LongAfter).Run(
            Of("cohort") with { Cohort = cohort, From = Life.Monday.AddHours(from), To = Life.Monday.AddHours(to) }, 5, null, default)).Total.Tickets;
        (await Tickets(Cohort.ResolvedIn, 1, 30)).ShouldBe(1);
        (await Tickets(Cohort.ResolvedIn, 1, 31)).ShouldBe(2);
        (await Tickets(Cohort.OpenedIn, 0, 1)).ShouldBe(2);
        (await Tickets(Cohort.OpenedIn, 1, 31)).ShouldBe(0);
    }

    [Fact]
    public async Task S2_desks_out_of_reach_are_in_no_figure()
    {
        await database.Given(Resolved("near", 1), Resolved("far", 2));
        var report = await database.Volume.Run(new ReportQuery { GroupBy = ["desk"], Desks = new HashSet<DeskId> { new("near/en") } }, default);
        report.Rows.Select(r => r.Group["desk"]).ShouldBe(["near/en"]);
        report.Total.Tickets.ShouldBe(1);
    }
}
