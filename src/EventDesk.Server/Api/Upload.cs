using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Pages;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>Marks endpoints whose body is a file.</summary>
public sealed record TakesFile;

/// <summary>Marks endpoints that answer with a file.</summary>
public sealed record GivesFile;

/// <summary>Answers with plain text, such as this.</summary>
public sealed record GivesText(string Example);

/// <summary>What the headers of an upload say.</summary>
sealed record Upload(string Name, string MediaType, bool Internal, long Version, string? Key)
{
    const int MaxMediaType = 127;

    /// <summary>Reads the headers and lifts the limit on the body up to <paramref name="most"/>.</summary>
    public static (Upload? Upload, Problem? Problem) Of(HttpContext http, long most)
    {
        var headers = http.Request.Headers;
        if (headers.IfMatch.Count == 0)
            return (null, Problems.VersionRequired());
        if (!ETag.TryParse(headers.IfMatch, out var version))
            return (null, Problems.MalformedETag());
        var key = headers[IdempotencyKey.Header];
        if (key.Count > 0 && !IdempotencyKey.IsValid(key))
            return (null, Problems.MalformedIdempotencyKey());
        if (http.Request.ContentLength > most)
            return (null, Problems.TooLarge(most));
        var media = http.Request.ContentType;
        if (media is null || !IsMediaType(media))
            return (null, Problems.UnsupportedMediaType("the file's own media type"));
        var query = new Query(http);
        var hidden = query.Flag("internal");
        if (hidden && http.AsCustomer())
            query.Fault("internal", "not_allowed", "Customers add nothing that they could not see.");
        var name = NameIn(headers.ContentDisposition);
        var faults = new Faults();
        faults.Line("Content-Disposition", name, TextRules.MaxName);
        if (name is null)
            faults.Add("Content-Disposition", "required", "Give the file's name: attachment; filename=\"report.txt\".");
        foreach (var fault in faults.Found)
            query.Fault(fault.Field, fault.Code, fault.Detail);
        if (query.Problem is { } problem)
            return (null, problem);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most + Body.Drained;
        return (new(name!, media, hidden, version, key), null);
    }

    /// <summary>The same of a file that came with a form.</summary>
    /// <param name="hidden">For staff only.</param>
    public static (Upload? Upload, Outcome.Refused? Refused) Of(SentFile file, bool hidden, Addressed to, string? key)
    {
        if (!IsMediaType(file.MediaType))
            return (null, new("unsupported_media_type", "Nobody can tell what kind of file it is."));
        var (name, faults) = (Bare(file.Name), new Faults());
        faults.Line("file", name, TextRules.MaxName);
        if (faults.Found is [var first, ..])
            return (null, new(first.Code, $"The name of the file: {first.Detail}"));
        return (new(name, file.MediaType, hidden, to.Version, key), null);
    }

    static bool IsMediaType(string text) => text.Length <= MaxMediaType && MediaTypeHeaderValue.TryParse(text, out _);

    /// <summary>The request's digest: its headers and its content.</summary>
    public byte[] DigestWith(byte[] content) => SHA256.HashData([.. Encoding.UTF8.GetBytes($"{Name}\n{MediaType}\n{Internal}\n"), .. content]);

    static string? NameIn(string? disposition)
    {
        if (!ContentDispositionHeaderValue.TryParse(disposition, out var parsed))
            return null;
        return (parsed.FileNameStar ?? parsed.FileName)?.Trim('"') is { } name ? Bare(name) : null;
    }

    /// <summary>What looks like a path was somebody else's disk.</summary>
    static string Bare(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
}

/// <summary>A file on its way out.</summary>
public sealed class FileDownload(Stream content, AttachmentAdded file) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var _ = content;
        var response = httpContext.Response;
        var head = new byte[FileKinds.Head];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, httpContext.RequestAborted);
        response.ContentType = FileKinds.Served(file.MediaType, head.AsSpan(0, read));
        response.ContentLength = file.Bytes;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = file.Name.Text ?? "erased" }.ToString();
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.CacheControl = "private, no-store";
        await response.Body.WriteAsync(head.AsMemory(0, read), httpContext.RequestAborted);
        await content.CopyToAsync(response.Body, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK));
}
