using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tickets;

/// <summary>The key and the version that sealed members of the event under work are bound to.</summary>
/// <param name="standIns">What is read in the place of what the event itself carries; null: nothing.</param>
sealed class SealScope(Guid stream, StreamKey? key, StandIns? standIns = null)
{
    // One thread serialises one event at a time, and never across an await.
    [ThreadStatic] static SealScope? current;

    public static SealScope Current => current ?? throw new InvalidOperationException("Sealed text is written and read through TicketCodec only.");

    public long Version { get; private set; }

    /// <summary>The stream's key, if there is one yet.</summary>
    public StreamKey? Key { get; private set; } = key;

    /// <summary>The key was made by this scope: its wrapped form has to be stored with the events.</summary>
    public bool MadeKey { get; private set; }

    public StreamKey KeyForWriting()
    {
        if (Key is { } key) return key;
        MadeKey = true;
        return Key = StreamKey.Create(stream);
    }

    /// <summary>The text under the reader.</summary>
    public SealedText Open(ref Utf8JsonReader json, string field)
    {
        if (Key is not null)
            return SealedJson.Read(ref json, Key, Version, field, standIns) is { } text ? new SealedText(text) : SealedText.Erased;
        json.Skip();
        return SealedText.Erased;
    }

    public TicketEvent Read(long version, ref Utf8JsonReader json, Type type)
    {
        var outer = current;
        current = this;
        Version = version;
        try { return (TicketEvent)JsonSerializer.Deserialize(ref json, TicketJson.Stored.GetTypeInfo(type))!; }
        finally { current = outer; }
    }

    public T Within<T, TArg>(long version, TArg arg, Func<TArg, T> work)
    {
        var outer = current;
        current = this;
        Version = version;
        try { return work(arg); }
        finally { current = outer; }
    }
}

sealed class SealedTextConverter(string field) : JsonConverter<SealedText>
{
    public override SealedText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => SealScope.Current.Open(ref reader, field);

    public override void Write(Utf8JsonWriter writer, SealedText value, JsonSerializerOptions options) => Write(writer, value, field);

    internal static void Write(Utf8JsonWriter writer, SealedText value, string field)
    {
        var scope = SealScope.Current;
        SealedJson.Write(writer, scope.KeyForWriting(), scope.Version, field, value.Text);
    }
}

/// <summary>Form fields: the names are the form's, the values are the customer's and sealed one by one.</summary>
sealed class SealedFieldsConverter(string field) : JsonConverter<IReadOnlyDictionary<string, SealedText>>
{
    public override IReadOnlyDictionary<string, SealedText> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var scope = SealScope.Current;
        var fields = new SortedDictionary<string, SealedText>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            fields[name] = scope.Open(ref reader, $"{field}.{name}");
        }
        return fields;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, SealedText> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            SealedTextConverter.Write(writer, text, $"{field}.{name}");
        }
        writer.WriteEndObject();
    }
}

/// <summary>A text that stands for another one is bound to the place it stands for, so that it opens wherever that one would.</summary>
sealed class KeptTextConverter : JsonConverter<KeptText>
{
    public override KeptText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var (version, field) = (0L, "");
        byte[]? sealedBytes = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isField = reader.ValueTextEquals("field"u8);
            var isVersion = reader.ValueTextEquals("version"u8);
            reader.Read();
            if (isField)
                field = reader.GetString()!;
            else if (isVersion)
                version = reader.GetInt64();
            else
                sealedBytes = SealedJson.ReadSealed(ref reader);
        }
        var text = sealedBytes is null ? null : SealScope.Current.Key?.UnsealText(sealedBytes, version, field);
        return new(version, field, text is null ? SealedText.Erased : new SealedText(text));
    }

    public override void Write(Utf8JsonWriter writer, KeptText value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("field"u8, value.Field);
        writer.WritePropertyName("text"u8);
        SealedJson.Write(writer, SealScope.Current.KeyForWriting(), value.Version, value.Field, value.Text.Text);
        writer.WriteNumber("version"u8, value.Version);
        writer.WriteEndObject();
    }
}

class IdConverter<T>(Func<Guid, T> make, Func<T, Guid> value) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => make(reader.GetGuid());
    public override void Write(Utf8JsonWriter writer, T id, JsonSerializerOptions options) => writer.WriteStringValue(value(id));
}

sealed class AgentIdConverter : JsonConverter<AgentId>
{
    public override AgentId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);
    public override void Write(Utf8JsonWriter writer, AgentId id, JsonSerializerOptions options) => writer.WriteStringValue(id.Value);
}
