using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;

namespace EventDesk.Service.Organising;

/// <summary>A part of the organisation is so from an instant on. One stream for each part; its version is the number of its events.</summary>
public abstract record OrganisationEvent(DateTimeOffset From)
{
    public abstract object Defined { get; }

    public static OrganisationEvent Of(object definition, DateTimeOffset from) => definition switch
    {
        Product p => new ProductDefined(p, from),
        Language l => new LanguageDefined(l, from),
        CalendarDefinition c => new CalendarDefined(c, from),
        Contract c => new ContractDefined(c, from),
        Desk d => new DeskDefined(d, from),
        ContractHolder h => new ContractHolderDefined(h, from),
        Team t => new TeamDefined(t, from),
        RosterAgent a => new RosterAgentDefined(a, from),
        RoutingRules r => new RoutingRulesDefined(r, from),
        PrivacyRules p => new PrivacyRulesDefined(p, from),
        RequiredTrainings t => new RequiredTrainingsDefined(t, from),
        RetentionRules r => new RetentionRulesDefined(r, from),
        Macro m => new MacroDefined(m, from),
        _ => throw new ArgumentException($"{definition.GetType().Name} is no part of an organisation.", nameof(definition)),
    };
}

public sealed record ProductDefined(Product Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record LanguageDefined(Language Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record CalendarDefined(CalendarDefinition Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record ContractDefined(Contract Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record DeskDefined(Desk Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record ContractHolderDefined(ContractHolder Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record TeamDefined(Team Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record RosterAgentDefined(RosterAgent Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record RoutingRulesDefined(RoutingRules Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record PrivacyRulesDefined(PrivacyRules Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record RequiredTrainingsDefined(RequiredTrainings Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record RetentionRulesDefined(RetentionRules Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }
public sealed record MacroDefined(Macro Definition, DateTimeOffset From) : OrganisationEvent(From) { public override object Defined => Definition; }

/// <summary>The JSON of the organisation, in its file and in its events: camelCase, enums as words, nothing unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    IgnoreReadOnlyProperties = true,
    Converters =
    [
        typeof(CamelEnum<Availability>), typeof(CamelEnum<TimeCounted>), typeof(CamelEnum<Severity>), typeof(CamelEnum<SupportLine>), typeof(CamelEnum<Channel>), typeof(CamelEnum<Role>),
        typeof(CamelEnum<RetentionTrigger>), typeof(CamelEnum<RetentionAction>), typeof(CamelEnum<WaitingReason>), typeof(CamelEnum<Resolution>),
    ])]
[JsonSerializable(typeof(SupportOrganisation))]
[JsonSerializable(typeof(ProductDefined))]
[JsonSerializable(typeof(LanguageDefined))]
[JsonSerializable(typeof(CalendarDefined))]
[JsonSerializable(typeof(ContractDefined))]
[JsonSerializable(typeof(DeskDefined))]
[JsonSerializable(typeof(ContractHolderDefined))]
[JsonSerializable(typeof(RoutingRule))]
[JsonSerializable(typeof(TeamDefined))]
[JsonSerializable(typeof(RosterAgentDefined))]
[JsonSerializable(typeof(RoutingRulesDefined))]
[JsonSerializable(typeof(RequiredTrainingsDefined))]
[JsonSerializable(typeof(RetentionRule))]
[JsonSerializable(typeof(RetentionRulesDefined))]
[JsonSerializable(typeof(PrivacyRulesDefined))]
[JsonSerializable(typeof(MacroDefined))]
public sealed partial class OrganisationJson : JsonSerializerContext
{
    public const string StreamType = "organisation";

    static readonly Dictionary<string, Type> ByAlias = new[]
    {
        typeof(ProductDefined), typeof(LanguageDefined), typeof(CalendarDefined), typeof(ContractDefined), typeof(DeskDefined), typeof(ContractHolderDefined),
        typeof(TeamDefined), typeof(RosterAgentDefined), typeof(RoutingRulesDefined), typeof(RequiredTrainingsDefined),
        typeof(RetentionRulesDefined), typeof(PrivacyRulesDefined), typeof(MacroDefined),
    }.ToDictionary(t => EventNames.SnakeCase(t.Name));

    static readonly Dictionary<string, Type>.AlternateLookup<ReadOnlySpan<char>> Lookup = ByAlias.GetAlternateLookup<ReadOnlySpan<char>>();

    internal static IEnumerable<string> Aliases => ByAlias.Keys;

    internal static readonly TypeFilter Types = TypeFilter.Only(ByAlias.Keys);

    internal static string Alias(OrganisationEvent e) => EventNames.SnakeCase(e.GetType().Name);

    internal static byte[] Write(OrganisationEvent e) => JsonSerializer.SerializeToUtf8Bytes(e, Default.GetTypeInfo(e.GetType())!);

    /// <summary>Null for events of other streams.</summary>
    internal static OrganisationEvent? Read(ReadOnlySpan<char> alias, ReadOnlySpan<byte> data) =>
        Lookup.TryGetValue(alias, out var type) ? (OrganisationEvent)JsonSerializer.Deserialize(data, Default.GetTypeInfo(type)!)! : null;

    /// <summary>Null for events of other streams.</summary>
    internal static OrganisationEvent? Read(ReadOnlySpan<byte> alias, ReadOnlySpan<byte> data)
    {
        // All of them, and few others, end like this: tickets pass by without a string.
        if (!alias.EndsWith("_defined"u8) || alias.Length > 100) return null;
        Span<char> chars = stackalloc char[100];
        return Read(chars[..Encoding.ASCII.GetChars(alias, chars)], data);
    }

    /// <summary>The stream behind a part, the same everywhere: <c>calendar/pl</c> → UUID.</summary>
    internal static Guid StreamOf(string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"eventdesk organisation {key}"), hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F)); // version 8: made by a rule of one's own
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }
}

public sealed class CamelEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
