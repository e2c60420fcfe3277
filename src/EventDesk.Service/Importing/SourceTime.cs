using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;

namespace EventDesk.Service.Importing;

/// <summary>Reads the times of a log as instants, in whole microseconds.</summary>
sealed class SourceTime
{
    static readonly string[] Iso =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyyMMdd'T'HHmmssK", "yyyy-MM-dd",
    ];

    readonly TimeSpec spec;
    readonly string[] formats;
    readonly bool unix, unixMs;

    /// <summary>Null: every value brings its own offset.</summary>
    readonly DateTimeZone? zone;

    public SourceTime(TimeSpec spec)
    {
        this.spec = spec;
        var asked = spec.Formats ?? ["iso"];
        unix = asked.Contains("unix");
        unixMs = asked.Contains("unixMs");
        formats = [.. asked.Where(f => f is not ("unix" or "unixMs")).SelectMany(f => f == "iso" ? Iso : [f])];
        zone = spec.Zone == "value" ? null : FindZone(spec.Zone);
        if (spec.IgnoreOffset && zone is null)
            throw new MappingException($"The time \"{spec.Column}\" ignores the offset of its values, so its zone must be named.");
    }

    /// <summary>The instant, or null with the reason in <paramref name="fault"/>.</summary>
    public DateTimeOffset? Read(string text, out string? fault)
    {
        fault = null;
        if ((unix || unixMs) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return FromUnix(number, out fault);
        foreach (var format in formats)
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var read))
                return Instant(text, format, read, out fault);
        fault = $"the time \"{text}\" in \"{spec.Column}\" fits none of {string.Join(", ", spec.Formats ?? ["iso"])}";
        return null;
    }

    DateTimeOffset? Instant(string text, string format, DateTime read, out string? fault)
    {
        fault = null;
        // RoundtripKind says whether there was an offset; the offset itself is lost on the way to a DateTime of kind Local.
        var hasOffset = read.Kind != DateTimeKind.Unspecified;
        if (hasOffset && !spec.IgnoreOffset)
            return Whole(DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        if (zone is null)
        {
            fault = $"the time \"{text}\" in \"{spec.Column}\" brings no offset, and the mapping names no zone";
            return null;
        }
        var digits = hasOffset ? DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).DateTime : read;
        // An hour that came twice is the first of the two; one that never was lies as far behind the gap as it was into it.
        return Whole(zone.ResolveLocal(LocalDateTime.FromDateTime(digits), Resolvers.LenientResolver).ToDateTimeOffset());
    }

    DateTimeOffset? FromUnix(long number, out string? fault)
    {
        fault = null;
        try
        {
            return unixMs ? DateTimeOffset.FromUnixTimeMilliseconds(number) : DateTimeOffset.FromUnixTimeSeconds(number);
        }
        catch (ArgumentOutOfRangeException)
        {
            fault = $"the time {number} in \"{spec.Column}\" is out of range";
            return null;
        }
    }

    static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    static DateTimeZone FindZone(string name)
    {
        if (name is "UTC" or "Z") return DateTimeZone.Utc;
        if (name is ['+' or '-', ..] && TimeSpan.TryParseExact(name[1..], @"hh\:mm", CultureInfo.InvariantCulture, out var span))
            return DateTimeZone.ForOffset(Offset.FromTimeSpan(name[0] == '-' ? -span : span));
        return DateTimeZoneProviders.Tzdb.GetZoneOrNull(name)
            ?? throw new MappingException($"\"{name}\" is no zone: give value, UTC, an offset such as +01:00, or an IANA name such as Europe/Rome.");
    }
}
