using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class AssignmentTests
{
    [Theory]
    [InlineData(SupportLine.L1), InlineData(SupportLine.L2)]
    public void B5_the_coordinator_sends_a_form_ticket_to_a_line(SupportLine line)
    {
        var t = Given(OpenedByForm).When(new TriageTicket(line, "cards")).ThenEvents(new TicketTriaged(line, "cards")).State;
        (t.Line, t.Team, t.Place).ShouldBe((line, "cards", Place.Unassigned));
    }

    [Theory]
    [InlineData(SupportLine.L3), InlineData(SupportLine.Management)]
    public void A5_triage_cannot_go_around_the_management_evaluation(SupportLine line) =>
        Given(OpenedByForm).When(new TriageTicket(line)).ThenRefused("triage_above_l2");

    [Fact]
    public void B5_a_ticket_leaves_triage_once() => Given(Opened).When(new TriageTicket(SupportLine.L1)).ThenRefused("already_triaged");

    [Fact]
    public void A7_a_resolved_ticket_is_not_triaged() => Given(OpenedByForm, Resolved).When(new TriageTicket(SupportLine.L1)).ThenRefused("ticket_not_open");

    [Fact]
    public void A3_a_ticket_is_given_to_a_person_and_leaves_triage()
    {
        var t = Given(OpenedByForm).When(new AssignTicket(BobId)).ThenEvents(new TicketAssigned(BobId)).State;
        (t.Agent, t.Place).ShouldBe((BobId, Place.Assigned));
    }

    [Fact]
    public void A10_assigning_again_changes_nothing() => Given(Opened, new TicketAssigned(AnnId)).When(new AssignTicket(AnnId)).ThenNothing();

    [Fact]
    public void A3_the_same_person_in_another_team_is_a_change() =>
        Given(Opened, new TicketAssigned(AnnId, "cards")).When(new AssignTicket(AnnId, "loans")).ThenEvents(new TicketAssigned(AnnId, "loans"));

    [Fact]
    public void A7_only_an_open_ticket_is_assigned() => Given(Opened, Resolved).When(new AssignTicket(AnnId)).ThenRefused("ticket_not_open");

    [Fact]
    public void A3_a_ticket_can_be_given_back() =>
        Given(Opened, new TicketAssigned(AnnId)).When(new UnassignTicket("ill")).ThenEvents(new TicketUnassigned("ill")).State.Place.ShouldBe(Place.Unassigned);

    [Fact]
    public void A10_giving_back_what_nobody_has_changes_nothing() => Given(Opened).When(new UnassignTicket()).ThenNothing();

    [Fact]
    public void A7_only_an_open_ticket_is_given_back() =>
        Given(Opened, new TicketAssigned(AnnId), Resolved).When(new UnassignTicket()).ThenRefused("ticket_not_open");

    [Fact]
    public void A3_another_team_starts_without_a_person() =>
        Given(Opened, new TicketAssigned(AnnId), new TicketTransferred("loans")).State.Agent.ShouldBeNull();

    [Fact]
    public void A11_what_a_rule_gives_out_names_the_rule_and_is_never_taken_from_somebody()
    {
        var rule = new RuleRef("team/cards", 2);
        Given(Opened).When(new AssignTicket(AnnId, "cards", rule)).Then(new Decided(new TicketAssigned(AnnId, "cards"), rule));
        Given(Opened, new TicketAssigned(BobId)).When(new AssignTicket(AnnId, "cards", rule)).ThenNothing();
        Given(Opened, new WaitingStarted(WaitingReason.Customer)).When(new AssignTicket(AnnId, "cards", rule)).ThenNothing();
        Given(OpenedByForm).When(new AssignTicket(AnnId, "cards", rule)).ThenNothing();
    }

    [Fact]
    public void B5_giving_back_one_agents_tickets_leaves_alone_what_another_has_by_now()
    {
        Given(Opened, new TicketAssigned(AnnId)).When(new UnassignTicket("ill", AnnId)).ThenEvents(new TicketUnassigned("ill"));
        Given(Opened, new TicketAssigned(BobId)).When(new UnassignTicket("ill", AnnId)).ThenNothing();
    }
}
