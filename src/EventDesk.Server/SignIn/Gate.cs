using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Access;

namespace EventDesk.Server.SignIn;

/// <summary>
/// In front of every endpoint that names an operation: who is it (401), not too fast (429), may they do such a thing at all (403).
/// Whether they may do it to this very ticket is decided by the same policy where the ticket is read.
/// </summary>
public sealed partial class Gate(RequestDelegate next, ApiTokens tokens, RequestRates rates, ILogger<Gate> log)
{
    const string Scheme = "Bearer ";

    public Task Invoke(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Asks>() is not { } asks)
            return next(http);
        string? header = http.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !TokenText.TryHash(header.AsSpan(Scheme.Length).Trim(), out var hash))
            return Refuse(http, header is null);
        if (!tokens.IsAtHand(hash) && rates.Exceeded(http.Connection.RemoteIpAddress) is { } seconds)
            return Problems.RateLimited(seconds).ExecuteAsync(http);
        var found = tokens.Find(hash, http.RequestAborted);
        return found.IsCompletedSuccessfully ? Enter(http, asks, found.GetAwaiter().GetResult()) : Wait(http, asks, found);
    }

    async Task Wait(HttpContext http, Asks asks, ValueTask<Caller?> found) => await Enter(http, asks, await found);

    Task Enter(HttpContext http, Asks asks, Caller? caller)
    {
        if (caller is null)
            return Refuse(http, missing: false);
        if (rates.Exceeded(caller.Token.Id) is { } seconds)
            return Problems.RateLimited(seconds).ExecuteAsync(http);
        if (Policy.Decide(caller.Principal, asks.Operation) is null)
        {
            Denied(log, caller.Token.Id, asks.Operation);
            return Problems.Forbidden($"The token's roles do not include {asks.Operation}.").ExecuteAsync(http);
        }
        http.User = caller;
        return next(http);
    }

    static Task Refuse(HttpContext http, bool missing)
    {
        http.Response.Headers.WWWAuthenticate = missing ? "Bearer realm=\"eventdesk\"" : "Bearer realm=\"eventdesk\", error=\"invalid_token\"";
        return Problems.Unauthenticated(missing ? "Send Authorization: Bearer and the token." : "The token is unknown, expired or revoked.").ExecuteAsync(http);
    }

    [LoggerMessage(1, LogLevel.Information, "Denied: token {Token} asked for {Operation}")]
    static partial void Denied(ILogger log, Guid token, Operation operation);
}
