using System.Globalization;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Tests.Sla;

/// <summary>
/// Clocks once more, as someone would count them with pencil and wall clock: every minute of the ticket's life is looked at by itself, and it
/// counts when an answer is owed, nothing is waited for, and the wall clock of the desk stands inside its hours. Shares no code with the product.
/// </summary>
static class NaiveClocks
{
    public static IReadOnlyList<string> Of(IReadOnlyList<(TicketEvent Event, DateTimeOffset At, bool ByStaff)> events, DateTimeOffset end)
    {
        List<(string Name, int Minutes)> clocks = [];
        var (next, open, first, waiting) = (0, false, true, false);
        DateTimeOffset? since = null;
        SlaTargetSet? targets = null;
        string? current = null;
        for (var now = events[0].At; ; now = now.AddMinutes(1))
        {
            for (; next < events.Count && events[next].At <= now; next++)
            {
                switch (events[next])
                {
                    case (TicketOpened, var at, _): (open, since) = (true, at); break;
                    case (CustomerMessageReceived, var at, _): since ??= at; break;
                    case (ReplySent { Automated: false }, _, true): (since, first) = (null, false); break;
                    case (WaitingStarted, _, _): waiting = true; break;
                    case (WaitingEnded, _, _): waiting = false; break;
                    case (TicketResolved, _, _): (open, since, first, waiting) = (false, null, false, false); break;
                    case (TicketReopened { Cause: not ReopenCause.Customer }, _, _): open = true; break;
                    case (SlaTargetSet set, _, _): targets = set; break;
                }
                // A clock that began and ended within one minute is still one.
                Begin();
            }
            if (now >= end) break;
            if (Begin() is { } hours && (first || !waiting) && (hours == "" || IsOpen(hours, now)))
                clocks[^1] = (clocks[^1].Name, clocks[^1].Minutes + 1);
        }
        return [.. clocks.Select(c => $"{c.Name} {c.Minutes}")];

        // The hours of the clock that runs now ("" for all time), or null when none does.
        string? Begin()
        {
            var target = first ? targets?.FirstResponse : targets?.NextResponse;
            if (!open || since is not { } from || target is null)
            {
                current = null;
                return null;
            }
            var name = $"{(first ? SlaClockKind.FirstResponse : SlaClockKind.NextResponse)} {from.ToString("u", CultureInfo.InvariantCulture)}";
            if (name != current)
                clocks.Add((name, 0));
            current = name;
            return target.Hours ?? "";
        }
    }

    static bool IsOpen(string hours, DateTimeOffset now)
    {
        var parts = hours.Split('/');
        var organisation = ClockWorld.Desks;
        var id = parts[0] == "contract" ? organisation.FindContract(parts[1])!.Calendar : organisation.Find(parts[1], parts[2])!.Calendar;
        CalendarDefinition calendar = organisation.Calendars!.Single(c => c.Id == id);
        var local = Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb[calendar.Zone]).LocalDateTime;
        var time = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return calendar.Week!.TryGetValue(local.DayOfWeek.ToString().ToLowerInvariant(), out var intervals)
            && intervals.Any(i => string.CompareOrdinal(i[..5], time) <= 0 && string.CompareOrdinal(time, i[6..]) < 0);
    }
}
