using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.People;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(PersonDetails))]
[JsonSerializable(typeof(PersonProvisioned))]
[JsonSerializable(typeof(PersonDetailsChanged))]
[JsonSerializable(typeof(SubjectLinked))]
[JsonSerializable(typeof(AccessGranted))]
[JsonSerializable(typeof(AccessWithdrawn))]
[JsonSerializable(typeof(TrainingCompleted))]
[JsonSerializable(typeof(TrainingRevoked))]
[JsonSerializable(typeof(PersonDeactivated))]
[JsonSerializable(typeof(PersonReactivated))]
[JsonSerializable(typeof(PersonRemoved))]
[JsonSerializable(typeof(PersonForgotten))]
[JsonSerializable(typeof(PersonSignedOut))]
sealed partial class PersonJsonContext : JsonSerializerContext;

/// <summary>The stored form of people's events, one stream for each person, and of their rows.</summary>
static class PersonJson
{
    public const string StreamType = "person";

    static readonly JsonSerializerOptions Stored = MakeOptions();
    static readonly JsonTypeInfo<Person> StoredState = (JsonTypeInfo<Person>)Stored.GetTypeInfo(typeof(Person));
    static readonly JsonTypeInfo<PersonDetails> StoredDetails = (JsonTypeInfo<PersonDetails>)Stored.GetTypeInfo(typeof(PersonDetails));

    static readonly Dictionary<string, Type> ByAlias = typeof(PersonEvent).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(PersonEvent))).ToDictionary(t => EventNames.SnakeCase(t.Name));

    static readonly Dictionary<string, Type>.AlternateLookup<ReadOnlySpan<char>> Lookup = ByAlias.GetAlternateLookup<ReadOnlySpan<char>>();

    internal static IEnumerable<string> Aliases => ByAlias.Keys;

    public static string Alias(PersonEvent e) => EventNames.SnakeCase(e.GetType().Name);

    public static string DotnetType(PersonEvent e) => $"{e.GetType().FullName}, {e.GetType().Assembly.GetName().Name}";

    public static byte[] Write(PersonEvent e, long version, SealScope scope) =>
        scope.Within(version, e, static e => JsonSerializer.SerializeToUtf8Bytes(e, Stored.GetTypeInfo(e.GetType())));

    /// <summary>Null for events of other streams. Texts come out as erased: they are read where they are shown.</summary>
    public static PersonEvent? Read(ReadOnlySpan<byte> alias, ReadOnlySpan<byte> data)
    {
        Span<char> chars = stackalloc char[40];
        if (alias.Length > chars.Length || !Lookup.TryGetValue(chars[..Encoding.ASCII.GetChars(alias, chars)], out var type))
            return null;
        return new SealScope(default, null).Within(0, (data.ToArray(), type), static e => (PersonEvent)JsonSerializer.Deserialize(e.Item1, Stored.GetTypeInfo(e.type))!);
    }

    /// <summary>The sealed details inside an event, as they stand there; null when it tells none.</summary>
    public static string? DetailsIn(PersonEvent e, ReadOnlySpan<byte> data)
    {
        if (e is not (PersonProvisioned or PersonDetailsChanged))
            return null;
        var json = new Utf8JsonReader(data);
        using var whole = JsonDocument.ParseValue(ref json);
        return whole.RootElement.GetProperty("details").GetRawText();
    }

    public static PersonDetails ReadDetails(string json, long version, SealScope scope) =>
        scope.Within(version, json, static json => JsonSerializer.Deserialize(json, StoredDetails)!);

    public static string WriteState(Person person) => JsonSerializer.Serialize(person, StoredState);

    public static Person ReadState(string json) => JsonSerializer.Deserialize(json, StoredState)!;

    static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = PersonJsonContext.Default.WithAddedModifier(SealTexts).WithAddedModifier(DropDerived),
        };
        options.Converters.Add(new CamelEnum<Role>());
        options.Converters.Add(new CamelEnum<SupportLine>());
        options.MakeReadOnly();
        return options;
    }

    static void DropDerived(JsonTypeInfo type)
    {
        if (type.Type == typeof(Person))
            foreach (var derived in type.Properties.Where(p => p.Set is null).ToList())
                type.Properties.Remove(derived);
    }

    static void SealTexts(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(m => m.PropertyType == typeof(SealedText)))
            member.CustomConverter = new SealedTextConverter($"details.{member.Name}");
    }
}
