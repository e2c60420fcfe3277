namespace EventDesk.Service.Monitoring;

/// <summary>Percentiles, interpolated between the two neighbours like PostgreSQL's <c>percentile_cont</c>.</summary>
static class Quantiles
{
    /// <param name="sorted">In ascending order.</param>
    /// <returns>Null of nothing.</returns>
    public static double? Of(List<double> sorted, double share)
    {
        if (sorted.Count == 0) return null;
        var at = share * (sorted.Count - 1);
        var (low, high) = (sorted[(int)Math.Floor(at)], sorted[(int)Math.Ceiling(at)]);
        return low + ((high - low) * (at - Math.Floor(at)));
    }

    /// <summary>The median of several sorted lists, without putting them together. Null of nothing.</summary>
    public static DateTime? Median(IReadOnlyList<SortedTimes<DateTime>> lists)
    {
        var n = lists.Sum(l => (long)l.Count);
        if (n == 0) return null;
        var (low, high) = (At(lists, (n - 1) / 2), At(lists, n / 2));
        return low + ((high - low) / 2);
    }

    /// <summary>The time at a rank: the latest with no more than so many before it. It is sought among the times between the first and the last.</summary>
    static DateTime At(IReadOnlyList<SortedTimes<DateTime>> lists, long rank)
    {
        var filled = lists.Where(l => l.Count > 0).ToList();
        var (low, high) = (filled.Min(l => l[0]).Ticks, filled.Max(l => l[l.Count - 1]).Ticks);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (filled.Sum(l => (long)l.CountBefore(new DateTime(middle, DateTimeKind.Utc))) <= rank) low = middle;
            else high = middle - 1;
        }
        return new DateTime(low, DateTimeKind.Utc);
    }
}
