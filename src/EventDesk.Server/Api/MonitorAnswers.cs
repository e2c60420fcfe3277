using System.ComponentModel;
using EventDesk.Service.Monitoring;

namespace EventDesk.Server.Api;

/// <summary>How the open tickets of a group stand.</summary>
public sealed record MonitorGroupAnswer
{
    [Description("A desk, a line or an agent; none for what nobody has. Left out for all groups together.")]
    public string? Group { get; init; }
    public required long Open { get; init; }
    public required long Triage { get; init; }
    public required long Unassigned { get; init; }
    public required long Assigned { get; init; }
    public required long Waiting { get; init; }

    [Description("How many clocks stand how; tickets without a clock are in none.")]
    public required ClockFigures Clocks { get; init; }

    [Description("Left out when none is open, like the ages.")]
    public DateTimeOffset? OldestOpenedAt { get; init; }

    [Description("At the instant asOf; it grows by itself.")]
    public double? OldestAgeSeconds { get; init; }

    [Description("At the instant asOf; it grows by itself.")]
    public double? MedianAgeSeconds { get; init; }

    [Description("From the opening to the first resolution, of tickets first resolved since midnight UTC.")]
    public required SolveTimes SolvedToday { get; init; }

    [Description("The same, with the six days before.")]
    public required SolveTimes SolvedLast7Days { get; init; }

    internal static MonitorGroupAnswer Of(string? group, MonitorFigures f, DateTimeOffset asOf) => new()
    {
        Group = group, Open = f.Open, Triage = f.Triage, Unassigned = f.Unassigned, Assigned = f.Assigned, Waiting = f.Waiting, Clocks = f.Clocks,
        OldestOpenedAt = f.OldestOpenedAt, OldestAgeSeconds = (asOf - f.OldestOpenedAt)?.TotalSeconds, MedianAgeSeconds = (asOf - f.MedianOpenedAt)?.TotalSeconds,
        SolvedToday = f.SolvedToday, SolvedLast7Days = f.SolvedLast7Days,
    };
}

public sealed record MonitorAnswer(
    DateTimeOffset AsOf, [property: Description("The number of the last event that is in it.")] long Sequence, MonitorGrouping GroupBy,
    [property: Description("Groups with open tickets, or with tickets solved lately.")] IReadOnlyList<MonitorGroupAnswer> Groups, MonitorGroupAnswer Total)
{
    internal static MonitorAnswer Of(MonitorPage page, MonitorGrouping groupBy) => new(
        page.AsOf, page.UpTo, groupBy, [.. page.Rows.Select(r => MonitorGroupAnswer.Of(r.Group, r.Figures, page.AsOf))],
        MonitorGroupAnswer.Of(null, page.Total, page.AsOf));
}
