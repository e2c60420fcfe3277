using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Server.Verbs;
using Microsoft.OpenApi;

namespace EventDesk.Server.OpenApi;

/// <summary>The OpenAPI 3.1 document: derived from the endpoints, completed with what their signatures do not say.</summary>
static class ApiDocument
{
    const string Token = "token", Session = "session";

    static readonly (string Name, string Description)[] Tags =
    [
        ("Tickets", "Opening and reading tickets."),
        ("Conversation", "Messages, replies and notes."),
        ("Work", "Who works on a ticket, and what it waits for."),
        ("Escalation", "Severity and the support lines."),
        ("Closing", "Resolution, reopening, closing, feedback."),
        ("Marks", "Tags and legal holds."),
        ("Presence", "Who has a ticket before them right now."),
        ("Pairs", "Tickets that are one, or have to do with each other."),
        ("Attachments", "Files."),
        ("Queues", "Where open tickets stand."),
        ("Views", "Queues with their filters under a name, one's own and shared ones."),
        ("Search", "Finding tickets by their words."),
        ("Bulk", "The same done to many tickets."),
        ("Roster", "Who works here, who is there, and who takes what next."),
        ("Reports", "Figures, each with the events behind it."),
        ("Log", "All events, for integrations."),
        ("Privacy", "Finding, hiding, revealing and erasing what should not have been written; what is held on a person."),
        ("Retention", "How long what is kept is kept: what the rules would do, and doing it."),
        ("Tokens", "Who may use the API."),
        ("People", "Who works here, what they may, and what they were taught."),
        ("Access", "Who could read what, and who did."),
        ("Clocks", "Response clocks: which need someone, and where their time went."),
        ("Monitor", "Open work at a glance: counts, clocks, ages, solve times; once, or as it changes."),
        ("Incidents", "Faults that touch several customers, and how each was told."),
        ("Organisation", "Products, languages, desks, opening hours, contracts, teams, agents, routing rules."),
        ("Ledger", "Proofs that history was not changed; open to all."),
        ("Health", "Whether the process runs and can serve."),
    ];

    public static void Add(IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer((schema, context, _) =>
            {
                ApiSchemas.Complete(schema, context.JsonTypeInfo);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                ApiOperations.Complete(operation, context.Description, context.Document!);
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer((document, _, _) =>
            {
                Complete(document);
                return Task.CompletedTask;
            });
        });

    static void Complete(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "EventDesk",
            Version = CommandLine.Version.Split('+')[0],
            Description = "An event-sourced ticket service. Every command names the version of the ticket it was decided on (If-Match) and may carry an "
                + "Idempotency-Key; every answer carries the version as its ETag. Problems are RFC 9457, their types are urn:eventdesk: and a stable code.",
            Contact = new OpenApiContact { Name = "EventDesk maintainers" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server." }];
        var used = document.Paths.Values.SelectMany(p => p.Operations?.Values.AsEnumerable() ?? []).SelectMany(o => o.Tags ?? new HashSet<OpenApiTagReference>()).Select(t => t.Name).ToHashSet();
        document.Tags = new HashSet<OpenApiTag>(Tags.Where(t => used.Contains(t.Name)).Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }));
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "edk_ and 43 characters, or a JWT",
                Description = "An API token, issued by an administrator with POST /api/tokens or \"eventdesk token create\"; or one that the sign-in provider signed for us.",
            },
            [Session] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "__Host-eventdesk",
                Description = "A browser's session, begun at /sign-in. What changes something must come from our own origin, and carry X-CSRF-Token unless it is JSON.",
            },
        };
        document.Security = [Required(document, Token), Required(document, Session)];
    }

    static OpenApiSecurityRequirement Required(OpenApiDocument document, string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}

/// <summary>What the JSON of a type cannot say by itself.</summary>
static class ApiSchemas
{
    public static void Complete(OpenApiSchema schema, JsonTypeInfo json)
    {
        var type = json.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var orNull = plain == type ? default : JsonSchemaType.Null;
        if (plain.IsEnum)
            (schema.Type, schema.Enum) = (JsonSchemaType.String | orNull, Values(Enum.GetNames(plain)));
        if (plain == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String | orNull, "date-time");
        if (json is { Kind: JsonTypeInfoKind.Enumerable, ElementType.IsEnum: true })
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Values(Asked(json.ElementType)) };
        if (json is { Kind: JsonTypeInfoKind.Dictionary, ElementType.IsEnum: true })
            schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Values(Asked(json.ElementType)) };
        if (type == typeof(Dictionary<string, object>))
            (schema.Type, schema.AdditionalProperties, schema.AdditionalPropertiesAllowed) = (JsonSchemaType.Object, null, true);
        if (type.Name.EndsWith("Request", StringComparison.Ordinal))
            schema.AdditionalPropertiesAllowed = false;
        // What is null is left out, so it cannot be counted on.
        foreach (var optional in json.Properties.Where(p => p.IsGetNullable))
            schema.Required?.Remove(optional.Name);
        if (Examples.Of(type) is { } example)
            schema.Examples = [example];
    }

    static List<JsonNode> Values(IEnumerable<string> names) => [.. names.Select(n => (JsonNode)System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(n))];

    /// <summary>Lists of values are what people ask for: nobody is given the role of the service itself.</summary>
    static IEnumerable<string> Asked(Type type) => Enum.GetNames(type).Where(n => n is not ("Purged" or "System"));
}
