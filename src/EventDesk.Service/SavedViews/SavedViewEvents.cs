using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.SavedViews;

/// <summary>A queue with what it is narrowed to, under a name. What it shows is decided anew for everybody who looks.</summary>
/// <param name="Shared">Everybody who may read queues finds it; else its owner alone.</param>
/// <param name="Queue">Name of the queue, as in its address.</param>
/// <param name="Desk">product/language; null: all within reach.</param>
/// <param name="Agent">Handle; null: whoever has the tickets.</param>
public sealed record ViewContent(string Name, bool Shared, string Queue, string? Desk = null, SupportLine? Line = null, string? Agent = null);

/// <summary>The same as its events keep it: what somebody called it is theirs, and sealed.</summary>
public sealed record StoredView(
    [property: JsonConverter(typeof(ViewNameConverter))] SealedText Name, bool Shared, string Queue, string? Desk = null, SupportLine? Line = null, string? Agent = null)
{
    public static StoredView Of(ViewContent v) => new(v.Name, v.Shared, v.Queue, v.Desk, v.Line, v.Agent);
}

/// <summary>The view is so from now on.</summary>
/// <param name="Owner">Handle of who made it; the same in every version.</param>
public sealed record SavedViewDefined(string Owner, StoredView View);

/// <summary>Nobody is shown it any more; what it was stays in its stream.</summary>
public sealed record SavedViewRetired;

/// <summary>The stored form of views' events. One stream for each view.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(CamelEnum<SupportLine>)])]
[JsonSerializable(typeof(SavedViewDefined))]
[JsonSerializable(typeof(SavedViewRetired))]
sealed partial class SavedViewJson : JsonSerializerContext
{
    public const string StreamType = "saved_view";
    public const string Defined = "saved_view_defined";
    public const string Retired = "saved_view_retired";

    public static readonly string DefinedClass = $"{typeof(SavedViewDefined).FullName}, {typeof(SavedViewDefined).Assembly.GetName().Name}";
    public static readonly string RetiredClass = $"{typeof(SavedViewRetired).FullName}, {typeof(SavedViewRetired).Assembly.GetName().Name}";

    public static byte[] Write(SavedViewDefined defined, long version, SealScope scope) =>
        scope.Within(version, defined, static defined => JsonSerializer.SerializeToUtf8Bytes(defined, Default.SavedViewDefined));

    /// <summary>The name comes out as erased: it is read where it is shown.</summary>
    public static SavedViewDefined ReadDefined(ReadOnlySpan<byte> data) =>
        new SealScope(default, null).Within(0, data.ToArray(), static data => JsonSerializer.Deserialize(data, Default.SavedViewDefined)!);

    /// <summary>The name inside an event, as it stands there.</summary>
    public static string NameIn(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        using var whole = JsonDocument.ParseValue(ref json);
        return whole.RootElement.GetProperty("view").GetProperty("name").GetRawText();
    }

    /// <param name="version">Of the event that holds it.</param>
    public static SealedText ReadName(string json, long version, SealScope scope) => scope.Within(version, json, static json =>
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        reader.Read();
        return ViewNameConverter.Read(ref reader);
    });
}

/// <summary>Views saved before names were sealed hold them as plain strings.</summary>
sealed class ViewNameConverter : JsonConverter<SealedText>
{
    const string Field = "view.name";

    public static SealedText Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? new SealedText(reader.GetString()) : SealScope.Current.Open(ref reader, Field);

    public override SealedText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, SealedText value, JsonSerializerOptions options) => SealedTextConverter.Write(writer, value, Field);
}
