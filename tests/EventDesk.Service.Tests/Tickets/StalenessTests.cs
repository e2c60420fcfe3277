using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Tickets;

public sealed class StalenessTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly SendReply Reply = new(Guid.CreateVersion7(), Channel.Email, "On its way.");

    [Fact]
    public async Task A10_What_only_the_clock_wrote_between_reading_and_sending_makes_no_answer_stale()
    {
        var (ticket, seen) = await Critical();
        await Strike(TimeSpan.FromMinutes(50)); // a warning
        await Strike(TimeSpan.FromMinutes(20)); // and the breach
        (await Version(ticket)).ShouldBe(seen + 2);
        var sent = (await t.Desk.Handle(ticket, Operation.Reply, Reply, seen, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Done>();
        sent.Version.ShouldBe(seen + 3);
        (await t.Desk.Handle(ticket, Operation.Reply, Reply, seen, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Stale>()
            .Since.Select(e => e.Event.GetType()).ShouldBe([typeof(SlaWarned), typeof(SLABreached), typeof(ReplySent)]);
    }

    [Fact]
    public async Task A10_What_a_person_did_beside_the_clock_makes_it_stale_though_the_asker_may_not_see_it()
    {
        var (ticket, seen) = await Critical();
        await Strike(TimeSpan.FromMinutes(50));
        await t.Do(ticket, new AddNote(Guid.CreateVersion7(), "Ask him first."), operation: Operation.AddNote);
        (await t.Desk.Handle(ticket, Operation.Reply, Reply, seen, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Stale>().ActualVersion.ShouldBe(seen + 2);
        var message = new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Portal, "m");
        (await t.Desk.Handle(ticket, Operation.WriteAsCustomer, message, seen, t.Customer("bob@example.org"), null, default))
            .ShouldBeOfType<Outcome.Stale>().Since.ShouldBeEmpty();
    }

    [Fact]
    public async Task A10_A_rule_that_moved_the_ticket_and_a_version_nobody_has_seen_yet_stay_stale()
    {
        var (ticket, _) = await Critical();
        await t.Do(ticket, new StartWaiting(WaitingReason.PlannedDate, t.Clock.GetUtcNow().AddMinutes(5)), operation: Operation.Wait);
        var seen = await Version(ticket);
        await Strike(TimeSpan.FromMinutes(6)); // the planned date ends the wait
        (await t.Desk.Handle(ticket, Operation.Reply, Reply, seen, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Stale>();
        (await t.Desk.Handle(ticket, Operation.Reply, Reply, seen + 50, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Stale>();
    }

    [Fact]
    public async Task A10_Of_two_who_answer_on_the_version_before_the_clock_struck_one_is_told_of_the_other()
    {
        var (ticket, seen) = await Critical();
        await Strike(TimeSpan.FromMinutes(50));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => t.Desk.Handle(ticket, Operation.Reply, Reply, seen, TestDesk.Agent, null, default)));
        outcomes.OfType<Outcome.Done>().Count().ShouldBe(1);
        outcomes.OfType<Outcome.Stale>().ShouldAllBe(s => s.Since.Any(e => e.Event is ReplySent));
    }

    [Fact]
    public async Task R3_What_only_the_clock_wrote_keeps_no_passage_from_being_hidden()
    {
        var (ticket, seen) = await Critical();
        await Strike(TimeSpan.FromMinutes(50)); // a warning
        var hidden = new Redaction([new Passage(1, "subject", 0, 4)], "r", Everywhere: false, Until: null, Erase: false);
        var done = (await t.Get<TicketPrivacy>().Redact(ticket, hidden, seen, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Done>();
        done.Version.ShouldBe(seen + 2);
        (await t.Desk.Find(ticket, TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket.Masks.ShouldBe([new Mask(1, "subject", 0, 4)]);
    }

    [Fact]
    public async Task A10_What_a_person_did_meanwhile_keeps_a_passage_from_being_hidden_unseen()
    {
        var (ticket, seen) = await Critical();
        await t.Do(ticket, new AddNote(Guid.CreateVersion7(), "Look again."), operation: Operation.AddNote);
        var hidden = new Redaction([new Passage(1, "subject", 0, 4)], "r", Everywhere: false, Until: null, Erase: false);
        (await t.Get<TicketPrivacy>().Redact(ticket, hidden, seen, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Stale>().ActualVersion.ShouldBe(seen + 1);
    }

    async Task<(Guid Ticket, long Seen)> Critical()
    {
        var ticket = await t.Open(product: "router", severity: Domain.Tickets.Severity.Critical, channel: Channel.Api);
        return (ticket, await Version(ticket));
    }

    async Task<long> Version(Guid ticket) => (await t.Desk.Find(ticket, TestDesk.Auditor, Operation.ReadTicket, default))!.Version;

    async Task Strike(TimeSpan later)
    {
        t.Clock.Move(later);
        await using var leases = new Leases(t.Store);
        using var timer = new TicketTimer(t.Store, t.Desk, t.Get<TicketPrivacy>(), t.Get<OrganisationBook>(), leases, t.Clock);
        await timer.Pass(default);
    }
}
