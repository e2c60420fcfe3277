using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class AnswerAndFinishTests
{
    static readonly RuleRef Refund = Macro.Rule("refund", 3);
    static readonly SendReply Reply = new(Guid.Parse("00000000-0000-7000-8000-000000000001"), Channel.Email, "On its way.");

    [Fact]
    public void A9_an_answer_and_the_resolution_come_together() =>
        Given(Opened).When(new AnswerAndFinish(Reply, new ResolveTicket(Resolution.Answered))).Then(
            new Decided(new ReplySent(Reply.MessageId, Channel.Email, "On its way.")), new Decided(new TicketResolved(Resolution.Answered, 1)));

    [Fact]
    public void A9_what_the_agent_chose_is_not_laid_to_the_canned_reply() =>
        Given(Opened).When(new AnswerAndFinish(new ApplyMacro(Reply, new(["refund"]), Refund), new StartWaiting(WaitingReason.Customer))).Then(
            new Decided(new ReplySent(Reply.MessageId, Channel.Email, "On its way."), Refund), new Decided(new TicketTagged(["refund"], []), Refund),
            new Decided(new WaitingStarted(WaitingReason.Customer, null, null)));

    [Fact]
    public void A9_where_the_step_is_refused_nothing_is_sent() =>
        Given(OpenedByForm).When(new AnswerAndFinish(Reply, new ResolveTicket(Resolution.Answered))).ThenRefused("in_triage");

    [Fact]
    public void A9_a_step_that_is_so_already_leaves_the_answer() =>
        Given(Opened, new WaitingStarted(WaitingReason.Customer, null, null)).When(new AnswerAndFinish(Reply, new StartWaiting(WaitingReason.Customer))).Then(
            new Decided(new ReplySent(Reply.MessageId, Channel.Email, "On its way.")));
}
