using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Server.Api;
using EventDesk.Service.People;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Scim;

/// <summary>People as a directory sees them, and what it wants of them.</summary>
public sealed class ScimUsers(PeopleDesk people)
{
    public static JsonObject Write(PersonEntry p, string url)
    {
        var t = p.Texts;
        var user = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.User, ScimSchemas.Own), ["id"] = p.Id.ToString() };
        if (t.ExternalId is not null)
            user["externalId"] = t.ExternalId;
        user["userName"] = t.UserName;
        if (t.Name is not null)
            user["displayName"] = t.Name;
        var name = new JsonObject();
        if (t.Name is not null) name["formatted"] = t.Name;
        if (t.GivenName is not null) name["givenName"] = t.GivenName;
        if (t.FamilyName is not null) name["familyName"] = t.FamilyName;
        if (name.Count > 0)
            user["name"] = name;
        if (t.Email is not null)
            user["emails"] = new JsonArray(new JsonObject { ["value"] = t.Email, ["type"] = "work", ["primary"] = true });
        user["active"] = p.State.Active;
        user["groups"] = new JsonArray([.. ScimGroup.Of(p.State).Select(g => new JsonObject { ["value"] = g.Id, ["display"] = g.Name, ["$ref"] = $"{url}/Groups/{g.Id}" })]);
        user[ScimSchemas.Own] = new JsonObject { ["handle"] = p.State.Handle };
        user["meta"] = new JsonObject
        {
            ["resourceType"] = "User", ["created"] = Time(p.Created), ["lastModified"] = Time(p.Changed), ["location"] = $"{url}/Users/{p.Id}", ["version"] = Tag(p.Version),
        };
        return user;
    }

    public static string Tag(long version) => $"W/\"{version}\"";

    static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Null when there is none, or the directory removed them.</summary>
    public async Task<PersonEntry?> Find(string id, CancellationToken ct) =>
        Guid.TryParseExact(id, "D", out var person) && await people.Find(person, ct) is { State.Removed: false } found ? found : null;

    /// <summary>Those who match; without a filter everybody.</summary>
    public async Task<IReadOnlyList<JsonObject>> Query(ScimFilter? filter, string url, CancellationToken ct)
    {
        IReadOnlyList<PersonEntry> found = filter switch
        {
            ScimFilter.Comparison { Operator: "eq" } c when Is(c, "userName") => await people.FindByUserName(ScimFilter.Text(c.Value) ?? "", ct) is { } one ? [one] : [],
            ScimFilter.Comparison { Operator: "eq" } c when Is(c, "externalId") => await people.FindByExternalId(ScimFilter.Text(c.Value) ?? "", ct),
            _ => await people.All(ct),
        };
        var users = found.Where(p => !p.State.Removed).Select(p => Write(p, url));
        return [.. filter is null ? users : users.Where(filter.Matches)];

        static bool Is(ScimFilter.Comparison c, string attribute) => c.Attribute.Equals(attribute, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Lets someone in as the directory describes them.</summary>
    public async Task<Outcome> Create(JsonObject user, Actor by, string? trace, CancellationToken ct)
    {
        var handle = ScimFilter.Member(user, ScimSchemas.Own) is JsonObject own ? ScimFilter.Text(ScimFilter.Member(own, "handle")) : null;
        var faults = new Faults();
        faults.Identifier("handle", handle, TextRules.MaxIdentifier);
        if (faults.Found.Count > 0)
            throw ScimException.Value($"handle: {faults.Found[0].Detail}");
        var made = await people.Provision(new NewPerson(handle, Read(user)), by, trace, ct);
        return made is Outcome.Done done && ScimFilter.Bool(ScimFilter.Member(user, "active")) is false
            ? await people.Handle(done.Ticket, new Deactivate(), null, by, trace, ct)
            : made;
    }

    /// <summary>Makes someone what the directory now says they are.</summary>
    /// <param name="version">The version that was seen: it must still stand.</param>
    public async Task<Outcome> Become(PersonEntry before, JsonObject user, long version, Actor by, string? trace, CancellationToken ct)
    {
        var texts = Read(user);
        var active = ScimFilter.Member(user, "active") is not { } said ? before.State.Active : ScimFilter.Bool(said) ?? throw ScimException.Value("active is true or false.");
        Outcome outcome = new Outcome.Done(before.Id, 0, version);
        // Who is let go is out whatever becomes of the rest; who may not be is left as they were.
        if (before.State.Active && !active)
            outcome = await people.Handle(before.Id, new Deactivate(), version, by, trace, ct);
        if (outcome is Outcome.Done gone && texts != before.Texts)
            outcome = await people.Handle(before.Id, new ChangeDetails(people.Seal(texts)), gone.Version, by, trace, ct);
        if (outcome is Outcome.Done done && !before.State.Active && active)
            outcome = await people.Handle(before.Id, new Reactivate(), done.Version, by, trace, ct);
        return outcome;
    }

    static PersonTexts Read(JsonObject user)
    {
        var name = ScimFilter.Member(user, "name") as JsonObject;
        var emails = (ScimFilter.Member(user, "emails") as JsonArray ?? []).OfType<JsonObject>().ToList();
        var email = emails.Find(e => ScimFilter.Bool(ScimFilter.Member(e, "primary")) is true) ?? emails.FirstOrDefault();
        var (given, family) = (Part("givenName"), Part("familyName"));
        var texts = new PersonTexts(
            Text(user, "userName") ?? "", Text(user, "displayName") ?? Part("formatted") ?? (given is null && family is null ? null : $"{given} {family}".Trim()), given, family,
            email is null ? null : Text(email, "value"), Text(user, "externalId"));
        var faults = new Faults();
        faults.Line("userName", texts.UserName, TextRules.MaxEmail);
        faults.Line("displayName", texts.Name, TextRules.MaxName);
        faults.Line("name.givenName", given, TextRules.MaxName);
        faults.Line("name.familyName", family, TextRules.MaxName);
        faults.Email("emails.value", texts.Email);
        faults.Line("externalId", texts.ExternalId, 255);
        return faults.Found is [var first, ..] ? throw ScimException.Value($"{first.Field}: {first.Detail}") : texts;

        string? Part(string part) => name is null ? null : Text(name, part);
    }

    /// <summary>Null also where there is nothing in it: directories clear what they do not know.</summary>
    static string? Text(JsonObject of, string name) => ScimFilter.Text(ScimFilter.Member(of, name)) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
