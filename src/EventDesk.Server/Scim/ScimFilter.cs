using System.Globalization;
using System.Text.Json.Nodes;

namespace EventDesk.Server.Scim;

/// <summary>A filter of RFC 7644, section 3.4.2.2: comparisons, and, or, not, brackets, and conditions on the values of one attribute.</summary>
public abstract record ScimFilter
{
    const int MostLetters = 2_000;

    public abstract bool Matches(JsonObject resource);

    /// <exception cref="ScimException">It is no filter.</exception>
    public static ScimFilter Parse(string text) => text.Length > MostLetters ? throw ScimException.Filter("The filter is too long.") : new Parser(text).Whole();

    sealed record Both(ScimFilter One, ScimFilter Other) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => One.Matches(resource) && Other.Matches(resource);
    }

    sealed record Either(ScimFilter One, ScimFilter Other) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => One.Matches(resource) || Other.Matches(resource);
    }

    sealed record Not(ScimFilter Inner) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => !Inner.Matches(resource);
    }

    /// <summary><c>emails[type eq "work"]</c></summary>
    sealed record Any(string Attribute, ScimFilter Inner) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => Values(resource, Attribute).OfType<JsonObject>().Any(Inner.Matches);
    }

    /// <param name="Value">Null with <c>pr</c>.</param>
    public sealed record Comparison(string Attribute, string Operator, JsonNode? Value) : ScimFilter
    {
        public override bool Matches(JsonObject resource)
        {
            var values = Values(resource, Attribute).Select(v => v is JsonObject complex ? Member(complex, "value") ?? v : v).ToList();
            return Operator switch
            {
                "pr" => values.Any(v => v is not null),
                "ne" => !values.Any(v => IsEqual(v, Value)),
                "eq" when Value is null => values.Count == 0,
                _ => values.Any(v => Compares(v)),
            };
        }

        bool Compares(JsonNode? value) => Operator switch
        {
            "eq" => IsEqual(value, Value),
            "co" => Texts(value, (a, b) => a.Contains(b, Case)),
            "sw" => Texts(value, (a, b) => a.StartsWith(b, Case)),
            "ew" => Texts(value, (a, b) => a.EndsWith(b, Case)),
            "gt" => Order(value) > 0,
            "ge" => Order(value) >= 0,
            "lt" => Order(value) < 0,
            _ => Order(value) <= 0,
        };

        // Ids count to the letter; names and addresses do not (RFC 7643, caseExact).
        StringComparison Case => Attribute.ToLowerInvariant() is "id" or "externalid" or "members" or "members.value" or "meta.version" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

        bool Texts(JsonNode? value, Func<string, string, bool> compare) => Text(value) is { } a && Text(Value) is { } b && compare(a, b);

        bool IsEqual(JsonNode? a, JsonNode? b) => Text(a) is { } x && Text(b) is { } y ? string.Equals(x, y, Case) : Bool(a) is { } p && Bool(b) is { } q && p == q;

        /// <summary>Null, which is neither more nor less, where the two cannot be compared.</summary>
        int? Order(JsonNode? value) =>
            Text(value) is not { } a || Text(Value) is not { } b ? null
            : DateTimeOffset.TryParse(a, CultureInfo.InvariantCulture, out var x) && DateTimeOffset.TryParse(b, CultureInfo.InvariantCulture, out var y) ? x.CompareTo(y)
            : string.Compare(a, b, Case);
    }

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Also the words that some directories send.</summary>
    internal static bool? Bool(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : bool.TryParse(Text(node), out var word) ? word : null;

    /// <summary>A member by its name, whatever its case.</summary>
    internal static JsonNode? Member(JsonObject resource, string name) => resource.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The values behind an attribute path; one with several values gives all of them.</summary>
    static IEnumerable<JsonNode?> Values(JsonObject resource, string path)
    {
        IEnumerable<JsonNode?> at = [resource];
        foreach (var name in path.Split('.'))
            at = at.OfType<JsonObject>().Select(o => Member(o, name)).SelectMany(v => v is JsonArray all ? all.AsEnumerable() : v is null ? [] : [v]);
        return at;
    }

    sealed class Parser(string text)
    {
        const int MostDeep = 20;
        static readonly string[] Operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];

        int at, depth;

        public ScimFilter Whole()
        {
            var filter = Or();
            Blanks();
            return at == text.Length ? filter : throw Wrong();
        }

        ScimFilter Or()
        {
            if (++depth > MostDeep)
                throw ScimException.Filter("The filter is nested too deeply.");
            var one = And();
            while (Word("or"))
                one = new Either(one, And());
            depth--;
            return one;
        }

        ScimFilter And()
        {
            var one = Single();
            while (Word("and"))
                one = new Both(one, Single());
            return one;
        }

        ScimFilter Single()
        {
            if (Word("not"))
                return new Not(Bracketed('(', ')'));
            Blanks();
            if (at < text.Length && text[at] == '(')
                return Bracketed('(', ')');
            var attribute = ScimSchemas.Unprefixed(Run(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '$' or ':'));
            if (attribute.Length == 0)
                throw Wrong();
            if (at < text.Length && text[at] == '[')
                return new Any(attribute, Bracketed('[', ']'));
            Blanks();
            var op = Run(char.IsAsciiLetter).ToLowerInvariant();
            return Operators.Contains(op) ? new Comparison(attribute, op, op == "pr" ? null : Value()) : throw Wrong();
        }

        ScimFilter Bracketed(char open, char close)
        {
            Expect(open);
            var inner = Or();
            Expect(close);
            return inner;
        }

        JsonNode? Value()
        {
            Blanks();
            var from = at;
            if (at < text.Length && text[at] == '"')
                for (at++; at < text.Length && text[at] != '"'; at++)
                    if (text[at] == '\\')
                        at++;
            if (at < text.Length && text[at] == '"')
                at++;
            else
                Run(c => c is not (' ' or ')' or ']'));
            try
            {
                return JsonNode.Parse(text[from..Math.Min(at, text.Length)]);
            }
            catch (System.Text.Json.JsonException)
            {
                throw Wrong();
            }
        }

        bool Word(string word)
        {
            Blanks();
            var end = at + word.Length;
            if (end > text.Length || !text.AsSpan(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) || end < text.Length && text[end] is not (' ' or '('))
                return false;
            at = end;
            return true;
        }

        void Expect(char c)
        {
            Blanks();
            if (at >= text.Length || text[at] != c)
                throw Wrong();
            at++;
        }

        string Run(Func<char, bool> fits)
        {
            var from = at;
            while (at < text.Length && fits(text[at]))
                at++;
            return text[from..at];
        }

        void Blanks() => Run(c => c == ' ');

        ScimException Wrong() => ScimException.Filter($"The filter is not understood from letter {at + 1} on.");
    }
}
