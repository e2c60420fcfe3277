namespace EventDesk.Service.Views;

/// <summary>
/// Working time as reopen windows count it: whole days from Monday to Friday in UTC, weekends not at all.
/// It stands in for the desks' own calendars, which do not exist yet.
/// </summary>
internal static class WorkingDays
{
    const long Day = TimeSpan.TicksPerDay;

    /// <summary>Working time from <paramref name="from"/> to <paramref name="to"/>; never negative.</summary>
    public static TimeSpan Between(DateTime from, DateTime to) => to <= from ? TimeSpan.Zero : new TimeSpan(Count(to) - Count(from));

    /// <summary>The earliest instant from which no more than <paramref name="time"/> has passed until <paramref name="now"/>.</summary>
    public static DateTime Before(DateTime now, TimeSpan time)
    {
        var count = Math.Max(0, Count(now) - time.Ticks);
        var (weeks, rest) = Math.DivRem(count, 5 * Day);
        return new DateTime(rest == 0 && weeks > 0 ? ((weeks - 1) * 7 * Day) + (5 * Day) : (weeks * 7 * Day) + rest, DateTimeKind.Utc);
    }

    /// <summary>Working ticks since 1 January of the year 1, a Monday.</summary>
    static long Count(DateTime at)
    {
        var (weeks, rest) = Math.DivRem(at.Ticks, 7 * Day);
        return (weeks * 5 * Day) + Math.Min(rest, 5 * Day);
    }
}
