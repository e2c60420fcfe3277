using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;
using EventDesk.Service.Views;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Tests.Reporting;

/// <summary>E2: which comments wait to be reviewed, and how far all of them are.</summary>
public sealed class CommentRowsTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static readonly IReadOnlyList<FollowedView> Facts = [new TicketFacts()];

    static Reach Of(params IEnumerable<string> products) => new(null, products.Select(p => new DeskId($"{p}/en")).ToHashSet());

    Task<(CommentCoverage Coverage, List<(Guid Ticket, int Cycle, DateTimeOffset Since)> Found)> Read(Reach reach, (DateTimeOffset Since, Guid Ticket)? after = null, int limit = 1000) =>
        CommentRows.AtOneMoment(database.Store, reach, after, limit, default);

    static Life Resolved(string product, long number) => new Life(number, product).Then(new TicketResolved(Resolution.Fixed, 1));
    static Life Commented(string product, long number) => Said(Resolved(product, number).After(TimeSpan.FromHours(number)));
    static Life Said(Life life) => life.Then(new FeedbackGiven(life.Ticket.Cycle, 2, GiveFeedback.Scale, "words"), Life.Customer);

    /// <summary>Some of whatever may happen to a rated ticket.</summary>
    static Life Ended(Life life, int i) => (i % 7) switch
    {
        0 => life.Then(new TicketPurged("certificate"), Actor.System),
        1 => life.Then(new TicketMerged(default)),
        2 => life.Then(new TicketMerged(default)).Then(new TicketUnmerged(default)),
        3 => life.Then(new TicketMoved("elsewhere", "en")),
        _ => life,
    };

    [Fact]
    public async Task E2_What_is_counted_is_what_the_report_counts_and_what_waits_is_what_can_be_reviewed()
    {
        var lives = new[] { "north", "south" }.SelectMany(p => FigureTests.Seeded(p).Select(Ended)).ToList();
        await database.Given(lives);
        foreach (var reach in new[] { Reach.All, Of("north"), Of("south"), Of("north", "elsewhere"), Of("nowhere"), Of() })
        {
            var (coverage, found) = await Read(reach);
            var csat = (await database.Csat.Run(new ReportQuery { Desks = reach.Desks }, default)).Total;
            (coverage.Comments, coverage.Reviewed).ShouldBe((csat.Comments, csat.ReviewedComments));
            var waiting = lives.Where(l => l.Ticket is { MergedInto: null, CommentsToReview.Count: > 0 } t && reach.Covers(new(t.Desk, t.Line, default))).ToList();
            if (reach == Reach.All) continue; // the other tests' are among them
            coverage.Waiting.ShouldBe(waiting.Sum(l => l.Ticket.CommentsToReview.Count));
            found.Select(f => (f.Ticket, f.Cycle)).ShouldBe(waiting.Select(l => (l.Id, l.Ticket.CommentsToReview[0])), ignoreOrder: true);
            found.Select(f => (f.Since, f.Ticket)).ShouldBe(found.Select(f => (f.Since, f.Ticket)).Order());
            coverage.OldestSince.ShouldBe(found.Count == 0 ? null : found[0].Since);
            coverage.Categories.ShouldBe(coverage.Comments == 0 ? [] : ["praise"]);
        }
        (await Read(Of("north"))).Coverage.Waiting.ShouldBeInRange(5, 100);
        (await Read(Of("elsewhere"))).Coverage.Waiting.ShouldBeInRange(2, 100);
    }

    [Fact]
    public async Task E2_R4_A_comment_goes_with_its_ticket_comes_back_with_it_and_stays_in_the_count()
    {
        var (kept, moved, merged, purged) = (Commented("kept", 1), Commented("kept", 2), Commented("kept", 3), Commented("kept", 4));
        async Task Next(Life life, TicketEvent e)
        {
            life.Then(e);
            await database.Given([life.Events[^1]], Facts);
        }
        async Task ShouldWait(params Life[] waiting)
        {
            var (coverage, found) = await Read(Of("kept"));
            found.Select(f => f.Ticket).ShouldBe(waiting.Select(l => l.Id));
            coverage.Waiting.ShouldBe(waiting.Length);
        }
        await database.Given(kept, moved, merged, purged);
        await ShouldWait(kept, moved, merged, purged);
        await Next(merged, new TicketMerged(default));
        await ShouldWait(kept, moved, purged);
        await Next(merged, new TicketUnmerged(default));
        await ShouldWait(kept, moved, merged, purged);
        await Next(purged, new TicketPurged("certificate"));
        await ShouldWait(kept, moved, merged);
        (await Read(Of("kept"))).Coverage.Comments.ShouldBe(4);
        await Next(moved, new TicketMoved("further", "en"));
        await ShouldWait(kept, merged);
        (await Read(Of("further"))).Found.ShouldHaveSingleItem().Ticket.ShouldBe(moved.Id);
        await Next(kept, new FeedbackReviewed(1, "rude"));
        await ShouldWait(merged);
        var (coverage, _) = await Read(Of("kept"));
        (coverage.Comments, coverage.Reviewed, coverage.Categories.Single()).ShouldBe((3, 1, "rude"));
        await Next(kept.After(TimeSpan.FromDays(1)), new FeedbackGiven(1, 1, GiveFeedback.Scale, "still"));
        await ShouldWait(merged, kept);
    }

    [Fact]
    public async Task E2_Of_several_comments_on_a_ticket_the_oldest_is_listed_and_all_are_counted()
    {
        var twice = Said(Commented("twice", 1).Then(new TicketReopened(ReopenCause.Customer)).Then(new TicketResolved(Resolution.Fixed, 2)));
        await database.Given(twice);
        var (coverage, found) = await Read(Of("twice"));
        (coverage.Comments, coverage.Waiting).ShouldBe((2, 2));
        found.ShouldHaveSingleItem().Cycle.ShouldBe(1);
        twice.Then(new FeedbackReviewed(1, "rude"));
        await database.Given([twice.Events[^1]], Facts);
        (await Read(Of("twice"))).Found.ShouldHaveSingleItem().Cycle.ShouldBe(2);
    }

    [Fact]
    public async Task E2_Pages_of_several_desks_follow_one_another()
    {
        await database.Given(Enumerable.Range(1, 11).Select(i => Commented(i % 3 == 0 ? "paged" : "pages", i)));
        var all = (await Read(Of("paged", "pages"))).Found;
        all.Count.ShouldBe(11);
        List<(Guid, int, DateTimeOffset)> seen = [];
        for ((DateTimeOffset, Guid)? after = null; ;)
        {
            var (coverage, page) = await Read(Of("paged", "pages"), after, 4);
            coverage.OldestSince.ShouldBe(all[0].Since);
            if (page.Count == 0) break;
            seen.AddRange(page.Select(f => (f.Ticket, f.Cycle, f.Since)));
            after = (page[^1].Since, page[^1].Ticket);
        }
        seen.ShouldBe(all.Select(f => (f.Ticket, f.Cycle, f.Since)));
    }

    [Fact]
    public async Task P1_Neither_statement_reads_more_comments_than_a_page_has_however_many_there_are()
    {
        await using var connection = await database.Store.DataSource.OpenConnectionAsync();
        await using var undone = await connection.BeginTransactionAsync();
        await using var fill = new NpgsqlCommand("""
            insert into ticket_cycle (ticket, version, cycle, resolved_at, imported, ratings, comment_at, reviewed_at, review_desk)
            select gen_random_uuid(), 2, 1, at, false, 1, at, case when i % 2 = 0 then at end, case when i % 2 = 1 then 'busy/en' end
            from (select i, timestamptz '2020-01-01' + i * interval '1 minute' as at from generate_series(1, 20000) i) c;
            insert into comment_count values ('busy/en', '', 20000, 10000, 10000), ('idle/en', '', 5, 5, 0);
            analyze ticket_cycle;
            analyze comment_count
            """, connection);
        await fill.ExecuteNonQueryAsync();
        foreach (var desks in new[] { null, new[] { "busy/en" }, ["idle/en"] })
        {
            (await RowsRead(connection, CommentRows.CoverageSql, desks)).ShouldBeLessThan(300);
            (await RowsRead(connection, CommentRows.PageSql, desks, (NpgsqlDbType.TimestampTz, DateTime.UnixEpoch), (NpgsqlDbType.Uuid, Guid.Empty), (NpgsqlDbType.Integer, 26))).ShouldBeLessThan(300);
        }
    }

    /// <summary>Of all tables, by what the server says it did.</summary>
    static async Task<long> RowsRead(NpgsqlConnection connection, string sql, string[]? desks, params (NpgsqlDbType Type, object Value)[] further)
    {
        await using var command = new NpgsqlCommand($"explain (analyze, format json) {sql}", connection).Add(NpgsqlDbType.Array | NpgsqlDbType.Text, desks);
        foreach (var (type, value) in further)
            command.Add(type, value);
        using var plan = System.Text.Json.JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        return Read(plan.RootElement[0].GetProperty("Plan"));

        static long Read(System.Text.Json.JsonElement node)
        {
            long Figure(string name) => node.TryGetProperty(name, out var n) ? (long)n.GetDouble() : 0;
            var here = node.GetProperty("Node Type").GetString()!.Contains("Scan", StringComparison.Ordinal)
                ? (Figure("Actual Rows") + Figure("Rows Removed by Filter")) * Figure("Actual Loops") : 0;
            return here + (node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().Sum(Read) : 0);
        }
    }
}
