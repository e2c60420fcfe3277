using EventDesk.Service.Importing;

namespace EventDesk.Service.Tests.Importing;

public sealed class SourceTimeTests
{
    [Theory]
    [InlineData("2010-03-31T15:59:42+01:00", "2010-03-31T14:59:42Z")]
    [InlineData("2010-03-31T16:59:42.000+02:00", "2010-03-31T14:59:42Z")]
    [InlineData("2010-03-31T14:59:42Z", "2010-03-31T14:59:42Z")]
    [InlineData("2010-03-31 14:59:42.1234567Z", "2010-03-31T14:59:42.123456Z")]
    [InlineData("2010-03-31T14:59Z", "2010-03-31T14:59:00Z")]
    public void An_ISO_time_is_read_with_its_offset_in_whole_microseconds(string text, string instant) => Read(new TimeSpec("t"), text).ShouldBe(instant);

    [Theory]
    [InlineData("29/2/2016 01:16", "UTC", "2016-02-29T01:16:00Z")]
    [InlineData("9/12/2016 23:16", "+01:00", "2016-12-09T22:16:00Z")]
    [InlineData("9/12/2016 23:16", "-03:30", "2016-12-10T02:46:00Z")]
    [InlineData("1/7/2016 12:00", "Europe/Rome", "2016-07-01T10:00:00Z")]
    [InlineData("30/10/2016 02:30", "Europe/Rome", "2016-10-30T00:30:00Z")]
    [InlineData("27/3/2016 02:30", "Europe/Rome", "2016-03-27T01:30:00Z")]
    public void A_time_without_offset_is_of_the_named_zone(string text, string zone, string instant) =>
        Read(new TimeSpec("t", ["d/M/yyyy HH:mm"], zone), text).ShouldBe(instant);

    [Theory]
    [InlineData("2012-10-09T14:50:17+00:00")]
    [InlineData("2012-10-09T14:50:17.000+02:00")]
    [InlineData("2012-10-09T14:50:17.000+03:00")]
    [InlineData("2012-10-09T14:50:17")]
    public void Digits_can_be_right_where_offsets_are_wrong(string text) =>
        Read(new TimeSpec("t", Zone: "UTC", IgnoreOffset: true), text).ShouldBe("2012-10-09T14:50:17Z");

    [Fact]
    public void An_offset_in_the_value_wins_over_the_zone() => Read(new TimeSpec("t", Zone: "Europe/Rome"), "2012-07-09T14:50:17+00:00").ShouldBe("2012-07-09T14:50:17Z");

    [Theory]
    [InlineData("unix", "1456708560", "2016-02-29T01:16:00Z")]
    [InlineData("unixMs", "1456708560250", "2016-02-29T01:16:00.25Z")]
    public void Seconds_and_milliseconds_since_1970_are_times(string format, string text, string instant) => Read(new TimeSpec("t", [format]), text).ShouldBe(instant);

    [Theory]
    [InlineData("2010-03-31T15:59:42", "the time \"2010-03-31T15:59:42\" in \"t\" brings no offset, and the mapping names no zone")]
    [InlineData("31/3/2010", "the time \"31/3/2010\" in \"t\" fits none of iso")]
    [InlineData("2010-02-30T15:59:42Z", "the time \"2010-02-30T15:59:42Z\" in \"t\" fits none of iso")]
    public void What_is_no_time_says_so(string text, string told)
    {
        new SourceTime(new TimeSpec("t")).Read(text, out var fault).ShouldBeNull();
        fault.ShouldBe(told);
    }

    [Fact]
    public void A_zone_that_is_none_is_refused()
    {
        Should.Throw<MappingException>(() => new SourceTime(new TimeSpec("t", Zone: "Europe/Roma"))).Message.ShouldContain("\"Europe/Roma\" is no zone");
        Should.Throw<MappingException>(() => new SourceTime(new TimeSpec("t", IgnoreOffset: true))).Message.ShouldContain("zone must be named");
    }

    static string? Read(TimeSpec spec, string text)
    {
        var at = new SourceTime(spec).Read(text, out var fault);
        fault.ShouldBeNull();
        return at?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ");
    }
}
