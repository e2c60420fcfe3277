using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>What was solved and came back.</summary>
/// <param name="Resolved">Tickets resolved at least once.</param>
/// <param name="Reopened">Of those, reopened at least once.</param>
/// <param name="Transitions">How often that happened.</param>
/// <param name="WithinWindow">Tickets reopened within the window after the resolution it undid.</param>
public sealed record ReopenFigures(long Resolved, long Reopened, double? ReopenRate, long Transitions, long WithinWindow);

public sealed class ReopensReport(ReportSource source)
{
    const string Sql = $"""
        {ReportSql.Tickets}
        select k1, k2, grouping(k1),
          count(*) filter (where first_resolved_at is not null),
          count(*) filter (where reopens > 0),
          coalesce(sum(reopens), 0)::bigint,
          count(*) filter (where soonest_reopen is not null and ($8::bigint is null or soonest_reopen <= $8))
        from tickets
        {ReportSql.Grouped}
        """;

    /// <param name="window">Working days; null: ever.</param>
    public Task<Report<ReopenFigures>> Run(ReportQuery q, double? window, CancellationToken ct) => ReportSql.Read(
        source, q, rows => Command(rows, Sql, q, window), Figures, ct);

    internal static NpgsqlCommand Command(ReportRows rows, string sql, ReportQuery q, double? window) => ReportSql.Command(rows, sql, q)
        .Add(NpgsqlDbType.Bigint, window is { } days ? TimeSpan.FromDays(days).Ticks / TimeSpan.TicksPerMicrosecond : null);

    static ReopenFigures Figures(FigureReader row)
    {
        var (resolved, reopened) = (row.Count(), row.Count());
        return new ReopenFigures(resolved, reopened, Share.Of(reopened, resolved), row.Count(), row.Count());
    }
}
