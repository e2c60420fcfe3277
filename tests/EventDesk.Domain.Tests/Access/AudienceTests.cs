using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Tests.Access;

public sealed class AudienceTests
{
    [Fact]
    public void S2_a_customer_sees_exactly_these_events_and_a_new_event_is_hidden()
    {
        string[] shown =
        [
            "AttachmentAdded", "ConfirmationIssued", "CustomerMessageReceived", "FeedbackGiven", "ReplySent", "TicketClosed", "TicketOpened",
            "TicketReopened", "TicketResolved",
        ];
        Samples.OneOfEveryEvent.Where(Audience.IsPublic).Select(e => e.GetType().Name).ShouldBe(shown);
    }

    [Fact]
    public void S2_a_customer_never_sees_a_note() => Audience.IsPublic(new NoteAdded(Guid.Empty, "x")).ShouldBeFalse();

    [Theory]
    [InlineData(true), InlineData(false)]
    public void S2_an_internal_attachment_is_hidden_like_a_note(bool isInternal) =>
        Audience.IsPublic(new AttachmentAdded(Guid.Empty, "x", "text/plain", 1, "d", isInternal)).ShouldBe(!isInternal);
}
