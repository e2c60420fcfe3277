namespace EventDesk.Service.Reporting;

/// <summary>How many tickets there are and how they ended.</summary>
/// <param name="SeverityChanges">How often a severity was changed after the opening, and in how many tickets.</param>
/// <param name="SourceRows">Rows of imported logs that became these tickets' events; 0 for tickets opened here.</param>
public sealed record VolumeFigures(
    long Tickets, long Open, long Resolved, long Closed, long EverResolved, long SeverityChanges, long SeverityChangedTickets, long Events, long SourceRows);

public sealed class VolumeReport(ReportSource source)
{
    const string Sql = $"""
        {ReportSql.Tickets}
        select k1, k2, grouping(k1), count(*),
          count(*) filter (where status = 0), count(*) filter (where status = 1), count(*) filter (where status = 2),
          count(first_resolved_at), coalesce(sum(severity_changes), 0)::bigint, count(*) filter (where severity_changes > 0),
          coalesce(sum(version - administrative), 0)::bigint, coalesce(sum(source_rows), 0)::bigint
        from tickets
        {ReportSql.Grouped}
        """;

    public Task<Report<VolumeFigures>> Run(ReportQuery q, CancellationToken ct) => ReportSql.Read(
        source, q, rows => ReportSql.Command(rows, Sql, q),
        row => new VolumeFigures(row.Count(), row.Count(), row.Count(), row.Count(), row.Count(), row.Count(), row.Count(), row.Count(), row.Count()), ct);
}
