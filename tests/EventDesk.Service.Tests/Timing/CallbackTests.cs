using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Queues;
using EventDesk.Service.Timing;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Timing;

public sealed class CallbackTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly QueueFilter Owed = new([], new DeskId("router/en"), Callbacks: true);

    [Fact]
    public async Task B4_D1_Owed_calls_are_a_queue_with_the_one_due_first_in_front_and_leave_it_with_the_answer_of_the_command()
    {
        Night();
        var late = await t.Open(product: "router");
        t.Clock.Move(TimeSpan.FromMinutes(5));
        var later = await t.Open(product: "router");
        var mail = await t.Open(product: "router", channel: Channel.Email);
        var (since, first) = (t.Clock.GetUtcNow(), (await Queue()).Where(r => r.Id == late || r.Id == later).ToList());
        first.Select(r => r.Id).ShouldBe([late, later]);
        first[1].Callback.ShouldBe(new QueuedCallback(since, 0, Opening().AddHours(1)));
        first[1].Due.ShouldBe(Opening().AddHours(1));
        (await Queue()).ShouldNotContain(r => r.Id == mail);
        (await t.Queues.Page(new QueueFilter([Place.Unassigned], new DeskId("router/en")), Reach.All, QueuePosition.Start, 200, default)).Rows.Single(r => r.Id == mail).Collected.ShouldBeTrue();
        var before = (await t.Queues.FurtherCounts(new AgentId("ann"), Reach.All, default)).Callbacks;

        await t.Do(late, new CallBack(false), operation: Operation.CallBack);
        (await Queue()).Single(r => r.Id == late).Callback!.Attempts.ShouldBe(1);
        await t.Do(late, new CallBack(true), operation: Operation.CallBack);
        (await Queue()).ShouldNotContain(r => r.Id == late);
        (await t.Queues.FurtherCounts(new AgentId("ann"), Reach.All, default)).Callbacks.ShouldBe(before - 1);
        await RowsEqualReplay();
    }

    [Fact]
    public async Task B4_S2_The_queue_of_owed_calls_pages_and_keeps_to_the_reach_of_the_asker()
    {
        Night();
        List<Guid> opened = [];
        for (var i = 0; i < 3; i++)
            opened.Add(await t.Open(product: "router"));
        List<Guid> seen = [];
        for (var after = QueuePosition.Start; after is not null;)
        {
            var page = await t.Queues.Page(Owed, Reach.All, after, 1, default);
            seen.AddRange(page.Rows.Select(r => r.Id));
            after = page.Next;
        }
        seen.Distinct().Count().ShouldBe(seen.Count);
        opened.ShouldBeSubsetOf(seen);
        var elsewhere = new Reach(null, new HashSet<DeskId> { new("billing/en") });
        (await t.Queues.Page(Owed with { Desk = null }, elsewhere, QueuePosition.Start, 50, default)).Rows.ShouldBeEmpty();
        (await t.Queues.FurtherCounts(new AgentId("ann"), elsewhere, default)).Callbacks.ShouldBe(0);
        (await t.Queues.Page(Owed, new Reach(t.Desk.CustomerOf("bob@example.org"), null), QueuePosition.Start, 50, default)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task C6_C7_The_timer_warns_and_breaches_a_call_back_once_though_two_look_and_the_lists_of_clocks_show_it()
    {
        await using var leases = new Leases(t.Store);
        using var one = Timer(leases);
        using var other = Timer(leases);
        Night();
        var ticket = await t.Open(product: "router");
        await t.Do(ticket, new SendReply(Guid.CreateVersion7(), Channel.Email, "We call you.")); // nothing but the call is owed
        t.Clock.Move(Opening().AddMinutes(50) - t.Clock.GetUtcNow());
        await Task.WhenAll(one.Pass(default), other.Pass(default));
        (await Listed(ClockState.AtRisk)).ShouldContain(ticket);
        t.Clock.Move(TimeSpan.FromMinutes(11));
        await Task.WhenAll(one.Pass(default), other.Pass(default));
        await one.Pass(default);
        (await Listed(ClockState.Breached)).ShouldContain(ticket);

        var (_, events) = (await t.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
        events.Select(e => e.Event).OfType<SlaWarned>().ShouldHaveSingleItem().Clock.ShouldBe(SlaClockKind.Callback);
        events.Select(e => e.Event).OfType<SLABreached>().ShouldHaveSingleItem().ShouldBe(new SLABreached(SlaClockKind.Callback, Opening().AddHours(1)));
        (await t.Get<TicketClocks>().Of(ticket, TestDesk.Auditor, Operation.ReadClocks, default))!.Select(c => (c.Past.Clock.Kind, c.Past.Clock.Breached))
            .ShouldBe([(SlaClockKind.FirstResponse, false), (SlaClockKind.Callback, true)]);
        await RowsEqualReplay();
    }

    [Theory]
    [InlineData(ClockState.Paused, ClockState.Running, ClockState.Running)]
    [InlineData(ClockState.Running, ClockState.Undetermined, ClockState.Undetermined)]
    [InlineData(ClockState.AtRisk, ClockState.Undetermined, ClockState.AtRisk)]
    [InlineData(ClockState.AtRisk, ClockState.Breached, ClockState.Breached)]
    public void C7_A_ticket_with_two_clocks_is_listed_where_it_needs_someone_most(ClockState one, ClockState other, ClockState listed)
    {
        ClockReading.Foremost(one, other).ShouldBe(listed);
        ClockReading.Foremost(other, null).ShouldBe(other);
        ClockReading.Foremost(null, null).ShouldBeNull();
    }

    /// <summary>To an evening after closing time, whatever the other tests did to the clock.</summary>
    void Night()
    {
        var now = t.Clock.GetUtcNow();
        var days = ((int)DayOfWeek.Tuesday - (int)now.DayOfWeek + 7) % 7 + 7;
        t.Clock.Move(new DateTimeOffset(now.Date.AddDays(days).AddHours(20), TimeSpan.Zero) - now);
    }

    /// <summary>Eight o'clock in Warsaw on the Wednesday of the present night.</summary>
    DateTimeOffset Opening()
    {
        var wednesday = t.Clock.GetUtcNow().DayOfWeek == DayOfWeek.Tuesday ? t.Clock.GetUtcNow().Date.AddDays(1) : t.Clock.GetUtcNow().Date;
        var warsaw = TimeZoneInfo.FindSystemTimeZoneById("Europe/Warsaw");
        return new DateTimeOffset(wednesday.AddHours(8), warsaw.GetUtcOffset(wednesday)).ToUniversalTime();
    }

    async Task<IReadOnlyList<QueueRow>> Queue() => (await t.Queues.Page(Owed, Reach.All, QueuePosition.Start, 200, default)).Rows;

    async Task<IEnumerable<Guid>> Listed(ClockState state) =>
        (await t.Get<TicketClocks>().Page(new ClockFilter(state, new DeskId("router/en")), Reach.All, QueuePosition.Start, 200, default)).Rows.Select(r => r.Id);

    async Task RowsEqualReplay() =>
        (await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<TicketsView>().Single(), default)).Examples.ShouldBeEmpty();

    TicketTimer Timer(Leases leases) => new(t.Store, t.Desk, t.Get<TicketPrivacy>(), t.Get<OrganisationBook>(), leases, t.Clock);
}
