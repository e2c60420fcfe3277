using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Reporting;

public sealed class SlaReportTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1);

    static readonly Contract Gold = new(
        "gold", "Gold", [
            new(Domain.Tickets.Severity.Critical, new("1h"), new("2h"), new("30m"), new("1h")),
            new(Domain.Tickets.Severity.High, new("10h"), new("10h")),
        ]);

    [Fact]
    public async Task C2_C6_Exactly_on_target_is_met_and_a_second_later_a_breach_also_when_looked_at_long_after()
    {
        var from = await Begin();
        var (exact, late) = (await Open(), await Open());
        await Open(); // nobody ever answers it
        t.Clock.Move(Hour);
        await Reply(exact);
        t.Clock.Move(Second);
        await Reply(late);
        // The timer has not run: an open one that is overdue is a breach without anybody having written so.
        await Counts(from, met: 1, breached: 2);
        t.Clock.Move(TimeSpan.FromDays(30));
        await Counts(from, met: 1, breached: 2);
        (await Figures(from)).AttainmentPercent.ShouldBe(100.0 / 3);
        await ShouldEqualReplay();
    }

    [Fact]
    public async Task C1_Promises_never_breach_and_are_told_apart()
    {
        var from = await Begin();
        var (kept, missed) = (await Open(), await Open());
        await Open();
        t.Clock.Move(30 * Minute);
        await Reply(kept);
        t.Clock.Move(Second);
        await Reply(missed);
        await Counts(from, met: 2, running: 1);
        var promises = (await Figures(from)).Promises;
        (promises.N, promises.Kept, promises.Missed, promises.Running, promises.KeptPercent).ShouldBe((3, 1, 2, 0, 100.0 / 3));
        await ShouldEqualReplay();
    }

    [Fact]
    public async Task C3_A_resolution_without_an_answer_is_told_apart_and_so_is_a_clock_that_lost_its_target()
    {
        var from = await Begin();
        var (resolved, tooLate, moved) = (await Open(), await Open(), await Open());
        await t.Do(resolved, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        await t.Do(moved, new AssessSeverity(Domain.Tickets.Severity.Request), operation: Operation.AssessSeverity);
        t.Clock.Move(2 * Hour);
        await t.Do(tooLate, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        await Counts(from, breached: 1, resolvedUnanswered: 1, dropped: 1);
        await ShouldEqualReplay();
    }

    [Fact]
    public async Task C4_A_next_response_counts_from_the_oldest_unanswered_message_without_its_pauses()
    {
        var from = await Begin();
        var ticket = await Open();
        await Reply(ticket);
        t.Clock.Move(Minute);
        await Say(ticket);
        t.Clock.Move(Hour);
        await t.Do(ticket, new StartWaiting(WaitingReason.ThirdParty), operation: Operation.Wait);
        t.Clock.Move(TimeSpan.FromDays(3));
        await t.Do(ticket, new EndWaiting(), operation: Operation.Wait);
        t.Clock.Move(Hour);
        await Reply(ticket);
        var next = (await Run(Of(from))).Total.NextResponse;
        (next.N, next.Met, next.Breached).ShouldBe((1, 1, 0));
        (next.Promises.Kept, next.Promises.Missed).ShouldBe((0, 1));
        await ShouldEqualReplay();
    }

    [Fact]
    public async Task C5_A_recorded_breach_stays_when_a_new_severity_gives_more_time()
    {
        var from = await Begin();
        var ticket = await Open();
        t.Clock.Move(Hour + Second);
        await t.Do(ticket, new AssessSeverity(Domain.Tickets.Severity.High), operation: Operation.AssessSeverity);
        t.Clock.Move(Minute);
        await Reply(ticket);
        await Counts(from, breached: 1);
        await ShouldEqualReplay();
    }

    [Fact]
    public async Task B1_Hours_that_nobody_knows_leave_a_clock_undetermined_and_out_of_the_share()
    {
        var from = await Begin();
        var ticket = Opened(await t.Desk.Open(new NewTicket("billing", "en", Channel.Portal, "Bob", "bob@example.org", "s", "b", Contract: "standard"), TestDesk.Agent, null, default));
        await Counts(from, undetermined: 1);
        t.Clock.Move(TimeSpan.FromDays(9));
        await Reply(ticket);
        await Counts(from, undetermined: 1);
        (await Figures(from)).AttainmentPercent.ShouldBeNull();
        await ShouldEqualReplay();
    }

    [Fact]
    public async Task E7_The_report_gives_the_answer_of_any_moment_by_what_had_occurred_and_by_what_was_known()
    {
        var from = await Begin();
        var ticket = await Open();
        t.Clock.Move(2 * Hour);
        await Reply(ticket);
        t.Clock.Move(Hour);
        var now = t.Clock.GetUtcNow();
        (string, DateTimeOffset)[] expected =
        [
            ("none", from - Second), ("running", from), ("running", from + Hour), ("breached", from + Hour + Second), ("breached", now),
        ];
        foreach (var (outcome, moment) in expected)
            foreach (var asOf in new[] { new ReportMoment(moment, now), new ReportMoment(now, moment) })
            {
                var f = (await t.Get<SlaReport>().Run(Of(from), asOf, default)).Total.FirstResponse;
                (f.N, f.Running, f.Breached).ShouldBe(outcome switch { "none" => (0, 0, 0), "running" => (1, 1, 0), _ => (1, 0, 1) }, $"{outcome} {moment:O}");
            }
    }

    [Fact]
    public async Task E4_A_clock_belongs_to_who_answered_and_to_its_line_then()
    {
        var from = await Begin();
        var ticket = await Open();
        await t.Do(ticket, new AssignTicket(new("zoe")), operation: Operation.Assign);
        await Open();
        await Reply(ticket);
        var report = await Run(Of(from) with { GroupBy = ["agent", "line"] });
        report.Rows.Select(r => (r.Group["agent"], r.Group["line"], r.Figures.FirstResponse.Met, r.Figures.FirstResponse.Running))
            .ShouldBe([("ann", "l1", 1, 0), ("none", "l1", 0, 1)]);
        (await Run(Of(from) with { Filters = new Dictionary<string, string> { ["agent"] = "none" } })).Total.FirstResponse.N.ShouldBe(1);
    }

    [Fact]
    public async Task B2_When_the_hours_change_what_is_foreseen_of_running_clocks_follows_and_equals_a_replay()
    {
        await Begin();
        await t.Open(product: "router");
        await Reply(await t.Open(product: "router")); // in time: what would have been late for it is nobody's question any more
        var book = t.Get<OrganisationBook>();
        var calendar = (CalendarDefinition)book.History.Versions("calendar/pl")[^1].Definition;
        var versions = book.History.Versions("calendar/pl").Count;
        (await book.Define(calendar with { Zone = "America/New_York" }, null, versions, Actor.System, null, default)).ShouldBeOfType<Defining.Done>();
        await using var leases = new Leases(t.Store);
        using var timer = new TicketTimer(t.Store, t.Desk, t.Get<TicketPrivacy>(), book, leases, t.Clock);
        await timer.ReadHours(default);
        await ShouldEqualReplay();
        await book.Define(calendar, null, versions + 1, Actor.System, null, default);
        await timer.ReadHours(default);
        await ShouldEqualReplay();
    }

    /// <summary>A day of the test's own: its tickets are told from the others' by when they were opened.</summary>
    async Task<DateTimeOffset> Begin()
    {
        t.Clock.Move(TimeSpan.FromDays(1));
        var book = t.Get<OrganisationBook>();
        if (book.History.Versions("contract/gold").Count == 0)
            await book.Define(Gold, null, 0, Actor.System, null, default);
        return t.Clock.GetUtcNow();
    }

    async Task<Guid> Open() => Opened(await t.Desk.Open(
        new NewTicket("router", "en", Channel.Email, "Bob", "bob@example.org", "s", "b", Domain.Tickets.Severity.Critical, Contract: "gold"), TestDesk.Agent, null, default));

    static Guid Opened(Outcome outcome) => outcome.ShouldBeOfType<Outcome.Done>().Ticket;

    async Task Reply(Guid ticket) => (await t.Do(ticket, new SendReply(Guid.CreateVersion7(), Channel.Email, "Done."))).ShouldBeOfType<Outcome.Done>();

    async Task Say(Guid ticket) =>
        (await t.Do(ticket, new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Email, "And now?"), operation: Operation.WriteAsCustomer)).ShouldBeOfType<Outcome.Done>();

    static ReportQuery Of(DateTimeOffset from) => new() { From = from, To = from.AddDays(1) };

    Task<Report<SlaFigures>> Run(ReportQuery q) => t.Get<SlaReport>().Run(q, new ReportMoment(t.Clock.GetUtcNow(), t.Clock.GetUtcNow()), default);

    async Task<AttainmentFigures> Figures(DateTimeOffset from) => (await Run(Of(from))).Total.FirstResponse;

    async Task Counts(DateTimeOffset from, long met = 0, long breached = 0, long running = 0, long undetermined = 0, long resolvedUnanswered = 0, long dropped = 0)
    {
        var f = await Figures(from);
        (f.Met, f.Breached, f.Running, f.Undetermined, f.ResolvedUnanswered, f.Dropped).ShouldBe((met, breached, running, undetermined, resolvedUnanswered, dropped));
        f.N.ShouldBe(met + breached + running + undetermined + resolvedUnanswered + dropped);
    }

    async Task ShouldEqualReplay() => (await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<ClockFacts>().Single(), default)).Examples.ShouldBeEmpty();
}
