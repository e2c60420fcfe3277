using System.Globalization;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using NodaTime;

namespace EventDesk.Service.Reporting;

/// <summary>When in the week a ticket was opened, by the clocks on a wall: between 10:00 and 18:00 from Monday to Friday.</summary>
/// <param name="Hours">One opened at their very end is opened after them.</param>
/// <param name="Days">On which the hours count.</param>
/// <param name="Zone">Of the clocks; null: of each ticket's desk.</param>
/// <param name="Desks">Which zone a desk has, by its id; one that is not named goes by UTC.</param>
public sealed record OpenedWindow(OpenInterval Hours, IReadOnlyList<IsoDayOfWeek> Days, string? Zone, IReadOnlyDictionary<string, string> Desks)
{
    /// <summary>The zone of each desk's calendar, as it stands now: a report asks of the past in the words of today.</summary>
    public static IReadOnlyDictionary<string, string> ZonesOf(SupportOrganisation o) => o.Desks
        .Join(o.Calendars ?? [], d => d.Calendar, c => c.Id, (d, c) => (Desk: d.Id.Value, c.Zone)).ToDictionary(d => d.Desk, d => d.Zone);

    /// <summary>As the statements find it among the filters: with the clocks themselves, for a zone may be unknown to PostgreSQL, or have other rules there.</summary>
    internal IEnumerable<KeyValuePair<string, object>> Filters =>
    [
        new("openedDays", string.Concat(Days.Select(d => ((int)d).ToString(CultureInfo.InvariantCulture)))), new("openedFrom", Clock(Hours.From)), new("openedUntil", Clock(Hours.To)),
        new("openedClocks", Zone is null ? Desks.Select(d => WallClock.Of(d.Value, d.Key)).ToArray() : [WallClock.Of(Zone, null)]),
    ];

    static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    /// <summary>How far the clocks of a desk are ahead of UTC.</summary>
    /// <param name="Product">Null, like the language: of every desk.</param>
    /// <param name="Since">The instants at which they were put forward or back, in seconds.</param>
    /// <param name="Ahead">Before the first of these, and from each on; in seconds.</param>
    sealed record WallClock(string? Product, string? Language, long[] Since, int[] Ahead)
    {
        /// <summary>Between these no change of any clocks is missed.</summary>
        static readonly Instant First = Instant.FromUtc(1970, 1, 1, 0, 0), Last = Instant.FromUtc(2100, 1, 1, 0, 0);

        public static WallClock Of(string zone, string? desk)
        {
            var names = desk?.Split('/');
            var intervals = (CalendarDefinition.ZoneOf(zone) ?? DateTimeZone.Utc).GetZoneIntervals(First, Last).ToList();
            return new(names?[0], names?[1], [.. intervals.Skip(1).Select(i => i.Start.ToUnixTimeSeconds())], [.. intervals.Select(i => i.WallOffset.Seconds)]);
        }
    }
}
