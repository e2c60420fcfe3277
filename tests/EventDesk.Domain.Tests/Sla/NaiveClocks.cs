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
        DateTimeOffset? since = null, called = null;
        SlaTargetSet? targets = null;
        var (answer, callback) = (new Hand(), new Hand());
        for (var now = events[0].At; ; now = now.AddMinutes(1))
        {
            for (; next < events.Count && events[next].At <= now; next++)
            {
                switch (events[next])
                {
                    case (TicketOpened, var at, _): (open, since) = (true, at); break;
                    case (CustomerMessageReceived, var at, _): since ??= at; break;
                    case (ReplySent { Automated: false }, _, true): (since, first) = (null, false); break;
                    case (CallbackRequested, var at, _): called ??= at; break;
                    case (CallbackReached, _, true): (since, first, called) = (null, false, null); break;
                    case (CallbackReached, _, false): called = null; break;
                    case (WaitingStarted, _, _): waiting = true; break;
                    case (WaitingEnded, _, _): waiting = false; break;
                    case (TicketResolved, _, _): (open, since, called, first, waiting) = (false, null, null, false, false); break;
                    case (TicketReopened { Cause: not ReopenCause.Customer }, _, _): open = true; break;
                    case (SlaTargetSet set, _, _): targets = set; break;
                }
                // A clock that began and ended within one minute is still one.
                Begin(answer, first ? SlaClockKind.FirstResponse : SlaClockKind.NextResponse, since);
                Begin(callback, SlaClockKind.Callback, called);
            }
            if (now >= end) break;
            if (answer.Hours is not null && (first || !waiting)) Tick(answer, now);
            if (callback.Hours is not null) Tick(callback, now);
        }
        return [.. clocks.Select(c => $"{c.Name} {c.Minutes}")];

        void Begin(Hand hand, SlaClockKind kind, DateTimeOffset? owed)
        {
            var target = kind switch { SlaClockKind.FirstResponse => targets?.FirstResponse, SlaClockKind.NextResponse => targets?.NextResponse, _ => targets?.Callback };
            var name = open && owed is { } from && target is not null ? $"{kind} {from.ToString("u", CultureInfo.InvariantCulture)}" : null;
            if (name is not null && name != hand.Name)
            {
                hand.At = clocks.Count;
                clocks.Add((name, 0));
            }
            (hand.Name, hand.Hours) = (name, name is null ? null : target!.Hours ?? "");
        }

        void Tick(Hand hand, DateTimeOffset now)
        {
            if (hand.Hours == "" || IsOpen(hand.Hours!, now))
                clocks[hand.At] = (clocks[hand.At].Name, clocks[hand.At].Minutes + 1);
        }
    }

    /// <summary>One of the two clocks that may run at a time. Its hours are those that count now, "" for all time, null when it does not exist.</summary>
    sealed class Hand
    {
        public string? Name, Hours;
        public int At;
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
