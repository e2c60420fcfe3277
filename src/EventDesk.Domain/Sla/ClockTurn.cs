using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Sla;

/// <summary>What one event did to one of a ticket's clocks.</summary>
/// <param name="Ended">The clock that ended with it, as it was; null when none did.</param>
/// <param name="By">What ended it.</param>
/// <param name="Runs">The clock after it, running or paused; null when there is none.</param>
/// <param name="GoesOn">It is the clock from before.</param>
public readonly record struct ClockTurn(SlaClock? Ended, ClockEnd? By, SlaClock? Runs, bool GoesOn)
{
    /// <summary>The clock of the answer first, then that of a call back.</summary>
    /// <param name="before">The ticket before the event.</param>
    /// <param name="after">The ticket after it.</param>
    public static IEnumerable<ClockTurn> Of(Ticket before, Ticket after, TicketEvent e) =>
        [Of(before.Clock, after.Clock, e), Of(before.CallbackClock, after.CallbackClock, e)];

    static ClockTurn Of(SlaClock? before, SlaClock? after, TicketEvent e)
    {
        var goesOn = before is not null && after is not null && after.Kind == before.Kind && after.Started == before.Started;
        return before is null || goesOn ? new(null, null, after, goesOn) : new(before, EndOf(e), after, false);
    }

    static ClockEnd EndOf(TicketEvent e) => e switch
    {
        ReplySent => ClockEnd.Answer,
        CallbackReached => ClockEnd.Callback,
        TicketResolved => ClockEnd.Resolution,
        TicketClosed or TicketMerged or TicketPurged => ClockEnd.Closing,
        _ => ClockEnd.Dropped,
    };
}
