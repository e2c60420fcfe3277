using EventDesk.Service.Reporting;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>A figure of a report as a column of its page.</summary>
/// <param name="Key">What the page calls it.</param>
/// <param name="At">Where it stands in the report, when not under its key.</param>
sealed record Figure<T>(string Key, Measure Measure, Func<T, double?> Of, string? At = null)
{
    public string Path => At ?? Key;
}

/// <summary>A table of a report's page and its chart.</summary>
sealed record Part<T>(string Key, ChartPlan Chart, IReadOnlyList<Figure<T>> Figures)
{
    /// <param name="events">The address of the events of a group's figure; null: it has none.</param>
    public ReportPart Of(Report<T> report, ReportNames names, Func<IReadOnlyDictionary<string, string>, string, string?> events)
    {
        List<ReportColumn> columns = [.. Figures.Select(f => new ReportColumn(f.Key, f.Measure))];
        List<ReportLine> rows = [.. report.Rows.Select(r => Line(r.Group, r.Figures))];
        return new(Key, Chart, columns, rows, Line(new Dictionary<string, string>(), report.Total)) { Names = names };

        ReportLine Line(IReadOnlyDictionary<string, string> group, T figures) => new(group, [.. Figures.Select(f => f.Of(figures))], [.. Figures.Select(f => events(group, f.Path))]);
    }
}

/// <summary>Which figures each report's page shows, and how they are drawn.</summary>
static class ReportParts
{
    static readonly string[] LineNames = ["l1", "l2", "l3", "management"];

    public static readonly IReadOnlyList<Part<CsatFigures>> Csat =
    [
        new("csat", new(ChartKind.Bars, ["percentPositive"], "low", "high"),
        [
            new("percentPositive", Measure.Percent, f => f.PercentPositive), new("low", Measure.Percent, f => 100 * f.PositiveBetween?.Low, "positiveBetween.low"), new("high", Measure.Percent, f => 100 * f.PositiveBetween?.High, "positiveBetween.high"),
            new("positive", Measure.Count, f => f.Positive), new("rated", Measure.Count, f => f.Rated), new("sent", Measure.Count, f => f.Sent),
            new("responseRate", Measure.Share, f => f.ResponseRate), new("comments", Measure.Count, f => f.Comments), new("reviewedComments", Measure.Count, f => f.ReviewedComments),
        ]),
    ];

    public static readonly IReadOnlyList<Part<FirstLineFigures>> FirstLine =
    [
        new("firstLine", new(ChartKind.Bars, ["eligibleShare"], Target: "target"),
        [
            new("eligibleShare", Measure.Share, f => f.EligibleShare), new("target", Measure.Share, f => f.Target), new("eligible", Measure.Count, f => f.Eligible),
            new("firstLine", Measure.Count, f => f.FirstLine), new("overallShare", Measure.Share, f => f.OverallShare), new("resolved", Measure.Count, f => f.Resolved),
            new("tickets", Measure.Count, f => f.Tickets), new("firstContact", Measure.Count, f => f.FirstContact), new("firstContactShare", Measure.Share, f => f.FirstContactShare),
            new("firstLineActingAs", Measure.Count, f => f.FirstLineActingAs), new("provisional", Measure.Count, f => f.Provisional),
        ]),
    ];

    public static readonly IReadOnlyList<Part<ResponseTimeFigures>> ResponseTimes =
    [
        Times("firstAnswer", f => f.FirstAnswer), Times("firstResolution", f => f.FirstResolution), Times("firstResolutionLessWaiting", f => f.FirstResolutionLessWaiting),
        Times("firstResolutionLessCustomer", f => f.FirstResolutionLessCustomer), Times("lifetime", f => f.Lifetime),
    ];

    public static readonly IReadOnlyList<Part<SlaFigures>> Sla = [Attained("firstResponse", f => f.FirstResponse), Attained("nextResponse", f => f.NextResponse), Attained("callback", f => f.Callback)];

    public static readonly IReadOnlyList<Part<BacklogFigures>> Backlog = [new("backlog", new(ChartKind.Bars, ["tickets"]), [new("tickets", Measure.Count, f => f.Tickets)])];

