using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;

namespace EventDesk.Server.Api;

/// <summary>How far contracts and promises were kept, as of any moment.</summary>
static class SlaReportEndpoints
{
    const string Path = "sla";

    static readonly QueryParameter
        OccurredUntil = ReportParameters.OccurredUntil with { Description = "As of this instant: what happened later is left out. Now when not given." },
        KnownUntil = ReportParameters.KnownUntil with { Description = "As it was known at this instant: what was recorded later is left out. Now when not given." };

    public static void Map(RouteGroupBuilder reports)
    {
        QueryParameter[] asked =
        [
            ReportParameters.From with { Description = "Clocks that began on this day or at this instant or later." },
            ReportParameters.To with { Description = "Clocks that began before this day or instant." },
            OccurredUntil, KnownUntil, .. ReportParameters.Filters(Dimensions.OfClocks),
        ];
        reports.MapGet($"/{Path}", Answer)
            .Is(Operation.ReadReports, "slaReport", "Reports", "SLA attainment",
                "First and next responses against their contract's targets: met, breached (an open one as soon as it is overdue), running, undetermined; resolutions without an answer "
                + "apart, and promises, which never breach, apart. Desk, line and agent are those of a clock's end. As CSV with format=csv or Accept: text/csv.")
            .WithMetadata([ReportParameters.GroupBy(Dimensions.OfClocks), .. asked, ReportParameters.Format])
            .ProducesReport<SlaFigures>();
        reports.MapGet($"/{Path}/events", Events)
            .Is(Operation.ReadReports, "slaReportEvents", "Reports", "SLA attainment: the events behind a figure",
                "For each clock the event it began with, the breach and the end. Each row of the report links here with its own values.")
            .WithMetadata([.. asked, ReportParameters.Figure(ReportName.Sla), QueryParameter.Limit, QueryParameter.After]);
    }

    static async Task<ReportResult> Answer(HttpContext http, SlaReport sla, TimeProvider time, CancellationToken ct)
    {
        var request = ReportRequest.Read(http, Dimensions.OfClocks);
        var moment = Moment(request, time);
        return request.Query.Problem is { } problem
            ? ReportResult.Wrong(problem)
            : ReportResult.Of(ReportLinks.Of(http, Path, await sla.Run(request.Asked, moment, ct)), request.Csv);
    }

    static async Task<EventsResult> Events(HttpContext http, ReportEvents events, TimeProvider time, CancellationToken ct)
    {
        var request = ReportRequest.Read(http, Dimensions.OfClocks);
        var (moment, figure, limit, after) = (Moment(request, time), request.Figure(ReportName.Sla), request.Query.Limit(), request.After());
        return request.Query.Problem is { } problem
            ? new EventsResult(problem)
            : EventsResult.Of(http, await (figure is null
                ? events.OfClocks(request.Asked, moment, after, limit, ct)
                : events.OfFigure(ReportName.Sla, figure, request.Asked, moment, after, limit, ct)));
    }

    static ReportMoment Moment(ReportRequest request, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new(request.Query.Instant("occurredUntil") ?? now, request.Query.Instant("knownUntil") ?? now);
    }
}
