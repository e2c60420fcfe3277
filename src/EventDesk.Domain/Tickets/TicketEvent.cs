using EventDesk.Domain.Privacy;
using EventDesk.Domain.Sla;

namespace EventDesk.Domain.Tickets;

/// <summary>
/// Something that happened to a ticket. Stored for ever: add new events, never rename, retype or reuse one.
/// Who, when, under which rule and with what right stands in the event's metadata, not here.
/// </summary>
public abstract record TicketEvent;

// Opening and conversation
public sealed record TicketOpened(
    long Number, string Product, string Language, Channel Channel, Requester Requester,
    SealedText? Subject, SealedText? Body, Severity? Severity, SupportLine Line, bool Triage,
    string? Team = null, IReadOnlyDictionary<string, SealedText>? Fields = null, string? Source = null, string? SourceCase = null,
    string? Contract = null) : TicketEvent;

/// <summary>The requester was promised an answer under this number; the outbox delivers it.</summary>
public sealed record ConfirmationIssued(long Number, Channel Channel) : TicketEvent;
public sealed record CustomerMessageReceived(Guid MessageId, Channel Channel, SealedText Body) : TicketEvent;

/// <summary>A public answer. An automated one never stops a clock.</summary>
public sealed record ReplySent(Guid MessageId, Channel Channel, SealedText Body, bool Automated = false) : TicketEvent;

/// <summary>For staff only; no customer ever sees it, no clock stops for it.</summary>
public sealed record NoteAdded(Guid MessageId, SealedText Body) : TicketEvent;

/// <param name="Digest">Base64 SHA-256 over the stored, encrypted bytes.</param>
/// <param name="Internal">True hides it from the customer, like a note.</param>
public sealed record AttachmentAdded(Guid AttachmentId, SealedText Name, string MediaType, long Bytes, string Digest, bool Internal) : TicketEvent;

// Outside hours
/// <summary>A call came while nobody takes calls and was recorded as voicemail: the customer is owed a call back.</summary>
/// <param name="Hours">Whose opening hours were over, <c>desk/billing/pl</c> or <c>contract/vip</c>.</param>
public sealed record CallbackRequested(string Hours) : TicketEvent;

/// <summary>The customer was called back and answered: as good as a public answer.</summary>
public sealed record CallbackReached(SealedText? Note = null) : TicketEvent;

/// <summary>The customer was called back and did not answer: the call is owed still.</summary>
public sealed record CallbackMissed(SealedText? Note = null) : TicketEvent;

/// <summary>Mail came while nobody reads it: it is collected until the hours begin again.</summary>
/// <param name="Hours">Whose opening hours were over.</param>
public sealed record MailCollected(string Hours) : TicketEvent;

// Who works on it
public sealed record TicketTriaged(SupportLine Line, string? Team) : TicketEvent;
public sealed record TicketAssigned(AgentId Agent, string? Team = null) : TicketEvent;
public sealed record TicketUnassigned(SealedText? Reason = null) : TicketEvent;

/// <summary>Belongs to another desk from now on: the product or the language was wrong.</summary>
public sealed record TicketMoved(string Product, string Language) : TicketEvent;

/// <summary>Falls under another plan from now on.</summary>
public sealed record ContractChanged(string Contract) : TicketEvent;

/// <summary>Handed to another team on the same line.</summary>
public sealed record TicketTransferred(string Team) : TicketEvent;

// Severity and lines
public sealed record SeverityAssessed(SupportLine Line, Severity Severity, SealedText? Reason = null) : TicketEvent;
public sealed record SeverityChanged(Severity? From, Severity To) : TicketEvent;
public sealed record TicketEscalated(SupportLine From, SupportLine To, SealedText? Reason = null, string? Team = null) : TicketEvent;
public sealed record TicketDeEscalated(SupportLine From, SupportLine To, SealedText? Reason = null, string? Team = null) : TicketEvent;
public sealed record ManagementEvaluated(bool Escalate, SealedText Reason) : TicketEvent;
public sealed record ManagementEscalated(SupportLine From, SealedText Reason) : TicketEvent;

// Waiting
public sealed record WaitingStarted(WaitingReason Reason, DateTimeOffset? Until = null, SealedText? Note = null) : TicketEvent;
public sealed record WaitingEnded(WaitingEnd Cause) : TicketEvent;

// The end, and back again
/// <param name="Cycle">1 for the first resolution, one more after each reopening; a survey belongs to a cycle.</param>
public sealed record TicketResolved(Resolution How, int Cycle, SealedText? Summary = null) : TicketEvent;
public sealed record TicketReopened(ReopenCause Cause, SealedText? Reason = null) : TicketEvent;
public sealed record TicketClosed(CloseCause Cause) : TicketEvent;

// Feedback
/// <param name="Scale">How ratings read, e.g. <c>csat-5</c>: 1–5, of which 4 and 5 are positive.</param>
public sealed record FeedbackGiven(int Cycle, int Rating, string Scale, SealedText? Comment = null) : TicketEvent;
public sealed record FeedbackReviewed(int Cycle, string Category, SealedText? Action = null) : TicketEvent;

