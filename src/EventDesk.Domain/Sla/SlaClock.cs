using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Sla;

/// <summary>A stretch of time in which a clock ran; the gaps between stretches are pauses.</summary>
/// <param name="To">Null: it runs.</param>
/// <param name="Hours">Whose opening hours counted in it; null: all time.</param>
public sealed record ClockStretch(DateTimeOffset From, DateTimeOffset? To, string? Hours);

/// <summary>
/// A response clock of a ticket, made from its events alone; how much time the stretches hold is a question to the calendars (<see cref="ClockReading"/>).
/// At most one answer is timed at a time: the first response until someone answered, then the next response from the oldest unanswered message.
/// Beside it runs the clock of a call back that is owed.
/// </summary>
/// <param name="Started">Receipt of the ticket, of the oldest unanswered customer message, or of the first call nobody could take.</param>
public sealed record SlaClock(
    SlaClockKind Kind, DateTimeOffset Started, ClockTarget Target, IReadOnlyList<ClockStretch> Stretches, bool Warned = false, bool Breached = false)
{
    public bool IsRunning => Stretches is [.., { To: null }];

    /// <summary>The clock as the promise beside its target counts: the same stretches, in the promise's hours; null without a promise.</summary>
    public SlaClock? AsPromised() => Target.PromiseSeconds is not { } seconds ? null : this with
    {
        Target = new ClockTarget(seconds, Target.PromiseHours),
        Warned = false,
        Breached = false,
        Stretches = [.. Stretches.Select(s => s with { Hours = Target.PromiseHours })],
    };

    /// <summary>The clock of the answer after an event; null when none is owed, or none within any time.</summary>
    /// <param name="clock">Before the event.</param>
    /// <param name="t">The ticket after the event.</param>
    /// <param name="e">What happened.</param>
    /// <param name="at">When it happened.</param>
    public static SlaClock? After(SlaClock? clock, Ticket t, TicketEvent e, DateTimeOffset at) => After(clock, AnswerOwed(t), t, e, at);

    /// <summary>The clock of the call back after an event, likewise.</summary>
    public static SlaClock? OfCallbackAfter(SlaClock? clock, Ticket t, TicketEvent e, DateTimeOffset at) => After(clock, CallbackOwed(t), t, e, at);

    static SlaClock? After(SlaClock? clock, (SlaClockKind, DateTimeOffset)? owed, Ticket t, TicketEvent e, DateTimeOffset at)
    {
        if (owed is not var (kind, since) || t.Targets?.Of(kind) is not { } target)
            return null;
        // Only a next response pauses: whatever else is waited for, the customer heard nothing yet, or was promised a call.
        var runs = kind != SlaClockKind.NextResponse || t.Waiting is null;
        var same = clock is not null && clock.Kind == kind && clock.Started == since;
        var next = same ? clock!.Retargeted(target, at) : new SlaClock(kind, since, target, runs ? [new(since, null, target.Hours)] : []);
        next = (runs, next.IsRunning) switch
        {
            (true, false) => next with { Stretches = [.. next.Stretches, new(at, null, target.Hours)] },
            (false, true) => next with { Stretches = next.Closed(at) },
            _ => next,
        };
        return e switch
        {
            SlaWarned w when w.Clock == kind => next with { Warned = true },
            SLABreached b when b.Clock == kind => next with { Warned = true, Breached = true },
            _ => next,
        };
    }

    /// <summary>Which answer is owed, and since when.</summary>
    static (SlaClockKind Kind, DateTimeOffset Since)? AnswerOwed(Ticket t) => t switch
    {
        { Status: not Status.Open } => null,
        // Once in a ticket's life: a resolution ended it as an answer does.
        { FirstAnswerAt: null, Cycle: 0 } => (SlaClockKind.FirstResponse, t.OpenedAt),
        { UnansweredSince: { } since } => (SlaClockKind.NextResponse, since),
        _ => null,
    };

    static (SlaClockKind Kind, DateTimeOffset Since)? CallbackOwed(Ticket t) =>
        t is { Status: Status.Open, Callback: { } owed } ? (SlaClockKind.Callback, owed.Since) : null;

    /// <summary>Time that has passed is carried over; a recorded breach stays.</summary>
    SlaClock Retargeted(ClockTarget target, DateTimeOffset at)
    {
        if (target == Target)
            return this;
        var moved = this with { Target = target, Warned = Breached };
        return IsRunning && Stretches[^1].Hours != target.Hours
            ? moved with { Stretches = [.. Closed(at), new(at, null, target.Hours)] }
            : moved;
    }

    IReadOnlyList<ClockStretch> Closed(DateTimeOffset at) =>
        Stretches[^1].From == at ? [.. Stretches.SkipLast(1)] : [.. Stretches.SkipLast(1), Stretches[^1] with { To = at }];
}
