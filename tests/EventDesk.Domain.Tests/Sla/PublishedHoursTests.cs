using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Domain.Tests.Sla;

public sealed class PublishedHoursTests
{
    static readonly string[] WorkingDays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    static readonly string[] EveryDay = [.. WorkingDays, "saturday", "sunday"];

    /// <summary>Monday to Friday in Warsaw, one hour before UTC in winter.</summary>
    static readonly CalendarDefinition Polish = new("pl", "Europe/Warsaw", Week(WorkingDays, "08:00-12:00", "13:00-16:00"));

    [Theory]
    [InlineData("2026-11-25T06:59:59Z", OpeningState.Closed, "2026-11-25T07:00:00Z", null)]
    [InlineData("2026-11-25T07:00:00Z", OpeningState.Open, null, "2026-11-25T11:00:00Z")]
    [InlineData("2026-11-25T11:00:00Z", OpeningState.Closed, "2026-11-25T12:00:00Z", null)]
    [InlineData("2026-11-25T14:59:59Z", OpeningState.Open, null, "2026-11-25T15:00:00Z")]
    [InlineData("2026-11-25T15:00:00Z", OpeningState.Closed, "2026-11-26T07:00:00Z", null)]
    [InlineData("2026-11-27T15:00:00Z", OpeningState.Closed, "2026-11-30T07:00:00Z", null)]
    [InlineData("2026-10-23T15:00:00Z", OpeningState.Closed, "2026-10-26T07:00:00Z", null)]
    public void B3_a_desk_is_open_or_closed_and_says_until_when(string now, OpeningState state, string? opens, string? closes) =>
        Told(Of(now, Polish.At(1, default))).ShouldBe((state, opens, closes));

    [Fact]
    public void B3_hours_that_touch_at_midnight_are_one()
    {
        var night = new CalendarDefinition("night", "Europe/Warsaw", new Dictionary<string, IReadOnlyList<string>> { ["monday"] = ["20:00-24:00"], ["tuesday"] = ["00:00-04:00"] });
        Told(Of("2026-11-23T20:00:00Z", night.At(1, default))).ShouldBe((OpeningState.Open, null, "2026-11-24T03:00:00Z"));
    }

    [Fact]
    public void B3_round_the_clock_is_open_and_never_closes() =>
        Told(Of("2026-11-25T03:00:00Z", Always.At(1, default))).ShouldBe((OpeningState.Open, null, null));

    [Fact]
    public void B3_hours_that_never_open_are_closed_without_an_opening() =>
        Told(Of("2026-11-25T03:00:00Z", (Polish with { Week = Week([]) }).At(1, default))).ShouldBe((OpeningState.Closed, null, null));

    [Fact]
    public void B1_unknown_hours_are_neither_open_nor_closed() =>
        Told(Of("2026-11-25T10:00:00Z", (Polish with { Week = null }).At(1, default))).ShouldBe((OpeningState.Unknown, null, null));

    [Fact]
    public void B2_nothing_is_told_beyond_the_instant_from_which_the_hours_are_unknown()
    {
        var unknown = (Polish with { Week = null }).At(2, Time("2026-11-25T14:00:00Z"));
        Told(Of("2026-11-25T13:00:00Z", Polish.At(1, default), unknown)).ShouldBe((OpeningState.Open, null, null));
        Told(Of("2026-11-25T11:30:00Z", Polish.At(1, default), unknown)).ShouldBe((OpeningState.Closed, "2026-11-25T12:00:00Z", null));
        var always = Always.At(3, Time("2026-11-26T00:00:00Z"));
        var soon = (Polish with { Week = null }).At(2, Time("2026-11-25T15:30:00Z"));
        Told(Of("2026-11-25T15:10:00Z", Polish.At(1, default), soon, always)).ShouldBe((OpeningState.Closed, null, null));
    }

    [Fact]
    public void B2_a_version_to_come_already_says_when_it_opens_and_closes()
    {
        var longer = (Polish with { Week = Week(EveryDay, "08:00-20:00") }).At(2, Time("2026-11-25T14:00:00Z"));
        Told(Of("2026-11-25T13:00:00Z", Polish.At(1, default), longer)).ShouldBe((OpeningState.Open, null, "2026-11-25T19:00:00Z"));
        Told(Of("2026-11-27T20:00:00Z", Polish.At(1, default), longer)).ShouldBe((OpeningState.Closed, "2026-11-28T07:00:00Z", null));
    }

    [Fact]
    public void B3_exceptions_and_holidays_of_the_next_sixty_days_are_told_in_order_and_an_exception_wins()
    {
        var hours = (Polish with
        {
            Exceptions = new Dictionary<string, IReadOnlyList<string>> { ["2026-12-24"] = ["08:00-12:00"], ["2026-11-25"] = [], ["2026-11-24"] = [] },
            Holidays = ["2027-01-24", "2026-12-25", "2026-12-24", "2027-01-23"],
        }).At(1, default);
        var published = Of("2026-11-25T10:00:00Z", hours);
        published.Dates.Select(d => $"{LocalDatePattern.Iso.Format(d.Date)} {string.Join(' ', d.Intervals.Select(PublishedHours.Written))}").ShouldBe(
            ["2026-11-25 ", "2026-12-24 08:00-12:00", "2026-12-25 ", "2027-01-23 "]);
        Told(published).ShouldBe((OpeningState.Closed, "2026-11-26T07:00:00Z", null));
    }

    static CalendarDefinition Always => new("always", "UTC", Week(EveryDay, "00:00-24:00"));

    static Dictionary<string, IReadOnlyList<string>> Week(string[] days, params string[] intervals) => days.ToDictionary(d => d, _ => (IReadOnlyList<string>)intervals);

    static PublishedHours Of(string now, params OpeningHours[] versions) => PublishedHours.Of(new Calendar(versions), Time(now));

    static (OpeningState State, string? Opens, string? Closes) Told(PublishedHours p) =>
        (p.State, p.OpensAt is { } opens ? InstantPattern.General.Format(opens) : null, p.ClosesAt is { } closes ? InstantPattern.General.Format(closes) : null);

    static Instant Time(string text) => InstantPattern.General.Parse(text).Value;
}
