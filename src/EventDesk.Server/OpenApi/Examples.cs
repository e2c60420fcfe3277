using System.Text.Json;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every body, made of the very types that are read and written: one that no longer fits does not compile.</summary>
static class Examples
{
    public static readonly Guid SomeId = new("019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a");
    static readonly Guid OtherId = new("019a94f1-77aa-7c01-8d34-5b2f10a9c7d4");
    static readonly DateTimeOffset Then = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    const string SomeHash = "4hRcV0kX9fCbXG1mFbPqQ7s8Yk2y5hK3v1nq0o8w6Zs=";

    static readonly EventAnswer Opened = new()
    {
        Version = 1, Id = OtherId, Type = "ticket_opened", Recorded = Then, Occurred = Then, Actor = new("ann", Role.Agent),
        CorrelationId = "4bf92f3577b34da6a3ce929d0e0e4736", Data = [],
    };

    static readonly TicketRowAnswer Row = new()
    {
        Id = SomeId, Number = 17, Version = 7, Subject = "Invoice missing", Desk = "billing/en", Line = SupportLine.L1, Place = Place.Assigned,
        Severity = Severity.Standard, Agent = "ann", OpenedAt = Then,
    };

    static readonly IncidentAnswer Fault = new(OtherId, "billing", Then, IncidentState.Investigating, false, 2, 3, 2, 1);

    static readonly ClockAnswer Clock = new()
    {
        Clock = 1, Kind = SlaClockKind.FirstResponse, Started = Then, State = ClockState.Running, TargetSeconds = 7200, Hours = "desk/billing/pl", ElapsedSeconds = 1800,
        Due = Then.AddHours(2), Warned = false, Breached = false, PromiseSeconds = 3600, PromiseElapsedSeconds = 1800,
        Segments = [new(Then, Then.AddMinutes(30), ClockSegmentKind.Running, "pl", 1, 1800)],
    };

    static readonly TokenAnswer Token = new()
    {
        Id = OtherId, Name = "ann", Roles = [Role.Agent], Desks = ["billing/en"], Lines = [SupportLine.L1], Created = Then, CreatedBy = "adam", Expires = Then.AddDays(90),
    };

