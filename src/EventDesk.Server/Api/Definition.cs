using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Organising;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>Marks endpoints that define a part of the organisation: they take If-Match, or If-None-Match: * for a part that is new.</summary>
public sealed record ChangesOrganisation;

/// <summary>A further version of a part of the organisation: the version it was thought out on, and the content.</summary>
public sealed class Definition<T> : IBindableFromHttpContext<Definition<T>>, IEndpointParameterMetadataProvider where T : class, IDefinition
{
    static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)ApiJson.Http.GetTypeInfo(typeof(T))!;

    readonly HttpContext http;
    readonly Problem? problem;
    readonly T? content;
    readonly long version;

    Definition(HttpContext http, Problem? problem, T? content, long version) =>
        (this.http, this.problem, this.content, this.version) = (http, problem, content, version);

    public static async ValueTask<Definition<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (Precondition(context.Request.Headers, out var version) is { } problem)
            return new(context, problem, null, 0);
        var read = await Body.Read(context, Type, optional: false, digest: false);
        return new(context, read.Problem, read.Value, version);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ChangesOrganisation());
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: false));
    }

    /// <summary>Nobody changes what they have not seen: exactly one of the two headers says what was there.</summary>
    static Problem? Precondition(IHeaderDictionary headers, out long version)
    {
        version = 0;
        if (headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
            return Problems.PartVersionRequired();
        var sound = headers.IfNoneMatch.Count == 0 ? ETag.TryParse(headers.IfMatch, out version) : headers.IfMatch.Count == 0 && headers.IfNoneMatch == "*";
        return sound ? null : Problems.MalformedETag();
    }

    /// <summary>Writes it down and says how that ended.</summary>
    /// <param name="defined">What it defines; only called for a sound request.</param>
    public async Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> Send(OrganisationBook book, Func<T, object> defined, CancellationToken ct)
    {
        if (problem is not null)
            return problem;
        var faults = new Faults();
        foreach (var (name, value) in http.Request.RouteValues)
            faults.Identifier(name, value as string, TextRules.MaxIdentifier);
        if (faults.Found.Count > 0)
            return Problems.Invalid(faults.Found);
        var part = defined(content!);
        var by = new Actor(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);
        var outcome = await book.Define(part, content!.From?.ToUniversalTime(), version, by, Activity.Current?.TraceId.ToHexString(), ct);
        if (outcome is Defining.Stale stale)
            return Problems.StalePart(stale.ActualVersion);
        if (outcome is Defining.Refused refused)
            return Problems.OrganisationAtOdds(refused.Reasons);
        return Answer(OrganisationHistory.KeyOf(part), ((Defining.Done)outcome).Version, book.History);
    }

    Results<Ok<PartAnswer>, Created<PartAnswer>, Problem> Answer(string key, long written, OrganisationHistory history)
    {
        var answer = new PartAnswer(key, written, history.Versions(key)[(int)written - 1].From.ToDateTimeOffset());
        http.Response.Headers.ETag = ETag.Of(written);
        return written > 1 ? TypedResults.Ok(answer) : TypedResults.Created($"/api/organisation/versions?of={key}", answer);
    }
}
