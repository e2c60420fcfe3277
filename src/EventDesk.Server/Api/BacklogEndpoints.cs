using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;

namespace EventDesk.Server.Api;

/// <summary>How many tickets stood where, now or at any instant, as far as it was known at any other.</summary>
static class BacklogEndpoints
{
    const string Path = "backlog";

    public static void Map(RouteGroupBuilder reports)
    {
        QueryParameter[] asked = [ReportParameters.AsOf, ReportParameters.KnownUntil, ReportParameters.Include, .. ReportParameters.Filters(Dimensions.OfBacklog)];
        reports.MapGet($"/{Path}", Answer)
            .Is(Operation.ReadReports, "backlogReport", "Reports", "Backlog", "How many tickets stood where at an instant. As CSV with format=csv or Accept: text/csv.")
            .WithMetadata([ReportParameters.GroupBy(Dimensions.OfBacklog), .. asked, ReportParameters.Format, new CountsAnew()])
            .ProducesReport<BacklogFigures>();
        reports.MapGet($"/{Path}/events", Events)
            .Is(Operation.ReadReports, "backlogReportEvents", "Reports", "Backlog: the events behind a figure", "For each ticket the event that put it where it stood.")
            .WithMetadata([.. asked, ReportParameters.Figure(ReportName.Backlog), QueryParameter.Limit, QueryParameter.After, new CountsAnew()]);
    }

    static async Task<ReportResult> Answer(HttpContext http, BacklogReport backlog, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, Dimensions.OfBacklog);
        var (asOf, openOnly) = Then(request);
        return request.Query.Problem is { } problem
            ? ReportResult.Wrong(problem)
            : ReportResult.Of(ReportLinks.Of(http, Path, await backlog.Run(request.Asked, asOf, openOnly, ct), ("asOf", asOf)), request.Csv);
    }

    static async Task<EventsResult> Events(HttpContext http, ReportEvents events, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, Dimensions.OfBacklog);
        var (asOf, openOnly) = Then(request);
        // Taken as in the other reports; it has but one.
        request.Figure(ReportName.Backlog);
        var (limit, after) = (request.Query.Limit(), request.After());
        return request.Query.Problem is { } problem
            ? new EventsResult(problem)
            : EventsResult.Of(http, await events.OfBacklog(request.Asked, asOf, openOnly, after, limit, ct));
    }

    static (DateTimeOffset AsOf, bool OpenOnly) Then(ReportRequest request)
    {
        var include = request.Query.Text("include");
        if (include is not (null or "open" or "all")) request.Query.Fault("include", "unknown_value", "It is open or all.");
        return (request.Query.Instant("asOf") ?? request.Latest, include != "all");
    }
}
