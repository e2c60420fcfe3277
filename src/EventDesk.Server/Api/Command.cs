using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>Marks endpoints that change one ticket: they take If-Match and Idempotency-Key.</summary>
public sealed record ChangesTicket;

/// <summary>Marks endpoints that take an Idempotency-Key.</summary>
public sealed record Repeatable;

/// <summary>Marks endpoints where a rule may say no, though they take neither a body nor a version.</summary>
public sealed record MayRefuse;

/// <summary>Where a command goes and on whose behalf.</summary>
public sealed record Addressed(Guid Ticket, long Version, Asker Asker, RequestKey? Key);

/// <summary>Something asked of one ticket: which ticket, which version was seen, the key of a repetition, and the content.</summary>
public sealed class Command<T> : IBindableFromHttpContext<Command<T>>, IEndpointParameterMetadataProvider where T : class, IChecked
{
    static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)ApiJson.Http.GetTypeInfo(typeof(T))!;
    static readonly bool Optional = Type.Properties.All(p => !p.IsRequired);

    readonly HttpContext http;
    readonly Problem? problem;
    readonly T? body;
    readonly long version;
    readonly byte[]? digest;

    Command(HttpContext http, Problem? problem, T? body, long version, byte[]? digest) =>
        (this.http, this.problem, this.body, this.version, this.digest) = (http, problem, body, version, digest);

    /// <summary>The operation is granted as the customer's own.</summary>
    public bool AsCustomer => http.AsCustomer();

    /// <summary>The content; null while there is a problem with the request.</summary>
    public T? Body => problem is null ? body : null;

    public static async ValueTask<Command<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var headers = context.Request.Headers;
        if (headers.IfMatch.Count == 0)
            return new(context, Problems.VersionRequired(), null, 0, null);
        if (!ETag.TryParse(headers.IfMatch, out var version))
            return new(context, Problems.MalformedETag(), null, 0, null);
        var key = headers[IdempotencyKey.Header];
        if (key.Count > 0 && !IdempotencyKey.IsValid(key))
            return new(context, Problems.MalformedIdempotencyKey(), null, 0, null);
        var read = await Api.Body.Read(context, Type, Optional, key.Count > 0);
        return new(context, read.Problem, read.Value, version, read.Digest);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ChangesTicket());
        builder.Metadata.Add(new Repeatable());
        if (typeof(T) != typeof(EmptyRequest))
            builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), Optional));
    }

    /// <summary>Lets the desk decide and says how it ended.</summary>
    public Task<Results<Changed, Problem>> Send(TicketDesk desk, Func<T, TicketCommand> command, CancellationToken ct) =>
        Send(desk, (content, to) => desk.Handle(to.Ticket, http.Operation(), command(content), to.Version, to.Asker, to.Key, ct), ct);

    /// <summary>The same for what needs more than a command.</summary>
    public async Task<Results<Changed, Problem>> Send(TicketDesk desk, Func<T, Addressed, Task<Outcome>> work, CancellationToken ct)
    {
        if (problem is not null)
            return problem;
        if (await desk.Resolve((string)http.Request.RouteValues["ticket"]!, ct) is not { } ticket)
            return Problems.NoSuchTicket();
        var operation = http.Operation();
        var asker = http.Asker();
        RequestKey? key = digest is null ? null
            : IdempotencyKey.Of(http.Request.Headers[IdempotencyKey.Header]!, asker.Principal.Id, operation.ToString(), ticket.ToString(), digest);
        var outcome = await work(body!, new Addressed(ticket, version, asker, key));
        return outcome is Outcome.Done done ? new Changed(done) : Outcomes.Problem(outcome, asker.Principal);
    }
}
