using System.Diagnostics;
using EventDesk.Domain.Access;
using EventDesk.Server.SignIn;
using EventDesk.Service.Access;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Tokens, by which programs are known, and people where a browser is in the way. Every grant and revocation is an event.</summary>
public static class TokenEndpoints
{
    const string Tag = "Tokens";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tokens", Issue).Is(Operation.ManageTokens, "issueToken", Tag, "Issue a token",
            "The text is in this answer and nowhere else, ever. With the handle of a person it is theirs: it opens what they may at that moment, as far as the token goes.");
        api.MapGet("/tokens", List).Is(Operation.ManageTokens, "listTokens", Tag, "List the tokens",
            "In the order they were made, with those that expired or were revoked; never their texts.")
            .WithMetadata(QueryParameter.Limit, QueryParameter.After);
        api.MapDelete("/tokens/{token}", Revoke).Is(Operation.ManageTokens, "revokeToken", Tag, "Revoke a token",
            "It opens nothing any more within one second, on every node. Revoking twice is harmless.");
    }

    static async Task<Results<Created<IssuedTokenAnswer>, Problem>> Issue(Posted<TokenRequest> posted, ApiTokens tokens, House house, SignInSettings signIn, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        if (posted.Body.Subject is not null && signIn.SignedTokens is null)
            return Problems.Refused("no_signed_tokens", "No sign-in provider's tokens are taken here.");
        var client = posted.Body.Subject is { } subject ? new ProviderClient(signIn.SignedTokens!.Issuer, subject) : null;
        var (issued, refused) = await Make(posted.Body, client, null, tokens, house, ct);
        if (issued is null)
            return refused!;
        house.Http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/tokens/{issued.Token.Id}", new IssuedTokenAnswer(Answer(issued.Token), issued.Text));
    }

    /// <summary>Issues what was asked for, or says why not.</summary>
    /// <param name="key">By which a repetition is known for one; null: it cannot be.</param>
    internal static async Task<(IssuedToken? Issued, Problem? Problem)> Make(TokenRequest ask, ProviderClient? client, RequestKey? key, ApiTokens tokens, House house, CancellationToken ct)
    {
        if (ask.Desks?.FirstOrDefault(d => house.Organisation.Now.Desks.All(known => known.Id.Value != d)) is { } unknown)
            return (null, Problems.Refused("unknown_desk", $"There is no desk {unknown}."));
        var person = await house.People.FindByHandle(ask.Name, ct);
        if (person is { State.Active: false })
            return (null, Problems.Refused("person_gone", $"{ask.Name} has gone; a token would open nothing."));
        var wanted = new NewToken(ask.Name, ask.Roles, TimeSpan.FromDays(ask.ExpiresInDays), ask.Desks, ask.Lines, ask.CustomerEmail, person?.Id, client);
        return await tokens.Issue(wanted, By(house.Http), Trace(), key, ct) is { } issued ? (issued, null) : (null, Problems.KeyReused());
    }

    static async Task<Results<Ok<TokenList>, Problem>> List(HttpContext http, ApiTokens tokens, CancellationToken ct)
    {
        var query = new Query(http);
        var (limit, after) = (query.Limit(), query.After(16));
        if (query.Problem is { } problem)
            return problem;
        var found = await tokens.List(after.Length == 0 ? Guid.Empty : new Guid(after, bigEndian: true), limit + 1, ct);
        var more = found.Count > limit;
        return TypedResults.Ok(new TokenList(
            [.. found.Take(limit).Select(Answer)],
            more ? Cursor.NextPage(http, System.Buffers.Text.Base64Url.EncodeToString(found[limit - 1].Id.ToByteArray(bigEndian: true))) : null));
    }

    static async Task<Results<NoContent, Problem>> Revoke(string token, HttpContext http, ApiTokens tokens, CancellationToken ct) =>
        Guid.TryParseExact(token, "D", out var id) && await tokens.Revoke(id, By(http), Trace(), ct)
            ? TypedResults.NoContent()
            : Problems.NoSuch("token_not_found", "token");

    static Actor By(HttpContext http) => new(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);

    static string? Trace() => Activity.Current?.TraceId.ToHexString();

    static TokenAnswer Answer(ApiToken t) => new()
    {
        Id = t.Id, Name = t.Name, Roles = t.Roles, Desks = t.Desks, Lines = t.Lines, Customer = t.Customer,
        Person = t.Person, Subject = t.Subject,
        Created = t.Created, CreatedBy = t.CreatedBy, Expires = t.Expires, RevokedAt = t.RevokedAt,
    };
}
