using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventDesk.Server.Tests;

/// <summary>A schema of an OpenAPI document: says where a value does not fit it. Members it does not name are allowed only where it says so.</summary>
public sealed class Schema(JsonElement document, JsonElement schema)
{
    public IEnumerable<string> Faults(JsonElement value) => Faults(value, schema, "");

    IEnumerable<string> Faults(JsonElement value, JsonElement schema, string at) =>
        schema.EnumerateObject().SelectMany(keyword => Faults(value, keyword, schema, at));

    IEnumerable<string> Faults(JsonElement value, JsonProperty keyword, JsonElement schema, string at) => keyword.Name switch
    {
        "description" or "example" or "examples" or "default" => [],
        "$ref" => Faults(value, Referenced(keyword.Value.GetString()!), at),
        "type" => Unless(Types(keyword.Value).Any(type => Is(value, type)), $"{at} is no {keyword.Value}: {value}"),
        "enum" => Unless(keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at} is not one of {keyword.Value}: {value}"),
        "format" => Unless(Has(value, keyword.Value.GetString()!), $"{at} is no {keyword.Value}: {value}"),
        "pattern" => Unless(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.NonBacktracking), $"{at} does not match {keyword.Value}: {value}"),
        "minimum" => Unless(value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal(), $"{at} is below {keyword.Value}: {value}"),
        "maximum" => Unless(value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= keyword.Value.GetDecimal(), $"{at} is above {keyword.Value}: {value}"),
        "maxLength" => Unless(value.ValueKind != JsonValueKind.String || value.GetString()!.EnumerateRunes().Count() <= keyword.Value.GetInt32(), $"{at} is longer than {keyword.Value}"),
        "oneOf" => OneOf(value, keyword.Value, at),
        "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((item, i) => Faults(item, keyword.Value, $"{at}/{i}")),
        "required" => value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateArray().Select(name => name.GetString()!)
            .Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{at}/{name} is missing"),
        "properties" => value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().SelectMany(member =>
            keyword.Value.TryGetProperty(member.Name, out var described) ? Faults(member.Value, described, $"{at}/{member.Name}")
            : schema.TryGetProperty("additionalProperties", out _) ? [] : [$"{at}/{member.Name} is not described"]),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject()
            .Where(member => !schema.TryGetProperty("properties", out var named) || !named.TryGetProperty(member.Name, out _))
            .SelectMany(member => keyword.Value.ValueKind switch
            {
                JsonValueKind.True => [],
                JsonValueKind.False => [$"{at}/{member.Name} is not described"],
                _ => Faults(member.Value, keyword.Value, $"{at}/{member.Name}"),
            }),
        _ => throw new NotSupportedException($"{keyword.Name}: a keyword these tests do not know."),
    };

    static IEnumerable<string> Unless(bool fits, string fault) => fits ? [] : [fault];

    /// <summary>Of a value that fits none it says how it does not fit the last one; the one before it is null.</summary>
    IEnumerable<string> OneOf(JsonElement value, JsonElement schemas, string at)
    {
        var faults = schemas.EnumerateArray().Select(one => Faults(value, one, at).ToList()).ToList();
        return faults.Count(f => f.Count == 0) switch
        {
            1 => [],
            0 => faults[^1],
            _ => [$"{at} fits more than one of {schemas}"],
        };
    }

    JsonElement Referenced(string pointer) =>
        pointer.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));

    static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new NotSupportedException($"{type}: a type these tests do not know."),
    };

    /// <summary>Whether a value has a format, as far as it is of the kind that can have it.</summary>
    static bool Has(JsonElement value, string format) => (format, value.ValueKind) switch
    {
        ("double" or "binary", _) => true,
        ("int32", JsonValueKind.Number) => value.TryGetInt32(out _),
        ("int64", JsonValueKind.Number) => value.TryGetInt64(out _),
        ("uuid", JsonValueKind.String) => value.TryGetGuid(out _),
        ("date-time", JsonValueKind.String) => value.TryGetDateTimeOffset(out _),
        ("date", JsonValueKind.String) => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ("int32" or "int64" or "uuid" or "date-time" or "date", _) => true,
        _ => throw new NotSupportedException($"{format}: a format these tests do not know."),
    };
}
