using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Server.SignIn;
using EventDesk.Service.Organising;
using EventDesk.Service.People;

namespace EventDesk.Server.Scim;

/// <summary>What every SCIM handler works with, and how it reads its request.</summary>
public sealed record ScimRequest(HttpContext Http, ScimUsers Users, PeopleDesk People, OrganisationBook Organisation, SignInSettings SignIn) : IBindableFromHttpContext<ScimRequest>
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static ValueTask<ScimRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var services = context.RequestServices;
        return new(new ScimRequest(
            context, services.GetRequiredService<ScimUsers>(), services.GetRequiredService<PeopleDesk>(), services.GetRequiredService<OrganisationBook>(), services.GetRequiredService<SignInSettings>()));
    }

    /// <summary>Where we are: as settings say, else as seen from the client, who alone reads it.</summary>
    public string Url => SignIn.PublicUrl is { } url ? $"{url.GetLeftPart(UriPartial.Authority)}/scim/v2" : "/scim/v2";

    public Actor By => new(Http.Principal().Id, Role.Provisioner);

    public string? Trace => Activity.Current?.TraceId.ToHexString();

    /// <exception cref="ScimException">It is no JSON object.</exception>
    public async Task<JsonObject> Body(CancellationToken ct)
    {
        var type = Http.Request.ContentType?.Split(';')[0].Trim();
        if (type is null || !(type.Equals("application/scim+json", StringComparison.OrdinalIgnoreCase) || type.Equals("application/json", StringComparison.OrdinalIgnoreCase)))
            throw new ScimException(415, "Send application/scim+json.");
        if (Http.Request.ContentLength > Api.Body.MaxJsonBytes)
            throw new ScimException(413, "The body is too large.");
        try
        {
            return await JsonNode.ParseAsync(Http.Request.Body, documentOptions: Strict, cancellationToken: ct) as JsonObject ?? throw ScimException.Syntax("The body is an object.");
        }
        catch (JsonException)
        {
            throw ScimException.Syntax("The body is not JSON.");
        }
    }

    public ScimFilter? Filter => Http.Request.Query["filter"] is [{ Length: > 0 } filter] ? ScimFilter.Parse(filter) : null;

    /// <summary>The page that was asked for (startIndex from 1, count), with how many there are in all.</summary>
    public ScimAnswer Page(IReadOnlyList<JsonObject> all)
    {
        var start = Math.Max(1, Number("startIndex", 1));
        var count = Math.Clamp(Number("count", ScimSchemas.Rows), 0, ScimSchemas.MostRows);
        var page = all.Skip(start - 1).Take(count).Select(Shown).ToArray();
        return new(200, new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.List), ["totalResults"] = all.Count, ["startIndex"] = start, ["itemsPerPage"] = page.Length, ["Resources"] = new JsonArray([.. page]),
        });
    }

    /// <summary>One resource, as much of it as was asked for.</summary>
    public ScimAnswer One(JsonObject resource, int status = 200)
    {
        var meta = resource["meta"]!;
        return new(status, Shown(resource)) { ETag = (string?)meta["version"], Location = (string?)meta["location"] };
    }

    JsonObject Shown(JsonObject resource)
    {
        var (only, without) = (Names("attributes"), Names("excludedAttributes"));
        foreach (var name in resource.Select(m => m.Key).Where(k => k is not ("id" or "schemas")).ToList())
            if (only.Count > 0 ? !only.Contains(name) : without.Contains(name))
                resource.Remove(name);
        return resource;
    }

    HashSet<string> Names(string parameter) =>
        new(Http.Request.Query[parameter].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(n => ScimSchemas.Unprefixed(n).Split('.')[0]), StringComparer.OrdinalIgnoreCase);

    int Number(string name, int otherwise) =>
        Http.Request.Query[name] is not [{ Length: > 0 } text] ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw ScimException.Value($"{name} is a whole number.");

    /// <summary>Refuses to go on when the asker has seen another version.</summary>
    public void Precondition(JsonObject resource)
    {
        if (Http.Request.Headers.IfMatch is { Count: > 0 } match && !ETag.IsKnown(match, ((string)resource["meta"]!["version"]!)[2..]))
            throw new ScimException(412, "It has changed since you read it.");
    }
}
