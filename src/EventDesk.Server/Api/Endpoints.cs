using EventDesk.Domain.Access;
using EventDesk.Server.OpenApi;

namespace EventDesk.Server.Api;

/// <summary>Every address of the API. A new resource is one line here.</summary>
public static class Endpoints
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("");
        ((IEndpointConventionBuilder)all).Finally(ProblemAnswers.Add);
        HealthEndpoints.Map(all);
        HoursEndpoints.Map(all);
        LedgerEndpoints.Map(all);
        var api = all.MapGroup("/api");
        TicketEndpoints.Map(api);
        ConversationEndpoints.Map(api);
        WorkEndpoints.Map(api);
        EscalationEndpoints.Map(api);
        ClosingEndpoints.Map(api);
        ReviewEndpoints.Map(api);
        MarkEndpoints.Map(api);
        PresenceEndpoints.Map(api);
        PairEndpoints.Map(api);
        PrivacyEndpoints.Map(api);
        RetentionEndpoints.Map(api);
        AttachmentEndpoints.Map(api);
        QueueEndpoints.Map(api);
        SearchEndpoints.Map(api);
        SavedViewEndpoints.Map(api);
        BulkEndpoints.Map(api);
        RosterEndpoints.Map(api);
        ClockEndpoints.Map(api);
        MonitorEndpoints.Map(api);
        IncidentEndpoints.Map(api);
        LogEndpoints.Map(api);
        TokenEndpoints.Map(api);
        PeopleEndpoints.Map(api);
        AccessEndpoints.Map(api);
        OrganisationEndpoints.Map(api);
        MacroEndpoints.Map(api);
        ReportEndpoints.Map(api);
        OutboxEndpoints.Map(api);
        RecognitionEndpoints.Map(api);
        SubjectEndpoints.Map(api);
    }

    /// <summary>Names the endpoint's operation, for the gate, and itself, for the OpenAPI document.</summary>
    public static RouteHandlerBuilder Is(this RouteHandlerBuilder endpoint, Operation operation, string id, string tag, string summary, string description) =>
        endpoint.WithMetadata(new Asks(operation)).WithName(id).WithTags(tag).WithSummary(summary).WithDescription(description);
}

/// <summary>A query parameter an endpoint takes; any other is refused.</summary>
/// <param name="Kind">integer, boolean, date-time, uuid or string.</param>
public sealed record QueryParameter(string Name, string Kind, string Description, string Example)
{
    public static readonly QueryParameter Limit = new("limit", "integer", "Rows of the page, 1 to 200; 50 when not given.", "50");
    public static readonly QueryParameter After = new("after", "string", "Where the page before ended, as given in its Link; opaque.", "AAAAAAAAAGQ");
    public static readonly QueryParameter Version = new("version", "integer", "The ticket as it was at this version.", "3");
    public static readonly QueryParameter AsOf = new("asOf", "date-time", "The ticket as it was at this instant (by the time things happened).", "2026-03-02T09:30:00Z");
}
