using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;

namespace EventDesk.Service.SavedViews;

/// <summary>A queue with what it is narrowed to, under a name. What it shows is decided anew for everybody who looks.</summary>
/// <param name="Shared">Everybody who may read queues finds it; else its owner alone.</param>
/// <param name="Queue">Name of the queue, as in its address.</param>
/// <param name="Desk">product/language; null: all within reach.</param>
/// <param name="Agent">Handle; null: whoever has the tickets.</param>
public sealed record ViewContent(string Name, bool Shared, string Queue, string? Desk = null, SupportLine? Line = null, string? Agent = null);

/// <summary>The view is so from now on.</summary>
/// <param name="Owner">Handle of who made it; the same in every version.</param>
public sealed record SavedViewDefined(string Owner, ViewContent View);

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

    public static SavedViewDefined ReadDefined(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize(data, Default.SavedViewDefined)!;
}
