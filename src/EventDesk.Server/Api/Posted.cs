using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>A body posted to something that is no ticket yet: its content, or the problem with it.</summary>
public sealed class Posted<T> : IBindableFromHttpContext<Posted<T>>, IEndpointParameterMetadataProvider where T : class, IChecked
{
    static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)ApiJson.Http.GetTypeInfo(typeof(T))!;

    static readonly bool Optional = Type.Properties.All(p => !p.IsRequired);

    readonly HttpContext http;
    readonly T? body;
    readonly byte[]? digest;

    Posted(HttpContext http, Problem? problem, T? body, byte[]? digest) => (this.http, Problem, this.body, this.digest) = (http, problem, body, digest);

    public Problem? Problem { get; }

    /// <summary>Only without a <see cref="Problem"/>.</summary>
    public T Body => body!;

    public Asker Asker => http.Asker();
    public bool AsCustomer => http.AsCustomer();

    /// <summary>What makes the request repeatable; null when it carries no key.</summary>
    public RequestKey? Key(string about) => digest is null ? null
        : IdempotencyKey.Of(http.Request.Headers[IdempotencyKey.Header]!, http.Principal().Id, http.Operation().ToString(), about, digest);

    public static async ValueTask<Posted<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var key = context.Request.Headers[IdempotencyKey.Header];
        if (key.Count > 0 && !IdempotencyKey.IsValid(key))
            return new(context, Problems.MalformedIdempotencyKey(), null, null);
        var read = await Api.Body.Read(context, Type, Optional, key.Count > 0);
        return new(context, read.Problem, read.Value, read.Digest);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), Optional));
}
