using System.Globalization;
using EventDesk.Domain.Tickets;

namespace EventDesk.Web.Charts;

/// <summary>Figures and groups of reports, in words.</summary>
public static class FigureWords
{
    /// <summary>A figure with its unit; a dash where there is none.</summary>
    public static string Figure(this Viewer v, double? figure, Measure measure) => (figure, measure) switch
    {
        (null, _) => "–",
        ({ } n, Measure.Count) => n.ToString("N0", v.Words.Culture),
        ({ } n, Measure.Share) => (100 * n).ToString("0.0", v.Words.Culture) + " %",
        ({ } n, Measure.Percent) => n.ToString("0.0", v.Words.Culture) + " %",
        ({ } n, _) => v.Long(TimeSpan.FromSeconds(n)),
    };

    /// <summary>For programs: all digits, no unit, the same in every language.</summary>
    public static string Exact(double? figure) => figure?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A line's group; what all lines together are called where there is none.</summary>
    public static string Group(this Viewer v, ReportLine line, ReportNames names) =>
        line.Group.Count == 0 ? v["report.total"] : string.Join(" · ", line.Group.Select(g => v.Value(g.Key, g.Value, names)));

    /// <summary>A value of a dimension.</summary>
    public static string Value(this Viewer v, string dimension, string value, ReportNames? names = null) => value == "none" ? v["report.none"] : dimension switch
    {
        "line" or "firstLine" or "highestLine" => Named<SupportLine>(v, value),
        "severity" or "openingSeverity" => Named<Severity>(v, value),
        "channel" => Named<Channel>(v, value),
        "status" => Named<Status>(v, value),
        "place" => Named<Place>(v, value),
        "waiting" => Named<WaitingReason>(v, value),
        "openedOn" => string.Join(", ", value.Split(',').Select(day => v[$"day.{day}"])),
        "language" when v.Words.Has($"language.{value}") => v[$"language.{value}"],
        _ => names?.In(dimension)?.GetValueOrDefault(value) ?? value,
    };

    static string Named<T>(Viewer v, string value) where T : struct, Enum => Enum.TryParse<T>(value, ignoreCase: true, out var named) ? v.Of(named) : value;
}
