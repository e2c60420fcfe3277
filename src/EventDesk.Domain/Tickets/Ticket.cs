using System.Diagnostics;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Sla;

namespace EventDesk.Domain.Tickets;

/// <summary>What the rules need to know of a ticket, and nothing else. It is only ever made by <see cref="Evolve"/>.</summary>
public sealed record Ticket
{
    public long Number { get; init; }
    public string Product { get; init; } = "";
    public string Language { get; init; } = "";
    public Channel Channel { get; init; }
    public CustomerId Requester { get; init; }
    public Status Status { get; init; }
    public bool Triage { get; init; }
    public SupportLine Line { get; init; } = SupportLine.L1;
    public SupportLine HighestLine { get; init; } = SupportLine.L1;
    public string? Team { get; init; }
    public AgentId? Agent { get; init; }
    public Severity? Severity { get; init; }

    /// <summary>A severity was assessed since the ticket arrived on its present line.</summary>
    public bool AssessedOnLine { get; init; }

    /// <summary>What management said since the ticket arrived on its present line; null: it was not asked.</summary>
    public bool? ManagementApproved { get; init; }

    public WaitingReason? Waiting { get; init; }
    public DateTimeOffset? WaitingUntil { get; init; }
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The oldest customer message without a public answer of staff.</summary>
    public DateTimeOffset? UnansweredSince { get; init; }

    /// <summary>The first public answer of staff, ever.</summary>
    public DateTimeOffset? FirstAnswerAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>How often it was resolved; a survey belongs to one of these cycles.</summary>
    public int Cycle { get; init; }

    /// <summary>The first rating of the present cycle; it may be changed for some days from then on.</summary>
    public DateTimeOffset? RatedAt { get; init; }

    /// <summary>The cycles whose comment nobody has reviewed yet, oldest first.</summary>
    public IReadOnlyList<int> CommentsToReview { get; init; } = [];

    /// <summary>The incident it is part of; it stays so whatever becomes of its severity.</summary>
    public Guid? Incident { get; init; }

    public bool LegalHold { get; init; }

    /// <summary>The day at whose beginning (UTC) a retention rule may take it; null: none was set.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>Whose it was is forgotten, and nobody has worked on it since. Null, not false, so that it stands in the rows of few tickets.</summary>
    public bool? Anonymised { get; init; }

    /// <summary>The passages that are hidden; null: none.</summary>
    public IReadOnlyList<Mask>? Masks { get; init; }

    /// <summary>Looks that were asked for where a second person has to agree, the last of each person and text; null: none.</summary>
    public IReadOnlyList<AskedReveal>? Reveals { get; init; }

    /// <summary>Texts were taken out for good: those before the last such event stand in it, as far as they were kept.</summary>
    public bool Erased { get; init; }

    /// <summary>Its texts cannot be read straight from the events that carry them.</summary>
    public bool IsRedacted => Erased || Masks is not null;
    public TicketId? MergedInto { get; init; }

    /// <summary>The tickets that were merged into it, in that order; null: none.</summary>
    public IReadOnlyList<TicketId>? Absorbed { get; init; }

