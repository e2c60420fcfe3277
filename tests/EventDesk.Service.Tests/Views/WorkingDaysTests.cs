using EventDesk.Service.Views;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Views;

public sealed class WorkingDaysTests
{
    static DateTime At(string text) => DateTimeOffset.Parse(text).UtcDateTime;

    [Theory]
    [InlineData("2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z", 24)] // Monday to Tuesday
    [InlineData("2026-03-06T12:00:00Z", "2026-03-09T12:00:00Z", 24)] // Friday noon to Monday noon
    [InlineData("2026-03-07T01:00:00Z", "2026-03-08T23:00:00Z", 0)] // a weekend
    [InlineData("2026-03-02T00:00:00Z", "2026-03-16T00:00:00Z", 240)] // two weeks
    [InlineData("2026-03-03T00:00:00Z", "2026-03-02T00:00:00Z", 0)]
    public void E3_weekends_are_no_working_time(string from, string to, int hours) =>
        WorkingDays.Between(At(from), At(to)).ShouldBe(TimeSpan.FromHours(hours));

    [Fact]
    public void E3_the_beginning_of_a_window_is_the_earliest_instant_that_lies_inside() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Arb.From(Gen.Choose(0, 40_000)), Arb.From(Gen.Choose(0, 20 * 24 * 60)), (minute, window) =>
        {
            var now = At("2026-01-01T00:00:00Z").AddMinutes(minute);
            var begin = WorkingDays.Before(now, TimeSpan.FromMinutes(window));
            return WorkingDays.Between(begin, now) == TimeSpan.FromMinutes(window)
                && WorkingDays.Between(begin.AddTicks(-1), now) > TimeSpan.FromMinutes(window);
        }));
}
