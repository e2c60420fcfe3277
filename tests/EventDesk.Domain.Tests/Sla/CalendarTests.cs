using EventDesk.Domain.Sla;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Domain.Tests.Sla;

public sealed class CalendarTests
{
    static readonly IsoDayOfWeek[] MondayToFriday = [IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday];
    static readonly IsoDayOfWeek[] SundayToThursday = [IsoDayOfWeek.Sunday, .. MondayToFriday[..4]];
    static readonly IsoDayOfWeek[] EveryDay = [.. MondayToFriday, IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday];

    static readonly DateTimeZone Warsaw = DateTimeZoneProviders.Tzdb["Europe/Warsaw"], Riyadh = DateTimeZoneProviders.Tzdb["Asia/Riyadh"],
        Helsinki = DateTimeZoneProviders.Tzdb["Europe/Helsinki"];

    /// <summary>Zone of the desk, its hours, received (local), budget, due (UTC).</summary>
    public static TheoryData<string, Calendar, string, Duration, string> Golden => new()
    {
        { "Polish desk over the end of summer time", Week(Warsaw, MondayToFriday, 8, 16), "2026-10-23T13:30Z", Duration.FromHours(2), "2026-10-26T08:30Z" },
        { "Arabic desk from Thursday to Sunday", Week(Riyadh, SundayToThursday, 9, 18), "2026-11-19T14:00Z", Duration.FromHours(2), "2026-11-22T07:00Z" },
        { "The same hours Monday to Friday", Week(Riyadh, MondayToFriday, 9, 18), "2026-11-19T14:00Z", Duration.FromHours(2), "2026-11-20T07:00Z" },
        { "Finnish desk at a fixed offset", Week(DateTimeZone.ForOffset(Offset.FromHours(2)), MondayToFriday, 8, 16), "2026-07-06T04:30Z", Duration.FromHours(1), "2026-07-06T07:00Z" },
        { "Finnish desk in its zone", Week(Helsinki, MondayToFriday, 8, 16), "2026-07-06T04:30Z", Duration.FromHours(1), "2026-07-06T06:00Z" },
        { "Round the clock over midnight", Week(Warsaw, EveryDay, 0, 24), "2026-11-20T22:30Z", Duration.FromHours(1), "2026-11-20T23:30Z" },
        { "Round the clock over the repeated hour", Week(Warsaw, EveryDay, 0, 24), "2026-10-24T21:30Z", Duration.FromHours(4), "2026-10-25T01:30Z" },
        { "VIP desk, one working hour from half past four on Friday", Week(Warsaw, MondayToFriday, 9, 17), "2026-11-20T15:30Z", Duration.FromHours(1), "2026-11-23T08:30Z" },
        { "VIP desk, a budget that ends at closing time", Week(Warsaw, MondayToFriday, 9, 17), "2026-11-20T15:30Z", Duration.FromMinutes(30), "2026-11-20T16:00Z" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void C2_Golden_cases(string name, Calendar calendar, string received, Duration budget, string due) =>
        calendar.Due(At(received), budget).ShouldBe(At(due), name);

    [Fact]
    public void C2_Due_is_the_first_instant_at_which_the_budget_has_elapsed() => ForAll(c =>
    {
        if (c.Calendar.Due(c.From, c.Budget) is not { } due) return;
        c.Calendar.Elapsed(c.From, due).ShouldBe(c.Budget);
        c.Calendar.Elapsed(c.From, due - Duration.FromMilliseconds(1)).ShouldBeLessThan(c.Budget);
    });

    [Fact]
    public void C2_Elapsed_adds_up_over_any_cut_and_never_shrinks() => ForAll(c =>
    {
        c.Calendar.Elapsed(c.From, c.Cut).ShouldBeGreaterThanOrEqualTo(Duration.Zero);
        (c.Calendar.Elapsed(c.From, c.Cut) + c.Calendar.Elapsed(c.Cut, c.To)).ShouldBe(c.Calendar.Elapsed(c.From, c.To));
    });

    [Fact]
    public void B2_A_later_version_never_changes_what_was_measured_before_it() => ForAll(c =>
    {
        var later = new OpeningHours(99, c.Cut, Helsinki, Days(EveryDay, 0, 24), NoExceptions, NoHolidays);
        new Calendar([.. c.Versions, later]).Elapsed(c.From, c.Cut).ShouldBe(c.Calendar.Elapsed(c.From, c.Cut));
    });

    [Fact]
    public void C2_A_naive_walk_minute_by_minute_agrees() => ForAll(c =>
    {
        var open = 0L;
        for (var t = c.From; t < c.To; t += Duration.FromMinutes(1))
        {
            var hours = c.Versions.Where(v => v.ValidFrom <= t).OrderBy(v => v.ValidFrom).ThenBy(v => v.Number).LastOrDefault() ?? c.Versions[0];
            var local = t.InZone(hours.Zone);
            var minute = local.Hour * 60 + local.Minute;
            if (hours.On(local.Date).Any(i => i.From <= minute && minute < i.To)) open++;
        }
        c.Calendar.Elapsed(c.From, c.To).ShouldBe(Duration.FromMinutes(open));
    }, cases: 5_000, days: 3);

    [Fact]
    public void B1_Unknown_hours_are_neither_open_nor_closed()
    {
        var unknown = new OpeningHours(1, Instant.MinValue, Warsaw, null, NoExceptions, NoHolidays);
        var known = new OpeningHours(2, At("2026-11-20T00:00Z"), Warsaw, Days(EveryDay, 0, 24), NoExceptions, NoHolidays);
        var calendar = new Calendar([unknown, known]);
        calendar.IsKnown(At("2026-11-19T00:00Z"), At("2026-11-21T00:00Z")).ShouldBeFalse();
        calendar.IsKnown(At("2026-11-20T00:00Z"), At("2026-11-21T00:00Z")).ShouldBeTrue();
    }

    [Fact]
    public void B2_An_exception_wins_over_a_holiday_and_a_holiday_over_the_week()
    {
        var christmas = new LocalDate(2026, 12, 25);
        var hours = new OpeningHours(
            1, Instant.MinValue, Warsaw, Days(MondayToFriday, 8, 16),
            new Dictionary<LocalDate, IReadOnlyList<OpenInterval>> { [christmas] = [new(600, 660)] },
            new HashSet<LocalDate> { christmas, christmas.PlusDays(-1) });
        hours.On(christmas).ShouldBe([new OpenInterval(600, 660)]);
        hours.On(christmas.PlusDays(-1)).ShouldBeEmpty();
        hours.On(christmas.PlusDays(-2)).ShouldBe([new OpenInterval(480, 960)]);
    }

    [Fact]
    public void B6_Overlapping_and_impossible_intervals_are_named()
    {
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<OpenInterval>> { [IsoDayOfWeek.Monday] = [new(480, 720), new(700, 960), new(1000, 1500)] };
        new OpeningHours(1, Instant.MinValue, Warsaw, week, NoExceptions, NoHolidays).Faults().ShouldBe([
            "Monday: 16:40–25:00 is no interval of a day.", "Monday: 08:00–12:00 and 11:40–16:00 overlap or are out of order."]);
    }

    static readonly IReadOnlyDictionary<LocalDate, IReadOnlyList<OpenInterval>> NoExceptions = new Dictionary<LocalDate, IReadOnlyList<OpenInterval>>();
    static readonly IReadOnlySet<LocalDate> NoHolidays = new HashSet<LocalDate>();

    static Instant At(string text) => InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm'Z'").Parse(text).Value;

    static Calendar Week(DateTimeZone zone, IsoDayOfWeek[] days, int from, int to) =>
        new([new OpeningHours(1, Instant.MinValue, zone, Days(days, from, to), NoExceptions, NoHolidays)]);

    static Dictionary<IsoDayOfWeek, IReadOnlyList<OpenInterval>> Days(IsoDayOfWeek[] days, int from, int to) =>
        days.ToDictionary(d => d, _ => (IReadOnlyList<OpenInterval>)[new OpenInterval(from * 60, to * 60)]);

    /// <param name="Budget">Whole minutes, so that the naive walk can follow.</param>
    public sealed record Case(IReadOnlyList<OpeningHours> Versions, Instant From, Instant Cut, Instant To, Duration Budget)
    {
        public Calendar Calendar { get; } = new(Versions);
    }

    static void ForAll(Action<Case> law, int cases = 10_000, int days = 30) =>
        Prop.ForAll(Cases(days).ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    /// <summary>Around both changes of summer time, several zones, one to three versions, lunch breaks, dates off.</summary>
    static Gen<Case> Cases(int days)
    {
        var minutes = days * 24 * 60;
        var begin = Gen.Elements("2026-03-27T00:00Z", "2026-10-22T00:00Z", "2026-12-20T00:00Z").Select(At);
        return
            from start in begin
            from count in Gen.Choose(1, 3)
            from versions in Gen.CollectToArray(Enumerable.Range(1, count), n => Hours(n, start, minutes))
            from a in Gen.Choose(0, minutes)
            from b in Gen.Choose(0, minutes)
            from c in Gen.Choose(0, minutes)
            from budget in Gen.Choose(1, 3 * 24 * 60)
            let times = new[] { a, b, c }.Order().Select(m => start + Duration.FromMinutes(m)).ToArray()
            select new Case(versions, times[0], times[1], times[2], Duration.FromMinutes(budget));
    }

    static Gen<OpeningHours> Hours(int number, Instant start, int minutes) =>
        from zone in Gen.Elements(Warsaw, Riyadh, Helsinki, DateTimeZone.ForOffset(Offset.FromHours(2)), DateTimeZoneProviders.Tzdb["Australia/Lord_Howe"])
        from validFrom in Gen.Choose(0, minutes)
        from week in Gen.CollectToArray(EveryDay, _ => DayHours())
        from off in Gen.Choose(0, 60)
        from special in DayHours()
        let first = start.InUtc().Date
        select new OpeningHours(
            number, number == 1 ? Instant.MinValue : start + Duration.FromMinutes(validFrom), zone,
            EveryDay.Zip(week).ToDictionary(d => d.First, d => d.Second),
            new Dictionary<LocalDate, IReadOnlyList<OpenInterval>> { [first.PlusDays(off % 7)] = special }, new HashSet<LocalDate> { first.PlusDays(off % 11) });

    static Gen<IReadOnlyList<OpenInterval>> DayHours() =>
        from cuts in Gen.Choose(0, 24 * 4).ArrayOf(4)
        from kind in Gen.Choose(0, 5)
        let c = cuts.Distinct().Order().Select(q => q * 15).ToArray()
        select kind switch
        {
            0 => [],
            1 => [new OpenInterval(0, OpenInterval.EndOfDay)],
            _ => (IReadOnlyList<OpenInterval>)(c.Length == 4 ? [new(c[0], c[1]), new(c[2], c[3])] : c.Length >= 2 ? [new(c[0], c[1])] : []),
        };
}