    /// <summary>Null: none.</summary>
    public IReadOnlyList<TicketLink>? Links { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The plan it falls under; null: its desk's.</summary>
    public string? Contract { get; init; }

    /// <summary>What its clocks are measured against; null: nothing was ever set.</summary>
    public SlaTargetSet? Targets { get; init; }

    /// <summary>The answer that is owed and timed; null when none is.</summary>
    public SlaClock? Clock { get; init; }

    /// <summary>The call back that is owed; null when none is.</summary>
    public OwedCallback? Callback { get; init; }

    /// <summary>The clock of the owed call back, which runs beside the one of the answer; null when none is owed, or none within any time.</summary>
    public SlaClock? CallbackClock { get; init; }

    /// <summary>When the first mail without an answer was collected outside hours; null when there is none.</summary>
    public DateTimeOffset? CollectedAt { get; init; }

    /// <summary>The clocks that run or pause now.</summary>
    public IEnumerable<SlaClock> Clocks => new[] { Clock, CallbackClock }.OfType<SlaClock>();

    public DeskId Desk => DeskId.Of(Product, Language);

    /// <summary>Its place in the queues, null when nobody has to do anything.</summary>
    public Place? Place => this switch
    {
        { Status: not Status.Open } => null,
        { Waiting: not null } => Tickets.Place.Waiting,
        { Triage: true } => Tickets.Place.Triage,
        { Agent: null } => Tickets.Place.Unassigned,
        _ => Tickets.Place.Assigned,
    };

    /// <summary>No event has happened yet.</summary>
    public static readonly Ticket None = new();

    /// <param name="t">The ticket before.</param>
    /// <param name="e">What happened.</param>
    /// <param name="at">When it happened (occurred time).</param>
    /// <param name="byStaff">Whether its actor was staff at that time.</param>
    public static Ticket Evolve(Ticket t, TicketEvent e, DateTimeOffset at, bool byStaff)
    {
        var next = Next(t, e, at, byStaff);
        return next.Targets is null ? next with { ChangedAt = at } : next with
        {
            ChangedAt = at,
            Clock = SlaClock.After(t.Clock, next, e, at),
            CallbackClock = SlaClock.OfCallbackAfter(t.CallbackClock, next, e, at),
        };
    }

    static Ticket Next(Ticket t, TicketEvent e, DateTimeOffset at, bool byStaff) => e switch
    {
        TicketOpened o => new Ticket
        {
            Number = o.Number, Product = o.Product, Language = o.Language, Channel = o.Channel, Requester = o.Requester.Id,
            Severity = o.Severity, Line = o.Line, HighestLine = o.Line, Triage = o.Triage, Team = o.Team,
            OpenedAt = at, UnansweredSince = at, Contract = o.Contract,
        },
        CustomerMessageReceived => t with { UnansweredSince = t.UnansweredSince ?? at },
        ReplySent { Automated: false } when byStaff => Answered(t, at),
        CallbackRequested => t with { Callback = t.Callback ?? new OwedCallback(at) },
        CallbackMissed => t with { Callback = t.Callback is { } owed ? owed with { Attempts = owed.Attempts + 1 } : null },
        CallbackReached => (byStaff ? Answered(t, at) : t) with { Callback = null },
        MailCollected => t with { CollectedAt = t.CollectedAt ?? at },
        TicketTriaged x => Arrive(t, x.Line) with { Triage = false, Team = x.Team ?? t.Team },
        TicketAssigned x => t with { Agent = x.Agent, Team = x.Team ?? t.Team, Triage = false },
        TicketUnassigned => t with { Agent = null },
        TicketTransferred x => t with { Team = x.Team, Agent = null },
        TicketMoved x => t with { Product = x.Product, Language = x.Language, Team = null, Agent = null },
        ContractChanged x => t with { Contract = x.Contract },
        SlaTargetSet x => t with { Targets = x },
        SeverityAssessed x => t with { AssessedOnLine = x.Line == t.Line || t.AssessedOnLine },
        SeverityChanged x => t with { Severity = x.To },
        TicketEscalated x => Arrive(t, x.To) with { Team = x.Team, Agent = null },
        TicketDeEscalated x => Arrive(t, x.To) with { Team = x.Team, Agent = null },
        ManagementEvaluated x => t with { ManagementApproved = x.Escalate },
        ManagementEscalated => Arrive(t, SupportLine.Management) with { Agent = null, Team = null },
        WaitingStarted x => t with { Waiting = x.Reason, WaitingUntil = x.Until },
        WaitingEnded => t with { Waiting = null, WaitingUntil = null },
        TicketResolved x => t with
        {
            Status = Status.Resolved,
            ResolvedAt = at,
            Cycle = x.Cycle,
            RatedAt = null,
            UnansweredSince = null,
            Callback = null,
            CollectedAt = null,
            Waiting = null,
            WaitingUntil = null,
            Triage = false,
        },
        // A customer who reopens asks again, with or without words: the next answer is owed from then on.
        TicketReopened x => t with
        {
            Status = Status.Open,
            ResolvedAt = null,
            Anonymised = null,
            UnansweredSince = t.UnansweredSince ?? (x.Cause == ReopenCause.Customer ? at : null),
        },
        TicketClosed => t with { Status = Status.Closed, Waiting = null, WaitingUntil = null, UnansweredSince = null, Callback = null, CollectedAt = null },
        FeedbackGiven x => t with
        {
            RatedAt = t.RatedAt ?? at,
            CommentsToReview = x.Comment is null ? t.CommentsToReview : [.. t.CommentsToReview.Union([x.Cycle]).Order()],
        },
        FeedbackReviewed x => t with { CommentsToReview = [.. t.CommentsToReview.Where(cycle => cycle != x.Cycle)] },
        TicketTagged x => t with { Tags = [.. t.Tags.Except(x.Removed).Union(x.Added).Order(StringComparer.Ordinal)] },
        IncidentDeclared x => t with { Incident = x.Incident },
        IncidentLinked x => t with { Incident = x.Incident },
        LegalHoldPlaced => t with { LegalHold = true },
        LegalHoldLifted => t with { LegalHold = false },
        TicketMerged x => t with { MergedInto = x.Into, Status = Status.Closed },
        TicketUnmerged => t with { MergedInto = null, Status = Status.Open, Anonymised = null },
        TicketAbsorbed x => t with { Absorbed = [.. (t.Absorbed ?? []).Where(id => id != x.From), x.From], UnansweredSince = t.UnansweredSince ?? x.OwedSince },
        TicketReleased x => t with { Absorbed = OrNull((t.Absorbed ?? []).Where(id => id != x.From)) },
        TicketLinked x => t with { Links = [.. (t.Links ?? []).Where(l => l != new TicketLink(x.Other, x.Kind)), new(x.Other, x.Kind)] },
        TicketUnlinked x => t with { Links = OrNull((t.Links ?? []).Where(l => l != new TicketLink(x.Other, x.Kind))) },
        PassageRedacted x => t with { Masks = [.. t.Masks ?? [], new Mask(x.MessageVersion, x.Field, x.Start, x.Length, x.Until)] },
        PassagesErased x => t with { Masks = x.Masks.Count == 0 ? null : x.Masks, Erased = true, Reveals = null },
        TicketAnonymised => t with { Requester = default, Anonymised = true },
        TicketExpirySet x => t with { ExpiresOn = x.ExpiresOn },
        RevealRequested x => t with { Reveals = [.. (t.Reveals ?? []).Where(r => !r.Is(x.MessageVersion, x.Field, x.By)), new(x.MessageVersion, x.Field, x.By, at)] },
        RevealApproved x => t with { Reveals = [.. (t.Reveals ?? []).Select(r => r.Is(x.MessageVersion, x.Field, x.For) ? r with { ApprovedAt = at } : r)] },
        TicketPurged => Tombstone(t),
        ReplySent or NoteAdded or AttachmentAdded or ConfirmationIssued or ActivityImported or SlaWarned
            or SLABreached or OriginalRevealed => t,
        _ => throw new UnreachableException($"Ticket.Evolve has no case for {e.GetType().Name}"),
    };

    static IReadOnlyList<T>? OrNull<T>(IEnumerable<T> rest) => rest.ToArray() is { Length: > 0 } some ? some : null;

    /// <summary>The customer has an answer of staff; a call that is owed is owed still.</summary>
    static Ticket Answered(Ticket t, DateTimeOffset at) => t with { UnansweredSince = null, FirstAnswerAt = t.FirstAnswerAt ?? at, CollectedAt = null };

    /// <summary>What is left says that there was a ticket, of which desk and when, and not whose.</summary>
    static Ticket Tombstone(Ticket t) => new()
    {
        Number = t.Number, Product = t.Product, Language = t.Language, Channel = t.Channel, Status = Status.Purged,
        Line = t.Line, HighestLine = t.HighestLine, OpenedAt = t.OpenedAt, ResolvedAt = t.ResolvedAt, Cycle = t.Cycle, MergedInto = t.MergedInto,
    };

    /// <summary>A line decides on its own assessment and its own evaluation: both start anew when the line changes.</summary>
    static Ticket Arrive(Ticket t, SupportLine line) => line == t.Line ? t : t with
    {
        Line = line,
        HighestLine = line > t.HighestLine ? line : t.HighestLine,
        AssessedOnLine = false,
        ManagementApproved = null,
    };
}
