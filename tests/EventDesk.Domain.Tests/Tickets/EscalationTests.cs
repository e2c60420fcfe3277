using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class EscalationTests
{
    static readonly EscalateTicket Escalate = new("too hard", "backend");
    static readonly RuleRef Mandatory = new("management-when-third-line-cannot", 1);
    static readonly TicketEvent[] OnL2 = [Opened, AssessedOnL1, ToL2];
    static readonly TicketEvent[] OnL3 = [Opened, AssessedOnL1, ToL2, AssessedOnL2, Approved, ToL3];

    [Fact]
    public void A4_an_assessed_ticket_goes_one_line_up_without_its_agent()
    {
        var t = Given(Opened, new TicketAssigned(AnnId), AssessedOnL1).When(Escalate)
            .ThenEvents(new TicketEscalated(SupportLine.L1, SupportLine.L2, "too hard", "backend")).State;
        (t.Line, t.HighestLine, t.Team, t.Agent).ShouldBe((SupportLine.L2, SupportLine.L2, "backend", null));
    }

    [Fact]
    public void A4_an_escalation_without_an_assessment_is_rejected() => Given(Opened).When(Escalate).ThenRefused("severity_not_assessed");

    [Fact]
    public void A4_the_assessment_of_the_line_below_does_not_count() => Given(OnL2).And(Approved).When(Escalate).ThenRefused("severity_not_assessed");

    [Fact]
    public void A4_an_assessment_made_before_the_ticket_came_back_does_not_count() =>
        Given(OnL2).And(new TicketDeEscalated(SupportLine.L2, SupportLine.L1)).When(Escalate).ThenRefused("severity_not_assessed");

    [Fact]
    public void A5_L3_needs_a_management_evaluation() => Given(OnL2).And(AssessedOnL2).When(Escalate).ThenRefused("management_not_evaluated");

    [Fact]
    public void A5_managements_no_holds() =>
        Given(OnL2).And(AssessedOnL2, Approved with { Escalate = false }).When(Escalate).ThenRefused("management_declined");

    [Fact]
    public void A5_managements_last_word_counts() =>
        Given(OnL2).And(AssessedOnL2, Approved with { Escalate = false }, Approved).When(Escalate)
            .ThenEvents(new TicketEscalated(SupportLine.L2, SupportLine.L3, "too hard", "backend"));

    [Fact]
    public void A5_an_old_evaluation_does_not_open_the_way_twice() =>
        Given(OnL3).And(new TicketDeEscalated(SupportLine.L3, SupportLine.L2), AssessedOnL2).When(Escalate).ThenRefused("management_not_evaluated");

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A5_management_evaluates_before_L3(bool yes) =>
        Given(OnL2).When(new EvaluateEscalation(yes, "because")).ThenEvents(new ManagementEvaluated(yes, "because"));

    [Fact]
    public void A5_there_is_nothing_to_evaluate_on_L1() => Given(Opened).When(new EvaluateEscalation(true, "x")).ThenRefused("not_before_l3");

    [Fact]
    public void A5_there_is_nothing_to_evaluate_on_L3() => Given(OnL3).When(new EvaluateEscalation(true, "x")).ThenRefused("not_before_l3");

    [Fact]
    public void A5_A11_when_L3_cannot_resolve_management_takes_over_by_rule()
    {
        var t = Given(OnL3).When(new DeclareUnresolvable("no idea")).Then(new Decided(new ManagementEscalated(SupportLine.L3, "no idea"), Mandatory)).State;
        (t.Line, t.HighestLine, t.Agent).ShouldBe((SupportLine.Management, SupportLine.Management, null));
    }

    [Fact]
    public void A5_A11_escalating_from_L3_is_the_same_mandatory_step() =>
        Given(OnL3).And(AssessedOnL3).When(Escalate).Then(new Decided(new ManagementEscalated(SupportLine.L3, "too hard"), Mandatory));

    [Fact]
    public void A5_only_L3_finds_a_ticket_unresolvable() => Given(OnL2).When(new DeclareUnresolvable("x")).ThenRefused("not_on_l3");

    [Fact]
    public void A4_there_is_no_line_above_management() =>
        Given(OnL3).And(new ManagementEscalated(SupportLine.L3, "x")).When(Escalate).ThenRefused("no_line_above");

    [Fact]
    public void B5_a_ticket_in_triage_is_not_escalated() => Given(OpenedByForm, AssessedOnL1).When(Escalate).ThenRefused("in_triage");

    [Theory]
    [InlineData(SupportLine.L1), InlineData(SupportLine.L2)]
    public void A3_a_ticket_goes_back_to_a_lower_line_with_a_reason(SupportLine to) =>
        Given(OnL3).When(new DeEscalateTicket(to, "known fault", "cards")).ThenEvents(new TicketDeEscalated(SupportLine.L3, to, "known fault", "cards"))
            .State.HighestLine.ShouldBe(SupportLine.L3);

    [Theory]
    [InlineData(SupportLine.L2), InlineData(SupportLine.L3)]
    public void A3_de_escalation_goes_down_only(SupportLine to) =>
        Given(OnL2).When(new DeEscalateTicket(to, "x")).ThenRefused("not_a_lower_line");

    public static TheoryData<TicketCommand> EveryStep =>
        [Escalate, new DeEscalateTicket(SupportLine.L1, "x"), new EvaluateEscalation(true, "x"), new DeclareUnresolvable("x")];

    [Theory, MemberData(nameof(EveryStep))]
    public void A7_a_resolved_ticket_stays_on_its_line(TicketCommand step) => Given(OnL3).And(Resolved).When(step).ThenRefused("ticket_not_open");
}
