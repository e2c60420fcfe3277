using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventDesk.Server.Scim;

/// <summary>Marks endpoints whose callers understand SCIM's errors and no others.</summary>
public sealed record SpeaksScim;

/// <summary>An answer in SCIM's media type.</summary>
public sealed class ScimAnswer(int status, JsonObject body) : IResult
{
    const string MediaType = "application/scim+json";

    static readonly JsonWriterOptions Written = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? Location { get; init; }
    public string? ETag { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (Location is not null)
            response.Headers.Location = Location;
        if (ETag is not null)
            response.Headers.ETag = ETag;
        await using var json = new Utf8JsonWriter(response.BodyWriter, Written);
        body.WriteTo(json);
        await json.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>RFC 7644, section 3.12.</summary>
    /// <param name="type">scimType, where the RFC has a word for it.</param>
    public static ScimAnswer Error(int status, string detail, string? type = null)
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.Error), ["status"] = status.ToString(), ["detail"] = detail };
        if (type is not null)
            body["scimType"] = type;
        return new(status, body);
    }

    public static ScimAnswer Of(Problem problem) => Error(problem.Status, problem.Detail ?? problem.Title);

    public static ScimAnswer NotFound(string what) => Error(404, $"There is no such {what}.");
}

/// <summary>A request that cannot be carried out; thrown while it is taken apart, answered where it came in.</summary>
public sealed class ScimException(int status, string detail, string? type = null) : Exception(detail)
{
    public ScimAnswer Answer => ScimAnswer.Error(status, Message, type);

    public static ScimException Value(string detail) => new(400, detail, "invalidValue");
    public static ScimException Syntax(string detail) => new(400, detail, "invalidSyntax");
    public static ScimException Path(string detail) => new(400, detail, "invalidPath");
    public static ScimException Filter(string detail) => new(400, detail, "invalidFilter");
    public static ScimException Mutability(string detail) => new(400, detail, "mutability");
}
