using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class MarksTests
{
    [Fact]
    public void A9_tags_are_added_and_removed_in_one_step() =>
        Given(Opened, new TicketTagged(["vip"], [])).When(new TagTicket(["refund", "card"], ["vip"])).ThenEvents(new TicketTagged(["card", "refund"], ["vip"]))
            .State.Tags.ShouldBe(["card", "refund"]);

    [Fact]
    public void A10_tags_that_are_there_already_change_nothing() =>
        Given(Opened, new TicketTagged(["vip"], [])).When(new TagTicket(["vip"], ["absent"])).ThenNothing();

    [Fact]
    public void A9_a_tag_both_added_and_removed_goes() =>
        Given(Opened, new TicketTagged(["vip"], [])).When(new TagTicket(["vip"], ["vip"])).ThenEvents(new TicketTagged([], ["vip"]));

    [Fact]
    public void A9_a_tag_given_twice_is_one() => Given(Opened).When(new TagTicket(["vip", "vip"], [])).ThenEvents(new TicketTagged(["vip"], []));

    static string[] Tags(int n) => [.. Enumerable.Range(100, n).Select(i => $"t{i}")];

    [Fact]
    public void A9_fifty_tags_are_enough() => Given(Opened).When(new TagTicket(Tags(50), [])).ThenEvents(new TicketTagged(Tags(50), []));

    [Fact]
    public void A9_a_fifty_first_tag_is_rejected() =>
        Given(Opened, new TicketTagged(Tags(50), [])).When(new TagTicket(["vip"], [])).ThenRefused("too_many_tags");

    [Fact]
    public void R5_a_legal_hold_is_placed_and_lifted_with_a_reason() =>
        Given(Opened).When(new PlaceLegalHold("court")).ThenEvents(new LegalHoldPlaced("court"))
            .When(new LiftLegalHold("settled")).ThenEvents(new LegalHoldLifted("settled")).State.LegalHold.ShouldBeFalse();

    [Fact]
    public void A10_a_hold_that_stands_is_not_placed_again() => Given(Opened, new LegalHoldPlaced("court")).When(new PlaceLegalHold("court")).ThenNothing();

    [Fact]
    public void A10_no_hold_is_not_lifted() => Given(Opened).When(new LiftLegalHold("settled")).ThenNothing();
}
