using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>The end of a ticket, the way back, and what the customer thought of it.</summary>
public static class ClosingEndpoints
{
    const string Tag = "Closing";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/resolution", Resolve).Is(Operation.Resolve, "resolve", Tag, "Resolve the ticket",
            "The customer may acknowledge or reopen it within the window; then it closes.");
        api.MapPost("/tickets/{ticket}/reopening", Reopen).Is(Operation.Reopen, "reopen", Tag, "Reopen the ticket",
            "The customer within the window, staff at any time.");
        api.MapPost("/tickets/{ticket}/closing", Close).Is(Operation.Close, "close", Tag, "Close a resolved ticket",
            "The customer acknowledges the resolution, or staff close it.");
        api.MapPost("/tickets/{ticket}/feedback", Rate).Is(Operation.GiveFeedback, "giveFeedback", Tag, "Rate the resolution",
            "One survey for each resolution; a rating can be changed for 14 days, every value is kept, the last counts.");
        api.MapPost("/tickets/{ticket}/feedback-reviews", Review).Is(Operation.ReviewFeedback, "reviewFeedback", Tag, "Review the customer's comment",
            "Every comment is read by someone, who says what follows from it.");
    }

    static Task<Results<Changed, Problem>> Resolve(Command<ResolutionRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, r => new ResolveTicket(r.Resolution, r.Summary.Sealed()), ct);

    static Task<Results<Changed, Problem>> Reopen(Command<ReopeningRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, r => new ReopenTicket(asked.AsCustomer ? ReopenCause.Customer : ReopenCause.Agent, r.Reason.Sealed()), ct);

    static Task<Results<Changed, Problem>> Close(Command<EmptyRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, _ => new CloseTicket(asked.AsCustomer ? CloseCause.CustomerAcknowledged : CloseCause.Agent), ct);

    static Task<Results<Changed, Problem>> Rate(Command<FeedbackRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, f => new GiveFeedback(f.Rating, f.Comment.Sealed()), ct);

    static Task<Results<Changed, Problem>> Review(Command<FeedbackReviewRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, r => new ReviewFeedback(r.Category, r.Action.Sealed()), ct);
}
