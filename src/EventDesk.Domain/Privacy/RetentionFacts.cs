using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Privacy;

/// <summary>What retention needs to know of a ticket. It follows from the ticket's events, and from the requests of its customer.</summary>
public sealed record RetentionFacts
{
    public long Number { get; init; }
    public string Product { get; init; } = "";
    public string Language { get; init; } = "";

    /// <summary>Its own plan; null: its desk's.</summary>
    public string? Contract { get; init; }

    /// <summary>Whose it is; null once that was forgotten.</summary>
    public CustomerId? Customer { get; init; }
    public Status Status { get; init; }

    /// <summary>When it was last resolved, or else closed or merged; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last event that concerned the customer (<see cref="IsRelevant"/>), by the time it happened.</summary>
    public DateTimeOffset RelevantAt { get; init; }

    /// <summary>The day at whose beginning (UTC) it may go.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>When its customer asked to be forgotten, first, since it was opened.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    public bool Held { get; init; }
    public bool Anonymised { get; init; }

    public static readonly RetentionFacts None = new();

    /// <summary>From when time runs against it; null while it is open, and once there is nothing left to forget.</summary>
    public DateTimeOffset? ClockAt => Status is Status.Open or Status.Purged || EndedAt is not { } ended ? null : Later(ended, RelevantAt);

    /// <param name="at">When it happened (occurred time).</param>
    public static RetentionFacts Evolve(RetentionFacts f, TicketEvent e, DateTimeOffset at, Actor by)
    {
        var next = Next(f, e, at);
        return IsRelevant(e, by) ? next with { RelevantAt = Later(f.RelevantAt, at) } : next;
    }

    /// <summary>The customer has asked to be forgotten; only the first time counts, or asking again would put it off.</summary>
    public RetentionFacts Requested(DateTimeOffset at) => Customer is null || RequestedAt is not null ? this : this with { RequestedAt = at };

    /// <summary>
    /// Whether an event restarts the clock: what the customer said or was told, what people wrote down about it, and its end and return. What the
    /// house does to its own records does not: redactions, looks, holds, retention itself, warnings, and whatever a program notes or closes. A new
    /// event restarts nothing until someone decides otherwise here.
    /// </summary>
    public static bool IsRelevant(TicketEvent e, Actor by) => e switch
    {
        TicketOpened or CustomerMessageReceived or CallbackRequested or CallbackReached or CallbackMissed or FeedbackGiven => true,
        ReplySent { Automated: false } or TicketClosed { Cause: CloseCause.CustomerAcknowledged } => true,
        NoteAdded or AttachmentAdded => by.Role != Role.System,
        TicketResolved or TicketReopened or TicketUnmerged => true,
        _ => false,
    };

    static RetentionFacts Next(RetentionFacts f, TicketEvent e, DateTimeOffset at) => e switch
    {
        TicketOpened o => None with { Number = o.Number, Product = o.Product, Language = o.Language, Contract = o.Contract, Customer = o.Requester.Id },
        TicketMoved m => f with { Product = m.Product, Language = m.Language },
        ContractChanged c => f with { Contract = c.Contract },
        TicketResolved => f with { Status = Status.Resolved, EndedAt = at },
        TicketClosed => f with { Status = Status.Closed, EndedAt = f.EndedAt ?? at },
        TicketMerged => f with { Status = Status.Closed, EndedAt = f.EndedAt ?? at },
        // Whoever worked on an anonymised ticket may have written down anew who it was.
        TicketReopened or TicketUnmerged => f with { Status = Status.Open, EndedAt = null, Anonymised = false },
        LegalHoldPlaced => f with { Held = true },
        LegalHoldLifted => f with { Held = false },
        TicketExpirySet x => f with { ExpiresOn = x.ExpiresOn },
        TicketAnonymised => f with { Anonymised = true, Customer = null, RequestedAt = null },
        TicketPurged => f with { Status = Status.Purged, Customer = null, RequestedAt = null, Held = false, ExpiresOn = null },
        _ => f,
    };

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
