using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;

namespace EventDesk.Server.Api;

/// <summary>What was done how often, under the source's labels or our events' names.</summary>
static class ActivityEndpoints
{
    const string Path = "activities";
    static readonly QueryParameter Activity = new("activity", "string", "Only this label's events.", "Wait - User");

    public static void Map(RouteGroupBuilder reports)
    {
        QueryParameter[] asked = [.. ReportParameters.Of(Dimensions.OfTickets)];
        reports.MapGet($"/{Path}", Answer)
            .Is(Operation.ReadReports, "activitiesReport", "Reports", "Activities",
                "What was done: rows, entries (with something else before) and tickets for each label, and how many different ways tickets went. As CSV with format=csv or Accept: text/csv.")
            .WithMetadata([.. asked, ReportParameters.Format, new CountsAnew()])
            .ProducesReport<ActivityFigures>();
        reports.MapGet($"/{Path}/events", Events)
            .Is(Operation.ReadReports, "activitiesReportEvents", "Reports", "Activities: the events behind a figure", "The events under one label, or all of them.")
            .WithMetadata([.. asked, Activity, ReportParameters.Figure(ReportName.Activities), QueryParameter.Limit, QueryParameter.After, new CountsAnew()]);
    }

    static async Task<ReportResult> Answer(HttpContext http, ActivitiesReport activities, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, Dimensions.OfTickets);
        if (request.Query.Problem is { } problem) return ReportResult.Wrong(problem);
        var found = await activities.Run(request.Asked, ct);
        return ReportResult.Of(ReportLinks.Of(http, Path, found), request.Csv);
    }

    static async Task<EventsResult> Events(HttpContext http, ReportEvents events, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, Dimensions.OfTickets);
        var (figure, limit, after, label) = (request.Figure(ReportName.Activities), request.Query.Limit(), request.After(), request.Query.Text("activity"));
        return request.Query.Problem is { } problem
            ? new EventsResult(problem)
            : EventsResult.Of(http, await (figure is null
                ? events.Of(ReportName.Activities, request.Asked, label, after, limit, ct)
                : events.OfFigure(ReportName.Activities, figure, request.Asked, null, after, limit, ct)));
    }
}