// Clocks
/// <summary>What the ticket's clocks are measured against from now on: what its contract says for its severity at this moment.</summary>
/// <param name="Severity">The severity that was looked up: the assessed one, or the one the contract assumes.</param>
/// <param name="FirstResponse">Null: no such clock.</param>
/// <param name="NextResponse">Null: no such clock.</param>
/// <param name="Callback">Null: no such clock.</param>
public sealed record SlaTargetSet(
    string Contract, int Version, Severity Severity, ClockTarget? FirstResponse, ClockTarget? NextResponse, ClockTarget? Callback = null) : TicketEvent
{
    public ClockTarget? Of(SlaClockKind clock) => clock switch
    {
        SlaClockKind.FirstResponse => FirstResponse,
        SlaClockKind.NextResponse => NextResponse,
        _ => Callback,
    };

    /// <summary>None of the clocks has a target or a promise.</summary>
    internal bool IsEmpty => this is { FirstResponse: null, NextResponse: null, Callback: null };

    /// <summary>The contract as a rule that acts by itself.</summary>
    internal RuleRef Rule => new($"contract/{Contract}", Version);
}

/// <param name="Due">The instant the budget ends, as known when it was written.</param>
public sealed record SlaWarned(SlaClockKind Clock, DateTimeOffset Due) : TicketEvent;
/// <param name="Due">The instant the budget ended.</param>
public sealed record SLABreached(SlaClockKind Clock, DateTimeOffset Due) : TicketEvent;

// Beside other tickets
public sealed record IncidentDeclared(Guid Incident) : TicketEvent;
public sealed record IncidentLinked(Guid Incident) : TicketEvent;
public sealed record TicketMerged(TicketId Into) : TicketEvent;
public sealed record TicketUnmerged(TicketId From) : TicketEvent;

/// <summary>Another ticket was merged into this one: what it says is read here from now on.</summary>
/// <param name="OwedSince">Its oldest customer message without an answer, which is owed here now; null: none.</param>
public sealed record TicketAbsorbed(TicketId From, DateTimeOffset? OwedSince = null) : TicketEvent;

/// <summary>The merge of another ticket into this one was taken back.</summary>
public sealed record TicketReleased(TicketId From) : TicketEvent;

/// <param name="Kind">As seen from this ticket: a <see cref="LinkKind"/>, camelCase.</param>
public sealed record TicketLinked(TicketId Other, string Kind) : TicketEvent;
public sealed record TicketUnlinked(TicketId Other, string Kind) : TicketEvent;
public sealed record TicketTagged(IReadOnlyList<string> Added, IReadOnlyList<string> Removed) : TicketEvent;

// Privacy
public sealed record LegalHoldPlaced(SealedText Reason) : TicketEvent;
public sealed record LegalHoldLifted(SealedText Reason) : TicketEvent;

/// <param name="MessageVersion">Version of the event that carries the text.</param>
/// <param name="Shown">What is shown of the text from now on.</param>
/// <param name="Until">When it is erased for good; null: never by itself.</param>
public sealed record PassageRedacted(
    long MessageVersion, string Field, int Start, int Length, IReadOnlyList<KeptText>? Shown = null, DateTimeOffset? Until = null,
    SealedText? Reason = null) : TicketEvent;

/// <summary>The ticket's old data key is destroyed with this event: what is kept of the texts before it stands in the event, under a new one.</summary>
/// <param name="Shown">What is shown of kept texts that have hidden passages.</param>
/// <param name="Masks">The passages that are still hidden, by their place in what is kept.</param>
public sealed record PassagesErased(
    IReadOnlyList<Passage> Passages, SealedText Reason, IReadOnlyList<KeptText> Kept, IReadOnlyList<KeptText> Shown,
    IReadOnlyList<Mask> Masks, IReadOnlyList<KeptAttachment> Attachments) : TicketEvent;

/// <summary>Someone wants to look at what is hidden, and another person has to agree.</summary>
/// <param name="By">Who asks.</param>
public sealed record RevealRequested(long MessageVersion, string Field, SealedText Reason, AgentId By) : TicketEvent;

/// <summary>A second person agreed that someone may look.</summary>
/// <param name="For">Who asked.</param>
public sealed record RevealApproved(long MessageVersion, string Field, AgentId For) : TicketEvent;

/// <summary>Someone looked at what is hidden.</summary>
public sealed record OriginalRevealed(long MessageVersion, string Field, SealedText Reason) : TicketEvent;

/// <param name="Certificate">Id of the certificate of erasure.</param>
public sealed record TicketPurged(string Certificate, PurgeReason? Reason = null) : TicketEvent;

/// <summary>Who it was is forgotten: the passages that told it stand as erased in the event before, and no row leads to the customer any more.</summary>
public sealed record TicketAnonymised : TicketEvent;

/// <summary>How long it has to be kept, whatever else the rules say of it.</summary>
/// <param name="ExpiresOn">The day at whose beginning (UTC) a rule may take it; null: no day any more.</param>
public sealed record TicketExpirySet(DateOnly? ExpiresOn, SealedText Reason) : TicketEvent;

/// <summary>A step of an imported history that means nothing to our rules but happened: kept, so that nothing is lost.</summary>
public sealed record ActivityImported(string Activity) : TicketEvent;
