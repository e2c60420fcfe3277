using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class SeverityTests
{
    [Fact]
    public void A4_A11_an_assessment_is_recorded_on_its_line_and_sets_the_severity_by_rule() =>
        Given(Opened).When(new AssessSeverity(Severity.Defect, "typo")).Then(
            new Decided(new SeverityAssessed(SupportLine.L1, Severity.Defect, "typo")),
            new Decided(new SeverityChanged(null, Severity.Defect), new RuleRef("assessment-sets-severity", 1)));

    [Fact]
    public void A4_confirming_the_severity_is_an_assessment_without_a_change() =>
        Given(Opened with { Severity = Severity.High }).When(new AssessSeverity(Severity.High)).ThenEvents(AssessedOnL1);

    [Fact]
    public void A4_the_second_line_assesses_under_its_own_name() =>
        Given(Opened with { Severity = Severity.High }, AssessedOnL1, ToL2).When(new AssessSeverity(Severity.High)).ThenEvents(AssessedOnL2);

    [Fact]
    public void A4_a_change_says_what_it_was_before() =>
        Given(Opened with { Severity = Severity.Request }).When(new AssessSeverity(Severity.Critical)).Then(
            new Decided(new SeverityAssessed(SupportLine.L1, Severity.Critical)),
            new Decided(new SeverityChanged(Severity.Request, Severity.Critical), new RuleRef("assessment-sets-severity", 1)));

    [Fact]
    public void A6_lowering_the_severity_leaves_a_declared_incident_in_the_stream() =>
        Given(Opened with { Severity = Severity.Critical }, new IncidentDeclared(Guid.Empty)).When(new AssessSeverity(Severity.Request)).Then(
            new Decided(new SeverityAssessed(SupportLine.L1, Severity.Request)),
            new Decided(new SeverityChanged(Severity.Critical, Severity.Request), new RuleRef("assessment-sets-severity", 1)));

    [Fact]
    public void A7_only_an_open_ticket_is_assessed() => Given(Opened, Resolved).When(new AssessSeverity(Severity.High)).ThenRefused("ticket_not_open");
}
