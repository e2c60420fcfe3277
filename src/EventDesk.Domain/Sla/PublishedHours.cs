using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>Unknown hours are neither closed nor open round the clock, and are published as what they are.</summary>
public enum OpeningState { Open, Closed, Unknown }

/// <summary>A date that does not follow the week.</summary>
/// <param name="Intervals">None: closed all day.</param>
public sealed record SpecialDate(LocalDate Date, IReadOnlyList<OpenInterval> Intervals);

/// <summary>Opening hours as they are published: how it stands at an instant, what comes next, and the dates ahead that differ.</summary>
/// <param name="OpensAt">While closed: the next opening; null when none is in sight or what lies between is unknown.</param>
/// <param name="ClosesAt">While open: the next closing; null when none is in sight or what follows is unknown.</param>
/// <param name="Hours">The version in force.</param>
/// <param name="Dates">The exceptions and holidays of the next <see cref="DaysAhead"/> days, today included, in order.</param>
public sealed record PublishedHours(OpeningState State, Instant? OpensAt, Instant? ClosesAt, OpeningHours Hours, IReadOnlyList<SpecialDate> Dates)
{
    public const int DaysAhead = 60;

    /// <summary>How far ahead the next opening or closing is looked for.</summary>
    static readonly Duration Sight = Duration.FromDays(366);

    public static PublishedHours Of(Calendar calendar, Instant now)
    {
        var hours = calendar.At(now);
        var (opens, closes) = hours.Known ? Next(calendar, now) : (null, now);
        var state = !hours.Known ? OpeningState.Unknown : closes > now ? OpeningState.Open : OpeningState.Closed;
        return new(
            state,
            state == OpeningState.Closed && opens is { } opening && calendar.IsKnown(now, opening) ? opens : null,
            state == OpeningState.Open && closes < now + Sight && calendar.At(closes).Known ? closes : null,
            hours, DatesAhead(calendar, now, hours.Zone));
    }

    /// <summary>The next opening after the time that is open now, and the end of that time: now when it is closed.</summary>
    static (Instant? Opens, Instant Closes) Next(Calendar calendar, Instant now)
    {
        var until = now;
        foreach (var open in calendar.Open(now, now + Sight))
        {
            // Stretches that touch are one to whoever stands at the door, also across midnight and from one version to the next.
            if (open.From > until) return (open.From, until);
            until = open.To;
        }
        return (null, until);
    }

    static IReadOnlyList<SpecialDate> DatesAhead(Calendar calendar, Instant now, DateTimeZone zone)
    {
        var today = now.InZone(zone).Date;
        List<SpecialDate> dates = [];
        for (var date = today; date < today.PlusDays(DaysAhead); date = date.PlusDays(1))
        {
            var hours = calendar.At(Instant.Max(now, zone.AtStartOfDay(date).ToInstant()));
            if (hours.Exceptions.ContainsKey(date) || hours.Holidays.Contains(date))
                dates.Add(new(date, hours.On(date)));
        }
        return dates;
    }

    /// <summary>An interval as definitions write it: <c>08:00-16:00</c>.</summary>
    public static string Written(OpenInterval i) => $"{i.From / 60:00}:{i.From % 60:00}-{i.To / 60:00}:{i.To % 60:00}";
}
