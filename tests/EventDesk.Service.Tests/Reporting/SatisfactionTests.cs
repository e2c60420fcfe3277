using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;

namespace EventDesk.Service.Tests.Reporting;

public sealed class SatisfactionTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static Life Rated(string product, long number, params int[] ratings)
    {
        var life = new Life(number, product, severity: Severity.High).After(TimeSpan.FromHours(1)).Then(new TicketResolved(Resolution.Fixed, 1), number % 2 == 0 ? Life.Ann : Life.Ben);
        foreach (var rating in ratings) life.After(TimeSpan.FromHours(1)).Then(new FeedbackGiven(1, rating, GiveFeedback.Scale, rating < 3 ? new SealedText("why") : null), Life.Customer);
        return life;
    }

    [Fact]
    public async Task E1_percent_positive_comes_with_n_response_rate_and_wilsons_interval()
    {
        await database.Given(Rated("csat", 1, 5), Rated("csat", 2, 4), Rated("csat", 3, 3), Rated("csat", 4), Rated("csat", 5, 5, 1));
        var all = (await database.Csat.Run(new ReportQuery { Filters = new Dictionary<string, string> { ["product"] = "csat" } }, default)).Total;
        all.ShouldBe(new CsatFigures(5, 4, 2, 50, 0.8, all.PositiveBetween, 1, 0, 0));
        // Wilson's interval of 2 of 4 at 95 %, from the literature.
        all.PositiveBetween!.Low.ShouldBe(0.15003899, 1e-7);
        all.PositiveBetween.High.ShouldBe(0.84996101, 1e-7);
    }

    [Fact]
    public async Task E1_groups_are_by_who_resolved_and_by_month_and_the_total_is_over_all()
    {
        await database.Given(Rated("grouped", 1, 5), Rated("grouped", 2, 1), Rated("grouped", 3, 4));
        var report = await database.Csat.Run(new ReportQuery { GroupBy = ["agent", "month"], Filters = new Dictionary<string, string> { ["desk"] = "grouped/en" } }, default);
        report.Rows.Select(r => $"{r.Group["agent"]} {r.Group["month"]}: {r.Figures.Positive} of {r.Figures.Rated}").ShouldBe(["ann 2026-03: 0 of 1", "ben 2026-03: 2 of 2"]);
        report.Total.Rated.ShouldBe(3);
    }

    [Fact]
    public async Task E6_a_figure_opens_the_resolutions_and_ratings_behind_it_page_by_page()
    {
        var rated = Rated("opened", 1, 5, 2);
        await database.Given(rated, Rated("opened", 2));
        var query = new ReportQuery { Filters = new Dictionary<string, string> { ["product"] = "opened" } };
        List<EventBehind> all = [];
        for (var after = EventPosition.Start; after is not null;)
        {
            var page = await database.Events.Of(ReportName.Csat, query, null, after, 2, default);
            all.AddRange(page.Events);
            after = page.Next;
        }
        all.Where(e => e.Ticket == rated.Id).Select(e => $"{e.Version} {e.Type}").ShouldBe(["2 ticket_resolved", "4 feedback_given"]);
        all.Count.ShouldBe(3);
    }

    [Fact]
    public async Task F7_imported_resolutions_asked_nobody()
    {
        var imported = new Life(1, "imported", source: "log", state: "s", activity: "a").Row("r", "s", Life.Ann, new TicketResolved(Resolution.Imported, 1));
        await database.Given(imported);
        (await database.Csat.Run(new ReportQuery { Filters = new Dictionary<string, string> { ["product"] = "imported" } }, default)).Total.Sent.ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(10, 10, 0.7224672, 1)]
    [InlineData(90, 100, 0.8256343, 0.9447708)]
    public void E1_wilsons_interval_is_the_known_one(long positive, long n, double low, double high)
    {
        var interval = Interval.Wilson(positive, n)!;
        interval.Low.ShouldBe(low, 1e-6);
        interval.High.ShouldBe(high, 1e-6);
    }
}
