namespace EventDesk.Service.Reporting;

/// <summary>How tickets moved between lines, teams and people.</summary>
/// <param name="Escalated">Tickets that went up at least once.</param>
/// <param name="Handovers">Up, down and within a line together.</param>
/// <param name="Lines">For each line: how many tickets it had, how many went above it, and how long it had them open.</param>
/// <param name="TeamReturnCases">Tickets that came back to a team by way of exactly one other (A-B-A), and how often that happened.</param>
/// <param name="LineReturnCases">The same with lines.</param>
/// <param name="ChangesOfPerson">How often someone else than before worked on the ticket.</param>
public sealed record EscalationFigures(
    long Tickets, long Escalated, double? EscalationRate, long Handovers, long Ups, long Downs, long SameLine, long SameLineTickets,
    IReadOnlyList<LineFigures> Lines, long TeamReturnCases, long TeamReturns, long LineReturnCases, long LineReturns, long ChangesOfPerson);

/// <param name="Tickets">That the line had, or passed on their way up.</param>
/// <param name="WentAbove">Of those, the ones that later reached a higher line.</param>
/// <param name="OpenSeconds">How long it had open tickets, added up; what is open now counts once it moves on.</param>
public sealed record LineFigures(string Line, long Tickets, long WentAbove, double? EscalationRate, double OpenSeconds);

public sealed class EscalationsReport(ReportSource source)
{
    const string Sql = $"""
        {ReportSql.Tickets}
        select k1, k2, grouping(k1), count(*), count(*) filter (where line_ups > 0),
          coalesce(sum(line_ups), 0)::bigint, coalesce(sum(line_downs), 0)::bigint, coalesce(sum(same_line_transfers), 0)::bigint,
          count(*) filter (where same_line_transfers > 0),
          count(*) filter (where first_line <= 1), count(*) filter (where first_line <= 1 and highest_line > 1), sum(on_l1),
          count(*) filter (where first_line <= 2 and highest_line >= 2), count(*) filter (where first_line <= 2 and highest_line > 2), sum(on_l2),
          count(*) filter (where first_line <= 3 and highest_line >= 3), count(*) filter (where first_line <= 3 and highest_line > 3), sum(on_l3),
          count(*) filter (where highest_line = 4), 0::bigint, sum(on_management),
          count(*) filter (where team_returns > 0), coalesce(sum(team_returns), 0)::bigint,
          count(*) filter (where line_returns > 0), coalesce(sum(line_returns), 0)::bigint, coalesce(sum(actor_changes), 0)::bigint
        from tickets
        {ReportSql.Grouped}
        """;

    public Task<Report<EscalationFigures>> Run(ReportQuery q, CancellationToken ct) =>
        ReportSql.Read(source, q, rows => ReportSql.Command(rows, Sql, q), Figures, ct);

    static EscalationFigures Figures(FigureReader row)
    {
        var (tickets, escalated, ups, downs, same, sameTickets) = (row.Count(), row.Count(), row.Count(), row.Count(), row.Count(), row.Count());
        return new EscalationFigures(
            tickets, escalated, Share.Of(escalated, tickets), ups + downs + same, ups, downs, same, sameTickets,
            [Line("l1", row), Line("l2", row), Line("l3", row), Line("management", row)],
            row.Count(), row.Count(), row.Count(), row.Count(), row.Count());
    }

    static LineFigures Line(string line, FigureReader row)
    {
        var (tickets, above) = (row.Count(), row.Count());
        return new LineFigures(line, tickets, above, Share.Of(above, tickets), (double)(row.Sum() / 1_000_000));
    }
}
