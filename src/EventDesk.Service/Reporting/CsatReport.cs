namespace EventDesk.Service.Reporting;

/// <summary>How content customers were. The last value of a rating counts; a survey belongs to one resolution.</summary>
/// <param name="Sent">Resolutions that asked for a rating: all but those imported and never rated.</param>
/// <param name="Rated">Those with a rating on a scale whose good values are known.</param>
/// <param name="PercentPositive"><paramref name="Positive"/> ÷ <paramref name="Rated"/> × 100.</param>
/// <param name="ResponseRate"><paramref name="Rated"/> ÷ <paramref name="Sent"/>.</param>
/// <param name="PositiveBetween">Wilson's 95 % interval of the share of positive ratings.</param>
/// <param name="Comments">Ratings with a comment, and of those the reviewed ones.</param>
public sealed record CsatFigures(
    long Sent, long Rated, long Positive, double? PercentPositive, double? ResponseRate, Interval? PositiveBetween,
    long Comments, long ReviewedComments, double? ReviewCoverage);

public sealed class CsatReport(ReportSource source)
{
    const string Sql = $"""
        {ReportSql.Ratings}
        select k1, k2, grouping(k1),
          count(*) filter (where not imported or rating is not null),
          count(positive),
          count(*) filter (where positive),
          count(comment_at),
          count(comment_at) filter (where reviewed_at is not null)
        from ratings
        {ReportSql.Grouped}
        """;

    public Task<Report<CsatFigures>> Run(ReportQuery q, CancellationToken ct) =>
        ReportSql.Read(source, q, rows => ReportSql.Command(rows, Sql, q), Figures, ct);

    static CsatFigures Figures(FigureReader row)
    {
        var (sent, rated, positive, comments, reviewed) = (row.Count(), row.Count(), row.Count(), row.Count(), row.Count());
        return new CsatFigures(
            sent, rated, positive, rated == 0 ? null : 100.0 * positive / rated, Share.Of(rated, sent), Interval.Wilson(positive, rated),
            comments, reviewed, Share.Of(reviewed, comments));
    }
}

internal static class Share
{
    public static double? Of(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
