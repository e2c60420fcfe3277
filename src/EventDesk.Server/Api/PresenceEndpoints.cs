using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Access;
using EventDesk.Server.SignIn;
using EventDesk.Service.Attending;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Who has a ticket before them right now. Nothing of it is stored.</summary>
public static class PresenceEndpoints
{
    const string Tag = "Presence";

    static readonly QueryParameter Screen = new("screen", "string", "Which of one's screens, as it was said.", "left");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tickets/{ticket}/presence", Read).Is(Operation.Attend, "readPresence", Tag, "See who is at a ticket",
            "Which members of staff read the ticket or write an answer to it at this moment, oneself among them. It is no history; customers neither see it nor are in it.");
        api.MapPut("/tickets/{ticket}/presence", Say).Is(Operation.Attend, "sayPresence", Tag, "Say that one is at a ticket",
            "It holds for 8 s: say it again every 3 s, and at once when the writing begins or ends. Answers who is there.").WithMetadata(new AsksByItself());
        api.MapDelete("/tickets/{ticket}/presence", Leave).Is(Operation.Attend, "leavePresence", Tag, "Leave a ticket",
            "Others see at once that one has gone; who says nothing is gone after 8 s.").WithMetadata(Screen, new AsksByItself());
    }

    static async Task<Results<Ok<PresenceAnswer>, Problem>> Read(string ticket, HttpContext http, TicketDesk desk, Attendance attendance, CancellationToken ct) =>
        await Within(ticket, http, desk, ct) is { } id ? Answer(id, attendance, http) : Problems.NoSuchTicket();

    static async Task<Results<Ok<PresenceAnswer>, Problem>> Say(
        string ticket, Posted<AttendanceRequest> posted, HttpContext http, TicketDesk desk, Attendance attendance, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        if (await Within(ticket, http, desk, ct) is not { } id)
            return Problems.NoSuchTicket();
        attendance.Say(new(id, http.Principal().Id, posted.Body.Screen ?? ""), posted.Body.Writing);
        return Answer(id, attendance, http);
    }

    static async Task<Results<NoContent, Problem>> Leave(string ticket, HttpContext http, TicketDesk desk, Attendance attendance, CancellationToken ct)
    {
        var query = new Query(http);
        var screen = query.Text("screen") ?? "";
        if (query.Problem is { } problem)
            return problem;
        if (await Within(ticket, http, desk, ct) is not { } id)
            return Problems.NoSuchTicket();
        attendance.Leave(new(id, http.Principal().Id, screen));
        return TypedResults.NoContent();
    }

    static async Task<Guid?> Within(string ticket, HttpContext http, TicketDesk desk, CancellationToken ct) =>
        await desk.Resolve(ticket, ct) is { } id && await desk.Scope(id, http.Asker(), http.Operation(), ct) is not null ? id : null;

    static Ok<PresenceAnswer> Answer(Guid ticket, Attendance attendance, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new PresenceAnswer([.. attendance.At(ticket).Select(a => new AttendeeAnswer(a.Who, a.Writes))]));
    }
}

public sealed record AttendanceRequest : IChecked
{
    [Description("An answer to the customer is being written; false: the ticket is read.")]
    public required bool Writing { get; init; }

    [Description("Tells several screens of one person apart: letters, digits and hyphens.")]
    [MaxLength(Place.LongestScreen)]
    public string? Screen { get; init; }

    public void Check(Faults faults)
    {
        if (Screen is not null && !Place.IsScreen(Screen))
            faults.Add("/screen", "invalid_characters", $"It is made of at most {Place.LongestScreen} letters, digits and hyphens.");
    }
}

/// <param name="Who">Handle of staff, or name of an API client.</param>
/// <param name="Writing">An answer to the customer is being written.</param>
public sealed record AttendeeAnswer(string Who, bool Writing);

/// <param name="Present">In the order of their names.</param>
public sealed record PresenceAnswer(IReadOnlyList<AttendeeAnswer> Present);
