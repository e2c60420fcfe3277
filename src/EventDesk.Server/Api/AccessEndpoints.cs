using System.ComponentModel;
using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Who could read a ticket on a day, and who did.</summary>
public static class AccessEndpoints
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tickets/{ticket}/access", Readers).Is(Operation.ReadAccess, "readTicketAccess", "Access", "Who could read a ticket, and who did",
            "Could: by people, roles, desks, trainings and tokens as they stood at the instant. Did: reads, denials and events of that UTC day, gathered by person. This question is itself a read.")
            .WithMetadata(new QueryParameter("asOf", "date-time", "The instant, and its day; now when not given.", "2026-03-02T09:30:00Z"));

    static async Task<Results<Ok<TicketReadersAnswer>, Problem>> Readers(
        string ticket, HttpContext http, TicketDesk desk, TicketAccess access, TimeProvider clock, CancellationToken ct)
    {
        var query = new Query(http);
        var asOf = query.Instant("asOf") ?? clock.GetUtcNow();
        if (query.Problem is { } problem)
            return problem;
        if (await desk.Resolve(ticket, ct) is not { } id || await access.Of(id, asOf, http.Asker(), ct) is not { } found)
            return Problems.NoSuchTicket();
        return TypedResults.Ok(new TicketReadersAnswer(
            found.Ticket, found.AsOf, found.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [.. found.Could.Select(c => new CouldReadAnswer(c.Kind, c.Id, c.Role, c.Desks))],
            [.. found.Did.Select(d => new DidAnswer(d.Kind, d.By, d.Role, d.Operation.Length > 0 ? d.Operation : null, d.First, d.Last, d.Times, d.Why))]));
    }
}

public sealed record CouldReadAnswer(
    [property: Description("person, program or customer.")] string Kind, [property: Description("Handle, name of the token, or the customer's pseudonym.")] string Id,
    [property: Description("The role that opens it.")] Role Role, [property: Description("The desks the role is held for; * stands for all; left out: it is bound to none.")] IReadOnlyList<string>? Desks);

public sealed record DidAnswer(
    [property: Description("read, wrote, denied or exported.")] string Kind, string By, string? Role,
    [property: Description("What was asked for.")] string? Operation, DateTimeOffset First, DateTimeOffset Last, long Times,
    [property: Description("Why it was denied: role, reach, line, training.")] string? Why);

public sealed record TicketReadersAnswer(
    Guid Ticket, DateTimeOffset AsOf, [property: Description("The UTC day of what was done.")] string Day, IReadOnlyList<CouldReadAnswer> Could, IReadOnlyList<DidAnswer> Did);
