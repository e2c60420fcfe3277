using System.Text.Json.Nodes;

namespace EventDesk.Server.Scim;

/// <summary>One operation of a PATCH (RFC 7644, section 3.5.2), as directories really send them: op in any case, values with and without a path.</summary>
/// <param name="Op">add, replace or remove.</param>
/// <param name="Attribute">Without a schema's prefix; null: the value says which.</param>
/// <param name="Which">Of its values, those that match; null: all.</param>
public sealed record ScimOperation(string Op, string? Attribute, ScimFilter? Which, string? Sub, JsonNode? Value)
{
    const int Most = 1_000;

    /// <exception cref="ScimException">It is no PATCH.</exception>
    public static IReadOnlyList<ScimOperation> Read(JsonObject body)
    {
        if (ScimFilter.Member(body, "Operations") is not JsonArray { Count: > 0 and <= Most } operations)
            throw ScimException.Syntax("A PATCH has Operations.");
        return [.. operations.Select(o => o is JsonObject one ? Read(one, ScimFilter.Text(ScimFilter.Member(one, "path"))) : throw ScimException.Syntax("An operation is an object."))];
    }

    static ScimOperation Read(JsonObject operation, string? path)
    {
        var op = ScimFilter.Text(ScimFilter.Member(operation, "op"))?.ToLowerInvariant();
        if (op is not ("add" or "replace" or "remove"))
            throw ScimException.Syntax("An operation is add, replace or remove.");
        var value = ScimFilter.Member(operation, "value");
        if (path is not null)
            return At(op, path, value);
        return op == "remove" ? throw new ScimException(400, "Say what to remove.", "noTarget") : new(op, null, null, null, value);
    }

    internal static ScimOperation At(string op, string path, JsonNode? value)
    {
        path = ScimSchemas.Unprefixed(path);
        if (path.IndexOf('[', StringComparison.Ordinal) is not (> 0 and var open))
            return path.Split('.') is [{ Length: > 0 } attribute] ? new(op, attribute, null, null, value)
                : path.Split('.') is [{ Length: > 0 } outer, { Length: > 0 } sub] ? new(op, outer, null, sub, value)
                : throw ScimException.Path($"The path \"{path}\" leads nowhere.");
        var close = path.LastIndexOf(']');
        var rest = close > open ? path[(close + 1)..] : throw ScimException.Path($"The path \"{path}\" leads nowhere.");
        return new(op, path[..open], ScimFilter.Parse(path[(open + 1)..close]), rest.Length == 0 ? null : rest.TrimStart('.'), value);
    }

    /// <summary>Changes a resource as the operation says.</summary>
    public void Apply(JsonObject resource)
    {
        if (Attribute is null)
        {
            foreach (var (name, value) in Value as JsonObject ?? throw ScimException.Syntax("Without a path the value is an object."))
                At(Op, name, value?.DeepClone()).Apply(resource);
            return;
        }
        if (ScimSchemas.ReadOnly.Contains(Attribute))
            throw ScimException.Mutability($"{Attribute} cannot be changed.");
        var key = resource.FirstOrDefault(m => m.Key.Equals(Attribute, StringComparison.OrdinalIgnoreCase)).Key ?? Attribute;
        if (Which is not null)
            ApplyToSome(resource, key);
        else if (Sub is not null)
            SetMember(resource[key] as JsonObject ?? Put(resource, key, new JsonObject()), Sub);
        else if (Op == "add" && resource[key] is JsonArray all)
            foreach (var added in Value as JsonArray ?? [Value?.DeepClone()])
                all.Add(added?.DeepClone());
        else if (Op != "remove" && resource[key] is JsonObject complex && Value is JsonObject members)
            foreach (var (name, value) in members)
                complex[complex.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key ?? name] = value?.DeepClone();
        else
            SetMember(resource, key);
    }

    void ApplyToSome(JsonObject resource, string key)
    {
        var all = resource[key] as JsonArray ?? Put(resource, key, new JsonArray());
        var some = all.OfType<JsonObject>().Where(Which!.Matches).ToList();
        if (Op == "remove" && Sub is null)
        {
            some.ForEach(s => all.Remove(s));
            return;
        }
        // Directories replace emails[type eq "work"].value of people who have none yet.
        if (some.Count == 0 && Op != "remove" && Which is ScimFilter.Comparison { Operator: "eq" } only)
        {
            some.Add(new JsonObject { [only.Attribute] = only.Value?.DeepClone() });
            all.Add(some[0]);
        }
        if (some.Count == 0)
            throw new ScimException(400, "Nothing matches the path.", "noTarget");
        foreach (var one in some)
            if (Sub is not null)
                SetMember(one, Sub);
            else
                foreach (var (name, value) in Value as JsonObject ?? throw ScimException.Value("The value is an object."))
                    one[name] = value?.DeepClone();
    }

    void SetMember(JsonObject of, string name)
    {
        var key = of.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key ?? name;
        of.Remove(key);
        if (Op != "remove")
            of[key] = Value?.DeepClone();
    }

    static T Put<T>(JsonObject resource, string key, T value) where T : JsonNode
    {
        resource[key] = value;
        return value;
    }
}
