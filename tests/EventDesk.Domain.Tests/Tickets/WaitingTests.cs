using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class WaitingTests
{
    static readonly DateTimeOffset Tomorrow = Morning.AddDays(1);
    static readonly WaitingStarted Planned = new(WaitingReason.PlannedDate, Tomorrow);

    [Theory]
    [InlineData(WaitingReason.Customer), InlineData(WaitingReason.ThirdParty)]
    public void A3_waiting_has_a_reason(WaitingReason reason) =>
        Given(Opened).When(new StartWaiting(reason, null, "asked for the bill")).ThenEvents(new WaitingStarted(reason, null, "asked for the bill"))
            .State.Place.ShouldBe(Place.Waiting);

    [Fact]
    public void A3_waiting_for_a_planned_date_carries_it() =>
        Given(Opened).When(new StartWaiting(WaitingReason.PlannedDate, Tomorrow)).ThenEvents(Planned).State.WaitingUntil.ShouldBe(Tomorrow);

    [Fact]
    public void A3_waiting_for_a_planned_date_needs_the_date() => Given(Opened).When(new StartWaiting(WaitingReason.PlannedDate)).ThenRefused("until_missing");

    [Fact]
    public void A3_the_end_of_a_wait_lies_ahead() =>
        Given(Opened).At(Tomorrow).When(new StartWaiting(WaitingReason.PlannedDate, Tomorrow)).ThenRefused("until_past");

    [Fact]
    public void A10_waiting_for_the_same_again_changes_nothing() => Given(Opened, Planned).When(new StartWaiting(WaitingReason.PlannedDate, Tomorrow)).ThenNothing();

    [Fact]
    public void A3_one_wait_at_a_time() => Given(Opened, Planned).When(new StartWaiting(WaitingReason.Customer)).ThenRefused("already_waiting");

    [Fact]
    public void B5_a_ticket_in_triage_does_not_wait() => Given(OpenedByForm).When(new StartWaiting(WaitingReason.Customer)).ThenRefused("in_triage");

    [Fact]
    public void A7_a_resolved_ticket_does_not_wait() => Given(Opened, Resolved).When(new StartWaiting(WaitingReason.Customer)).ThenRefused("ticket_not_open");

    [Fact]
    public void A3_an_agent_ends_a_wait() => Given(Opened, Planned).When(new EndWaiting()).ThenEvents(new WaitingEnded(WaitingEnd.Agent));

    [Fact]
    public void A10_ending_no_wait_changes_nothing() => Given(Opened).When(new EndWaiting()).ThenNothing();

    [Fact]
    public void A11_the_planned_date_ends_the_wait_by_rule() =>
        Given(Opened, Planned).At(Tomorrow).When(new EndWaiting(WaitingEnd.DateReached))
            .Then(new Decided(new WaitingEnded(WaitingEnd.DateReached), new RuleRef("planned-date-reached", 1)));

    [Fact]
    public void A11_the_rule_does_not_act_a_moment_early() =>
        Given(Opened, Planned).At(Tomorrow.AddTicks(-10)).When(new EndWaiting(WaitingEnd.DateReached)).ThenNothing();

    [Fact]
    public void A11_the_rule_does_not_end_a_wait_without_a_date() =>
        Given(Opened, new WaitingStarted(WaitingReason.Customer)).At(Tomorrow).When(new EndWaiting(WaitingEnd.DateReached)).ThenNothing();
}
