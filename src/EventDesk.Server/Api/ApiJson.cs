using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Reporting;
using EventDesk.Service.Searching;
using EventDesk.Service.Subjects;

namespace EventDesk.Server.Api;

/// <summary>The JSON of the API, generated at build time: camelCase, nulls left out, unknown and repeated members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters =
    [
        typeof(UtcTime), typeof(ExactEnum<Channel>), typeof(ExactEnum<SupportLine>), typeof(ExactEnum<Severity>), typeof(ExactEnum<Status>), typeof(ExactEnum<Place>),
        typeof(ExactEnum<IncidentState>), typeof(ExactEnum<SlaClockKind>), typeof(ExactEnum<ClockEnd>), typeof(ExactEnum<ClockState>), typeof(ExactEnum<ClockSegmentKind>),
        typeof(ExactEnum<WaitingReason>), typeof(ExactEnum<Resolution>), typeof(ExactEnum<Role>), typeof(ExactEnum<Availability>), typeof(ExactEnum<TimeCounted>),
        typeof(ExactEnum<OpeningState>), typeof(ExactEnum<FindingKind>), typeof(ExactEnum<PurgeReason>), typeof(ExactEnum<MonitorGrouping>), typeof(ExactEnum<CopyFor>),
        typeof(ExactEnum<RetentionTrigger>), typeof(ExactEnum<RetentionAction>), typeof(ExactEnum<SearchPlace>), typeof(ExactEnum<LinkKind>), typeof(ExactEnum<BulkResult>),
    ])]
