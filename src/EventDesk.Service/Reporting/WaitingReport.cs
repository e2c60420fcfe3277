namespace EventDesk.Service.Reporting;

/// <summary>For whom or what tickets waited. A wait that goes on counts its time once it ends.</summary>
public sealed record WaitingFigures(long Tickets, Waits Customer, Waits ThirdParty, Waits PlannedDate);

/// <param name="Entries">How often a wait began, and in how many tickets.</param>
public sealed record Waits(long Entries, long Tickets, double Seconds);

public sealed class WaitingReport(ReportSource source)
{
    const string Sql = $"""
        {ReportSql.Tickets}
        select k1, k2, grouping(k1), count(*),
          coalesce(sum(waits_customer), 0)::bigint, count(*) filter (where waits_customer > 0), sum(waited_customer),
          coalesce(sum(waits_third_party), 0)::bigint, count(*) filter (where waits_third_party > 0), sum(waited_third_party),
          coalesce(sum(waits_planned), 0)::bigint, count(*) filter (where waits_planned > 0), sum(waited_planned)
        from tickets
        {ReportSql.Grouped}
        """;

    public Task<Report<WaitingFigures>> Run(ReportQuery q, CancellationToken ct) => ReportSql.Read(
        source, q, rows => ReportSql.Command(rows, Sql, q), row => new WaitingFigures(row.Count(), Next(row), Next(row), Next(row)), ct);

    static Waits Next(FigureReader row) => new(row.Count(), row.Count(), (double)(row.Sum() / 1_000_000));
}
