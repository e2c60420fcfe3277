using System.Text;
using System.Text.RegularExpressions;

namespace EventDesk.Service.Importing;

/// <summary>A field of a mapping, ready to be asked: columns are places, patterns are compiled.</summary>
sealed class Field
{
    readonly FieldSpec spec;
    readonly int column = -1;
    readonly (string Text, int Column)[] template = [];
    readonly CompiledCondition? when;
    readonly Repair? repair;
    readonly (Regex Pattern, string With)[] replace;
    readonly (Regex Pattern, string Is)[] match;
    readonly IReadOnlySet<string> missing;

    public Field(string name, FieldSpec spec, ColumnSet columns, IReadOnlySet<string> missing)
    {
        Name = name;
        this.spec = spec;
        this.missing = spec.Missing is { } own ? own.ToHashSet() : missing;
        if ((spec.Column is null ? 0 : 1) + (spec.Value is null ? 0 : 1) + (spec.Template is null ? 0 : 1) != 1)
            throw new MappingException($"The field \"{name}\" needs exactly one of column, value and template.");
        if (spec.Column is { } from) column = columns.PlaceOf(from);
        if (spec.Template is { } text) template = Parts(text, columns);
        when = spec.When is { } condition ? new CompiledCondition(condition, columns, missing) : null;
        repair = spec.Repair is { } wrong ? new Repair(wrong) : null;
        replace = [.. spec.Replace.Select(r => (Pattern(r.Pattern), r.With))];
        match = [.. (spec.Match ?? []).Select(m => (Pattern(m.Pattern), m.Is))];
    }

    public string Name { get; }

    /// <summary>The value this row gives, null when it gives none.</summary>
    /// <param name="unknown">Told the text that neither map nor match knows.</param>
    public string? Of(SourceRow row, SourceRow? before, Action<string, string>? unknown = null)
    {
        if (when is not null && !when.Holds(row, before))
            return null;
        var text = spec.Value ?? (column >= 0 ? row.Values[column] : Fill(row));
        if (text is null || missing.Contains(text))
            return null;
        if (repair is not null)
            text = repair.Of(text);
        foreach (var (pattern, with) in replace)
            text = pattern.Replace(text, with);
        return spec.Map is null && spec.Match is null ? text : Meaning(text, unknown);
    }

    /// <summary>The row could have told the value and says there is none.</summary>
    public bool Cleared(SourceRow row, SourceRow? before) =>
        spec.MissingClears && (when is null || when.Holds(row, before)) && column >= 0 && (row.Values[column] is not { } text || missing.Contains(text));

    string? Meaning(string text, Action<string, string>? unknown)
    {
        if (spec.Map is not null && spec.Map.TryGetValue(text, out var meaning))
            return meaning;
        foreach (var (pattern, means) in match)
            if (pattern.IsMatch(text)) return means;
        if (spec.Otherwise is null) unknown?.Invoke(Name, text);
        return spec.Otherwise;
    }

    /// <summary>Missing columns leave their place empty; a template of which nothing is known gives nothing.</summary>
    string? Fill(SourceRow row)
    {
        var filled = new StringBuilder();
        var known = false;
        foreach (var (text, place) in template)
        {
            filled.Append(text);
            if (place < 0 || row.Values[place] is not { } value || missing.Contains(value)) continue;
            filled.Append(value);
            known = true;
        }
        return known ? filled.ToString() : null;
    }

    static (string, int)[] Parts(string template, ColumnSet columns)
    {
        List<(string, int)> parts = [];
        var rest = template.AsSpan();
        for (var open = rest.IndexOf('{'); open >= 0; open = rest.IndexOf('{'))
        {
            var length = rest[open..].IndexOf('}');
            if (length < 0)
                throw new MappingException($"The template \"{template}\" opens a brace and does not close it.");
            parts.Add((rest[..open].ToString(), columns.PlaceOf(rest.Slice(open + 1, length - 1).ToString())));
            rest = rest[(open + length + 1)..];
        }
        parts.Add((rest.ToString(), -1));
        return [.. parts];
    }

    Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, ConditionConverter.PatternTimeout);
        }
        catch (ArgumentException e)
        {
            throw new MappingException($"The field \"{Name}\": \"{pattern}\" is not a pattern: {e.Message}", e);
        }
    }
}

/// <summary>Text that was decoded with the wrong code page, decoded anew with the right one.</summary>
sealed class Repair(RepairSpec spec)
{
    readonly Encoding readAs = Encodings.Find(spec.ReadAs, EncoderFallback.ExceptionFallback, DecoderFallback.ReplacementFallback);
    readonly Encoding was = Encodings.Find(spec.Was, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);

    /// <summary>Plain ASCII is the same in every code page; a text that the wrong code page could not have given is left alone.</summary>
    public string Of(string text)
    {
        if (Ascii.IsValid(text)) return text;
        try
        {
            return was.GetString(readAs.GetBytes(text));
        }
        catch (ArgumentException) // both fallbacks' exceptions are of this kind
        {
            return text;
        }
    }
}

static class Encodings
{
    /// <exception cref="MappingException">No such encoding.</exception>
    public static Encoding Find(string name, EncoderFallback encoder, DecoderFallback decoder)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, encoder, decoder) ?? Encoding.GetEncoding(name, encoder, decoder);
        }
        catch (ArgumentException e)
        {
            throw new MappingException($"There is no encoding \"{name}\".", e);
        }
    }
}

/// <summary>A condition whose columns are places.</summary>
sealed class CompiledCondition(Condition condition, ColumnSet columns, IReadOnlySet<string> missing)
{
    readonly (int Place, ColumnTest Test)[] tests = [.. condition.Tests.Select(t => (columns.PlaceOf(t.Column), t))];
    readonly CompiledCondition[] any = [.. condition.Any.Select(c => new CompiledCondition(c, columns, missing))];
    readonly CompiledCondition[] none = [.. condition.None.Select(c => new CompiledCondition(c, columns, missing))];

    public bool Holds(SourceRow row, SourceRow? before)
    {
        foreach (var (place, test) in tests)
            if (!test.Holds(row.Values[place], before?.Values[place], before is null, missing)) return false;
        return (any.Length == 0 || Array.Exists(any, c => c.Holds(row, before))) && !Array.Exists(none, c => c.Holds(row, before));
    }
}

/// <summary>The columns a mapping speaks of, each with its place in a row's values.</summary>
sealed class ColumnSet
{
    readonly Dictionary<string, int> places = [];

    public IReadOnlyList<string> Names => [.. places.OrderBy(p => p.Value).Select(p => p.Key)];
    public int Count => places.Count;

    public int PlaceOf(string column)
    {
        if (!places.TryGetValue(column, out var place))
            places.Add(column, place = places.Count);
        return place;
    }

    /// <summary>The place of a column, -1 when the mapping does not speak of it.</summary>
    public int Find(string column) => places.GetValueOrDefault(column, -1);
}