[JsonSerializable(typeof(OpenRequest))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(CallbackRequest))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(TriageRequest))]
[JsonSerializable(typeof(AssignmentRequest))]
[JsonSerializable(typeof(UnassignmentRequest))]
[JsonSerializable(typeof(SeverityRequest))]
[JsonSerializable(typeof(EscalationRequest))]
[JsonSerializable(typeof(DeEscalationRequest))]
[JsonSerializable(typeof(ManagementEvaluationRequest))]
[JsonSerializable(typeof(UnresolvableRequest))]
[JsonSerializable(typeof(WaitingRequest))]
[JsonSerializable(typeof(ResolutionRequest))]
[JsonSerializable(typeof(ReopeningRequest))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(FeedbackReviewRequest))]
[JsonSerializable(typeof(WaitingCommentList))]
[JsonSerializable(typeof(TagsRequest))]
[JsonSerializable(typeof(LegalHoldRequest))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(MacroDefinitionRequest))]
[JsonSerializable(typeof(MacroReplyRequest))]
[JsonSerializable(typeof(BulkPreviewRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(PassagesRequest))]
[JsonSerializable(typeof(RedactionRequest))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(RevealRequest))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(PassageList))]
[JsonSerializable(typeof(RevealedAnswer))]
[JsonSerializable(typeof(RevealWaitsAnswer))]
[JsonSerializable(typeof(RevealApprovalRequest))]
[JsonSerializable(typeof(PrivacyDefinitionRequest))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(TicketAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(TicketPage))]
[JsonSerializable(typeof(QueueCountsAnswer))]
[JsonSerializable(typeof(ContractHolderRequest))]
[JsonSerializable(typeof(ContactRequest))]
[JsonSerializable(typeof(PublicationRequest))]
[JsonSerializable(typeof(IncidentStateRequest))]
[JsonSerializable(typeof(IncidentAnswer))]
[JsonSerializable(typeof(IncidentDetailAnswer))]
[JsonSerializable(typeof(IncidentList))]
[JsonSerializable(typeof(ClockCountsAnswer))]
[JsonSerializable(typeof(MonitorAnswer))]
[JsonSerializable(typeof(ClockAnswer))]
[JsonSerializable(typeof(ClockList))]
[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(ContractRequest))]
[JsonSerializable(typeof(AttachmentAnswer))]
[JsonSerializable(typeof(AttachmentList))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(IssuedTokenAnswer))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(OrganisationAnswer))]
[JsonSerializable(typeof(ProductDefinitionRequest))]
[JsonSerializable(typeof(LanguageDefinitionRequest))]
[JsonSerializable(typeof(CalendarDefinitionRequest))]
[JsonSerializable(typeof(ContractDefinitionRequest))]
[JsonSerializable(typeof(DeskDefinitionRequest))]
[JsonSerializable(typeof(TeamDefinitionRequest))]
[JsonSerializable(typeof(AgentDefinitionRequest))]
[JsonSerializable(typeof(RoutingDefinitionRequest))]
[JsonSerializable(typeof(PresenceRequest))]
[JsonSerializable(typeof(ReturnRequest))]
[JsonSerializable(typeof(NextRequest))]
[JsonSerializable(typeof(RosterAnswer))]
[JsonSerializable(typeof(RosterAgentAnswer))]
[JsonSerializable(typeof(ReturnAnswer))]
[JsonSerializable(typeof(PartAnswer))]
[JsonSerializable(typeof(PartVersionsAnswer))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(HoursAnswer))]
[JsonSerializable(typeof(LedgerProofAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(CloudEventAnswer[]))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(PersonRequest))]
[JsonSerializable(typeof(PersonDetailsRequest))]
[JsonSerializable(typeof(PersonAccessRequest))]
[JsonSerializable(typeof(TrainingRequest))]
[JsonSerializable(typeof(RequiredTrainingsRequest))]
[JsonSerializable(typeof(PersonAnswer))]
[JsonSerializable(typeof(PersonList))]
[JsonSerializable(typeof(TicketReadersAnswer))]
[JsonSerializable(typeof(CustomerPrivacyAnswer))]
[JsonSerializable(typeof(ReportAnswer<CsatFigures>))]
[JsonSerializable(typeof(ReportAnswer<FirstLineFigures>))]
[JsonSerializable(typeof(ReportAnswer<ResponseTimeFigures>))]
[JsonSerializable(typeof(ReportAnswer<EscalationFigures>))]
[JsonSerializable(typeof(ReportAnswer<ReopenFigures>))]
[JsonSerializable(typeof(ReportAnswer<VolumeFigures>))]
[JsonSerializable(typeof(ReportAnswer<WaitingFigures>))]
[JsonSerializable(typeof(ReportAnswer<ActivityFigures>))]
[JsonSerializable(typeof(ReportAnswer<BacklogFigures>))]
[JsonSerializable(typeof(ReportAnswer<FlowFigures>))]
[JsonSerializable(typeof(ReportAnswer<SlaFigures>))]
[JsonSerializable(typeof(EventsBehindAnswer))]
[JsonSerializable(typeof(OutboxAnswer))]
[JsonSerializable(typeof(RecognitionRequest))]
[JsonSerializable(typeof(RecognitionAnswer))]
[JsonSerializable(typeof(HintList))]
[JsonSerializable(typeof(RetentionDefinitionRequest))]
[JsonSerializable(typeof(ExpiryRequest))]
[JsonSerializable(typeof(RetentionTotalsAnswer))]
[JsonSerializable(typeof(RetentionPreviewAnswer))]
[JsonSerializable(typeof(ErasureRequestAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(SavedViewRequest))]
[JsonSerializable(typeof(SavedViewAnswer))]
[JsonSerializable(typeof(SavedViewList))]
[JsonSerializable(typeof(AttendanceRequest))]
[JsonSerializable(typeof(PresenceAnswer))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>What is read and written at every door: texts go into JSON, never into HTML, so only what JSON needs is escaped.</summary>
    public static ApiJson Http => Relaxed.Context;

    /// <remarks>A class of its own: within one, nobody says which static member comes first.</remarks>
    static class Relaxed
    {
        public static readonly ApiJson Context = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}

/// <summary>Times are answered in UTC with a Z; any offset is taken.</summary>
public sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}

/// <summary>Enum values by their exact camelCase names; neither numbers nor other spellings.</summary>
public sealed class ExactEnum<T> : JsonConverter<T> where T : struct, Enum
{
    static readonly FrozenDictionary<T, string> Names = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()!));
    static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(n => n.Value, n => n.Key);

    public static string Name(T value) => Names[value];

    public static bool TryParse(string name, out T value) => Values.TryGetValue(name, out value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);
}
