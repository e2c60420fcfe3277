using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EventDesk.Server.Tests;

/// <summary>The server's OpenAPI document, held against every answer a test gets.</summary>
public sealed class Contract
{
    static Contract? current;

    readonly JsonElement document;
    readonly ILookup<(string Method, int Length), (string[] Path, JsonElement Described)> operations;

    Contract(JsonElement document)
    {
        this.document = document;
        operations = (from path in document.GetProperty("paths").EnumerateObject()
                      from method in path.Value.EnumerateObject()
                      let segments = Segments(path.Name)
                      // Routing prefers what is written out, too.
                      orderby segments.Count(IsParameter)
                      select (Method: method.Name.ToUpperInvariant(), Path: segments, Described: method.Value))
            .ToLookup(o => (o.Method, o.Path.Length), o => (o.Path, o.Described));
    }

    /// <summary>Reads it once; all servers of a test run have the same. Not through HTTP: some tests count requests.</summary>
    public static async Task Read(IServiceProvider services)
    {
        if (current is not null)
            return;
        var made = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await made.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        current = new Contract(JsonDocument.Parse(json.ToArray()).RootElement);
    }

    /// <summary>The answer, when it is as the document says, and so was the body where it was taken. Addresses that are not in the document say nothing.</summary>
    public static Answer Kept(HttpMethod method, string path, string? sent, Answer answer)
    {
        if (current is { } contract && contract.Find(method, path) is { } operation && answer.Status != HttpStatusCode.InternalServerError)
            contract.Faults(operation, sent, answer).ShouldBeEmpty($"{method} {path}: {(int)answer.Status} {answer.Text}");
        return answer;
    }

    JsonElement? Find(HttpMethod method, string path)
    {
        var segments = Segments(path.Split('?')[0]);
        foreach (var (template, described) in operations[(method.Method, segments.Length)])
            if (template.Zip(segments).All(pair => IsParameter(pair.First) || pair.First == pair.Second))
                return described;
        return null;
    }

    IEnumerable<string> Faults(JsonElement operation, string? sent, Answer answer)
    {
        if (!operation.GetProperty("responses").TryGetProperty(((int)answer.Status).ToString(), out var response))
            return ["the status is not described"];
        var faults = Content(response, answer.MediaType, answer.Text);
        return string.IsNullOrEmpty(sent) || (int)answer.Status >= 300 || !operation.TryGetProperty("requestBody", out var body) ? faults
            : faults.Concat(Content(body, "application/json", sent).Select(fault => $"the body that was taken: {fault}"));
    }

    IEnumerable<string> Content(JsonElement described, string? mediaType, string text)
    {
        if (!described.TryGetProperty("content", out var content))
            return text.Length == 0 ? [] : ["a content is not described"];
        if (content.TryGetProperty("*/*", out _))
            return [];
        if (mediaType is null || !content.TryGetProperty(mediaType, out var media))
            return [$"the media type {mediaType} is not described"];
        return mediaType is "text/plain" or "text/csv" ? [] : new Schema(document, media.GetProperty("schema")).Faults(JsonDocument.Parse(text).RootElement);
    }

    static string[] Segments(string path) => path.Trim('/').Split('/');

    static bool IsParameter(string segment) => segment.StartsWith('{');
}
