using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace EventDesk.Service.Importing;

/// <summary>
/// What a row must look like: every test holds. Tests see the text as it stands in the file; <c>changed</c>, <c>increased</c> and
/// <c>decreased</c> compare with the row before of the same case, so no first row meets them.
/// </summary>
/// <param name="Any">At least one of these holds.</param>
/// <param name="None">None of these holds.</param>
public sealed record Condition(IReadOnlyList<ColumnTest> Tests, IReadOnlyList<Condition> Any, IReadOnlyList<Condition> None)
{
    public static readonly Condition Always = new([], [], []);
}

/// <summary>One test on one column; what is null does not matter.</summary>
public sealed record ColumnTest(
    string Column, IReadOnlySet<string>? OneOf = null, Regex? Matches = null, bool? Changed = null, bool? Increased = null, bool? Decreased = null, bool? Missing = null)
{
    internal bool Holds(string? now, string? before, bool first, IReadOnlySet<string> missingMarks) =>
        (OneOf is null || OneOf.Contains(now ?? ""))
        && (Matches is null || Matches.IsMatch(now ?? ""))
        && (Missing is null || Missing == (now is null || missingMarks.Contains(now)))
        && (Changed is null || Changed == (!first && now != before))
        && (Increased is null || Increased == (!first && Compare(now, before) > 0))
        && (Decreased is null || Decreased == (!first && Compare(now, before) < 0));

    static int Compare(string? now, string? before) =>
        decimal.TryParse(now, NumberStyles.Number, CultureInfo.InvariantCulture, out var x)
        && decimal.TryParse(before, NumberStyles.Number, CultureInfo.InvariantCulture, out var y)
            ? x.CompareTo(y)
            : 0;
}

/// <summary><c>{ "Status": "Completed", "Sub Status": ["Resolved", "In Call"], "count": { "increased": true }, "$any": [ … ], "$none": [ … ] }</c></summary>
sealed class ConditionConverter : JsonConverter<Condition>
{
    /// <summary>Mapping files are trusted, but a slow pattern should name itself and not hang the import.</summary>
    internal static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    public override Condition Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A condition is an object of columns and what they must hold.");
        List<ColumnTest> tests = [];
        IReadOnlyList<Condition> any = [], none = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = reader.GetString()!;
            reader.Read();
            switch (column)
            {
                case "$any": any = Alternatives(ref reader, options); break;
                case "$none": none = Alternatives(ref reader, options); break;
                default: tests.Add(Test(column, ref reader)); break;
            }
        }
        return new Condition(tests, any, none);
    }

    static List<Condition> Alternatives(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<List<Condition>>(ref reader, options) is { Count: > 0 } list
            ? list
            : throw new JsonException("$any and $none hold a list of conditions.");

    static ColumnTest Test(string column, ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var value = document.RootElement;
        return value.ValueKind switch
        {
            JsonValueKind.String => new ColumnTest(column, new HashSet<string> { value.GetString()! }),
            JsonValueKind.Array => new ColumnTest(column, Texts(value)),
            JsonValueKind.Object => ObjectTest(column, value),
            _ => throw new JsonException($"The condition on \"{column}\" is neither a text, a list of texts nor an object."),
        };
    }

    static ColumnTest ObjectTest(string column, JsonElement value)
    {
        var test = new ColumnTest(column);
        foreach (var member in value.EnumerateObject())
            test = member.Name switch
            {
                "matches" => test with { Matches = Pattern(member.Value.GetString()!) },
                "oneOf" => test with { OneOf = Texts(member.Value) },
                "changed" => test with { Changed = member.Value.GetBoolean() },
                "increased" => test with { Increased = member.Value.GetBoolean() },
                "decreased" => test with { Decreased = member.Value.GetBoolean() },
                "missing" => test with { Missing = member.Value.GetBoolean() },
                var other => throw new JsonException($"The condition on \"{column}\" asks for \"{other}\"; known are matches, oneOf, changed, increased, decreased and missing."),
            };
        return test;
    }

    static HashSet<string> Texts(JsonElement value) => [.. value.EnumerateArray().Select(v => v.GetString()!)];

    internal static Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, PatternTimeout);
        }
        catch (ArgumentException e)
        {
            throw new JsonException($"\"{pattern}\" is not a pattern: {e.Message}", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Condition value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>A bare string is a column.</summary>
sealed class FieldSpecConverter : JsonConverter<FieldSpec>
{
    public override FieldSpec Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.String
        ? new FieldSpec { Column = reader.GetString() }
        : JsonSerializer.Deserialize<Full>(ref reader, options)!.ToSpec();

    public override void Write(Utf8JsonWriter writer, FieldSpec value, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <summary>The object form; a type of its own, or the converter would call itself.</summary>
    sealed record Full(
        string? Column = null, string? Value = null, string? Template = null, Condition? When = null, RepairSpec? Repair = null,
        IReadOnlyList<string>? Missing = null, IReadOnlyList<ReplaceSpec>? Replace = null, IReadOnlyDictionary<string, string>? Map = null,
        IReadOnlyList<MatchSpec>? Match = null, string? Otherwise = null, bool MissingClears = false)
    {
        public FieldSpec ToSpec() => new()
        {
            Column = Column,
            Value = Value,
            Template = Template,
            When = When,
            Repair = Repair,
            Missing = Missing,
            Replace = Replace ?? [],
            Map = Map,
            Match = Match,
            Otherwise = Otherwise,
            MissingClears = MissingClears,
        };
    }
}

/// <summary>One word or a list of them.</summary>
sealed class EmitsConverter : JsonConverter<IReadOnlyList<Emit>>
{
    public override IReadOnlyList<Emit> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return [Word(ref reader)];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("emit is a word or a list of words.");
        List<Emit> words = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String) words.Add(Word(ref reader));
        return reader.TokenType == JsonTokenType.EndArray ? words : throw new JsonException("emit is a word or a list of words.");
    }

    static Emit Word(ref Utf8JsonReader reader)
    {
        var word = reader.GetString()!;
        return Known.TryGetValue(word, out var emit) ? emit : throw new JsonException($"There is nothing \"{word}\" to emit; known are {string.Join(", ", Known.Keys)}.");
    }

    static readonly Dictionary<string, Emit> Known = Enum.GetValues<Emit>().ToDictionary(e => JsonNamingPolicy.CamelCase.ConvertName(e.ToString()));

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<Emit> value, JsonSerializerOptions options) => throw new NotSupportedException();
}
