using System.Text.Json;

namespace EventDesk.Store.Sealing;

/// <summary>A sealed text of an event, opened.</summary>
/// <param name="Field">The path it is bound to.</param>
public readonly record struct SealedTextAt(string Field, string Text);

/// <summary>Lists the sealed texts of an event; for the rare work that needs all of them, not for reading.</summary>
public static class SealedTexts
{
    /// <param name="standIns">What is opened in the place of the event's own values; null: nothing.</param>
    public static IReadOnlyList<SealedTextAt> Of(ReadOnlyMemory<byte> json, StreamKey key, long version, StandIns? standIns)
    {
        List<SealedTextAt> found = [];
        using var document = JsonDocument.Parse(json);
        Walk(document.RootElement, "");
        return found;

        void Walk(JsonElement value, string path)
        {
            if (value.ValueKind == JsonValueKind.Array)
                foreach (var element in value.EnumerateArray())
                    Walk(element, path);
            else if (value.ValueKind == JsonValueKind.Object && IsSealed(value))
                Open(value, path);
            else if (value.ValueKind == JsonValueKind.Object)
                foreach (var member in value.EnumerateObject())
                    Walk(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
        }

        void Open(JsonElement value, string path)
        {
            if (standIns?.TryFind(version, path, out var bytes) != true)
                bytes = value.GetProperty("sealed") is { ValueKind: JsonValueKind.String } own ? own.GetBytesFromBase64() : null;
            if (bytes is not null && key.UnsealText(bytes, version, path) is { } text)
                found.Add(new(path, text));
        }
    }

    static bool IsSealed(JsonElement value) =>
        value.TryGetProperty("digest", out _) && value.TryGetProperty("sealed", out _) && value.EnumerateObject().Count() == 2;
}
