using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class ConversationTests
{
    static readonly Guid Message = Guid.Parse("0195a000-0000-7000-8000-000000000001");
    static readonly ReceiveCustomerMessage Write = new(Message, Channel.Email, "And now?");
    static readonly CustomerMessageReceived Written = new(Message, Channel.Email, "And now?");
    static readonly SendReply Answer = new(Message, Channel.Email, "We look into it.");
    static readonly ReplySent Answered = new(Message, Channel.Email, "We look into it.");
    static readonly NoteAdded Noted = new(Message, "Looks like a duplicate.");
    static readonly AddAttachment Attach = new(Message, "bill.pdf", "application/pdf", 1000, "digest", Internal: false);

    [Fact]
    public void A2_a_customer_message_keeps_its_channel() =>
        Given(Opened).By(Customer).When(Write with { Channel = Channel.Chat }).ThenEvents(Written with { Channel = Channel.Chat });

    [Fact]
    public void C4_A11_a_customer_message_ends_a_wait_by_rule() =>
        Given(Opened, new WaitingStarted(WaitingReason.Customer)).By(Customer).When(Write)
            .Then(new Decided(Written), new Decided(new WaitingEnded(WaitingEnd.CustomerMessage), new RuleRef("customer-message-ends-waiting", 1)))
            .State.Waiting.ShouldBeNull();

    [Fact]
    public void A7_A11_a_customer_message_on_a_resolved_ticket_reopens_it_by_rule()
    {
        var t = Given(Opened, Answered, Resolved).By(Customer).When(Write)
            .Then(new Decided(Written), new Decided(new TicketReopened(ReopenCause.CustomerMessage), new RuleRef("customer-message-reopens", 1))).State;
        t.Status.ShouldBe(Status.Open);
        t.UnansweredSince.ShouldBe(Morning.AddMinutes(3));
    }

    [Fact]
    public void A7_a_closed_ticket_takes_no_message() => Given(Opened, Resolved, Closed).When(Write).ThenRefused("ticket_closed");

    [Fact]
    public void A7_a_closed_ticket_takes_no_reply() => Given(Opened, Resolved, Closed).When(Answer).ThenRefused("ticket_closed");

    [Fact]
    public void A9_a_closed_ticket_takes_no_attachment() => Given(Opened, Resolved, Closed).When(Attach).ThenRefused("ticket_closed");

    [Fact]
    public void A9_an_attachment_is_an_event_without_its_bytes() => Given(Opened).When(Attach)
        .ThenEvents(new AttachmentAdded(Message, "bill.pdf", "application/pdf", 1000, "digest", Internal: false));

    [Theory]
    [InlineData(Role.Agent), InlineData(Role.Manager), InlineData(Role.Coordinator)]
    public void C3_a_public_answer_of_staff_is_the_first_response(Role role)
    {
        var t = Given(Opened).By(new Actor("x", role)).When(Answer).ThenEvents(Answered).State;
        t.FirstAnswerAt.ShouldBe(Morning.AddMinutes(1));
        t.UnansweredSince.ShouldBeNull();
    }

    [Fact]
    public void C3_an_automatic_reply_is_marked_and_stops_no_clock()
    {
        var t = Given(Opened).By(Actor.System).When(Answer).ThenEvents(Answered with { Automated = true }).State;
        t.FirstAnswerAt.ShouldBeNull();
        t.UnansweredSince.ShouldBe(Morning);
    }

    [Fact]
    public void C3_staff_who_act_as_customers_stop_no_clock() =>
        Given(Opened).By(new Actor("ann", Role.Customer)).And(Answered).State.FirstAnswerAt.ShouldBeNull();

    [Fact]
    public void C3_a_note_never_stops_the_first_response()
    {
        var t = Given(Opened, Noted).State;
        t.FirstAnswerAt.ShouldBeNull();
        t.UnansweredSince.ShouldBe(Morning);
    }

    [Fact]
    public void C3_a_second_answer_leaves_the_first_response_where_it_was() =>
        Given(Opened, Answered, Written, Answered).State.FirstAnswerAt.ShouldBe(Morning.AddMinutes(1));

    [Fact]
    public void C4_the_oldest_unanswered_message_counts_and_further_ones_do_not_move_it() =>
        Given(Opened, Answered, Written, Written).State.UnansweredSince.ShouldBe(Morning.AddMinutes(2));

    public static TheoryData<TicketEvent[]> EveryState => new()
    {
        { [Opened] }, { [OpenedByForm] }, { [Opened, Resolved] }, { [Opened, Resolved, Closed] }, { [Opened, new WaitingStarted(WaitingReason.Customer)] },
    };

    [Theory, MemberData(nameof(EveryState))]
    public void A3_a_note_can_be_written_in_every_state(TicketEvent[] history) =>
        Given(history).When(new AddNote(Message, "Looks like a duplicate.")).ThenEvents(Noted);

    static TicketClosed Closed => new(CloseCause.Agent);
}
