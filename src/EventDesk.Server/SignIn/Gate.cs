using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Access;
using EventDesk.Service.Access.Log;

namespace EventDesk.Server.SignIn;

/// <summary>Marks endpoints that want to know who asks and are open to everybody who is somebody.</summary>
public sealed record AsksWho;

/// <summary>Marks endpoints that are open to everybody and want to know who asks, where it is somebody.</summary>
public sealed record KnowsWho;

/// <summary>Marks endpoints that pages ask by themselves while nobody does anything: a session is not used by that.</summary>
public sealed record AsksByItself;

/// <summary>
/// In front of every endpoint that names an operation: who is it (401), not too fast (429), by their own will (403), may they do such a thing at all
/// (403). Whether they may do it to this very ticket is decided by the same policy where the ticket is read.
/// </summary>
public sealed partial class Gate(RequestDelegate next, Callers callers, Presented presented, CrossSite crossSite, RequestRates rates, AccessLog access, ILogger<Gate> log)
{
    public Task Invoke(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        var asks = metadata?.GetMetadata<Asks>();
        var open = metadata?.GetMetadata<KnowsWho>() is not null;
        if (asks is null && !open && metadata?.GetMetadata<AsksWho>() is null)
            return next(http);
        if (!presented.TryRead(http, out var kind, out var key, out var text))
            return open ? next(http) : Refuse(http, http.Request.Headers.Authorization.Count == 0);
        return callers.AtHand(key, metadata!.GetMetadata<AsksByItself>() is null) is { } caller ? Enter(http, asks, caller) : Find(http, asks, kind, key, text);
    }

    async Task Find(HttpContext http, Asks? asks, CredentialKind kind, TokenHash key, string? text)
    {
        if (rates.Exceeded(http.Connection.RemoteIpAddress) is { } seconds)
        {
            await Problems.RateLimited(seconds).ExecuteAsync(http);
            return;
        }
        var credential = await presented.Check(kind, key, text, http.RequestAborted);
        if (credential is not null && await callers.Find(credential, http.RequestAborted, http.GetEndpoint()!.Metadata.GetMetadata<AsksByItself>() is null) is { } caller)
            await Enter(http, asks, caller);
        else if (http.GetEndpoint()!.Metadata.GetMetadata<KnowsWho>() is not null)
            await next(http);
        else
            await Refuse(http, missing: false);
    }

    Task Enter(HttpContext http, Asks? asks, Caller caller)
    {
        if (rates.Exceeded(caller.Id) is { } seconds)
            return Problems.RateLimited(seconds).ExecuteAsync(http);
        if (caller.Kind == CredentialKind.Session)
            return EnterByCookie(http, asks, caller);
        return Ask(http, asks, caller);
    }

    async Task EnterByCookie(HttpContext http, Asks? asks, Caller caller)
    {
        if (await crossSite.IsOwn(http))
            await Ask(http, asks, caller);
        else
            await Deny(http, caller, asks, "cross_site", Problems.CrossSite());
    }

    Task Ask(HttpContext http, Asks? asks, Caller caller)
    {
        if (asks is not null && Policy.Decide(caller.Principal, asks.Operation) is null)
            return caller.Principal.LacksTraining is { Count: > 0 } lacks
                ? Deny(http, caller, asks, "training", Problems.LacksTraining(lacks))
                : Deny(http, caller, asks, "role", Problems.Forbidden($"The token's roles do not include {asks.Operation}."));
        http.User = caller;
        return next(http);
    }

    async Task Deny(HttpContext http, Caller caller, Asks? asks, string why, Problem problem)
    {
        Denied(log, caller.Id, asks?.Operation, why);
        if (asks is not null)
            await access.Denied(caller.Principal, asks.Operation, null, why, http.RequestAborted);
        await problem.ExecuteAsync(http);
    }

    static Task Refuse(HttpContext http, bool missing)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Pages.IsPage>() is { } page && BackTo(http.Request) is { } address)
            return Pages.PageResults.SeeOther($"{page.SignIn}{QueryString.Create("returnTo", address)}").ExecuteAsync(http);
        http.Response.Headers.WWWAuthenticate = missing ? "Bearer realm=\"eventdesk\"" : "Bearer realm=\"eventdesk\", error=\"invalid_token\"";
        return Problems.Unauthenticated(missing ? "Send Authorization: Bearer and the token." : "The token is unknown, expired or revoked.").ExecuteAsync(http);
    }

    /// <summary>Where who signs in now goes on: at the page that was asked for, or the one whose form was sent. Null where no browser of ours asks.</summary>
    static string? BackTo(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString
        : Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == request.Host.Value ? from.PathAndQuery
        : null;

    [LoggerMessage(1, LogLevel.Information, "Denied: {Caller} asked for {Operation} ({Why})")]
    static partial void Denied(ILogger log, Guid caller, Operation? operation, string why);
}
