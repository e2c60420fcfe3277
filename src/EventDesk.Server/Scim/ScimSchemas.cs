using System.Text.Json.Nodes;

namespace EventDesk.Server.Scim;

/// <summary>What we say of ourselves to a directory, and the names behind it.</summary>
static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User", Group = "urn:ietf:params:scim:schemas:core:2.0:Group";

    /// <summary>Our own part of a user: the handle.</summary>
    public const string Own = "urn:eventdesk:params:scim:schemas:2.0:User";

    public const string Error = "urn:ietf:params:scim:api:messages:2.0:Error", List = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    public const int MostRows = 200, Rows = 100;

    public static readonly IReadOnlySet<string> ReadOnly = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "id", "meta", "schemas", "groups", Own };

    static readonly string[] Prefixes = [$"{User}:", $"{Group}:"];

    /// <summary>An attribute's name without the schema it may be written with.</summary>
    public static string Unprefixed(string attribute) =>
        Prefixes.FirstOrDefault(p => attribute.StartsWith(p, StringComparison.OrdinalIgnoreCase)) is { } prefix ? attribute[prefix.Length..] : attribute;

    public static JsonObject Config(string url) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = MostRows },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(false),
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken", ["name"] = "Token", ["description"] = "A token with the role provisioner, issued by an administrator.", ["primary"] = true,
        }),
        ["meta"] = Meta("ServiceProviderConfig", $"{url}/ServiceProviderConfig"),
    };

    public static IReadOnlyList<JsonObject> ResourceTypes(string url) =>
    [
        ResourceType("User", "Members of staff.", User, url, new JsonArray(new JsonObject { ["schema"] = Own, ["required"] = false })),
        ResourceType("Group", "Roles, desks and lines. They are there; what is managed is who is in them.", Group, url, []),
    ];

    static JsonObject ResourceType(string name, string description, string schema, string url, JsonArray extensions) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = name, ["name"] = name, ["description"] = description,
        ["endpoint"] = $"/{name}s", ["schema"] = schema, ["schemaExtensions"] = extensions, ["meta"] = Meta("ResourceType", $"{url}/ResourceTypes/{name}"),
    };

    public static IReadOnlyList<JsonObject> Schemas(string url) =>
    [
        Schema(User, "User", url,
        [
            Text("userName", required: true, uniqueness: "server"), Text("displayName"), Text("externalId", caseExact: true),
            Complex("name", false, [Text("formatted"), Text("givenName"), Text("familyName")]),
            Complex("emails", true, [Text("value"), Text("type"), Flag("primary")]), Flag("active"),
            Complex("groups", true, [Text("value", mutability: "readOnly"), Text("display", mutability: "readOnly")], "readOnly"),
        ]),
        Schema(Own, "EventDesk User", url, [Text("handle", mutability: "immutable", uniqueness: "server", caseExact: true)]),
        Schema(Group, "Group", url, [Text("displayName", mutability: "readOnly"), Complex("members", true, [Text("value", mutability: "immutable", caseExact: true), Text("display", mutability: "readOnly")])]),
    ];

    static JsonObject Schema(string id, string name, string url, JsonArray attributes) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"), ["id"] = id, ["name"] = name, ["attributes"] = attributes,
        ["meta"] = Meta("Schema", $"{url}/Schemas/{id}"),
    };

    static JsonObject Text(string name, bool required = false, string mutability = "readWrite", string uniqueness = "none", bool caseExact = false) =>
        Attribute(name, "string", false, mutability, required, uniqueness, caseExact);

    static JsonObject Flag(string name) => Attribute(name, "boolean", false, "readWrite", false, "none", false);

    static JsonObject Complex(string name, bool multiValued, JsonArray parts, string mutability = "readWrite")
    {
        var attribute = Attribute(name, "complex", multiValued, mutability, false, "none", false);
        attribute["subAttributes"] = parts;
        return attribute;
    }

    static JsonObject Attribute(string name, string type, bool multiValued, string mutability, bool required, string uniqueness, bool caseExact) => new()
    {
        ["name"] = name, ["type"] = type, ["multiValued"] = multiValued, ["required"] = required, ["caseExact"] = caseExact, ["mutability"] = mutability,
        ["returned"] = "default", ["uniqueness"] = uniqueness,
    };

    static JsonObject Supported(bool supported) => new() { ["supported"] = supported };

    static JsonObject Meta(string type, string location) => new() { ["resourceType"] = type, ["location"] = location };
}
