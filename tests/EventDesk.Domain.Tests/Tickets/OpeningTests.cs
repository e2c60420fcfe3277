using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class OpeningTests
{
    static OpenTicket Open(Channel channel) =>
        new(17, "billing", "en", channel, Opened.Requester, "Double charge", "I was charged twice.", Severity.High);

    static TicketOpened Expected(Channel channel, bool triage) => Opened with { Channel = channel, Triage = triage, Severity = Severity.High };

    [Theory]
    [InlineData(Channel.Email), InlineData(Channel.Chat), InlineData(Channel.Phone), InlineData(Channel.Api)]
    public void A1_A2_opening_records_number_and_channel_and_promises_an_answer_under_that_number(Channel channel) =>
        Given().When(Open(channel)).Then(
            new Decided(Expected(channel, triage: false)),
            new Decided(new ConfirmationIssued(17, channel), new RuleRef("confirm-receipt", 1)));

    [Fact]
    public void B5_A11_a_form_ticket_lands_in_triage_and_names_the_rule_that_put_it_there() =>
        Given().When(Open(Channel.Portal)).Then(
            new Decided(Expected(Channel.Portal, triage: true), new RuleRef("form-tickets-to-triage", 1)),
            new Decided(new ConfirmationIssued(17, Channel.Portal), new RuleRef("confirm-receipt", 1)));

    [Fact]
    public void A1_an_id_that_holds_a_ticket_opens_no_second_one() => Given(Opened).When(Open(Channel.Email)).ThenRefused("ticket_exists");

    [Fact]
    public void C3_the_first_response_clock_starts_at_submission_not_at_triage()
    {
        var t = Given(OpenedByForm, new TicketTriaged(SupportLine.L1, null)).State;
        t.OpenedAt.ShouldBe(Morning);
        t.UnansweredSince.ShouldBe(Morning);
    }

    [Fact]
    public void A4_the_severity_a_customer_gives_is_no_assessment() =>
        Given(Opened with { Severity = Severity.Critical }).When(new EscalateTicket("too hard")).ThenRefused("severity_not_assessed");

    [Theory]
    [InlineData(false, Place.Unassigned), InlineData(true, Place.Triage)]
    public void D1_a_new_ticket_stands_in_a_queue(bool form, Place place) => Given(form ? OpenedByForm : Opened).State.Place.ShouldBe(place);
}
