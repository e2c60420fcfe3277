using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;

namespace EventDesk.Server.Api;

/// <summary>What came into the backlog and what left it, over time.</summary>
static class FlowEndpoints
{
    const string Path = "flow";

    public static readonly QueryParameter
        From = ReportParameters.From with { Description = $"From this day or instant on; when not given, {FlowReport.DefaultDays} days to the end." },
        To = ReportParameters.To with { Description = "Up to but without this day or instant; now, or what knownUntil says, when not given." };

    public static void Map(RouteGroupBuilder reports)
    {
        QueryParameter[] asked = [From, To, ReportParameters.KnownUntil, .. ReportParameters.Filters(Dimensions.OfFlow)];
        reports.MapGet($"/{Path}", Answer)
            .Is(Operation.ReadReports, "flowReport", "Reports", "Backlog over time",
                "How the open tickets of a period became those of the next: start + in − out = end on every row, and the end is the backlog as of its last microsecond. Grouped by day, week "
                + "or month (UTC), by one of these and something else, or by other things over the whole range. As CSV with format=csv or Accept: text/csv.")
            .WithMetadata([ReportParameters.GroupBy(Dimensions.OfFlow), .. asked, ReportParameters.Format, new CountsAnew()])
            .ProducesReport<FlowFigures>();
        reports.MapGet($"/{Path}/events", Events)
            .Is(Operation.ReadReports, "flowReportEvents", "Reports", "Backlog over time: the events behind a figure",
                "Of what was open the event that put each ticket where it stood; of what came and went the event by which it did.")
            .WithMetadata([.. asked, ReportParameters.Figure(ReportName.Flow), QueryParameter.Limit, QueryParameter.After, new CountsAnew()]);
    }

    static async Task<ReportResult> Answer(HttpContext http, FlowReport flow, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, Dimensions.OfFlow);
        return Ranged(request) is { } ranged
            ? ReportResult.Of(ReportLinks.Of(http, Path, await flow.Run(ranged, ct) with { Query = request.Asked with { From = request.Asked.From ?? ranged.From, To = request.Asked.To ?? ranged.To } }, Exact(request, ranged)), request.Csv)
            : ReportResult.Wrong(request.Query.Problem!);
    }

    static async Task<EventsResult> Events(HttpContext http, ReportEvents events, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, Dimensions.OfFlow);
        var (ranged, figure, limit, after) = (Ranged(request), request.Figure(ReportName.Flow)?.Path ?? "", request.Query.Limit(), request.After());
        return request.Query.Problem is { } problem
            ? new EventsResult(problem)
            : EventsResult.Of(http, await events.OfFlow(ranged!, FlowReport.Behind[figure], after, limit, ct));
    }

    /// <summary>What is asked for with the range it is about; null, with the fault, when there is none.</summary>
    public static ReportQuery? Ranged(ReportRequest request)
    {
        var ranged = FlowReport.Ranged(request.Asked, request.Latest);
        if (ranged is null)
            request.Query.Fault(request.Asked.Filters.Keys.First(k => k is "day" or "week" or "month"), "unknown_value", "There is no such value.");
        else if (request.Asked.GroupBy.Count(g => g is "day" or "week" or "month") > 1)
            request.Query.Fault("groupBy", "unknown_value", "One of day, week and month, not two.");
        else if (FlowReport.PeriodsOf(ranged) > FlowReport.MostPeriods)
            request.Query.Fault("from", "out_of_range", $"That would be more than {FlowReport.MostPeriods} rows over time: take weeks or months.");
        return request.Query.Problem is null ? ranged : null;
    }

    /// <summary>The ends that were left open: "now" is another instant when the events are asked for.</summary>
    public static IReadOnlyList<(string, DateTimeOffset)> Exact(ReportRequest request, ReportQuery ranged)
    {
        List<(string, DateTimeOffset)> exact = [];
        if (request.Asked.From is null) exact.Add(("from", ranged.From!.Value));
        if (request.Asked.To is null) exact.Add(("to", ranged.To!.Value));
        return exact;
    }
}
