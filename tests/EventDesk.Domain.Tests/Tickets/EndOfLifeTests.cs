using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

/// <summary>Every command of the assembly, found by reflection: a new one is covered without a line here.</summary>
public sealed class EndOfLifeTests
{
    public static TheoryData<TicketCommand> EveryCommand => [.. Samples.OneOfEveryCommand];

    [Theory, MemberData(nameof(EveryCommand))]
    public void R4_a_purged_ticket_takes_no_command(TicketCommand command) => Given(Opened, new TicketPurged("c")).When(command).ThenRefused("ticket_purged");

    public static TheoryData<TicketCommand> EveryCommandButThoseOfPrivacy => [.. Samples.OneOfEveryCommand.Where(c => c is not (PrivacyCommand or UnmergeTicket or ReleaseTicket or UnlinkTicket))];

    [Theory, MemberData(nameof(EveryCommandButThoseOfPrivacy))]
    public void A9_a_merged_ticket_takes_no_command(TicketCommand command) =>
        Given(Opened, new TicketMerged(new TicketId(Guid.Empty))).When(command).ThenRefused("ticket_merged");

    [Fact]
    public void R3_R4_what_the_law_asks_for_is_done_on_a_merged_ticket_too()
    {
        TicketEvent[] merged = [Opened, new TicketMerged(new TicketId(Guid.Empty))];
        Given(merged).When(new PurgeTicket(PurgeReason.LegalOrder, Guid.Empty)).ThenEvents(new TicketPurged(Guid.Empty.ToString("D"), PurgeReason.LegalOrder));
        Given(merged).When(new RevealOriginal(1, "body", "x")).ThenRefused("nothing_redacted");
        Given(merged).When(new PlaceLegalHold("court")).ThenEvents(new LegalHoldPlaced("court"));
        Given([.. merged, new LegalHoldPlaced("court")]).When(new LiftLegalHold("over")).ThenEvents(new LegalHoldLifted("over"));
    }

    [Fact]
    public void R5_nothing_is_erased_or_purged_on_legal_hold()
    {
        TicketEvent[] held = [Opened, new TicketClosed(CloseCause.Agent), new LegalHoldPlaced("court")];
        Given(held).When(new PurgeTicket(PurgeReason.LegalOrder, Guid.Empty)).ThenRefused("legal_hold");
        Given(held).When(new ErasePassages([], "x", [], [], [], [])).ThenRefused("legal_hold");
    }

    [Fact]
    public void R4_an_open_ticket_is_not_purged() => Given(Opened).When(new PurgeTicket(PurgeReason.Mistake, Guid.Empty)).ThenRefused("ticket_open");

    [Fact]
    public void R4_a_tombstone_does_not_say_whose_ticket_it_was()
    {
        var left = Given(Opened, new TicketTagged(["kim"], []), new TicketPurged("c")).State;
        left.Requester.ShouldBe(default);
        left.Tags.ShouldBeEmpty();
        (left.Number, left.Desk, left.OpenedAt).ShouldBe((Given(Opened).State.Number, Given(Opened).State.Desk, Given(Opened).State.OpenedAt));
    }

    [Fact]
    public void A9_an_unmerged_ticket_is_open_again() =>
        Given(Opened, new TicketMerged(new TicketId(Guid.Empty)), new TicketUnmerged(new TicketId(Guid.Empty))).When(new AssignTicket(AnnId)).ThenEvents(new TicketAssigned(AnnId));

    [Fact]
    public void A3_every_event_of_the_assembly_has_a_case_in_Evolve()
    {
        Samples.OneOfEveryEvent.Count.ShouldBeGreaterThan(35);
        foreach (var e in Samples.OneOfEveryEvent)
            Should.NotThrow(() => Ticket.Evolve(Given(Opened).State, e, Morning, byStaff: true), e.GetType().Name);
    }

    [Fact]
    public void A3_the_stream_can_hold_every_event_the_requirement_names()
    {
        string[] named =
        [
            "TicketOpened", "CustomerMessageReceived", "ReplySent", "NoteAdded", "TicketTriaged", "TicketAssigned", "TicketUnassigned", "SeverityAssessed",
            "SeverityChanged", "TicketEscalated", "TicketDeEscalated", "ManagementEvaluated", "ManagementEscalated", "WaitingStarted", "WaitingEnded",
            "PassageRedacted", "OriginalRevealed", "TicketResolved", "TicketReopened", "TicketClosed", "FeedbackGiven", "FeedbackReviewed", "SlaTargetSet",
            "SlaWarned", "SLABreached", "IncidentDeclared", "IncidentLinked", "TicketMerged", "TicketUnmerged", "TicketLinked", "TicketTagged",
            "LegalHoldPlaced", "LegalHoldLifted", "TicketPurged",
        ];
        named.Except(Samples.OneOfEveryEvent.Select(e => e.GetType().Name)).ShouldBeEmpty();
    }
}
