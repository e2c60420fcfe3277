namespace EventDesk.Service.Reporting;

/// <summary>
/// How long something took, in seconds. The mean is exact, rounded once; the median and the other percentiles are interpolated
/// between the two neighbours (PostgreSQL's <c>percentile_cont</c>).
/// </summary>
/// <param name="N">How many there are; all else is null when there are none.</param>
/// <param name="Within">How many took no longer than the target; exactly on target is within.</param>
/// <param name="ShareWithin"><paramref name="Within"/> ÷ <paramref name="N"/>.</param>
public sealed record Durations(long N, double? Mean, double? Median, double? P90, double? P95, long? Within, double? ShareWithin)
{
    const decimal MicrosPerSecond = 1_000_000;

    /// <param name="unit">Seconds of the unit the figures are wanted in.</param>
    internal static Durations Read(FigureReader row, bool targeted, int unit)
    {
        var (n, sum) = (row.Count(), row.Sum());
        var (median, p90, p95) = (Percentile(row, unit), Percentile(row, unit), Percentile(row, unit));
        var within = row.Count();
        return new Durations(
            n, n == 0 ? null : (double)(sum / (n * unit * MicrosPerSecond)), median, p90, p95,
            targeted ? within : null, targeted && n > 0 ? (double)within / n : null);
    }

    static double? Percentile(FigureReader row, int unit) => row.Number() is { } micros ? micros / (unit * (double)MicrosPerSecond) : null;
}

/// <summary>Wilson's score interval for a share, at 95 %.</summary>
public sealed record Interval(double Low, double High)
{
    const double Z = 1.959963984540054;

    /// <summary>Null without observations: nothing is known then.</summary>
    public static Interval? Wilson(long positive, long n)
    {
        if (n == 0) return null;
        var share = (double)positive / n;
        var centre = share + (Z * Z / (2 * n));
        var margin = Z * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4.0 * n * n)));
        var scale = 1 + (Z * Z / n);
        return new Interval(Math.Max(0, (centre - margin) / scale), Math.Min(1, (centre + margin) / scale));
    }
}
