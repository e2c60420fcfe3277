using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>Marks reads that take If-None-Match and answer with an ETag.</summary>
public sealed record Conditional;

/// <summary>The reader has this version already (304).</summary>
public sealed class NotModified : IResult, IEndpointMetadataProvider
{
    /// <summary>Tags the answer with the version; true when the reader knows it.</summary>
    public static bool Answers(HttpContext http, long version)
    {
        var tag = ETag.Of(version);
        var headers = http.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Authorization, Cookie";
        return http.Request.Headers.IfNoneMatch is { Count: > 0 } known && ETag.IsKnown(known, tag);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
}
