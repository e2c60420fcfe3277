using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Service.Incidents;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Incidents: severity 1 starts them; here people say what was done about them, and for whom.</summary>
public static class IncidentEndpoints
{
    const string Tag = "Incidents";
    const int MostRows = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/incidents", List).Is(Operation.ReadIncidents, "listIncidents", Tag, "List the incidents",
            "Newest first, with how many customers each touches and how many of them have not been told.")
            .WithMetadata(new QueryParameter("open", "boolean", "Only those that are not resolved.", "true"));
        api.MapGet("/incidents/{incident}", Read).Is(Operation.ReadIncidents, "readIncident", Tag, "Read an incident",
            "Its state, and for every affected customer whether they were told personally, read it on the status page, or are still owed.");
        api.MapPost("/incidents/{incident}/contacts", Contact).Is(Operation.ManageIncidents, "recordContact", Tag, "Record that a customer was told personally",
            "If-Match carries the version of the incident one has seen.").WithMetadata(new TakesVersion());
        api.MapPost("/incidents/{incident}/publication", Publish).Is(Operation.ManageIncidents, "publishIncident", Tag, "Put the incident on the status page",
            "Customers who were not told personally are told there. The message is public: no personal data.").WithMetadata(new TakesVersion());
        api.MapPost("/incidents/{incident}/state", SetState).Is(Operation.ManageIncidents, "changeIncidentState", Tag, "Change an incident's state",
            "investigating, identified, monitoring, resolved. A resolved one stays resolved.").WithMetadata(new TakesVersion());
    }

    static async Task<Results<Ok<IncidentList>, Problem>> List(HttpContext http, IncidentDesk incidents, CancellationToken ct)
    {
        var query = new Query(http);
        var open = query.Flag("open");
        return query.Problem is { } problem ? problem : TypedResults.Ok(new IncidentList([.. (await incidents.List(open ? true : null, MostRows, ct)).Select(Answer)]));
    }

    static async Task<Results<Ok<IncidentDetailAnswer>, Problem>> Read(string incident, HttpContext http, IncidentDesk incidents, CancellationToken ct)
    {
        if (!Guid.TryParseExact(incident, "D", out var id) || await incidents.Find(id, ct) is not var (row, affected))
            return Problems.NoSuch("incident_not_found", "incident");
        http.Response.Headers.ETag = ETag.Of(row.Version);
        return TypedResults.Ok(new IncidentDetailAnswer(
            Answer(row),
            [.. affected.Select(a => new AffectedCustomerAnswer(
                a.Customer, a.Tickets, a.Contacted is not null ? "contacted" : row.Published ? "published" : "owed", a.Contacted, a.ContactedAt))]));
    }

    static Task<Results<Ok<IncidentAnswer>, Problem>> Contact(string incident, Posted<ContactRequest> posted, HttpContext http, IncidentDesk incidents, CancellationToken ct) =>
        Handle(incident, posted, c => new CustomerContacted(new CustomerId(c.Customer), c.Channel), http, incidents, ct);

    static Task<Results<Ok<IncidentAnswer>, Problem>> Publish(string incident, Posted<PublicationRequest> posted, HttpContext http, IncidentDesk incidents, CancellationToken ct) =>
        Handle(incident, posted, p => new IncidentPublished(p.Message), http, incidents, ct);

    static Task<Results<Ok<IncidentAnswer>, Problem>> SetState(string incident, Posted<IncidentStateRequest> posted, HttpContext http, IncidentDesk incidents, CancellationToken ct) =>
        Handle(incident, posted, s => new IncidentStateChanged(s.State), http, incidents, ct);

    static async Task<Results<Ok<IncidentAnswer>, Problem>> Handle<T>(
        string incident, Posted<T> posted, Func<T, IncidentEvent> happened, HttpContext http, IncidentDesk incidents, CancellationToken ct) where T : class, IChecked
    {
        if (http.Request.Headers.IfMatch.Count == 0)
            return Problems.VersionRequired();
        if (!ETag.TryParse(http.Request.Headers.IfMatch, out var version))
            return Problems.MalformedETag();
        if (posted.Problem is { } problem)
            return problem;
        if (!Guid.TryParseExact(incident, "D", out var id))
            return Problems.NoSuch("incident_not_found", "incident");
        var outcome = await incidents.Handle(id, happened(posted.Body), version, http.Asker(), Operation.ManageIncidents, ct);
        if (outcome is Outcome.NotFound)
            return Problems.NoSuch("incident_not_found", "incident");
        if (outcome is not Outcome.Done done)
            return Outcomes.Problem(outcome, http.Principal());
        http.Response.Headers.ETag = ETag.Of(done.Version);
        return TypedResults.Ok(Answer((await incidents.Find(id, ct))!.Value.Incident));
    }

    static IncidentAnswer Answer(IncidentRow i) => new(i.Id, i.Product, i.OpenedAt, i.State, i.Published, i.Version, i.Tickets, i.Customers, i.Owed);
}

/// <summary>Marks endpoints that want If-Match of something that is no ticket.</summary>
/// <param name="OrNew">Or If-None-Match: * for what is new.</param>
public sealed record TakesVersion(bool OrNew = false);
