using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Access;

/// <summary>What of a ticket a customer may know. What is not named here is for staff only, so a new event is hidden until someone decides.</summary>
public static class Audience
{
    public static bool IsPublic(TicketEvent e) => e switch
    {
        TicketOpened or ConfirmationIssued or CustomerMessageReceived or ReplySent => true,
        AttachmentAdded a => !a.Internal,
        TicketResolved or TicketReopened or TicketClosed or FeedbackGiven => true,
        _ => false,
    };
}
