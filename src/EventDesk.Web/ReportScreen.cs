using NodaTime;
using NodaTime.Text;

namespace EventDesk.Web;

/// <summary>What a figure is measured in. A share is of 1, a percentage of 100.</summary>
public enum Measure { Count, Share, Percent, Seconds }

/// <param name="Key">As the API calls the figure; its name in words is <c>figure.key</c>.</param>
public sealed record ReportColumn(string Key, Measure Measure);

/// <param name="Group">The values this line is for, by dimension; empty for all together.</param>
/// <param name="Figures">One for each column; null where there is none to be told.</param>
/// <param name="Events">For each figure the address of the events behind it; null where there are none.</param>
public sealed record ReportLine(IReadOnlyDictionary<string, string> Group, IReadOnlyList<double?> Figures, IReadOnlyList<string?> Events);

/// <summary>How a part of a report is drawn.</summary>
public enum ChartKind { None, Bars, Stack, Flow }

/// <summary>Which columns a chart is drawn from, by their keys.</summary>
/// <param name="Values">Of bars the one value; of a stack its layers in their order.</param>
/// <param name="Low">With <paramref name="High"/> what the value lies between.</param>
/// <param name="Marks">Further values that are marked on the same scale.</param>
/// <param name="Target">What the value should reach.</param>
public sealed record ChartPlan(ChartKind Kind, IReadOnlyList<string> Values, string? Low = null, string? High = null, IReadOnlyList<string>? Marks = null, string? Target = null);

/// <summary>What products, languages and contracts are called, by their ids; the ids stay in addresses and what programs read.</summary>
public sealed record ReportNames(IReadOnlyDictionary<string, string> Products, IReadOnlyDictionary<string, string> Languages, IReadOnlyDictionary<string, string> Contracts)
{
    /// <summary>Null for a dimension whose values are names themselves.</summary>
    public IReadOnlyDictionary<string, string>? In(string dimension) => dimension switch { "product" => Products, "language" => Languages, "contract" => Contracts, _ => null };
}

/// <summary>One table of a report and the chart of it.</summary>
/// <param name="Key">Its name in words is <c>part.key</c>.</param>
/// <param name="Rows">Empty when nothing was grouped by.</param>
public sealed record ReportPart(string Key, ChartPlan Chart, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportLine> Rows, ReportLine Total)
{
    public required ReportNames Names { get; init; }

    /// <summary>Rows where there are some; without, the one of all.</summary>
    public IReadOnlyList<ReportLine> Shown => Rows.Count > 0 ? Rows : [Total];

    public ReportColumn Column(string key) => Columns.First(c => c.Key == key);

    public double? Figure(ReportLine line, string? key) => key is null ? null : line.Figures[Columns.TakeWhile(c => c.Key != key).Count()];
}

/// <summary>A report as it was asked for: all of it stands in the address.</summary>
/// <param name="Report">As its address ends.</param>
/// <param name="Fields">What its form offers beside groups and filters.</param>
/// <param name="Asked">What was given, by its name.</param>
public sealed record ReportQuestion(string Report, IReadOnlyList<string> Dimensions, IReadOnlyList<string> Fields, IReadOnlyDictionary<string, string> Asked)
{
    /// <summary>The reports in the order of the screen.</summary>
    public static readonly IReadOnlyList<string> Reports = ["csat", "first-line", "response-times", "sla", "backlog", "flow", "escalations"];

    /// <summary>Where it is found; what is only of interest over time begins so.</summary>
    public static string AddressOf(string report) => report == "flow" ? "/reports/flow?groupBy=day" : $"/reports/{report}";

    public string this[string name] => Asked.GetValueOrDefault(name, "");

    public string Address => $"/reports/{Report}{Query(Asked)}";

    /// <summary>The same question about other days.</summary>
    /// <param name="to">The day behind the last one.</param>
    public string Within(LocalDate from, LocalDate to) =>
        $"/reports/{Report}{Query(Asked.Where(a => a.Key is not ("from" or "to")).Concat([new("from", LocalDatePattern.Iso.Format(from)), new("to", LocalDatePattern.Iso.Format(to))]))}";

    /// <summary>It is about just these days, in whatever order its form put them into the address.</summary>
    public bool IsWithin(LocalDate from, LocalDate to) => (this["from"], this["to"]) == (LocalDatePattern.Iso.Format(from), LocalDatePattern.Iso.Format(to));

    /// <summary>When in the week tickets have to be opened; nothing: whenever.</summary>
    public IEnumerable<KeyValuePair<string, string>> Opened => ((string[])["openedWithin", "openedOn", "openedZone"]).Where(Asked.ContainsKey).Select(name => new KeyValuePair<string, string>(name, this[name]));

    /// <summary>The same figures for a spreadsheet.</summary>
    public string Csv(string? part) => $"/reports/{Report}{Query(Asked.Append(new("format", "csv")).Concat(part is null ? [] : [KeyValuePair.Create("part", part)]))}";

    static string Query(IEnumerable<KeyValuePair<string, string>> values) =>
        Microsoft.AspNetCore.Http.QueryString.Create(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).ToString();
}

/// <summary>A report's answer, part by part.</summary>
/// <param name="Desks">One can narrow it to, and so with the agents.</param>
public sealed record ReportScreen(ReportQuestion Question, IReadOnlyList<ReportPart> Parts, IReadOnlyList<string> Desks, IReadOnlyList<AgentChoice> Agents, ReportNames Names);

/// <summary>An event behind a figure.</summary>
public sealed record EventShown(long Number, long Version, long Sequence, string Type, DateTimeOffset Occurred);

/// <summary>The events behind a figure.</summary>
/// <param name="Group">What was narrowed to, by dimension.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
public sealed record ReportEventsScreen(ReportQuestion Question, IReadOnlyDictionary<string, string> Group, IReadOnlyList<EventShown> Events, string? Further)
{
    public required ReportNames Names { get; init; }

    /// <summary>The figure that was opened; null: all of its line.</summary>
    public FigureNamed? Figure { get; init; }
}

/// <summary>A figure by the part and the column it stands in.</summary>
public sealed record FigureNamed(string Part, string Key);
