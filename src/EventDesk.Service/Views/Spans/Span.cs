using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Views;

/// <summary>How a ticket stood for a while. The rows of a ticket follow each other without gap or overlap.</summary>
internal sealed class Span
{
    /// <summary>The end of what still holds; PostgreSQL's <c>infinity</c>.</summary>
    public static readonly DateTime Forever = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    public Guid Ticket;

    /// <summary>1 for the first of its ticket.</summary>
    public int Ordinal;

    /// <summary>The event that made it so.</summary>
    public long Version;
    public DateTime From, To = Forever;
    public Standing Now;
    public string Product = "", Language = "";
    public string? State, Activity;

    /// <summary>Where an automatic step is due: the resolution whose window runs, or the planned date; none otherwise.</summary>
    public DateTime Deadline;

    public bool Changed;

    /// <summary>The class of rows that still hold, and of those longer than a century.</summary>
    public const short Lasting = 21;

    /// <summary>
    /// How long the row holds, as a power of two: at most 2^size hours. What held at an instant began less than that before it,
    /// so for each size the rows of an instant lie close together in an index by size and beginning.
    /// </summary>
    public short Size => To == Forever ? Lasting : (short)Math.Clamp(Math.Ceiling(Math.Log2(Math.Max(1, (To - From).TotalHours))), 0, Lasting);
}

/// <summary>Takes one event into the present row of a ticket.</summary>
internal static class SpanFold
{
    public static Span Open(Step e) => new()
    {
        Ticket = e.Ticket, Ordinal = 1, Version = e.Version, From = e.At, Now = Standing.Opened(e), Product = e.Product ?? "", Language = e.Language ?? "",
        State = e.State, Activity = e.Activity, Changed = true,
    };

    /// <summary>
    /// The row that holds after the event: the same one, or the next, with the old one ended. Order is the stream's: an event
    /// with an earlier time than the one before it takes effect at that one's time, and of several at one instant the last holds.
    /// </summary>
    public static Span Apply(Span span, Step e)
    {
        if (e.Version <= span.Version) return span;
        var now = span.Now.After(e);
        var state = e.Imported ? e.State ?? span.State : null;
        var activity = e.Imported ? e.Activity ?? span.Activity : null;
        var deadline = Deadline(span, e, now);
        var (product, language) = e.Kind == StepKind.Moved ? (e.Product ?? "", e.Language ?? "") : (span.Product, span.Language);
        if (now == span.Now && product == span.Product && language == span.Language && state == span.State && activity == span.Activity && deadline == span.Deadline) return span;

        span.Changed = true;
        var next = span;
        if (e.At > span.From)
        {
            span.To = e.At;
            next = new Span { Ticket = span.Ticket, Ordinal = span.Ordinal + 1, From = e.At, Changed = true };
        }
        next.Version = e.Version;
        (next.Product, next.Language) = (product, language);
        next.Now = now;
        next.State = state;
        next.Activity = activity;
        next.Deadline = deadline;
        return next;
    }

    /// <summary>What was imported stays as it was: only what was resolved or set waiting here is closed or woken here.</summary>
    static DateTime Deadline(Span span, Step e, Standing now) => now switch
    {
        { Status: Status.Resolved } => e.Kind == StepKind.Resolved ? (e.Imported ? default : e.At) : span.Deadline,
        { Status: Status.Open, Waiting: WaitingReason.PlannedDate } =>
            e.Kind == StepKind.WaitingStarted ? (e.Imported ? default : e.Until) : span.Deadline,
        _ => default,
    };
}
