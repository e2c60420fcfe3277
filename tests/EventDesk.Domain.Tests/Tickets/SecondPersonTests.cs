using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class SecondPersonTests
{
    static readonly PassageRedacted Hidden = new(1, "body", 0, 4);
    static readonly RevealRequested Asked = new(1, "body", "why", AnnId);
    static readonly RevealApproved Agreed = new(1, "body", AnnId);
    static readonly RevealOriginal Look = new(1, "body", "why", NeedsSecond: true);

    [Fact]
    public void R3_a_look_that_needs_a_second_person_is_asked_for_once() => Ticket.Evolve(Ticket.Evolve(Given(Opened, Hidden).State, Asked, Morning, true), Asked, Morning, true).Reveals!.Count.ShouldBe(1);

    [Fact]
    public void R3_an_approval_lasts_ten_minutes_and_a_request_a_day()
    {
        var asked = Ticket.Evolve(Given(Opened, Hidden).State, Asked, Morning, true);
        var agreed = Ticket.Evolve(asked, Agreed, Morning, true);
        At(agreed, Look, TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(10)).ShouldBeOfType<OriginalRevealed>();
        At(agreed, Look, TimeSpan.FromMinutes(10)).ShouldBeOfType<RevealRequested>();
        At(asked, Look, TimeSpan.FromHours(23)).ShouldBeNull();
        At(asked, Look, TimeSpan.FromHours(24)).ShouldBeOfType<RevealRequested>();
        At(Ticket.Evolve(agreed, new PassagesErased([], "x", [], [], [new Mask(1, "body", 0, 2)], []), Morning, true), Look, TimeSpan.Zero).ShouldBeOfType<RevealRequested>();
    }

    static TicketEvent? At(Ticket t, TicketCommand command, TimeSpan later) =>
        command.Decide(t, new Circumstances(Morning + later, new(AnnId.Value, Domain.Access.Role.PrivacyOfficer), DeskRules.Default)) is Decision.Accepted accepted ? accepted.Events.Single().Event : null;
}
