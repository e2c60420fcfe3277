using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;

namespace EventDesk.Server.Api;

/// <summary>Figures of the desk, each with a link to the events behind it.</summary>
public static class ReportEndpoints
{
    const string Tag = "Reports";

    public static void Map(IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports");
        Add(reports, "csat", "csat", ReportName.Csat, Csat, "Customer satisfaction",
            "Share of positive ratings with its Wilson 95 % interval and the response rate, one survey per resolution, its last value. The cohort is of the resolutions.",
            Dimensions.OfRatings);
        Add(reports, "first-line", "firstLine", ReportName.FirstLine, FirstLine, "First-line resolution",
            "Resolved tickets that never left the first line and were not reopened within the window, of all and of those not sent past it. Until the window has passed a ticket is provisional.",
            Dimensions.OfTickets, ReportParameters.Window, ReportParameters.Share);
        Add(reports, "response-times", "responseTimes", ReportName.ResponseTimes, ResponseTimes, "Response and resolution times",
            "How long it took until the first answer, the first resolution and the last event. The mean is exact; percentiles are interpolated between neighbours.",
            Dimensions.OfTickets, ReportParameters.OpenedWithin, ReportParameters.OpenedOn, ReportParameters.OpenedZone, ReportParameters.Target, ReportParameters.Unit);
        Add(reports, "escalations", "escalations", ReportName.Escalations, Escalations, "Escalations and handovers",
            "Moves between lines and teams, escalation rate and open time per line, tickets that came back (A-B-A).", Dimensions.OfTickets);
        Add(reports, "reopens", "reopens", ReportName.Reopens, Reopens, "Reopened tickets",
            "Tickets that were resolved and came back, and how often.", Dimensions.OfTickets, ReportParameters.Window);
        Add(reports, "volume", "volume", ReportName.Volume, Volume, "Volume",
            "How many tickets there are, how they ended, how often their severity changed.", Dimensions.OfTickets);
        Add(reports, "waiting", "waiting", ReportName.Waiting, Waiting, "Waiting", "For whom or what tickets waited: how often, in how many tickets, how long.", Dimensions.OfTickets);
        ActivityEndpoints.Map(reports);
        BacklogEndpoints.Map(reports);
        FlowEndpoints.Map(reports);
        SlaReportEndpoints.Map(reports);
    }

    static void Add<T>(
        RouteGroupBuilder reports, string path, string id, ReportName name, Func<ReportRequest, CancellationToken, Task<Report<T>?>> run,
        string summary, string description, IReadOnlyList<string> dimensions, params QueryParameter[] own)
    {
        QueryParameter[] asked = [.. ReportParameters.Of(dimensions), .. own];
        reports.MapGet($"/{path}", (HttpContext http, CancellationToken ct) => Answer(http, path, dimensions, run, ct))
            .Is(Operation.ReadReports, $"{id}Report", Tag, summary, description + " As CSV with format=csv or Accept: text/csv.")
            .WithMetadata([ReportParameters.GroupBy(dimensions), .. asked, ReportParameters.Format, new CountsAnew()])
            .ProducesReport<T>();
        reports.MapGet($"/{path}/events", (HttpContext http, ReportEvents events, CancellationToken ct) => Events(http, events, name, dimensions, ct))
            .Is(Operation.ReadReports, $"{id}ReportEvents", Tag, $"{summary}: the events behind a figure",
                "Ticket by ticket, with links to their histories. Each row of the report links here with its own values.")
            .WithMetadata([.. asked, ReportParameters.Figure(name), QueryParameter.Limit, QueryParameter.After, new CountsAnew()]);
    }

    static async Task<ReportResult> Answer<T>(
        HttpContext http, string path, IReadOnlyList<string> dimensions, Func<ReportRequest, CancellationToken, Task<Report<T>?>> run, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, dimensions);
        var report = await run(request, ct);
        return report is null || request.Query.Problem is not null
            ? ReportResult.Wrong(request.Query.Problem!)
            : ReportResult.Of(ReportLinks.Of(http, path, report), request.Csv);
    }

    static async Task<EventsResult> Events(HttpContext http, ReportEvents events, ReportName name, IReadOnlyList<string> dimensions, CancellationToken ct)
    {
        var request = ReportRequest.OfMoment(http, dimensions);
        // Taken, so that a report's own address can be turned into this one; which events there are does not depend on them.
        request.Window();
        request.Share();
        request.Target();
        request.Unit();
        var (figure, limit, after) = (request.Figure(name), request.Query.Limit(), request.After());
        return request.Query.Problem is { } problem
            ? new EventsResult(problem)
            : EventsResult.Of(http, await (figure is null ? events.Of(name, request.Asked, null, after, limit, ct) : events.OfFigure(name, figure, request.Asked, null, after, limit, ct)));
    }

    static async Task<Report<T>?> When<T>(ReportRequest request, Func<Task<Report<T>>> run) => request.Query.Problem is null ? await run() : null;

    static Task<Report<CsatFigures>?> Csat(ReportRequest r, CancellationToken ct) => When(r, () => r.Get<CsatReport>().Run(r.Asked, ct));

    static Task<Report<FirstLineFigures>?> FirstLine(ReportRequest r, CancellationToken ct)
    {
        var (window, share) = (r.Window(), r.Share());
        return When(r, () => r.Get<FirstLineReport>().Run(r.Asked, window, share, ct));
    }

    static Task<Report<ResponseTimeFigures>?> ResponseTimes(ReportRequest r, CancellationToken ct)
    {
        var (target, unit) = (r.Target(), r.Unit());
        return When(r, () => r.Get<ResponseTimesReport>().Run(r.Asked, target, unit, ct));
    }

    static Task<Report<ReopenFigures>?> Reopens(ReportRequest r, CancellationToken ct)
    {
        var window = r.Window();
        return When(r, () => r.Get<ReopensReport>().Run(r.Asked, window, ct));
    }

    static Task<Report<EscalationFigures>?> Escalations(ReportRequest r, CancellationToken ct) => When(r, () => r.Get<EscalationsReport>().Run(r.Asked, ct));
    static Task<Report<VolumeFigures>?> Volume(ReportRequest r, CancellationToken ct) => When(r, () => r.Get<VolumeReport>().Run(r.Asked, ct));
    static Task<Report<WaitingFigures>?> Waiting(ReportRequest r, CancellationToken ct) => When(r, () => r.Get<WaitingReport>().Run(r.Asked, ct));
}
