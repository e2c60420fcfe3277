using System.Globalization;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using NodaTime;
using NodaTime.TimeZones;

namespace EventDesk.Service.Reporting;

/// <summary>When in the week a ticket was opened, by the clocks on a wall: between 10:00 and 18:00 from Monday to Friday.</summary>
/// <param name="Hours">One opened at their very end is opened after them.</param>
/// <param name="Days">On which the hours count.</param>
/// <param name="Zone">Of the clocks; null: of each ticket's desk.</param>
/// <param name="Desks">Which zone a desk has, by its id; one that is not named goes by UTC.</param>
public sealed record OpenedWindow(OpenInterval Hours, IReadOnlyList<IsoDayOfWeek> Days, string? Zone, IReadOnlyDictionary<string, string> Desks)
{
    static readonly TzdbDateTimeZoneSource Zones = TzdbDateTimeZoneSource.Default;

    /// <summary>The zone of each desk's calendar, as it stands now: a report asks of the past in the words of today.</summary>
    public static IReadOnlyDictionary<string, string> ZonesOf(SupportOrganisation o) => o.Desks
        .Join(o.Calendars ?? [], d => d.Calendar, c => c.Id, (d, c) => (Desk: d.Id.Value, c.Zone)).ToDictionary(d => d.Desk, d => d.Zone);

    /// <summary>As the statements find it among the filters.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Filters =>
    [
        new("openedDays", string.Concat(Days.Select(d => ((int)d).ToString(CultureInfo.InvariantCulture)))),
        new("openedFrom", Clock(Hours.From)), new("openedUntil", Clock(Hours.To)), new("openedZone", InSql(Zone ?? "UTC")),
        .. Zone is null ? Desks.Select(d => new KeyValuePair<string, string>($"openedZone/{d.Key}", InSql(d.Value))) : [],
    ];

    static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    /// <summary>A zone as PostgreSQL knows it: under its present name, and an offset as POSIX writes it, hours west of Greenwich.</summary>
    static string InSql(string zone) => Zones.CanonicalIdMap.TryGetValue(zone, out var name) ? name
        : zone.StartsWith("UTC+", StringComparison.Ordinal) ? $"UTC-{zone[4..]}"
        : zone.StartsWith("UTC-", StringComparison.Ordinal) ? $"UTC+{zone[4..]}" : "UTC";
}
