using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Tests.Organisation;

public sealed class CalendarDefinitionTests
{
    static readonly CalendarDefinition Sound = new(
        "pl", "Europe/Warsaw", Monday("08:00-12:00", "13:00-16:00"), new Dictionary<string, IReadOnlyList<string>> { ["2026-12-24"] = ["08:00-12:00"] }, ["2026-12-25"]);

    static Dictionary<string, IReadOnlyList<string>> Monday(params string[] intervals) => new() { ["monday"] = intervals };

    [Fact]
    public void B2_a_calendar_of_several_intervals_exceptions_and_holidays_is_read_as_it_is_written()
    {
        Sound.Faults().ShouldBeEmpty();
        var hours = Sound.At(3, Instant.FromUnixTimeSeconds(0));
        (hours.Number, hours.Zone.Id, hours.Calendar, hours.Known).ShouldBe((3, "Europe/Warsaw", "pl", true));
        hours.On(new LocalDate(2026, 11, 23)).ShouldBe([new OpenInterval(480, 720), new OpenInterval(780, 960)]);
        hours.On(new LocalDate(2026, 11, 24)).ShouldBeEmpty();
        hours.On(new LocalDate(2026, 12, 24)).ShouldBe([new OpenInterval(480, 720)]);
        hours.On(new LocalDate(2026, 12, 25)).ShouldBeEmpty();
    }

    [Fact]
    public void B2_a_day_may_end_at_24_00_and_no_later()
    {
        (Sound with { Week = Monday("00:00-24:00") }).Faults().ShouldBeEmpty();
        (Sound with { Week = Monday("20:00-24:30") }).Faults().ShouldBe(["Calendar pl: \"20:00-24:30\" is no interval such as 08:00-16:00."]);
        (Sound with { Week = Monday("24:00-24:00") }).Faults().ShouldBe(["Calendar pl: Monday: 24:00–24:00 is no interval of a day."]);
    }

    [Theory]
    [InlineData("Europe/Warsaw")]
    [InlineData("UTC")]
    [InlineData("UTC+02:00")]
    [InlineData("UTC-03:30")]
    public void B2_a_zone_is_an_IANA_zone_or_a_fixed_offset(string zone) => (Sound with { Zone = zone }).Faults().ShouldBeEmpty();

    [Theory]
    [InlineData("Europe/Warszawa")]
    [InlineData("+02:00")]
    [InlineData("")]
    public void B2_any_other_zone_is_a_fault(string zone) =>
        (Sound with { Zone = zone }).Faults().ShouldBe([$"Calendar pl: \"{zone}\" is neither an IANA time zone nor an offset such as UTC+02:00."]);

    [Theory]
    [InlineData("Monday")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("monday,tuesday")]
    [InlineData("funday")]
    public void B2_a_day_has_one_spelling(string day)
    {
        (Sound with { Week = new Dictionary<string, IReadOnlyList<string>> { [day] = ["08:00-16:00"] } }).Faults().ShouldBe([$"Calendar pl: \"{day}\" is no day of the week."]);
        (Sound with { Week = null, Days = [day] }).Faults().ShouldBe([$"Calendar pl: \"{day}\" is no day of the week."]);
    }

    [Fact]
    public void B2_overlapping_intervals_and_those_out_of_order_are_named() =>
        (Sound with { Week = Monday("08:00-12:00", "11:00-16:00"), Exceptions = new Dictionary<string, IReadOnlyList<string>> { ["2026-12-24"] = ["10:00-11:00", "08:00-09:00"] } })
            .Faults().ShouldBe([
                "Calendar pl: Monday: 08:00–12:00 and 11:00–16:00 overlap or are out of order.",
                "Calendar pl: 2026-12-24: 10:00–11:00 and 08:00–09:00 overlap or are out of order."]);

    [Fact]
    public void B2_a_date_that_is_none_is_a_fault() =>
        (Sound with { Exceptions = new Dictionary<string, IReadOnlyList<string>> { ["24.12.2026"] = [] }, Holidays = ["2026-02-30", "-2026-12-25"] }).Faults().ShouldBe([
            "Calendar pl: \"24.12.2026\" is no date such as 2026-12-24.",
            "Calendar pl: \"2026-02-30\" is no date such as 2026-12-24.",
            "Calendar pl: \"-2026-12-25\" is no date such as 2026-12-24."]);

    [Fact]
    public void B1_a_calendar_without_a_week_has_unknown_hours_and_may_name_its_days()
    {
        var unknown = new CalendarDefinition("sv", "Europe/Stockholm", Days: ["monday", "friday"]);
        unknown.Faults().ShouldBeEmpty();
        unknown.At(1, default).Known.ShouldBeFalse();
    }

    [Fact]
    public void B4_a_contract_without_targets_with_one_twice_or_with_a_time_that_is_none_is_a_fault()
    {
        new Contract("vip", "VIP", []).Faults().ShouldBe(["Contract vip has no targets."]);
        var target = new SeverityTargets(Severity.Critical, new AnswerTime("1h"));
        new Contract("vip", "VIP", [target, target], WarnAtPercent: 0).Faults().ShouldBe(["Contract vip warns at 0 %; give 1 to 100.", "Contract vip names severity 1 2 times."]);
        foreach (var time in new[] { "", "h", "0h", "1d", "-1h", "1.5h", "10001h", "99999999999h" })
            new Contract("vip", "VIP", [target with { NextPromise = new AnswerTime(time) }]).Faults().ShouldBe([$"Contract vip: \"{time}\" is no time such as 30m, 4h or 2wd."]);
    }

    [Fact]
    public void B6_a_calendar_or_contract_that_is_unknown_is_a_fault_of_who_names_it() =>
        new SupportOrganisation(
            [new("billing", "Billing")], [new("en", "English")], [new("billing", "en", Calendar: "moon", Contract: "gold")],
            [Sound], [new Contract("vip", "VIP", [new(Severity.Critical)], Calendar: "mars")])
            .Faults().ShouldBe([
                "Desk billing/en names the unknown calendar \"moon\".",
                "Desk billing/en names the unknown contract \"gold\".",
                "Contract vip names the unknown calendar \"mars\"."]);

    [Fact]
    public void B1_a_channel_nobody_knows_is_a_fault_and_one_left_out_is_open()
    {
        var desk = new Desk("billing", "en", Channels: new Dictionary<string, Availability> { ["fax"] = Availability.Yes, ["phone"] = Availability.ComingSoon });
        new SupportOrganisation([new("billing", "Billing")], [new("en", "English")], [desk]).Faults()
            .ShouldBe(["Desk billing/en names the unknown channel \"fax\"; there are guide, portal, chat, phone, email."]);
        (desk.Through("phone"), desk.Through("chat"), (desk with { Channels = null }).Through("guide")).ShouldBe((Availability.ComingSoon, Availability.Yes, Availability.Yes));
    }
}