    public static readonly IReadOnlyList<Part<FlowFigures>> Flow =
    [
        new("flow", new(ChartKind.Bars, ["end"], Marks: ["in", "out"]),
        [
            new("start", Measure.Count, f => f.Start), new("in", Measure.Count, f => f.In), new("opened", Measure.Count, f => f.Opened), new("reopened", Measure.Count, f => f.Reopened),
            new("movedIn", Measure.Count, f => f.MovedIn), new("out", Measure.Count, f => f.Out), new("resolved", Measure.Count, f => f.Resolved), new("closed", Measure.Count, f => f.Closed),
            new("movedOut", Measure.Count, f => f.MovedOut), new("end", Measure.Count, f => f.End),
        ]),
    ];

    public static readonly IReadOnlyList<Part<EscalationFigures>> Escalations =
    [
        new("escalations", new(ChartKind.Bars, ["escalationRate"]),
        [
            new("tickets", Measure.Count, f => f.Tickets), new("escalated", Measure.Count, f => f.Escalated), new("escalationRate", Measure.Share, f => f.EscalationRate),
            new("handovers", Measure.Count, f => f.Handovers), new("ups", Measure.Count, f => f.Ups), new("downs", Measure.Count, f => f.Downs), new("sameLine", Measure.Count, f => f.SameLine),
            new("teamReturns", Measure.Count, f => f.TeamReturns), new("lineReturns", Measure.Count, f => f.LineReturns), new("changesOfPerson", Measure.Count, f => f.ChangesOfPerson),
        ]),
        new("lines", new(ChartKind.Flow, ["lines.l1", "lines.l2", "lines.l3", "lines.management"], Marks: ["above.l1", "above.l2", "above.l3"]),
        [
            .. Lines("lines", "tickets", Measure.Count, l => l.Tickets), .. Lines("above", "wentAbove", Measure.Count, l => l.WentAbove).SkipLast(1), .. Lines("open", "openSeconds", Measure.Seconds, l => l.OpenSeconds),
        ]),
    ];

    static Part<ResponseTimeFigures> Times(string key, Func<ResponseTimeFigures, Durations> of) => new(key, new(ChartKind.Bars, ["median"], Marks: ["mean", "p90", "p95"]),
    [
        new("n", Measure.Count, f => of(f).N, $"{key}.n"), new("mean", Measure.Seconds, f => of(f).Mean, $"{key}.mean"), new("median", Measure.Seconds, f => of(f).Median, $"{key}.median"),
        new("p90", Measure.Seconds, f => of(f).P90, $"{key}.p90"), new("p95", Measure.Seconds, f => of(f).P95, $"{key}.p95"),
        new("within", Measure.Count, f => of(f).Within, $"{key}.within"), new("shareWithin", Measure.Share, f => of(f).ShareWithin, $"{key}.shareWithin"),
    ]);

    static Part<SlaFigures> Attained(string key, Func<SlaFigures, AttainmentFigures> of) => new(
        key, new(ChartKind.Stack, ["met", "breached", "running", "undetermined", "resolvedUnanswered", "dropped"]),
    [
        new("attainmentPercent", Measure.Percent, f => of(f).AttainmentPercent, $"{key}.attainmentPercent"), new("n", Measure.Count, f => of(f).N, $"{key}.n"), new("met", Measure.Count, f => of(f).Met, $"{key}.met"),
        new("breached", Measure.Count, f => of(f).Breached, $"{key}.breached"), new("running", Measure.Count, f => of(f).Running, $"{key}.running"), new("undetermined", Measure.Count, f => of(f).Undetermined, $"{key}.undetermined"),
        new("resolvedUnanswered", Measure.Count, f => of(f).ResolvedUnanswered, $"{key}.resolvedUnanswered"), new("dropped", Measure.Count, f => of(f).Dropped, $"{key}.dropped"),
        new("promises", Measure.Count, f => of(f).Promises.N, $"{key}.promises.n"), new("kept", Measure.Count, f => of(f).Promises.Kept, $"{key}.promises.kept"), new("missed", Measure.Count, f => of(f).Promises.Missed, $"{key}.promises.missed"),
        new("keptPercent", Measure.Percent, f => of(f).Promises.KeptPercent, $"{key}.promises.keptPercent"),
    ]);

    static IEnumerable<Figure<EscalationFigures>> Lines(string key, string name, Measure measure, Func<LineFigures, double?> of) =>
        LineNames.Select((line, i) => new Figure<EscalationFigures>($"{key}.{line}", measure, f => of(f.Lines[i]), $"lines.{i}.{name}"));
}
