using System.Globalization;

namespace EventDesk.Service.Reporting;

/// <summary>Days, ISO weeks and months in UTC, under the names that reports give them.</summary>
static class Periods
{
    public static bool Is(string dimension) => dimension is "day" or "week" or "month";

    /// <summary>The periods that have a part in the range, in their order.</summary>
    public static IEnumerable<string> Of(string period, DateTimeOffset from, DateTimeOffset to)
    {
        for (var at = Begin(period, from); at < to; at = Next(period, at))
            yield return Name(period, at);
    }

    /// <summary>From its beginning up to but without its end; null: there is no such period.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? Range(string period, string name)
    {
        var (culture, style) = (CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        DateTimeOffset from;
        if (period == "week")
        {
            if (name is not { Length: 8 } || name[4..6] != "-W" || !int.TryParse(name.AsSpan(0, 4), NumberStyles.None, culture, out var year) || year is 0 or 9999
                || !int.TryParse(name.AsSpan(6), NumberStyles.None, culture, out var week) || week < 1 || week > ISOWeek.GetWeeksInYear(year))
                return null;
            from = new(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday), TimeSpan.Zero);
        }
        else if (!DateTimeOffset.TryParseExact(name, period == "day" ? "yyyy-MM-dd" : "yyyy-MM", culture, style, out from) || from.Year == 9999)
            return null;
        return (from, Next(period, from));
    }

    static DateTimeOffset Begin(string period, DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return period switch
        {
            "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            "month" => day.AddDays(1 - day.Day),
            _ => day,
        };
    }

    static DateTimeOffset Next(string period, DateTimeOffset at) => period switch
    {
        "week" => at.AddDays(7),
        "month" => at.AddMonths(1),
        _ => at.AddDays(1),
    };

    static string Name(string period, DateTimeOffset at) => period switch
    {
        "week" => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(at.UtcDateTime):0000}-W{ISOWeek.GetWeekOfYear(at.UtcDateTime):00}"),
        "month" => at.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
