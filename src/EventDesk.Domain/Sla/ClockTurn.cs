using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Sla;

/// <summary>What one event did to a ticket's clock.</summary>
/// <param name="Ended">The clock that ended with it, as it was; null when none did.</param>
/// <param name="By">What ended it.</param>
/// <param name="Runs">The clock after it, running or paused; null when there is none.</param>
/// <param name="GoesOn">It is the clock from before.</param>
public readonly record struct ClockTurn(SlaClock? Ended, ClockEnd? By, SlaClock? Runs, bool GoesOn)
{
    /// <param name="before">The ticket before the event.</param>
    /// <param name="after">The ticket after it.</param>
    public static ClockTurn Of(Ticket before, Ticket after, TicketEvent e)
    {
        var goesOn = before.Clock is { } was && after.Clock is { } now && now.Kind == was.Kind && now.Started == was.Started;
        return before.Clock is null || goesOn ? new(null, null, after.Clock, goesOn) : new(before.Clock, EndOf(e), after.Clock, false);
    }

    static ClockEnd EndOf(TicketEvent e) => e switch
    {
        ReplySent => ClockEnd.Answer,
        TicketResolved => ClockEnd.Resolution,
        TicketClosed or TicketMerged or TicketPurged => ClockEnd.Closing,
        _ => ClockEnd.Dropped,
    };
}