    static readonly Dictionary<Type, object> All = ((IEnumerable<object>)
    [
        new OpenRequest
        {
            Product = "billing", Language = "en", Channel = Channel.Portal, Requester = new() { Name = "Kim Doe", Email = "kim@example.com" },
            Subject = "Invoice missing", Body = "I got no invoice in May.", Severity = Severity.Standard,
            Fields = new Dictionary<string, string> { ["contract"] = "C-1207" },
        },
        new MessageRequest { Body = "The invoice is on its way.", Channel = Channel.Email },
        new CallbackRequest { Reached = false, Note = "Nobody answered; tried again at ten." },
        new NoteRequest { Body = "Second time this month." },
        new TriageRequest { Line = SupportLine.L1, Team = "invoices" },
        new AssignmentRequest { Agent = "ann" },
        new MoveRequest { Product = "cloud", Language = "en" },
        new ContractRequest { Contract = "standard" },
        new UnassignmentRequest { Reason = "On leave from tomorrow." },
        new SeverityRequest { Severity = Severity.High, Reason = "Nobody can pay." },
        new EscalationRequest { Reason = "Needs access to the ledger.", Team = "ledger" },
        new DeEscalationRequest { Line = SupportLine.L1, Reason = "A known question after all." },
        new ManagementEvaluationRequest { Escalate = true, Reason = "Three customers are affected." },
        new UnresolvableRequest { Reason = "The vendor has ended support." },
        new WaitingRequest { Reason = WaitingReason.PlannedDate, Until = Then.AddDays(3), Note = "Delivery on Thursday." },
        new ResolutionRequest { Resolution = Resolution.Fixed, Summary = "The invoice was sent again." },
        new ReopeningRequest { Reason = "It is still missing." },
        new FeedbackRequest { Rating = 5, Comment = "Quick and kind." },
        new FeedbackReviewRequest { Category = "praise", Action = "Told the team." },
        new TagsRequest { Add = ["invoice"], Remove = ["unclear"] },
        new LegalHoldRequest { Reason = "Case 4711." },
        new AttendanceRequest { Writing = true, Screen = "left" },
        new PresenceAnswer([new("ann", true), new("bob", false)]),
        new MergeRequest { Into = "18" },
        new BulkPreviewRequest { Tickets = ["17", "18"], Action = new() { Tag = new() { Add = ["outage"] } } },
        new BulkRequest { Items = [new() { Ticket = SomeId, Version = 7 }], Action = new() { Tag = new() { Add = ["outage"] } } },
        new BulkAnswer(
            [
                new() { Ticket = SomeId, Number = 17, Version = 8, Result = BulkResult.Taken },
                new() { Ticket = OtherId, Number = 18, Version = 9, Result = BulkResult.Stale, Problem = new("urn:eventdesk:stale_version", "The ticket has changed since you read it.", "It stands at version 9.") },
            ], 1),
        new LinkRequest { Other = "18", Kind = LinkKind.CausedBy },
        new PassagesRequest { Passages = [new() { Version = 1, Field = "body", Start = 3, Length = 7 }] },
        new RedactionRequest { Passages = [new() { Version = 1, Field = "body", Start = 3, Length = 7 }], Reason = "A card number.", Everywhere = true },
        new ErasureRequest { Passages = [new() { Version = 1, Field = "body", Start = 3, Length = 7 }], Reason = "A card number.", Everywhere = true },
        new RevealRequest { Version = 1, Field = "body", Reason = "The bank asks which card it was." },
        new PurgeRequest { Reason = PurgeReason.CustomerRequest },
        new PassageList([new(4, "body", 12, 16), new(6, "name", 0, 16)]),
        new RevealedAnswer("My card is 4111 1111 1111 1111.", 9),
        new TokenRequest { Name = "ann", Roles = [Role.Agent], Desks = ["billing/en"], Lines = [SupportLine.L1], ExpiresInDays = 90 },
        new ChangeAnswer(SomeId, 17, 7, OtherId),
        new TicketAnswer
        {
            Id = SomeId, Number = 17, Version = 7, Product = "billing", Language = "en", Channel = Channel.Portal, Status = Status.Open, Subject = "Invoice missing",
            Requester = new(OtherId, "Kim Doe", "kim@example.com"), OpenedAt = Then, Place = Place.Assigned, Line = SupportLine.L1, HighestLine = SupportLine.L1,
            Agent = "ann", Severity = Severity.Standard, AssessedOnLine = true, UnansweredSince = Then, ChangedAt = Then, Tags = ["invoice"],
        },
        new HistoryAnswer(SomeId, 17, 1, [Opened]),
        new TicketPage([Row], "/api/queues/open/tickets?limit=1&after=AAAAAAAAAGQ"),
        new QueueCountsAnswer([new("triage", 3), new("open", 12), new("mine", 2), new("callbacks", 1)], [new("billing/en", SupportLine.L1, Place.Triage, 3)]),
        new ContactRequest { Customer = OtherId, Channel = Channel.Phone },
        new PublicationRequest { Message = "Invoices are delayed; we are looking into it." },
        new IncidentStateRequest { State = IncidentState.Identified },
        Fault,
        new IncidentDetailAnswer(Fault, [new(OtherId, [SomeId], "contacted", Channel.Phone, Then)]),
        new IncidentList([Fault]),
        new ClockCountsAnswer(3, 1, 4, 0, 2),
        Clock,
        new ClockList([Clock]),
        new AttachmentList([new(OtherId, "log.txt", "text/plain", 1207, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", false, Then, SomeId)]),
        Token,
        new IssuedTokenAnswer(Token, "edk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        new TokenList([Token], null),
        new RecognitionRequest { Text = "My card is 4111 1111 1111 1111." },
        new RecognitionAnswer([FindingAnswer.Of(new(FindingKind.PaymentCard, 11, 19))]),
        new HintList([HintAnswer.Of(new(1, "body", new(FindingKind.PaymentCard, 11, 19)))]),
        new HealthAnswer("ready"),
        new[]
        {
            new CloudEventAnswer
            {
                Specversion = "1.0", Id = OtherId, Source = "urn:eventdesk", Type = "eventdesk.ticket_assigned", Subject = SomeId, Time = Then,
                Datacontenttype = "application/json", Sequence = "00000000000000000100", Streamversion = 3, Data = [],
            },
        },
        new LedgerProofAnswer { Size = 307, Root = SomeHash, Leaf = 17, LeafHash = SomeHash, Proof = [SomeHash, SomeHash] },
        .. OrganisationExamples.All,
        .. ReportExamples.All,
        .. PeopleExamples.All,
        .. RetentionExamples.All,
        .. SubjectExamples.All,
        .. SearchExamples.All,
    ]).ToDictionary(e => e.GetType());

    /// <summary>Null for types that are no body by themselves.</summary>
    public static JsonNode? Of(Type type) =>
        All.TryGetValue(type, out var example) ? JsonSerializer.SerializeToNode(example, ApiJson.Http.Options.GetTypeInfo(type)) : null;
}

/// <summary>An example problem for every status.</summary>
static class ExampleProblems
{
    static Problem For(int status) => status switch
    {
        400 => Problems.Invalid([new("/subject", "too_long", "It has 612 characters; 500 are allowed.")]),
        401 => Problems.Unauthenticated("The token is unknown, expired or revoked."),
        403 => Problems.Forbidden("The ticket is on L2, which is not your line."),
        404 => Problems.NoSuchTicket(),
        409 => Problems.Refused("severity_not_assessed", "Assess the severity on L1 before escalating: each line makes its own assessment."),
        412 => Outcomes.ExampleOfStale(),
        413 => Problems.TooLarge(Body.MaxJsonBytes),
        415 => Problems.UnsupportedMediaType("application/json"),
        422 => Problems.KeyReused(),
        428 => Problems.VersionRequired(),
        429 => Problems.RateLimited(1),
        _ => Problems.Unavailable(),
    };

    static Problem? OfOrganisation(int status) => status switch
    {
        400 => Problems.Invalid([new("/name", "blank", "It must not be blank.")]),
        409 => Problems.OrganisationAtOdds(["Desk billing/pl names the unknown calendar \"pl\"."]),
        412 => Problems.StalePart(3),
        428 => Problems.PartVersionRequired(),
        _ => null,
    };

    /// <param name="metadata">Of the operation.</param>
    public static JsonNode Of(int status, IList<object> metadata) =>
        JsonNode.Parse(((metadata.OfType<ChangesOrganisation>().Any() ? OfOrganisation(status) : null) ?? (IsBusy(status, metadata) ? Problems.ReportsBusy() : For(status))).ToJson().Span)!;

    static bool IsBusy(int status, IList<object> metadata) => status == 503 && metadata.OfType<CountsAnew>().Any();

    public static string Description(int status, IList<object> metadata) => IsBusy(status, metadata) ? "The database is away, or too many reports as of a moment are asked for at once." : Description(status);

    static string Description(int status) => status switch
    {
        200 => "Done; the answer is below.",
        201 => "It exists now.",
        202 => "It is asked for; another person has to agree.",
        204 => "Done.",
        304 => "Nothing has changed.",
        400 => "The request has faults.",
        401 => "No valid token.",
        403 => "Not allowed.",
        404 => "There is none, or none within reach.",
        409 => "A rule says no.",
        412 => "It has changed since that version; the answer says what.",
        413 => "The body is too large.",
        415 => "The body has the wrong content type.",
        422 => "The key was used for another request.",
        428 => "It was not said which version one acts on.",
        429 => "Too many requests.",
        503 => "The database is away.",
        _ => "Something else.",
    };
}
