namespace EventDesk.Service.Reporting;

/// <summary>What was done: the source's own label for imported rows, the event's name for what happened here.</summary>
/// <param name="Rows">How often.</param>
/// <param name="Entries">How often with something else before it in the same ticket.</param>
/// <param name="Tickets">In how many tickets.</param>
/// <param name="Variants">Of the whole only: in how many different ways, label by label, tickets went.</param>
public sealed record ActivityFigures(long Rows, long Entries, long Tickets, long? Variants = null);

public sealed class ActivitiesReport(ReportSource source)
{
    public const string Dimension = "activity";

    const string Sql = $"""
        {ReportSql.Tickets}
        select label->>0, sum((label->>1)::bigint)::bigint, sum((label->>2)::bigint)::bigint, count(*)
        from tickets cross join lateral jsonb_array_elements(labels) label
        group by 1
        order by 2 desc, 1
        """;

    const string TotalSql = $"""
        {ReportSql.Tickets}
        select count(*), count(distinct variant) from tickets
        """;

    /// <param name="q">Its groups are not read: rows are labels.</param>
    public async Task<Report<ActivityFigures>> Run(ReportQuery q, CancellationToken ct)
    {
        await using var rows = await source.OfTickets(q, ct);
        List<ReportRow<ActivityFigures>> labels = [];
        await using (var command = ReportSql.Command(rows, Sql, q))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct))
                labels.Add(new(new Dictionary<string, string> { [Dimension] = row.GetString(0) }, new(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))));
        await using var totals = ReportSql.Command(rows, TotalSql, q);
        await using var total = await totals.ExecuteReaderAsync(ct);
        await total.ReadAsync(ct);
        return new(q, labels, new(labels.Sum(l => l.Figures.Rows), labels.Sum(l => l.Figures.Entries), total.GetInt64(0), total.GetInt64(1)));
    }
}
