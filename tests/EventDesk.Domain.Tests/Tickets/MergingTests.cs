using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class MergingTests
{
    static readonly TicketId A = new(Guid.Parse("00000000-0000-7000-8000-00000000000a"));
    static readonly TicketId B = new(Guid.Parse("00000000-0000-7000-8000-00000000000b"));
    static readonly CustomerId Kim = Opened.Requester.Id;

    [Fact]
    public void A9_a_merged_ticket_is_closed_stands_in_no_queue_and_knows_where_it_goes_on()
    {
        var state = Given(Opened).When(new MergeTicket(B)).ThenEvents(new TicketMerged(B)).State;
        (state.Status, state.Place, state.Clock, state.MergedInto).ShouldBe((Status.Closed, null, null, B));
    }

    [Fact]
    public void A9_only_an_open_ticket_is_merged() => Given(Opened, Resolved).When(new MergeTicket(B)).ThenRefused("ticket_not_open");

    [Fact]
    public void A9_a_call_that_is_owed_is_not_merged_away() =>
        Given(Opened, new CallbackRequested("desk/billing/en")).When(new MergeTicket(B)).ThenRefused("callback_owed");

    [Fact]
    public void A9_only_an_open_ticket_of_the_same_customer_takes_another_in()
    {
        Given(Opened, Resolved).When(new AbsorbTicket(A, 16, Kim, null)).ThenRefused("target_not_open");
        Given(Opened).When(new AbsorbTicket(A, 16, new CustomerId(Guid.Empty), null)).ThenRefused("other_requester");
        Given(Opened, new TicketMerged(A)).When(new AbsorbTicket(A, 16, Kim, null)).ThenRefused("ticket_merged");
        Given(Opened with { Requester = new(default) }).When(new AbsorbTicket(A, 16, default, null)).ThenRefused("other_requester");
    }

    [Fact]
    public void A9_the_answer_that_was_owed_on_the_merged_ticket_is_owed_on_the_other_and_ends_its_wait()
    {
        var spec = Given(Opened, new ReplySent(Guid.Empty, Channel.Email, "Hello"), new WaitingStarted(WaitingReason.Customer));
        var since = Morning.AddMinutes(-5);
        spec.When(new AbsorbTicket(A, 16, Kim, since)).Then(
            new Decided(new TicketAbsorbed(A, since)), new Decided(new WaitingEnded(WaitingEnd.CustomerMessage), AutomaticRules.MessageEndsWaiting))
            .State.UnansweredSince.ShouldBe(since);
    }

    [Fact]
    public void A9_an_older_question_of_the_other_ticket_stays_the_one_that_is_timed()
    {
        var own = Given(Opened).State.UnansweredSince;
        Given(Opened, new TicketAbsorbed(A, Morning.AddDays(1))).State.UnansweredSince.ShouldBe(own);
    }

    [Fact]
    public void A9_unmerging_gives_the_ticket_back_to_its_agent_and_line()
    {
        TicketEvent[] life = [Opened, AssessedOnL1, ToL2, new TicketAssigned(AnnId)];
        var state = Given([.. life, new TicketMerged(B)]).When(new UnmergeTicket()).ThenEvents(new TicketUnmerged(B)).State;
        var before = Given(life).State;
        (state.Status, state.Place, state.Line, state.Agent, state.UnansweredSince).ShouldBe((before.Status, before.Place, before.Line, before.Agent, before.UnansweredSince));
    }

    [Fact]
    public void A9_what_is_not_merged_is_not_unmerged() => Given(Opened).When(new UnmergeTicket()).ThenRefused("not_merged");

    [Fact]
    public void A9_a_ticket_given_back_is_no_longer_listed() =>
        Given(Opened, new TicketAbsorbed(A), new TicketAbsorbed(B)).When(new ReleaseTicket(A)).ThenEvents(new TicketReleased(A)).State.Absorbed.ShouldBe([B]);

    [Fact]
    public void A9_a_link_reads_the_other_way_round_from_the_other_side()
    {
        new LinkTicket(B, LinkKind.CausedBy).OnOther(A, Ticket.None).ShouldBe(new LinkTicket(A, LinkKind.Causes));
        foreach (var kind in Enum.GetValues<LinkKind>())
            Links.FromOtherSide(Links.FromOtherSide(kind)).ShouldBe(kind);
    }

    [Fact]
    public void A9_a_link_is_made_once_and_taken_back_once()
    {
        Given(Opened).When(new LinkTicket(B, LinkKind.Duplicates)).ThenEvents(new TicketLinked(B, "duplicates")).State.Links.ShouldBe([new TicketLink(B, "duplicates")]);
        var linked = Given(Opened, new TicketLinked(B, "duplicates"));
        linked.When(new LinkTicket(B, LinkKind.Duplicates)).ThenNothing();
        linked.When(new UnlinkTicket(B, LinkKind.CausedBy)).ThenNothing();
        linked.When(new UnlinkTicket(B, LinkKind.Duplicates)).ThenEvents(new TicketUnlinked(B, "duplicates")).State.Links.ShouldBeNull();
    }
}
