using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace EventDesk.Server.Api;

/// <summary>What came of reading a body: its content, or the problem with it.</summary>
/// <param name="Digest">SHA-256 of the bytes, where it was asked for.</param>
public readonly record struct BodyRead<T>(T? Value, Problem? Problem, byte[]? Digest);

/// <summary>Marks endpoints that take less than <see cref="Body.MaxJsonBytes"/>.</summary>
public sealed record MaxBody(long Bytes);

/// <summary>Reads JSON bodies strictly: content type, size, UTF-8, syntax, known fields, then what each field says.</summary>
public static class Body
{
    public const long MaxJsonBytes = 1 << 20;

    /// <summary>
    /// So much of a body that is too large is still read, and thrown away: a connection cut while the client writes would lose it the answer.
    /// </summary>
    public const long Drained = 32 << 20;

    /// <param name="optional">Nothing at all stands for an object without members.</param>
    /// <param name="digest">The request carries an Idempotency-Key: make the digest by which a repetition is recognised.</param>
    public static async ValueTask<BodyRead<T>> Read<T>(HttpContext http, JsonTypeInfo<T> type, bool optional, bool digest) where T : class, IChecked
    {
        var request = http.Request;
        var most = http.GetEndpoint()?.Metadata.GetMetadata<MaxBody>()?.Bytes ?? MaxJsonBytes;
        if (request.ContentLength > most)
            return new(null, Problems.TooLarge(most), null);
        if (request.ContentType is null ? request.ContentLength > 0 || !optional : !IsJson(request.ContentType))
            return new(null, Problems.UnsupportedMediaType("application/json"), null);

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > most)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new(null, Problems.TooLarge(most), null);
            }
            if (read.IsCompleted)
                return Parse(reader, read.Buffer, type, optional, digest);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    static BodyRead<T> Parse<T>(PipeReader reader, ReadOnlySequence<byte> buffer, JsonTypeInfo<T> type, bool optional, bool digest) where T : class, IChecked
    {
        byte[]? rented = null;
        try
        {
            if (!buffer.IsSingleSegment)
                buffer.CopyTo(rented = ArrayPool<byte>.Shared.Rent((int)buffer.Length));
            var json = rented is null ? buffer.FirstSpan : rented.AsSpan(0, (int)buffer.Length);
            return Parse(json, type, optional, digest ? SHA256.HashData(json) : null);
        }
        finally
        {
            reader.AdvanceTo(buffer.End);
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Reads JSON that has come already.</summary>
    internal static BodyRead<T> Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, bool optional, byte[]? digest) where T : class, IChecked
    {
        if (json.IsEmpty)
            json = optional ? "{}"u8 : json;
        if (!Utf8.IsValid(json))
            return new(null, Problems.InvalidUtf8(), null);
        T? value;
        try
        {
            value = JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return new(null, JsonFaults.Explain(json, type), null);
        }
        if (value is null)
            return new(null, Problems.Invalid([new Fault("", "wrong_type", "The body must be an object.")]), null);
        var faults = new Faults();
        value.Check(faults);
        return faults.Found.Count > 0 ? new(null, Problems.Invalid(faults.Found), null) : new(value, null, digest);
    }

    static bool IsJson(string contentType)
    {
        if (contentType is "application/json")
            return true;
        var type = contentType.AsSpan();
        var parameters = type.IndexOf(';');
        var name = (parameters < 0 ? type : type[..parameters]).Trim();
        if (!name.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = parameters < 0 ? default : type[(parameters + 1)..].Trim();
        return rest.IsEmpty || rest.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase) || rest.Equals("charset=\"utf-8\"", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Why a body could not become the request it should be. Slow and thorough: it only runs on bad requests.</summary>
static class JsonFaults
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    public static Problem Explain(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
                return Problems.MalformedJson("There is more than one value.");
            List<Fault> faults = [];
            Walk(document.RootElement, type, "", faults);
            return Problems.Invalid(faults.Count > 0 ? faults : [new Fault("", "invalid", "The body does not fit.")]);
        }
        catch (JsonException e)
        {
            return Problems.MalformedJson($"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            return Problems.MalformedJson("A string holds half a surrogate pair.");
        }
    }

    static void Walk(JsonElement json, JsonTypeInfo type, string at, List<Fault> faults)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when json.ValueKind == JsonValueKind.Object:
                Members(json, type, at, faults);
                break;
            case JsonTypeInfoKind.Dictionary when json.ValueKind == JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                    Walk(member.Value, type.Options.GetTypeInfo(type.ElementType!), Below(at, member.Name), faults);
                break;
            case JsonTypeInfoKind.Enumerable when json.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var element in json.EnumerateArray())
                    Walk(element, type.Options.GetTypeInfo(type.ElementType!), $"{at}/{index++}", faults);
                break;
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable:
                faults.Add(new(at, "wrong_type", $"It must be {(type.Kind == JsonTypeInfoKind.Enumerable ? "an array" : "an object")}."));
                break;
            default:
                Scalar(json, type, at, faults);
                break;
        }
    }

    static void Members(JsonElement json, JsonTypeInfo type, string at, List<Fault> faults)
    {
        HashSet<string> seen = [];
        foreach (var member in json.EnumerateObject())
        {
            var place = Below(at, member.Name);
            if (!seen.Add(member.Name))
                faults.Add(new(place, "duplicate_field", "The field is given twice."));
            else if (type.Properties.FirstOrDefault(p => p.Name == member.Name) is not { } known)
                faults.Add(new(place, "unknown_field", "There is no such field."));
            else if (member.Value.ValueKind != JsonValueKind.Null)
                Walk(member.Value, type.Options.GetTypeInfo(known.PropertyType), place, faults);
            else if (!known.IsSetNullable || known.PropertyType is { IsValueType: true } t && Nullable.GetUnderlyingType(t) is null)
                faults.Add(new(place, "required", "It must not be null."));
        }
        foreach (var missing in type.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)))
            faults.Add(new(Below(at, missing.Name), "required", "The field is missing."));
    }

    static void Scalar(JsonElement json, JsonTypeInfo type, string at, List<Fault> faults)
    {
        try
        {
            json.Deserialize(type);
        }
        catch (JsonException)
        {
            var plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            faults.Add(plain.IsEnum && json.ValueKind == JsonValueKind.String
                ? new(at, "unknown_value", $"It is one of {string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.CamelCase.ConvertName))}.")
                : plain == typeof(string) && json.ValueKind == JsonValueKind.String ? new(at, "invalid_text", "It holds half a surrogate pair.")
                : new(at, "wrong_type", $"It must be {Wanted(plain)}."));
        }
    }

    static string Wanted(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(DateTimeOffset) ? "a time such as 2026-11-22T13:00:00Z"
        : "a string";

    static string Below(string at, string name) => $"{at}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
