using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Says what should not be sent, while it is written, and what should not have been.</summary>
public static class RecognitionEndpoints
{
    const string Tag = "Privacy";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/privacy/recognition", Recognise).Is(Operation.Recognise, "recognise", Tag, "Say what of a text should not be sent",
            "For forms, while someone types: numbers of cards, accounts and persons, passwords and keys. The text is neither stored nor logged.")
            .WithMetadata(new MaxBody(RecognitionRequest.MaxBytes));
        api.MapGet("/tickets/{ticket}/hints", Hints).Is(Operation.ReadHints, "listHints", Tag, "List what should not stand in a ticket",
            "Passages of its texts to redact, found now and kept nowhere. What is redacted already is left out.");
    }

    static Results<Ok<RecognitionAnswer>, Problem> Recognise(Posted<RecognitionRequest> posted) =>
        posted.Problem is { } problem ? problem : TypedResults.Ok(new RecognitionAnswer([.. Recognition.Find(posted.Body.Text).Select(FindingAnswer.Of)]));

    static async Task<Results<Ok<HintList>, Problem>> Hints(string ticket, HttpContext http, TicketDesk desk, CancellationToken ct)
    {
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.Replay(id, http.Asker(), Operation.ReadHints, ct) is not var (_, events))
            return Problems.NoSuchTicket();
        return TypedResults.Ok(new HintList([.. TicketHints.Of(events.Select(e => (e.Stored.Version, e.Event))).Select(HintAnswer.Of)]));
    }
}
