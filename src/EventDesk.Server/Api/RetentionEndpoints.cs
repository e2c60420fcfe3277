using System.Diagnostics;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Retention;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>How long what is kept is kept: the rules, what they would do, and doing it.</summary>
public static class RetentionEndpoints
{
    const string Tag = "Retention";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/organisation/retention", Define).Is(Operation.ManageOrganisation, "defineRetention", "Organisation", "Define the retention rules",
            "After how long, or when, tickets are purged or anonymised, and inactive people removed. A version counts from its own instant on: nothing is due before it."
            + " If-Match names the version it was thought out on, If-None-Match: * says that it is new.");
        api.MapPost("/tickets/{ticket}/retention", SetExpiry).Is(Operation.SetRetention, "setExpiry", Tag, "Set the day a ticket expires on",
            "From then on a rule with the trigger expires takes it, once it is not open. It restarts no other clock.");
        api.MapPost("/customers/{customer}/erasure-requests", Request).Is(Operation.RequestErasure, "requestErasure", Tag, "Write down that a customer asks to be forgotten",
            "By the customer's pseudonym, as tickets show it. It counts for the tickets there are, each once it is not open; asking again puts nothing off.");
        api.MapGet("/retention/preview", Preview).Is(Operation.ReadRetention, "previewRetention", Tag, "See what the retention rules would do",
            "At an instant, if nothing happened until then, by the rules in force at that instant: each ticket with the rule, why, and whether a legal hold keeps it; and how many in all.")
            .WithMetadata(new QueryParameter("at", "date-time", "An instant to come; now when not given.", "2030-01-01T00:00:00Z"), QueryParameter.Limit, QueryParameter.After);
        api.MapPost("/retention/runs", Run).Is(Operation.RunRetention, "runRetention", Tag, "Do now what the retention rules say",
            "What the preview shows for this moment; the job does the same every minute. Each ticket is decided anew as it stands; rule and version are left on its events.");
    }

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> Define(Definition<RetentionDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, r => r.Defined, ct);

    static Task<Results<Changed, Problem>> SetExpiry(Command<ExpiryRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, r => new SetExpiry(r.ExpiresOn, r.Reason), ct);

    static async Task<Results<Created<ErasureRequestAnswer>, Problem>> Request(string customer, HttpContext http, ErasureRequests requests, CancellationToken ct)
    {
        var by = new Actor(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);
        return Guid.TryParseExact(customer, "D", out var id) && id != Guid.Empty && await requests.Record(new CustomerId(id), by, Trace(), ct) is var (version, at)
            ? TypedResults.Created($"/api/customers/{id}/erasure-requests", new ErasureRequestAnswer(id, at, version))
            : Problems.NoSuch("customer_not_found", "customer");
    }

    static async Task<Results<Ok<RetentionPreviewAnswer>, Problem>> Preview(HttpContext http, RetentionDesk retention, TimeProvider clock, CancellationToken ct)
    {
        var query = new Query(http);
        var now = clock.GetUtcNow();
        var at = query.Instant("at") ?? now;
        var (limit, seen) = (query.Limit(), query.AfterTimeAndId());
        if (at < now)
            query.Fault("at", "out_of_range", "It is an instant to come: what was due in the past was done.");
        if (query.Problem is { } problem)
            return problem;
        var found = await retention.Preview(at, seen, limit, ct);
        var next = found.More ? Cursor.NextPage(http, Cursor.Of(found.Tickets[^1].Due.Since, found.Tickets[^1].Ticket)) : null;
        return TypedResults.Ok(new RetentionPreviewAnswer(at, Answer(found.Totals), [.. found.Tickets.Select(Answer)], next));
    }

    static async Task<Ok<RetentionTotalsAnswer>> Run(RetentionDesk retention, CancellationToken ct) =>
        TypedResults.Ok(Answer(await retention.Run(withPeople: true, Trace(), ct)));

    static DueTicketAnswer Answer(DueTicket d) =>
        new(d.Ticket, d.Number, d.Due.Rule.Id, d.Due.Rule.Version, d.Due.Action, d.Due.Since, d.Due.Why.InEnglish, d.Due.Held);

    static RetentionTotalsAnswer Answer(RetentionTotals t) => new(t.Purged, t.Anonymised, t.Held, t.Later, t.People);

    static string? Trace() => Activity.Current?.TraceId.ToHexString();
}
