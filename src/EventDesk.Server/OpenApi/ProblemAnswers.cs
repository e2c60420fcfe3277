using EventDesk.Server.Api;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.OpenApi;

/// <summary>Says of every endpoint which problems it can answer with, from what the endpoint is.</summary>
static class ProblemAnswers
{
    const string MediaType = "application/problem+json";

    /// <summary>The statuses of an endpoint's problems.</summary>
    public static IEnumerable<int> Of(EndpointBuilder endpoint)
    {
        var metadata = endpoint.Metadata;
        var takesBody = metadata.OfType<IAcceptsMetadata>().Any() || metadata.OfType<TakesFile>().Any();
        var changes = metadata.OfType<ChangesTicket>().Any();
        var versioned = changes || metadata.OfType<TakesVersion>().Any() || metadata.OfType<ChangesOrganisation>().Any();
        var repeatable = metadata.OfType<Repeatable>().Any();
        if (takesBody || versioned || repeatable || metadata.OfType<QueryParameter>().Any()) yield return 400;
        if (metadata.OfType<Asks>().Any())
        {
            yield return 401;
            yield return 403;
        }
        if (endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 }) yield return 404;
        if (takesBody || versioned || metadata.OfType<MayRefuse>().Any()) yield return 409;
        if (versioned) yield return 412;
        if (takesBody)
        {
            yield return 413;
            yield return 415;
        }
        if (repeatable) yield return 422;
        if (versioned) yield return 428;
        if (metadata.OfType<Asks>().Any()) yield return 429;
        yield return 503;
    }

    /// <summary>To be called last, when the endpoint's other metadata is complete.</summary>
    public static void Add(EndpointBuilder endpoint)
    {
        foreach (var status in Of(endpoint).ToList())
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemAnswer), [MediaType]));
    }
}
