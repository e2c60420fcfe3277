using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class ResolutionTests
{
    static readonly TimeSpan Window = TimeSpan.FromDays(14);
    static readonly TicketEvent[] AtTen = [Opened, Resolved];
    static readonly DateTimeOffset ResolvedAt = Morning.AddMinutes(1);
    static readonly TicketClosed Closed = new(CloseCause.Agent);

    [Fact]
    public void A7_resolving_starts_the_first_cycle() =>
        Given(Opened).When(new ResolveTicket(Resolution.Fixed, "refunded")).ThenEvents(new TicketResolved(Resolution.Fixed, 1, "refunded"))
            .State.Place.ShouldBeNull();

    [Fact]
    public void E1_each_resolution_is_a_cycle_of_its_own() =>
        Given(Opened, Resolved, new TicketReopened(ReopenCause.Agent)).When(new ResolveTicket(Resolution.Answered)).ThenEvents(new TicketResolved(Resolution.Answered, 2));

    [Fact]
    public void C4_A11_resolving_ends_a_wait_by_rule() =>
        Given(Opened, new WaitingStarted(WaitingReason.Customer)).When(new ResolveTicket(Resolution.Fixed)).Then(
            new Decided(new WaitingEnded(WaitingEnd.Resolved), new RuleRef("resolution-ends-waiting", 1)), new Decided(Resolved));

    [Fact]
    public void A10_resolving_again_changes_nothing() => Given(AtTen).When(new ResolveTicket(Resolution.Spam)).ThenNothing();

    [Fact]
    public void A7_a_closed_ticket_is_not_resolved() => Given(AtTen).And(Closed).When(new ResolveTicket(Resolution.Fixed)).ThenRefused("ticket_not_open");

    [Fact]
    public void B5_a_ticket_in_triage_is_not_resolved() => Given(OpenedByForm).When(new ResolveTicket(Resolution.Fixed)).ThenRefused("in_triage");

    [Fact]
    public void C3_a_resolution_without_an_answer_ends_the_waiting_and_is_no_answer()
    {
        var t = Given(AtTen).State;
        (t.FirstAnswerAt, t.UnansweredSince).ShouldBe((null, null));
    }

    [Fact]
    public void A7_the_customer_may_reopen_up_to_the_end_of_the_window() =>
        Given(AtTen).By(Customer).At(ResolvedAt + Window).When(new ReopenTicket(ReopenCause.Customer, "again")).ThenEvents(new TicketReopened(ReopenCause.Customer, "again"));

    [Fact]
    public void A7_after_the_window_the_customer_may_not_reopen() =>
        Given(AtTen).By(Customer).At(ResolvedAt + Window + TimeSpan.FromTicks(10)).When(new ReopenTicket(ReopenCause.Customer)).ThenRefused("window_elapsed");

    [Fact]
    public void A7_the_customer_may_not_reopen_what_is_closed() =>
        Given(AtTen).And(Closed).When(new ReopenTicket(ReopenCause.Customer)).ThenRefused("ticket_closed");

    [Fact]
    public void A7_staff_reopen_at_any_time() =>
        Given(AtTen).And(Closed).After(TimeSpan.FromDays(400)).When(new ReopenTicket(ReopenCause.Agent)).ThenEvents(new TicketReopened(ReopenCause.Agent));

    [Fact]
    public void A10_reopening_what_is_open_changes_nothing() => Given(Opened).When(new ReopenTicket(ReopenCause.Customer)).ThenNothing();

    [Fact]
    public void C4_a_customer_who_reopens_is_owed_the_next_answer_from_then_on() =>
        Given(AtTen).And(new TicketReopened(ReopenCause.Customer)).State.UnansweredSince.ShouldBe(Morning.AddMinutes(2));

    [Fact]
    public void C3_reopening_starts_no_second_first_response()
    {
        var answered = new ReplySent(Guid.Empty, Channel.Email, "x");
        Given(Opened, answered, Resolved, new TicketReopened(ReopenCause.Customer), answered).State.FirstAnswerAt.ShouldBe(Morning.AddMinutes(1));
    }

    [Theory]
    [InlineData(CloseCause.CustomerAcknowledged), InlineData(CloseCause.Agent)]
    public void A7_the_customer_acknowledges_or_an_agent_closes(CloseCause cause) =>
        Given(AtTen).When(new CloseTicket(cause)).ThenEvents(new TicketClosed(cause)).State.Status.ShouldBe(Status.Closed);

    [Fact]
    public void A7_A11_after_the_window_the_ticket_is_closed_by_rule() =>
        Given(AtTen).At(ResolvedAt + Window + TimeSpan.FromTicks(10)).When(new CloseTicket(CloseCause.WindowElapsed))
            .Then(new Decided(new TicketClosed(CloseCause.WindowElapsed), new RuleRef("close-after-window", 1)));

    [Fact]
    public void A7_within_the_window_the_rule_does_not_close() =>
        Given(AtTen).At(ResolvedAt + Window).When(new CloseTicket(CloseCause.WindowElapsed)).ThenNothing();

    [Fact]
    public void A7_an_open_ticket_stays_open_until_it_is_resolved() => Given(Opened).When(new CloseTicket(CloseCause.Agent)).ThenRefused("ticket_not_resolved");

    [Fact]
    public void A10_closing_again_changes_nothing() => Given(AtTen).And(Closed).When(new CloseTicket(CloseCause.CustomerAcknowledged)).ThenNothing();
}
