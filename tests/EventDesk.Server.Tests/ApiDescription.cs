using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventDesk.Server.Tests;

/// <summary>An operation as the OpenAPI document describes it, with everything needed to call it.</summary>
public sealed record ApiOperation(string Id, HttpMethod Method, string Path, JsonElement Described)
{
    public bool ChangesTicket => Parameters.Contains("If-Match") && Path.Contains("{ticket}", StringComparison.Ordinal);
    public bool TakesVersion => Parameters.Contains("If-Match");
    public bool ChangesOrganisation => TakesVersion && Path.StartsWith("/api/organisation/", StringComparison.Ordinal);

    /// <summary>For everybody, without a token.</summary>
    public bool IsPublic => Path.StartsWith("/health", StringComparison.Ordinal) || Path is "/api/hours" || Path.StartsWith("/ledger/", StringComparison.Ordinal);
    public IEnumerable<JsonElement> DescribedParameters => Described.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [];
    public IEnumerable<string> Parameters => DescribedParameters.Select(p => p.GetProperty("name").GetString()!);
    public bool TakesFile => Parameters.Contains("Content-Disposition");

    /// <summary>A fresh copy of the document's example of the body; null when there is none.</summary>
    public JsonNode? ExampleBody() =>
        !TakesFile && Described.TryGetProperty("requestBody", out var body)
            ? JsonNode.Parse(body.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText())
            : null;

    public override string ToString() => Id;

    public static Task<IReadOnlyList<ApiOperation>> All(RunningServer server) => All(server.Http);

    public static async Task<IReadOnlyList<ApiOperation>> All(HttpClient http)
    {
        var document = (await new Api(http, null).Get("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;
        return [.. from path in document.GetProperty("paths").EnumerateObject()
                   from method in path.Value.EnumerateObject()
                   select new ApiOperation(method.Value.GetProperty("operationId").GetString()!, new HttpMethod(method.Name.ToUpperInvariant()), path.Name, method.Value)];
    }

    /// <summary>Its address, about this ticket, with what has to be in the query.</summary>
    public string Address(Guid ticket)
    {
        var path = Path
            .Replace("{ticket}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{queue}", "open", StringComparison.Ordinal)
            .Replace("{attachment}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{incident}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{clock}", "1", StringComparison.Ordinal)
            .Replace("{version}", "1", StringComparison.Ordinal)
            .Replace("{customer}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{person}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{training}", "privacy", StringComparison.Ordinal)
            .Replace("{role}", "analyst", StringComparison.Ordinal)
            .Replace("{customer}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{token}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{product}", "billing", StringComparison.Ordinal)
            .Replace("{language}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{agent}", "ann", StringComparison.Ordinal)
            .Replace("{view}", ticket.ToString(), StringComparison.Ordinal)
            .Replace("{id}", ticket.ToString(), StringComparison.Ordinal);
        if (Parameters.Contains("mine"))
            path += "?mine=true";
        if (Parameters.Contains("q"))
            path += "?q=invoice";
        if (Parameters.Contains("of"))
            path += "?of=desk/billing/en";
        if (Parameters.Contains("from"))
            path += "?from=2026-01-01&to=2026-12-31";
        return path;
    }

    /// <summary>Calls it on this ticket, as the document says it should be called.</summary>
    public Task<Answer> Call(Api who, Guid ticket, long version, JsonNode? body = null, string? fileName = null, string? key = null)
    {
        var path = Address(ticket);
        List<(string, string)> headers = [];
        if (TakesVersion)
            headers.Add(ChangesOrganisation ? ("If-None-Match", "*") : ("If-Match", $"\"{version}\""));
        if (key is not null)
            headers.Add(("Idempotency-Key", key));
        if (TakesFile)
        {
            headers.Add(("Content-Disposition", $"attachment; filename=\"{fileName ?? "log.txt"}\""));
            return who.Send(Method, path, new StringContent(body?.ToJsonString() ?? "the file", null, "text/plain"), [.. headers]);
        }
        body ??= ExampleBody();
        return who.Send(Method, path, body is null ? null : new StringContent(body.ToJsonString(), null, "application/json"), [.. headers]);
    }
}
