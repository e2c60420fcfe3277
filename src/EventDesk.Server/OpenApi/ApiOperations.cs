using System.Text.Json.Nodes;
using EventDesk.Server.Api;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace EventDesk.Server.OpenApi;

/// <summary>Adds to an operation what its endpoint's metadata says: parameters, headers, problems, examples.</summary>
static class ApiOperations
{
    public static void Complete(OpenApiOperation operation, ApiDescription api, OpenApiDocument document)
    {
        var metadata = api.ActionDescriptor.EndpointMetadata;
        Parameters(operation, api.RelativePath ?? "", metadata);
        if (metadata.OfType<TakesFile>().Any())
            operation.RequestBody = File();
        if (metadata.OfType<GivesFile>().Any())
            operation.Responses!["200"] = Download();
        if (metadata.OfType<GivesText>().FirstOrDefault() is { } text)
            operation.Responses!["200"] = Plain(text);
        Bodies(operation, metadata);
        Answers(operation, metadata);
        if (!metadata.OfType<Asks>().Any())
            operation.Security = [];
    }

    static void Parameters(OpenApiOperation operation, string path, IList<object> metadata)
    {
        operation.Parameters = [];
        foreach (var name in path.Split('{').Skip(1).Select(p => p[..p.IndexOf('}', StringComparison.Ordinal)]))
            operation.Parameters.Add(PathParameter(name));
        foreach (var query in metadata.OfType<QueryParameter>())
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = query.Name, In = ParameterLocation.Query, Description = query.Description, Schema = SchemaOf(query.Kind), Example = ExampleOf(query),
                Required = query.Name is "mine" or "of" or "q",
            });
        if (metadata.OfType<ChangesTicket>().Any())
            operation.Parameters.Add(Header("If-Match", "The version the command was decided on, as an ETag.", "\"7\"", required: true));
        if (metadata.OfType<TakesVersion>().FirstOrDefault() is { } takes)
        {
            operation.Parameters.Add(Header("If-Match", "The version the decision was made on, as an ETag.", "\"2\"", required: !takes.OrNew));
            if (takes.OrNew)
                operation.Parameters.Add(Header("If-None-Match", "In place of If-Match: * for what is new.", "*"));
        }
        if (metadata.OfType<ChangesOrganisation>().Any())
        {
            operation.Parameters.Add(Header("If-Match", "The version the change was thought out on, as an ETag.", "\"1\""));
            operation.Parameters.Add(Header("If-None-Match", "In place of If-Match: * for what is new.", "*"));
        }
        if (metadata.OfType<Repeatable>().Any())
            operation.Parameters.Add(Header(IdempotencyKey.Header, "Makes a repetition harmless for 24 hours: 1 to 255 visible ASCII characters, new for every new request.", "0b6b7c5e-7f0e-4a51-9d0a-2f3f6f0f7d52"));
        if (metadata.OfType<Conditional>().Any())
            operation.Parameters.Add(Header("If-None-Match", "ETags the reader has; 304 when nothing changed.", "\"7\""));
        if (metadata.OfType<TakesFile>().Any())
            operation.Parameters.Add(Header("Content-Disposition", "The file's name.", "attachment; filename=\"log.txt\"", required: true));
    }

    static OpenApiParameter PathParameter(string name) => name switch
    {
        "ticket" => InPath(name, "The ticket's id, or its number.", "17", new OpenApiSchema { Type = JsonSchemaType.String }),
        "queue" => InPath(name, "Name of the queue.", "triage", new OpenApiSchema
        {
            Type = JsonSchemaType.String, Enum = [.. QueueEndpoints.All.Select(q => (JsonNode)q)],
        }),
        "agent" => InPath(name, "Handle of the agent.", "ann", new OpenApiSchema { Type = JsonSchemaType.String }),
        "version" => InPath(name, "Version of the event that carries the text.", "1", new OpenApiSchema { Type = JsonSchemaType.String }),
        "clock" => InPath(name, "Its number in the ticket's life, from 1.", "1", new OpenApiSchema { Type = JsonSchemaType.String }),
        "product" => InPath(name, "Id of the product.", "billing", new OpenApiSchema { Type = JsonSchemaType.String }),
        "language" => InPath(name, "Id of the language (BCP 47).", "pl", new OpenApiSchema { Type = JsonSchemaType.String }),
        "training" => InPath(name, "Name of the training.", "privacy", new OpenApiSchema { Type = JsonSchemaType.String }),
        "role" => InPath(name, "A role of staff.", "agent", new OpenApiSchema { Type = JsonSchemaType.String }),
        "id" => InPath(name, "Letters, digits, dot, underscore and hyphen.", "pl", new OpenApiSchema { Type = JsonSchemaType.String }),
        _ => InPath(name, $"Id of the {name}.", Examples.SomeId.ToString(), new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }),
    };

    static OpenApiParameter InPath(string name, string description, string example, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Path, Required = true, Description = description, Example = example, Schema = schema };

    static OpenApiParameter Header(string name, string description, string example, bool required = false) => new()
    {
        Name = name, In = ParameterLocation.Header, Required = required, Description = description, Example = example,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    static OpenApiSchema SchemaOf(string kind) => kind switch
    {
        "integer" => new() { Type = JsonSchemaType.Integer, Minimum = "1" },
        "boolean" => new() { Type = JsonSchemaType.Boolean },
        "string" => new() { Type = JsonSchemaType.String },
        _ => new() { Type = JsonSchemaType.String, Format = kind },
    };

    static JsonNode ExampleOf(QueryParameter query) => query.Kind switch
    {
        "integer" => JsonValue.Create(long.Parse(query.Example)),
        "boolean" => JsonValue.Create(query.Example == "true"),
        _ => JsonValue.Create(query.Example),
    };

    static OpenApiRequestBody File() => new()
    {
        Required = true, Description = "The file.",
        Content = new Dictionary<string, OpenApiMediaType> { ["*/*"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } },
    };

    static OpenApiResponse Download() => new()
    {
        Description = "The file.",
        Content = new Dictionary<string, OpenApiMediaType> { ["*/*"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } },
    };

    static OpenApiResponse Plain(GivesText text) => new()
    {
        Description = "The text.",
        Content = new Dictionary<string, OpenApiMediaType> { ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = text.Example } },
    };

    static void Bodies(OpenApiOperation operation, IList<object> metadata)
    {
        var type = metadata.OfType<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>().LastOrDefault()?.RequestType;
        if (operation.RequestBody is not OpenApiRequestBody body || type is null)
            return;
        body.Description ??= "What the operation needs to know.";
        foreach (var media in body.Content?.Values.AsEnumerable() ?? [])
            media.Example = Examples.Of(type);
    }

    static void Answers(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var produced in metadata.OfType<Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata>())
        {
            if (operation.Responses?.GetValueOrDefault(produced.StatusCode.ToString()) is not OpenApiResponse response)
                continue;
            response.Description = ExampleProblems.Description(produced.StatusCode, metadata);
            var example = produced.StatusCode >= 400 ? ExampleProblems.Of(produced.StatusCode, metadata) : produced.Type is null ? null : Examples.Of(produced.Type);
            foreach (var (type, media) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
                if (type == Csv.MediaType)
                    (media.Schema, media.Example) = (new OpenApiSchema { Type = JsonSchemaType.String }, "month,tickets,rated\r\n2026-03,120,97\r\n");
                else
                    media.Example ??= example;
            Headers(response, produced.StatusCode, metadata);
        }
    }

    static void Headers(OpenApiResponse response, int status, IList<object> metadata)
    {
        var other = metadata.OfType<TakesVersion>().Any() || metadata.OfType<ChangesOrganisation>().Any();
        var tagged = other || metadata.OfType<ChangesTicket>().Any() || metadata.OfType<Conditional>().Any() || (status == 201 && metadata.OfType<Repeatable>().Any());
        if (status is 200 or 201 or 304 && tagged)
            Add("ETag", other ? "Its version." : "The ticket's version.", "\"7\"");
        if (status == 201)
            Add("Location", "Where it is.", "/api/tickets/019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a");
        if (status == 200 && metadata.OfType<QueryParameter>().Any(q => q.Name == "after"))
            Add("Link", "The next page, rel=next (RFC 8288).", "</api/queues/open/tickets?after=…>; rel=\"next\"");
        if (status is 429 or 503)
            Add("Retry-After", "Seconds to wait.", "1");
        if (status == 401)
            Add("WWW-Authenticate", "How to identify.", "Bearer realm=\"eventdesk\"");

        void Add(string name, string description, string example)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[name] = new OpenApiHeader { Description = description, Example = example, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
    }
}
