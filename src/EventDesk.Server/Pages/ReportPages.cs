using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Reporting;
using EventDesk.Web;
using EventDesk.Web.Charts;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The reports as pages: the questions and answers of the API's, drawn.</summary>
static class ReportPages
{
    static readonly QueryParameter Part = new("part", "string", "Of the CSV: only this table.", "csat");
    static readonly QueryParameter KnownUntil = new("knownUntil", "string", "As it was known then.", "2026-04-01"), OccurredUntil = new("occurredUntil", "string", "As of then.", "2026-04-01");

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/reports", (HttpContext http, Viewers viewers) => new Page<ReportsPage>(new Dictionary<string, object?> { ["V"] = viewers.Of(http) })).For(Operation.ReadReports);
        string[] moment = ["occurredUntil", "knownUntil"], period = ["from", "to", "cohort"];
        Add(pages, "csat", Dimensions.OfRatings, ["from", "to", .. moment], [ReportParameters.From, ReportParameters.To, OccurredUntil, KnownUntil], ReportParts.Csat,
            async (r, ct) => new(await r.Get<CsatReport>().Run(r.Asked, ct)), ReportName.Csat, OfTickets(ReportName.Csat));
        Add(pages, "first-line", Dimensions.OfTickets, [.. period, "window", "target", .. moment], [.. Period, ReportParameters.Window, ReportParameters.Share], ReportParts.FirstLine,
            async (r, ct) => new(await r.Get<FirstLineReport>().Run(r.Asked, r.Window(), r.Share(), ct)), ReportName.FirstLine, OfTickets(ReportName.FirstLine));
        Add(pages, "response-times", Dimensions.OfTickets, [.. period, "openedWithin", "openedOn", "openedZone", "target", .. moment],
            [.. Period, ReportParameters.OpenedWithin, ReportParameters.OpenedOn, ReportParameters.OpenedZone, ReportParameters.Target], ReportParts.ResponseTimes,
            async (r, ct) => new(await r.Get<ResponseTimesReport>().Run(r.Asked, r.Target(), 1, ct)), ReportName.ResponseTimes, OfTickets(ReportName.ResponseTimes));
        Add(pages, "escalations", Dimensions.OfTickets, [.. period, .. moment], Period, ReportParts.Escalations,
            async (r, ct) => new(await r.Get<EscalationsReport>().Run(r.Asked, ct)), ReportName.Escalations, OfTickets(ReportName.Escalations));
        Add(pages, "sla", Dimensions.OfClocks, ["from", "to", .. moment], [ReportParameters.From, ReportParameters.To, OccurredUntil, KnownUntil], ReportParts.Sla,
            async (r, ct) => new(await r.Get<SlaReport>().Run(r.Asked, Moment(r), ct)), ReportName.Sla,
            (r, figure, after, limit, ct) => figure is null
                ? r.Get<ReportEvents>().OfClocks(r.Asked, Moment(r), after, limit, ct)
                : r.Get<ReportEvents>().OfFigure(ReportName.Sla, figure, r.Asked, Moment(r), after, limit, ct));
        Add(pages, "backlog", Dimensions.OfBacklog, ["asOf", "knownUntil", "include"], [ReportParameters.AsOf, KnownUntil, ReportParameters.Include], ReportParts.Backlog, async (r, ct) =>
        {
            var asOf = AsOf(r);
            return new(await r.Get<BacklogReport>().Run(r.Asked, asOf, OpenOnly(r), ct), ("asOf", asOf));
        }, ReportName.Backlog, (r, _, after, limit, ct) => r.Get<ReportEvents>().OfBacklog(r.Asked, AsOf(r), OpenOnly(r), after, limit, ct));
        Add(pages, "flow", Dimensions.OfFlow, ["from", "to", "knownUntil"], [FlowEndpoints.From, FlowEndpoints.To, KnownUntil], ReportParts.Flow, async (r, ct) =>
        {
            var ranged = FlowEndpoints.Ranged(r)!;
            return new(await r.Get<FlowReport>().Run(ranged, ct), FlowEndpoints.Exact(r, ranged));
        }, ReportName.Flow, (r, figure, after, limit, ct) => r.Get<ReportEvents>().OfFlow(FlowEndpoints.Ranged(r)!, FlowReport.Behind[figure?.Path ?? ""], after, limit, ct));
    }

    static IReadOnlyList<QueryParameter> Period => [.. ReportParameters.Of([])];

    /// <param name="Exact">Instants its events have to be asked for under too; none: the question says it all.</param>
    readonly record struct Answered<T>(Report<T> Report, params IReadOnlyList<(string Name, DateTimeOffset At)> Exact);

    /// <param name="figure">The one whose events are wanted; null: those of all.</param>
    delegate Task<EventsBehind> Behind(ReportRequest request, FigureQuery? figure, EventPosition after, int limit, CancellationToken ct);

    static Behind OfTickets(ReportName name) => (r, figure, after, limit, ct) => figure is null
        ? r.Get<ReportEvents>().Of(name, r.Asked, null, after, limit, ct)
        : r.Get<ReportEvents>().OfFigure(name, figure, r.Asked, null, after, limit, ct);

    static void Add<T>(
        IEndpointRouteBuilder pages, string report, IReadOnlyList<string> dimensions, IReadOnlyList<string> fields, IReadOnlyList<QueryParameter> own, IReadOnlyList<Part<T>> parts,
        Func<ReportRequest, CancellationToken, Task<Answered<T>>> run, ReportName name, Behind behind)
    {
        QueryParameter[] asked = [.. own, .. ReportParameters.Filters(dimensions), ReportParameters.GroupBy(dimensions), ReportParameters.Format, Part];
        pages.MapGet($"/reports/{report}", async Task<IResult> (HttpContext http, OrganisationBook organisation, AgentChoices agents, Viewers viewers, CancellationToken ct) =>
        {
            var request = Read(http, dimensions);
            if (request.Query.Problem is { } problem)
                return problem;
            var answer = await run(request, ct);
            var names = Names(organisation);
            List<ReportPart> made = [.. parts.Select(p => p.Of(answer.Report, names, (group, figure) => ReportFigures.PathsOf(name).Contains(figure)
                ? $"/reports/{report}/events{ReportLinks.Narrowed(http, group, answer.Exact).Add("figure", figure)}" : null))];
            return request.Csv
                ? new ReportCsv([.. made.Where(p => request.Query.Text("part") is not { } part || p.Key == part)])
                : PageResults.Of<ReportPage>(viewers.Of(http), nameof(ReportPage.Screen), new ReportScreen(
                    Question(http, report, dimensions, fields), made, Desks(organisation, request), agents.Within(new Reach(null, request.Asked.Desks)), names));
        }).For(Operation.ReadReports).WithMetadata([.. asked]);
        pages.MapGet($"/reports/{report}/events", async Task<IResult> (HttpContext http, OrganisationBook organisation, Viewers viewers, CancellationToken ct) =>
        {
            var request = Read(http, dimensions);
            var (figure, limit, after) = (request.Figure(name), request.Query.Limit(), request.After());
            if (request.Query.Problem is { } problem)
                return problem;
            var page = await behind(request, figure, after, limit, ct);
            return PageResults.Of<ReportEventsPage>(viewers.Of(http), nameof(ReportEventsPage.Screen), new ReportEventsScreen(
                Question(http, report, dimensions, fields), request.Asked.Filters,
                [.. page.Events.Select(e => new EventShown(e.Number, e.Version, e.SeqId, e.Type, e.Occurred))], Further(http, page))
            {
                Names = Names(organisation),
                Figure = parts.SelectMany(p => p.Figures.Where(f => f.Path == figure?.Path).Select(f => new FigureNamed(p.Key, f.Key))).FirstOrDefault(),
            });
        }).For(Operation.ReadReports).WithMetadata([.. asked, ReportParameters.Figure(name), QueryParameter.Limit, QueryParameter.After]);
    }

    /// <summary>All of the question is read at once, so that what is wrong with it is said before anything is counted.</summary>
    static ReportRequest Read(HttpContext http, IReadOnlyList<string> dimensions)
    {
        var request = ReportRequest.Read(http, dimensions);
        request.Window();
        request.Share();
        request.Target();
        if (dimensions == Dimensions.OfClocks) Moment(request);
        else request.Until(request.Moment);
        AsOf(request);
        if (dimensions == Dimensions.OfFlow)
            FlowEndpoints.Ranged(request);
        if (request.Query.Text("include") is not (null or "open" or "all"))
            request.Query.Fault("include", "unknown_value", "It is open or all.");
        return request;
    }

    static ReportMoment Moment(ReportRequest r)
    {
        var now = r.Get<TimeProvider>().GetUtcNow();
        return new(r.Moment("occurredUntil") ?? now, r.Moment("knownUntil") ?? now);
    }

    static DateTimeOffset AsOf(ReportRequest r) => r.Moment("asOf") ?? r.Latest;

    static bool OpenOnly(ReportRequest r) => r.Query.Text("include") != "all";

    static ReportQuestion Question(HttpContext http, string report, IReadOnlyList<string> dimensions, IReadOnlyList<string> fields) => new(
        report, dimensions, fields,
        http.Request.Query.Where(q => q.Value is [{ Length: > 0 }] && q.Key is not ("format" or "part" or "limit" or "after" or "figure")).ToDictionary(q => q.Key, q => q.Value.ToString()));

    static List<string> Desks(OrganisationBook organisation, ReportRequest request) =>
        [.. organisation.Now.Desks.Where(d => !d.Retired).Select(d => d.Id).Where(d => request.Asked.Desks is null || request.Asked.Desks.Contains(d)).Select(d => d.Value)];

    /// <summary>Those that were retired too: reports look back.</summary>
    static ReportNames Names(OrganisationBook organisation) =>
        new(organisation.Now.Products.ToDictionary(p => p.Id, p => p.Name), organisation.Now.Languages.ToDictionary(l => l.Id, l => l.Name), (organisation.Now.Contracts ?? []).ToDictionary(c => c.Id, c => c.Name));

    static string? Further(HttpContext http, EventsBehind page) => page.Next is not { } next ? null : http.Request.Path + QueryString.Create(
        http.Request.Query.Where(q => q.Key != "after").Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString())).Append(new("after", EventCursor.Of(next))));
}

/// <summary>The tables of a report's page for a spreadsheet, with all digits: the groups, then each figure, under its part's name where there are several.</summary>
sealed class ReportCsv(IReadOnlyList<ReportPart> parts) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=\"report.csv\"";
        List<IReadOnlyDictionary<string, string>> rows = [.. Enumerable.Range(0, parts.Count == 0 ? 0 : parts[0].Shown.Count).Select(Row)];
        return Csv.Write(httpContext, [.. rows.SelectMany(r => r.Keys).Distinct()], rows);
    }

    /// <summary>A product and a language stand there under their ids, which stay, and beside that under their names, which are read.</summary>
    Dictionary<string, string> Row(int at)
    {
        Dictionary<string, string> cells = [];
        foreach (var (dimension, value) in parts[0].Shown[at].Group)
        {
            cells[dimension] = value;
            if (parts[0].Names.In(dimension) is { } names)
                cells[$"{dimension}Name"] = names.GetValueOrDefault(value, value);
        }
        foreach (var part in parts)
            foreach (var (column, figure) in part.Columns.Zip(part.Shown[at].Figures))
                cells[parts.Count > 1 ? $"{part.Key}.{column.Key}" : column.Key] = FigureWords.Exact(figure);
        return cells;
    }
}
