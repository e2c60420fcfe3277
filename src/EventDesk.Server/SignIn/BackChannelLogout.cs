using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Service.Access;
using EventDesk.Service.People;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventDesk.Server.SignIn;

/// <summary>
/// The provider says that somebody is signed out (OpenID Connect Back-Channel Logout 1.0). With a session of its own (<c>sid</c>) it means that one; with
/// the subject alone it means all of them, and then all that the person holds ends, tokens included.
/// </summary>
public sealed class BackChannelLogout(SignInSettings settings, OpenIdProvider provider, SignedTokens tokens, SignInAttempts attempts, PeopleDesk people, Sessions sessions)
{
    const string Event = "http://schemas.openid.net/event/backchannel-logout";

    static readonly string[] Types = ["logout+jwt", "application/logout+jwt", "JWT", ""];
    static readonly Actor Provider = new("sign-in provider", Role.System);

    /// <returns>Null when it is done, else what is wrong with the token.</returns>
    public async Task<string?> Take(string? logoutToken, CancellationToken ct)
    {
        if (logoutToken is null || await tokens.Check(logoutToken, provider, settings.Provider!.ClientId, Types, ct) is not { } token)
            return "The logout token does not hold.";
        var subject = token.TryGetPayloadValue<string>("sub", out var sub) ? sub : null;
        var sid = token.TryGetPayloadValue<string>("sid", out var s) ? s : null;
        if (subject is null && sid is null)
            return "It names neither a subject nor a session.";
        // An ID token must not pass for a logout token, nor the other way round.
        if (token.TryGetPayloadValue<object>("nonce", out _) || !SaysLogout(token))
            return "It is no logout token.";
        if (!token.TryGetPayloadValue<string>("jti", out var jti) || jti.Length == 0)
            return "It has no jti.";
        var first = await attempts.IsFirst(TokenHash.Sha256(Encoding.UTF8.GetBytes($"{provider.Issuer}\n{jti}")), new DateTimeOffset(token.ValidTo, TimeSpan.Zero).AddMinutes(5), ct);
        if (!first)
            return "It was taken before.";
        var trace = Activity.Current?.TraceId.ToHexString();
        if (sid is not null)
            await sessions.EndOfProvider(sessions.ProviderSessionOf(provider.Issuer, sid), Provider, trace, ct);
        else if (await people.FindBySubject(people.SubjectOf(provider.Issuer, subject!), ct) is { } person)
            await people.Handle(person.Id, new SignOutEverywhere(), null, Provider, trace, ct);
        return null;
    }

    static bool SaysLogout(JsonWebToken token) =>
        token.TryGetPayloadValue<JsonElement>("events", out var events) && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(Event, out var logout) && logout.ValueKind == JsonValueKind.Object;
}
