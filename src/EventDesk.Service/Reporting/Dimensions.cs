using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;

namespace EventDesk.Service.Reporting;

/// <summary>By what reports group and filter. Enums are numbers in the tables and names outside.</summary>
public static class Dimensions
{
    /// <summary>A value that is not set: no severity yet, nobody resolved it.</summary>
    public const string None = "none";

    /// <summary>Of the reports over tickets; <c>line</c>, <c>agent</c> and <c>team</c> are those of the last resolution, else the present ones; <c>contract</c> is the one the clocks are measured by.</summary>
    public static IReadOnlyList<string> OfTickets { get; } =
        ["day", "week", "month", "desk", "product", "language", "line", "agent", "team", "channel", "severity", "openingSeverity", "contract", "source",
         "firstLine", "highestLine", "status", "state", "firstState"];

    /// <summary>Of the satisfaction report: of the resolution that was rated.</summary>
    public static IReadOnlyList<string> OfRatings { get; } =
        ["day", "week", "month", "desk", "product", "language", "line", "agent", "team", "channel", "severity", "contract", "source"];

    /// <summary>Of clocks: of their end, the present ones while they run; the severity is the one the target was looked up by, the period that of their beginning.</summary>
    public static IReadOnlyList<string> OfClocks { get; } =
        ["day", "week", "month", "desk", "product", "language", "line", "agent", "contract", "severity", "channel"];

    /// <summary>Of the backlog at an instant.</summary>
    public static IReadOnlyList<string> OfBacklog { get; } =
        ["desk", "product", "language", "line", "agent", "team", "severity", "status", "place", "waiting", "state", "activity"];

    /// <summary>Of what comes into the backlog and leaves it.</summary>
    public static IReadOnlyList<string> OfFlow { get; } =
        ["day", "week", "month", "desk", "product", "language", "line", "agent", "team", "severity", "place", "waiting"];

    /// <summary>What a stored value is called.</summary>
    internal static string Label(string dimension, string? stored) => stored is null ? None : dimension switch
    {
        "line" or "firstLine" or "highestLine" => Name<SupportLine>(stored),
        "severity" or "openingSeverity" => Name<Severity>(stored),
        "channel" => Name<Channel>(stored),
        "status" => Name<Status>(stored),
        "place" => Name<Place>(stored),
        "waiting" => Name<WaitingReason>(stored),
        _ => stored,
    };

    /// <summary>How a value is stored; null when the dimension has no such value.</summary>
    public static string? Stored(string dimension, string label) => label == None ? None : dimension switch
    {
        "line" or "firstLine" or "highestLine" => Number<SupportLine>(label),
        "severity" or "openingSeverity" => Number<Severity>(label),
        "channel" => Number<Channel>(label),
        "status" => Number<Status>(label),
        "place" => Number<Place>(label),
        "waiting" => Number<WaitingReason>(label),
        _ => label,
    };

    static string Name<T>(string number) where T : struct, Enum => Names.Parse<T>(number) is { } value ? Names.Of(value) : number;

    static string? Number<T>(string label) where T : struct, Enum => Names.Parse<T>(label) is { } value ? value.ToString("D") : null;
}
