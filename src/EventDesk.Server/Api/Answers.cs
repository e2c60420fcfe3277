using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

/// <summary>What a command answers; <see cref="Changed"/> writes it.</summary>
public sealed record ChangeAnswer(
    Guid Ticket, long Number,
    [property: Description("The ticket's version now, the same as in the ETag.")] long Version,
    [property: Description("Id of the message or attachment that was added.")] Guid? Created);

public sealed record RequesterAnswer(
    [property: Description("Pseudonym: the same person has the same id on every ticket.")] Guid Id, string? Name, string? Email);

public sealed record CallbackAnswer(
    [property: Description("The first call that nobody could take.")] DateTimeOffset Since,
    [property: Description("How often it was tried since, without reaching anybody.")] int Attempts,
    [property: Description("When the call is due; left out where it is not timed, or nobody can say, and for customers.")] DateTimeOffset? Due = null);

public sealed record WaitingAnswer(WaitingReason Reason, DateTimeOffset? Until);

/// <summary>A ticket as it stands, or as it stood. What is for staff only is left out for customers.</summary>
public sealed record TicketAnswer
{
    public required Guid Id { get; init; }
    public required long Number { get; init; }
    public required long Version { get; init; }
    public required string Product { get; init; }
    public required string Language { get; init; }
    public required Channel Channel { get; init; }
    public required Status Status { get; init; }

    [Description("Null once it was erased.")]
    public string? Subject { get; init; }

    public required RequesterAnswer Requester { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public WaitingAnswer? Waiting { get; init; }

    [Description("The call back the customer is owed, because a call came outside hours.")]
    public CallbackAnswer? Callback { get; init; }

    [Description("When mail that has no answer yet was collected outside hours.")]
    public DateTimeOffset? CollectedAt { get; init; }

    [Description("The ticket it goes on in, since it was merged.")]
    public Guid? MergedInto { get; init; }

    [Description("How often it was resolved.")]
    public int Cycle { get; init; }

    [Description("Where it stands in the queues; staff only, like everything below.")]
    public Place? Place { get; init; }
    public SupportLine? Line { get; init; }
    public SupportLine? HighestLine { get; init; }
    public string? Team { get; init; }
    public string? Agent { get; init; }
    public Severity? Severity { get; init; }

    [Description("A severity was assessed since it came to its line.")]
    public bool? AssessedOnLine { get; init; }

    [Description("What management said about the way to L3; left out until it was asked.")]
    public bool? ManagementApproved { get; init; }

    [Description("The oldest customer message without a public answer.")]
    public DateTimeOffset? UnansweredSince { get; init; }
    public DateTimeOffset? FirstAnswerAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }
    [Description("Cycles whose comment nobody has reviewed yet.")]
    public IReadOnlyList<int>? CommentsToReview { get; init; }
    public bool? LegalHold { get; init; }
    [Description("The tickets that were merged into it.")]
    public IReadOnlyList<Guid>? Absorbed { get; init; }

    [Description("How it stands to other tickets.")]
    public IReadOnlyList<LinkAnswer>? Links { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
}

public sealed record LinkAnswer(Guid Other, [property: Description("relatesTo, duplicates, duplicatedBy, causedBy or causes, as seen from here.")] string Kind);

public sealed record ActorAnswer(
    [property: Description("Handle of staff; customers see only their own.")] string? Id,
    [property: Description("The role held at that moment.")] Role Role);

public sealed record RuleAnswer(string Id, int Version);

/// <summary>One event of a ticket's history. Its <c>data</c> differs by type; texts stand in plain form.</summary>
public sealed record EventAnswer
{
    [Description("Place in the ticket's stream, from 1.")]
    public required long Version { get; init; }
    public required Guid Id { get; init; }

    [Description("snake_case name of what happened, such as ticket_opened.")]
    public required string Type { get; init; }

    [Description("When it was stored.")]
    public required DateTimeOffset Recorded { get; init; }

    [Description("When it happened; earlier than recorded for imported history.")]
    public required DateTimeOffset Occurred { get; init; }
    public required ActorAnswer Actor { get; init; }

    [Description("The line someone stood in for.")]
    public SupportLine? ActingAs { get; init; }

    [Description("The automatic rule that caused it.")]
    public RuleAnswer? Rule { get; init; }

    [Description("Trace of the request that caused it.")]
    public string? CorrelationId { get; init; }
    public string? CausationId { get; init; }

    [Description("Imported history: the label of the source's row.")]
    public string? Activity { get; init; }

    [Description("Imported history: the state the source gave.")]
    public string? State { get; init; }

    [Description("With proof: place in the global log.")]
    public long? SeqId { get; init; }

    [Description("With proof: the class the event is stored as.")]
    public string? DotnetType { get; init; }

    [Description("With proof: the stored headers, among them the chain digest.")]
    public Dictionary<string, string>? Headers { get; init; }

    [Description("With proof: who stored it, in the column that names the user.")]
    public string? UserName { get; init; }

    [Description("With proof: its leaf in the ledger; left out while the newest checkpoint does not hold it.")]
    public LeafAnswer? Leaf { get; init; }

