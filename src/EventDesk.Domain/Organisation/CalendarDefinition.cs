using EventDesk.Domain.Sla;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Domain.Organisation;

/// <summary>Opening hours as people write them; a new version replaces the whole definition from an instant on.</summary>
/// <param name="Zone">An IANA zone (<c>Europe/Warsaw</c>) or a fixed offset (<c>UTC+02:00</c>).</param>
/// <param name="Week">Intervals such as <c>08:00-16:00</c> by day (<c>monday</c> …); a day left out is closed. Null: the hours are unknown.</param>
/// <param name="Exceptions">Dates with hours of their own, <c>2026-12-24</c>; no intervals close the date. They win over holidays.</param>
/// <param name="Holidays">Dates closed all day.</param>
/// <param name="Days">Where the hours are unknown: the days on which it is known to be open at all, for people to read.</param>
public sealed record CalendarDefinition(
    string Id, string Zone, IReadOnlyDictionary<string, IReadOnlyList<string>>? Week = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Exceptions = null, IReadOnlyList<string>? Holidays = null, IReadOnlyList<string>? Days = null)
{
    /// <summary>The days in the one spelling that is taken: two spellings of a day would be two answers to one question.</summary>
    static readonly Dictionary<string, IsoDayOfWeek> DaysByName =
        Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None).ToDictionary(NameOf);

    /// <summary>From Monday to Sunday.</summary>
    public static IReadOnlyList<IsoDayOfWeek> WholeWeek { get; } = [.. DaysByName.Values];

    /// <summary>As it is written in <see cref="Week"/>: <c>monday</c>.</summary>
    public static string NameOf(IsoDayOfWeek day) => day.ToString().ToLowerInvariant();

    /// <summary>What is wrong with it, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (ZoneOf(Zone) is null)
            yield return $"Calendar {Id}: \"{Zone}\" is neither an IANA time zone nor an offset such as UTC+02:00.";
        foreach (var day in (Week?.Keys ?? []).Concat(Days ?? []).Where(d => DayOf(d) is null))
            yield return $"Calendar {Id}: \"{day}\" is no day of the week.";
        foreach (var date in (Exceptions?.Keys ?? []).Concat(Holidays ?? []).Where(d => DateOf(d) is null))
            yield return $"Calendar {Id}: \"{date}\" is no date such as 2026-12-24.";
        var intervals = (Week?.Values ?? []).Concat(Exceptions?.Values ?? []).SelectMany(i => i).ToList();
        foreach (var text in intervals.Where(i => IntervalOf(i) is null))
            yield return $"Calendar {Id}: \"{text}\" is no interval such as 08:00-16:00.";
        if (ZoneOf(Zone) is not null && intervals.TrueForAll(i => IntervalOf(i) is not null))
            foreach (var fault in At(1, default).Faults())
                yield return $"Calendar {Id}: {fault}";
    }

    /// <summary>The hours as clocks read them. Only for definitions without faults; what is faulty all the same is left out.</summary>
    public OpeningHours At(int version, Instant from) => new(
        version, from, ZoneOf(Zone) ?? DateTimeZone.Utc,
        Week?.Where(d => DayOf(d.Key) is not null).ToDictionary(d => DayOf(d.Key)!.Value, d => Intervals(d.Value)),
        (Exceptions ?? new Dictionary<string, IReadOnlyList<string>>())
            .Where(e => DateOf(e.Key) is not null).ToDictionary(e => DateOf(e.Key)!.Value, e => Intervals(e.Value)),
        (Holidays ?? []).Select(DateOf).OfType<LocalDate>().ToHashSet(), Id);

    const int DateLength = 10;

    static IReadOnlyList<OpenInterval> Intervals(IReadOnlyList<string> texts) => [.. texts.Select(IntervalOf).OfType<OpenInterval>()];

    /// <summary>Null: there is no such zone.</summary>
    public static DateTimeZone? ZoneOf(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone);

    /// <summary>Null: no day is written so.</summary>
    public static IsoDayOfWeek? DayOf(string day) => DaysByName.TryGetValue(day, out var known) ? known : null;

    static LocalDate? DateOf(string date) => date.Length == DateLength && LocalDatePattern.Iso.Parse(date) is { Success: true } parsed ? parsed.Value : null;

    /// <summary>Null: it is no interval such as 08:00-16:00. It may end before it begins.</summary>
    public static OpenInterval? IntervalOf(string text) =>
        text.Split('-') is [var from, var to] && MinuteOf(from) is { } start && MinuteOf(to) is { } end ? new OpenInterval(start, end) : null;

    static int? MinuteOf(string time) =>
        time is [>= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']
            && ((time[0] - '0') * 10 + time[1] - '0') * 60 + (time[3] - '0') * 10 + time[4] - '0' is var minute and <= OpenInterval.EndOfDay ? minute : null;
}
