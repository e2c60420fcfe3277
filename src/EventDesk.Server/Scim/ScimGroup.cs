using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.People;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.People;

namespace EventDesk.Server.Scim;

/// <summary>
/// A role, a desk, all desks, or a line: being in the group is having it. Groups come from the organisation, not from the directory. The role of the
/// administrator is none of them: who holds a directory's token must not be able to make itself one.
/// </summary>
public sealed record ScimGroup(string Id, string Name, Role? Role = null, string? Desk = null, SupportLine? Line = null)
{
    public static IReadOnlyList<ScimGroup> All(SupportOrganisation organisation) =>
    [
        .. SetAccess.Grantable.Where(r => r != Domain.Access.Role.Administrator).Select(OfRole), OfDesk(Person.AllDesks), .. organisation.Desks.Select(d => OfDesk(d.Id.Value)),
        .. Enum.GetValues<SupportLine>().Select(OfLine),
    ];

    /// <summary>The groups somebody is in.</summary>
    public static IEnumerable<ScimGroup> Of(Person p) =>
        [.. p.Roles.Where(r => r != Domain.Access.Role.Administrator).Select(OfRole), .. p.Desks.Select(OfDesk), .. p.Lines.Select(OfLine)];

    static ScimGroup OfRole(Role role) => new($"role:{ExactEnum<Role>.Name(role)}", $"EventDesk role {ExactEnum<Role>.Name(role)}", Role: role);

    static ScimGroup OfDesk(string desk) => new($"desk:{desk.Replace('/', ':')}", desk == Person.AllDesks ? "EventDesk all desks" : $"EventDesk desk {desk}", Desk: desk);

    static ScimGroup OfLine(SupportLine line) => new($"line:{ExactEnum<SupportLine>.Name(line)}", $"EventDesk line {ExactEnum<SupportLine>.Name(line)}", Line: line);

    public bool Has(Person p) => Role is { } role ? p.Roles.Contains(role) : Desk is { } desk ? p.Desks.Contains(desk) : p.Lines.Contains(Line!.Value);

    public ChangeAccess Change(bool grant) => new(grant, Role is { } role ? [role] : [], Desk is { } desk ? [desk] : [], Line is { } line ? [line] : []);

    public JsonObject Write(IEnumerable<PersonEntry> people, string url)
    {
        var members = people.Where(p => !p.State.Removed && Has(p.State)).ToList();
        return new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.Group), ["id"] = Id, ["displayName"] = Name,
            ["members"] = new JsonArray([.. members.Select(m => new JsonObject
            {
                ["value"] = m.Id.ToString(), ["display"] = m.Texts.Name ?? m.Texts.UserName, ["type"] = "User", ["$ref"] = $"{url}/Users/{m.Id}",
            })]),
            ["meta"] = new JsonObject { ["resourceType"] = "Group", ["location"] = $"{url}/Groups/{Id}", ["version"] = Tag(members) },
        };
    }

    /// <summary>Changes with who is in it.</summary>
    static string Tag(IEnumerable<PersonEntry> members) =>
        $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', members.Select(m => m.Id)))))[..16]}\"";

    /// <summary>Who shall be in it after a PATCH.</summary>
    /// <param name="members">Who is in it now.</param>
    public HashSet<string> After(IEnumerable<ScimOperation> operations, IEnumerable<string> members)
    {
        var group = new JsonObject { ["displayName"] = Name, ["members"] = new JsonArray([.. members.Select(m => new JsonObject { ["value"] = m })]) };
        foreach (var operation in operations)
            if (operation is { Op: "remove", Attribute: { } attribute, Which: null, Value: JsonArray gone } && attribute.Equals("members", StringComparison.OrdinalIgnoreCase))
                // Not in the RFC, but sent: the values to remove instead of a filter that finds them.
                Values(gone).ToList().ForEach(id => Drop(group, id));
            else
                operation.Apply(group);
        return Wanted(group);
    }

    /// <summary>Who is named as a member; the name of the group has to be its own.</summary>
    public HashSet<string> Wanted(JsonObject group)
    {
        if (ScimFilter.Text(ScimFilter.Member(group, "displayName")) is { } name && name != Name)
            throw ScimException.Mutability("A group keeps its name.");
        return [.. Values(ScimFilter.Member(group, "members") as JsonArray ?? [])];
    }

    static IEnumerable<string> Values(JsonArray members) =>
        members.Select(m => (m is JsonObject member ? ScimFilter.Text(ScimFilter.Member(member, "value")) : null) ?? throw ScimException.Value("A member has a value."));

    static void Drop(JsonObject group, string id)
    {
        var members = (JsonArray)group["members"]!;
        foreach (var member in members.OfType<JsonObject>().Where(m => ScimFilter.Text(m["value"]) == id).ToList())
            members.Remove(member);
    }
}
