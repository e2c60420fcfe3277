using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Domain;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Tickets;

/// <summary>
/// The JSON of events and of the state row: camelCase, enums as camelCase strings, nulls left out, members in ordinal order, so that
/// the bytes written are already in canonical order.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Ticket))]
[JsonSerializable(typeof(TicketOpened))]
[JsonSerializable(typeof(ConfirmationIssued))]
[JsonSerializable(typeof(CustomerMessageReceived))]
[JsonSerializable(typeof(ReplySent))]
[JsonSerializable(typeof(NoteAdded))]
[JsonSerializable(typeof(AttachmentAdded))]
[JsonSerializable(typeof(CallbackRequested))]
[JsonSerializable(typeof(CallbackReached))]
[JsonSerializable(typeof(CallbackMissed))]
[JsonSerializable(typeof(MailCollected))]
[JsonSerializable(typeof(TicketTriaged))]
[JsonSerializable(typeof(TicketAssigned))]
[JsonSerializable(typeof(TicketUnassigned))]
[JsonSerializable(typeof(TicketTransferred))]
[JsonSerializable(typeof(TicketMoved))]
[JsonSerializable(typeof(ContractChanged))]
[JsonSerializable(typeof(SeverityAssessed))]
[JsonSerializable(typeof(SeverityChanged))]
[JsonSerializable(typeof(TicketEscalated))]
[JsonSerializable(typeof(TicketDeEscalated))]
[JsonSerializable(typeof(ManagementEvaluated))]
[JsonSerializable(typeof(ManagementEscalated))]
[JsonSerializable(typeof(WaitingStarted))]
[JsonSerializable(typeof(WaitingEnded))]
[JsonSerializable(typeof(TicketResolved))]
[JsonSerializable(typeof(TicketReopened))]
[JsonSerializable(typeof(TicketClosed))]
[JsonSerializable(typeof(FeedbackGiven))]
[JsonSerializable(typeof(FeedbackReviewed))]
[JsonSerializable(typeof(SlaTargetSet))]
[JsonSerializable(typeof(SlaWarned))]
[JsonSerializable(typeof(SLABreached))]
[JsonSerializable(typeof(IncidentDeclared))]
[JsonSerializable(typeof(IncidentLinked))]
[JsonSerializable(typeof(TicketMerged))]
[JsonSerializable(typeof(TicketUnmerged))]
[JsonSerializable(typeof(TicketAbsorbed))]
[JsonSerializable(typeof(TicketReleased))]
[JsonSerializable(typeof(TicketLinked))]
[JsonSerializable(typeof(TicketUnlinked))]
[JsonSerializable(typeof(TicketTagged))]
[JsonSerializable(typeof(LegalHoldPlaced))]
[JsonSerializable(typeof(LegalHoldLifted))]
[JsonSerializable(typeof(PassageRedacted))]
[JsonSerializable(typeof(PassagesErased))]
[JsonSerializable(typeof(OriginalRevealed))]
[JsonSerializable(typeof(RevealRequested))]
[JsonSerializable(typeof(RevealApproved))]
[JsonSerializable(typeof(TicketPurged))]
[JsonSerializable(typeof(TicketAnonymised))]
[JsonSerializable(typeof(TicketExpirySet))]
[JsonSerializable(typeof(ActivityImported))]
sealed partial class TicketJsonContext : JsonSerializerContext;

/// <summary>How everything of the domain is written and read.</summary>
static class TicketJson
{
    /// <summary>The options everything of the domain is written and read with.</summary>
    public static readonly JsonSerializerOptions Stored = MakeOptions();

    public static readonly JsonTypeInfo<Ticket> StoredTicket = (JsonTypeInfo<Ticket>)Stored.GetTypeInfo(typeof(Ticket));

    static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // The bytes go to jsonb and to JSON answers, never into HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = TicketJsonContext.Default.WithAddedModifier(SealTexts).WithAddedModifier(OrderMembers).WithAddedModifier(DropDerived),
        };
        options.Converters.Add(new IdConverter<TicketId>(static g => new(g), static id => id.Value));
        options.Converters.Add(new IdConverter<CustomerId>(static g => new(g), static id => id.Value));
        options.Converters.Add(new AgentIdConverter());
        options.Converters.Add(new KeptTextConverter());
        AddEnum<Channel>();
        AddEnum<SupportLine>();
        AddEnum<Severity>();
        AddEnum<Status>();
        AddEnum<WaitingReason>();
        AddEnum<WaitingEnd>();
        AddEnum<Resolution>();
        AddEnum<ReopenCause>();
        AddEnum<CloseCause>();
        AddEnum<SlaClockKind>();
        AddEnum<PurgeReason>();
        options.MakeReadOnly();
        return options;

        void AddEnum<T>() where T : struct, Enum => options.Converters.Add(new JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    /// <summary>Gives every sealed member a converter that knows its path: the path is bound into the ciphertext.</summary>
    static void SealTexts(JsonTypeInfo type)
    {
        var prefix = type.Type == typeof(Requester) ? "requester." : "";
        foreach (var member in type.Properties)
        {
            if (member.PropertyType == typeof(SealedText))
                member.CustomConverter = new SealedTextConverter(prefix + member.Name);
            else if (member.PropertyType == typeof(IReadOnlyDictionary<string, SealedText>))
                member.CustomConverter = new SealedFieldsConverter(prefix + member.Name);
        }
    }

    static void OrderMembers(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        var rank = 0;
        foreach (var member in type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal))
            member.Order = rank++;
    }

    /// <summary>What a ticket and its clock derive from their other members is not stored.</summary>
    static void DropDerived(JsonTypeInfo type)
    {
        if (type.Type != typeof(Ticket) && type.Type != typeof(SlaClock))
            return;
        foreach (var derived in type.Properties.Where(p => p.Set is null).ToList())
            type.Properties.Remove(derived);
    }
}
