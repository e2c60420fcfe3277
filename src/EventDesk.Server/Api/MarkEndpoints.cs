using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Tags and legal holds.</summary>
public static class MarkEndpoints
{
    const string Tag = "Marks";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/tags", Retag).Is(Operation.Tag, "tag", Tag, "Add and remove tags",
            "Short words for sorting, never personal data: they are not sealed.");
        api.MapPost("/tickets/{ticket}/legal-holds", Hold).Is(Operation.HoldForLaw, "placeLegalHold", Tag, "Place a legal hold",
            "Nothing of the ticket is forgotten while it stands.");
        api.MapDelete("/tickets/{ticket}/legal-holds", Lift).Is(Operation.HoldForLaw, "liftLegalHold", Tag, "Lift the legal hold",
            "With a reason, in the body.");
    }

    static Task<Results<Changed, Problem>> Retag(Command<TagsRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, t => new TagTicket(t.Add ?? [], t.Remove ?? []), ct);

    static Task<Results<Changed, Problem>> Hold(Command<LegalHoldRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, h => new PlaceLegalHold(h.Reason), ct);

    static Task<Results<Changed, Problem>> Lift(Command<LegalHoldRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, h => new LiftLegalHold(h.Reason), ct);
}
