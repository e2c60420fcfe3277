using EventDesk.Domain;

namespace EventDesk.Service.Reporting;

/// <summary>Which tickets a period holds: those first resolved in it, or those opened in it.</summary>
public enum Cohort { ResolvedIn, OpenedIn }

/// <summary>Which moment a report is of; <see cref="DateTimeOffset.MaxValue"/> leaves nothing out.</summary>
/// <param name="OccurredUntil">What happened later is left out.</param>
/// <param name="KnownUntil">What was recorded later is left out.</param>
public sealed record ReportMoment(DateTimeOffset OccurredUntil, DateTimeOffset KnownUntil);

/// <summary>What a report is asked for.</summary>
public sealed record ReportQuery
{
    /// <summary>Occurred time, from this instant on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Up to but without this instant.</summary>
    public DateTimeOffset? To { get; init; }

    public Cohort Cohort { get; init; }

    /// <summary>Up to two of <see cref="Dimensions.OfTickets"/>; none: one figure for all.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>Dimension → the value it must have, as reports write it; <c>none</c> for what is not set.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the reports over tickets; null: whenever in the week they were opened.</summary>
    public OpenedWindow? Opened { get; init; }

    /// <summary>Null: now. The SLA report is told its own.</summary>
    public ReportMoment? Moment { get; init; }

    /// <summary>The desks within reach; null: all.</summary>
    public IReadOnlySet<DeskId>? Desks { get; init; }
}

/// <param name="Group">Dimension → value, as <see cref="ReportQuery.Filters"/> takes it.</param>
public sealed record ReportRow<T>(IReadOnlyDictionary<string, string> Group, T Figures);

/// <param name="Rows">Empty when nothing was grouped by.</param>
/// <param name="Total">Over all rows, computed from the tickets and not from the rows.</param>
public sealed record Report<T>(ReportQuery Query, IReadOnlyList<ReportRow<T>> Rows, T Total);
