using NodaTime;

namespace EventDesk.Domain.Sla;

/// <summary>Part of a local day, half-open, in minutes since midnight; it may end at 24:00 (1440) but not pass midnight.</summary>
public readonly record struct OpenInterval(int From, int To)
{
    public const int EndOfDay = 24 * 60;

    public bool IsValid => From >= 0 && From < To && To <= EndOfDay;
}

/// <summary>
/// When a desk is open, as it holds from <see cref="ValidFrom"/> until the next version. A version is never edited: a change is a new
/// version that begins when it is made, or later, so nothing that was measured before can change.
/// </summary>
/// <param name="Number">Counts up from 1.</param>
/// <param name="ValidFrom">The instant it comes into force.</param>
/// <param name="Zone">The zone of the local times: an IANA zone with its summer time, or a fixed offset without.</param>
/// <param name="Week">Intervals by day of the week; a day without an entry is closed. Null: the hours are unknown.</param>
/// <param name="Exceptions">Dates with hours of their own; an empty list closes the date. They win over holidays and the week.</param>
/// <param name="Holidays">Dates closed all day.</param>
/// <param name="Calendar">The calendar this is a version of.</param>
public sealed record OpeningHours(
    int Number, Instant ValidFrom, DateTimeZone Zone, IReadOnlyDictionary<IsoDayOfWeek, IReadOnlyList<OpenInterval>>? Week,
    IReadOnlyDictionary<LocalDate, IReadOnlyList<OpenInterval>> Exceptions, IReadOnlySet<LocalDate> Holidays, string Calendar = "")
{
    static readonly IReadOnlyList<OpenInterval> Closed = [];

    /// <summary>Unknown hours mean neither closed nor open round the clock: nothing can be measured in them.</summary>
    public bool Known => Week is not null;

    /// <summary>Length of a working day: the mean of the days of the week that are open at all; zero when none is or the hours are unknown.</summary>
    public Duration WorkingDay => Week?.Values.Where(d => d.Count > 0).ToList() is { Count: > 0 } open
        ? Duration.FromSeconds(open.Sum(d => d.Sum(i => i.To - i.From)) * 60L / open.Count)
        : Duration.Zero;

    /// <summary>What is open on a local date, in order; empty also when the hours are unknown.</summary>
    public IReadOnlyList<OpenInterval> On(LocalDate date) =>
        Exceptions.TryGetValue(date, out var special) ? special
        : Week is null || Holidays.Contains(date) ? Closed
        : Week.GetValueOrDefault(date.DayOfWeek, Closed);

    /// <summary>What is wrong with it, in sentences.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (day, intervals) in (Week ?? new Dictionary<IsoDayOfWeek, IReadOnlyList<OpenInterval>>()).Select(d => (d.Key.ToString(), d.Value))
            .Concat(Exceptions.Select(e => (e.Key.ToString("uuuu-MM-dd", null), e.Value))))
        {
            foreach (var bad in intervals.Where(i => !i.IsValid))
                yield return $"{day}: {Shown(bad)} is no interval of a day.";
            foreach (var (before, after) in intervals.Zip(intervals.Skip(1)).Where(p => p.First.To > p.Second.From))
                yield return $"{day}: {Shown(before)} and {Shown(after)} overlap or are out of order.";
        }
    }

    static string Shown(OpenInterval i) => $"{i.From / 60:00}:{i.From % 60:00}–{i.To / 60:00}:{i.To % 60:00}";
}
