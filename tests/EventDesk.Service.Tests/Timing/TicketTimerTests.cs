using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Timing;

public sealed class TicketTimerTests(TestDesk t) : IClassFixture<TestDesk>
{
    [Fact]
    public async Task A7_A11_A_resolved_ticket_is_closed_by_the_rule_when_its_window_has_passed_and_not_before()
    {
        await using var leases = new Leases(t.Store);
        using var timer = Timer(leases);
        var ticket = await t.Open();
        var imported = await t.Open(channel: Channel.Import);
        await t.Do(ticket, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        await t.Do(imported, new ResolveTicket(Domain.Tickets.Resolution.Imported), operation: Operation.Resolve);

        t.Clock.Move(DeskRules.Default.ReopenWindow);
        (await timer.Pass(default)).Changed.ShouldBe(0);
        t.Clock.Move(TimeSpan.FromSeconds(1));
        (await timer.Pass(default)).Changed.ShouldBe(1);
        (await timer.Pass(default)).Changed.ShouldBe(0);

        var (entry, events) = (await t.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
        entry.Ticket.Status.ShouldBe(Status.Closed);
        events[^1].Event.ShouldBe(new TicketClosed(CloseCause.WindowElapsed));
        (events[^1].Meta.Rule, events[^1].Meta.By).ShouldBe((AutomaticRules.CloseAfterWindow, Actor.System));
        (await t.Desk.Find(imported, TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket.Status.ShouldBe(Status.Resolved);
    }

    [Fact]
    public async Task A11_A_wait_for_a_planned_date_ends_by_the_rule_when_the_date_comes()
    {
        await using var leases = new Leases(t.Store);
        using var timer = Timer(leases);
        var ticket = await t.Open();
        await t.Do(ticket, new StartWaiting(WaitingReason.PlannedDate, t.Clock.GetUtcNow().AddHours(2)), operation: Operation.Wait);
        t.Clock.Move(TimeSpan.FromHours(1));
        (await timer.Pass(default)).Changed.ShouldBe(0);
        t.Clock.Move(TimeSpan.FromHours(1.5));
        (await timer.Pass(default)).Changed.ShouldBe(1);

        var (entry, events) = (await t.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
        entry.Ticket.Waiting.ShouldBeNull();
        events[^1].Meta.Rule.ShouldBe(AutomaticRules.PlannedDateReached);
    }

    [Fact]
    public async Task R3_A_passage_hidden_until_an_instant_is_erased_for_good_by_the_rule_when_it_comes()
    {
        await using var leases = new Leases(t.Store);
        using var timer = Timer(leases);
        var ticket = await t.Open();
        var version = (await t.Desk.Find(ticket, TestDesk.Auditor, Operation.ReadTicket, default))!.Version;
        var hidden = new Redaction([new Passage(1, "body", 0, 3)], "a name", Everywhere: false, t.Clock.GetUtcNow().AddHours(1), Erase: false);
        (await t.Get<TicketPrivacy>().Redact(ticket, hidden, version, Asker.System, null, default)).ShouldBeOfType<Outcome.Done>();
        (await timer.Pass(default)).Changed.ShouldBe(0);
        t.Clock.Move(TimeSpan.FromHours(1.5));
        (await timer.Pass(default)).Changed.ShouldBe(1);
        (await timer.Pass(default)).Changed.ShouldBe(0);

        var (entry, events) = (await t.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
        (entry.Ticket.Masks, entry.Ticket.Erased).ShouldBe((null, true));
        (events[^1].Event.GetType(), events[^1].Meta.Rule).ShouldBe((typeof(PassagesErased), new RuleRef("redaction/expiry", 1)));
        ((TicketOpened)events[0].Event).Body!.Text!.ShouldStartWith(Masking.Stars);
    }

    TicketTimer Timer(Leases leases) => new(t.Store, t.Desk, t.Get<TicketPrivacy>(), t.Get<OrganisationBook>(), leases, t.Clock);
}
