using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Incidents;

/// <summary>The stored form of incidents' events. One stream for each incident.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TicketIdConverter), typeof(CustomerIdConverter), typeof(CamelEnum<Channel>), typeof(CamelEnum<IncidentState>)])]
[JsonSerializable(typeof(IncidentOpened))]
[JsonSerializable(typeof(CustomerContacted))]
[JsonSerializable(typeof(IncidentPublished))]
[JsonSerializable(typeof(IncidentStateChanged))]
sealed partial class IncidentJson : JsonSerializerContext
{
    public const string StreamType = "incident";

    static readonly Dictionary<string, Type> ByAlias = new[] { typeof(IncidentOpened), typeof(CustomerContacted), typeof(IncidentPublished), typeof(IncidentStateChanged) }
        .ToDictionary(t => EventNames.SnakeCase(t.Name));

    static readonly Dictionary<string, Type>.AlternateLookup<ReadOnlySpan<char>> Lookup = ByAlias.GetAlternateLookup<ReadOnlySpan<char>>();

    internal static IEnumerable<string> Aliases => ByAlias.Keys;

    public static string Alias(IncidentEvent e) => EventNames.SnakeCase(e.GetType().Name);

    public static string DotnetType(IncidentEvent e) => $"{e.GetType().FullName}, {e.GetType().Assembly.GetName().Name}";

    public static byte[] Write(IncidentEvent e) => JsonSerializer.SerializeToUtf8Bytes(e, Default.GetTypeInfo(e.GetType())!);

    /// <summary>Null for events of other streams.</summary>
    public static IncidentEvent? Read(ReadOnlySpan<byte> alias, ReadOnlySpan<byte> data)
    {
        Span<char> chars = stackalloc char[32];
        return alias.Length <= chars.Length && Lookup.TryGetValue(chars[..Encoding.ASCII.GetChars(alias, chars)], out var type)
            ? (IncidentEvent)JsonSerializer.Deserialize(data, Default.GetTypeInfo(type)!)!
            : null;
    }
}

sealed class TicketIdConverter() : IdConverter<TicketId>(static g => new(g), static id => id.Value);

sealed class CustomerIdConverter() : IdConverter<CustomerId>(static g => new(g), static id => id.Value);