    [Description("What happened. With proof: as stored, sealed values as ciphertext and digest.")]
    public required Dictionary<string, object> Data { get; init; }
}

/// <summary>What joins an event to the ledger; <see cref="HistoryProof"/> writes it.</summary>
public sealed record LeafAnswer(
    long Index,
    [property: Description("The leaf as it was hashed.")] string Record,
    [property: Description("Hashes on the way to the checkpoint's root, in base64 (RFC 9162).")] IReadOnlyList<string> Proof);

/// <summary>Written by hand event by event (<see cref="HistoryJson"/>); this shape describes it.</summary>
public sealed record HistoryAnswer(
    Guid Ticket, long Number, long Version, IReadOnlyList<EventAnswer> Events,
    [property: Description("With proof: the ledger's newest signed checkpoint.")] string? Checkpoint = null);

/// <summary>A line of a list of tickets.</summary>
public sealed record TicketRowAnswer
{
    public required Guid Id { get; init; }
    public required long Number { get; init; }
    public required long Version { get; init; }
    public string? Subject { get; init; }

    [Description("product/language")]
    public required string Desk { get; init; }
    public Status? Status { get; init; }
    public SupportLine? Line { get; init; }
    public Place? Place { get; init; }
    public Severity? Severity { get; init; }
    public string? Agent { get; init; }

    [Description("When the next answer or call is due; in the queue of callbacks, when the call is.")]
    public DateTimeOffset? Due { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    [Description("The call back that is owed.")]
    public CallbackAnswer? Callback { get; init; }

    [Description("It holds mail without an answer that was collected outside hours.")]
    public bool? Collected { get; init; }
}

/// <param name="Next">Address of the next page, also in the Link header; left out on the last page.</param>
public sealed record TicketPage(
    IReadOnlyList<TicketRowAnswer> Tickets,
    [property: Description("Address of the next page, also in the Link header; left out on the last page.")] string? Next);

public sealed record QueueAnswer(
    [property: Description("triage, unassigned, assigned, waiting, open (all of them), mine, or callbacks (those on which a call back is owed).")] string Queue, long Count);

public sealed record QueueCountAnswer(string Desk, SupportLine Line, Place Place, long Count);

public sealed record QueueCountsAnswer(
    IReadOnlyList<QueueAnswer> Queues, [property: Description("The same tickets by desk, line and place.")] IReadOnlyList<QueueCountAnswer> Counts);

public sealed record AttachmentAnswer(
    Guid Id, [property: Description("Null once it was erased.")] string? Name, string MediaType, long Bytes,
    [property: Description("Base64 SHA-256 over the stored, encrypted bytes.")] string Digest,
    [property: Description("For staff only.")] bool Internal, DateTimeOffset AddedAt,
    [property: Description("The merged ticket it was added to; left out for the ticket's own.")] Guid? Ticket);

public sealed record AttachmentList(IReadOnlyList<AttachmentAnswer> Attachments);

public sealed record TokenAnswer
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<Role> Roles { get; init; }
    public IReadOnlyList<string>? Desks { get; init; }
    public IReadOnlyList<SupportLine>? Lines { get; init; }

    [Description("Pseudonym of the customer whose tickets it opens.")]
    public Guid? Customer { get; init; }

    [Description("The person whose it is: it opens no more than they may.")]
    public Guid? Person { get; init; }

    [Description("The client of the sign-in provider whose signed tokens it stands for.")]
    public string? Subject { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset Expires { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

public sealed record IssuedTokenAnswer(
    TokenAnswer Token, [property: Description("Shown this once; only its hash is kept. Left out for a client of the sign-in provider.")] string? Text);

public sealed record TokenList(IReadOnlyList<TokenAnswer> Tokens, string? Next);

public sealed record HealthAnswer(string Status);

/// <summary>CloudEvents 1.0. Thin: sealed texts are null; who may read them asks for the ticket.</summary>
public sealed record CloudEventAnswer
{
    public required string Specversion { get; init; }
    public required Guid Id { get; init; }
    public required string Source { get; init; }

    [Description("eventdesk. and the event's name.")]
    public required string Type { get; init; }

    [Description("The stream: the ticket's id.")]
    public required Guid Subject { get; init; }

    [Description("When it was stored.")]
    public required DateTimeOffset Time { get; init; }
    public required string Datacontenttype { get; init; }

    [Description("Place in the global log, 20 digits, so that it sorts as text.")]
    public required string Sequence { get; init; }

    [Description("Place in its stream.")]
    public required long Streamversion { get; init; }
    public string? Correlationid { get; init; }
    public required Dictionary<string, object> Data { get; init; }
}

public sealed record FaultAnswer(
    [property: Description("JSON pointer into the body, or the name of a parameter or header.")] string Field, string Code, string Detail);

public sealed record SinceAnswer(
    long Version, string Type, DateTimeOffset Time, ActorAnswer Actor, [property: Description("What was written, where the asker may see it.")] string? Text);

/// <summary>RFC 9457; <see cref="Problem"/> writes it.</summary>
public sealed record ProblemAnswer
{
    [Description("urn:eventdesk: and a stable code."), RegularExpression("^urn:eventdesk:[a-z0-9_]+$")]
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public string? Detail { get; init; }

    [Description("What is wrong with each field (400).")]
    public IReadOnlyList<FaultAnswer>? Errors { get; init; }

    [Description("The version it stands at (412).")]
    public long? ActualVersion { get; init; }

    [Description("The channels the desk offers (409, channel_not_offered).")]
    public IReadOnlyList<string>? Offered { get; init; }

    [Description("What changed since the version named in If-Match (412).")]
    public IReadOnlyList<SinceAnswer>? Since { get; init; }
}
