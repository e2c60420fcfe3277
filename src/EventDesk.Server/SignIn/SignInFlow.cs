using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventDesk.Domain.People;
using EventDesk.Service.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.People;
using EventDesk.Service.Tickets;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventDesk.Server.SignIn;

/// <summary>How a way back from the provider ended.</summary>
public abstract record SignInResult
{
    public sealed record SignedIn(StartedSession Session, string ReturnTo) : SignInResult;

    /// <param name="Code">What may be told: never whether somebody is known here.</param>
    public sealed record Refused(string Code, string Detail) : SignInResult;
}

/// <summary>The authorization code flow of OpenID Connect, with PKCE (S256), state, nonce and the provider's own name checked.</summary>
public sealed class SignInFlow(
    SignInSettings settings, OpenIdProvider provider, SignedTokens tokens, SignInAttempts attempts, PeopleDesk people, Sessions sessions, AccessLog access)
{
    static readonly string[] IdTokenTypes = ["JWT", ""];

    ProviderSettings Us => settings.Provider!;

    string Callback => new Uri(settings.PublicUrl!, "/sign-in/callback").AbsoluteUri;

    static string Random() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where to send the browser.</summary>
    /// <param name="browser">What its cookie holds; null: it has none yet and gets the one answered.</param>
    /// <param name="returnTo">A path of ours; anything else becomes the front page.</param>
    public async Task<(Uri Location, string Browser)> Begin(string? browser, string? returnTo, CancellationToken ct)
    {
        var metadata = await provider.Get(ct);
        var (state, nonce, verifier) = (Random(), Random(), Random());
        browser = browser is { Length: 43 } ? browser : Random();
        await attempts.Begin(Hash(state), new SignInAttempt(Hash(browser), nonce, verifier, LocalPath.Of(returnTo)), ct);
        var query = new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["client_id"] = Us.ClientId, ["redirect_uri"] = Callback, ["scope"] = "openid email profile", ["state"] = state, ["nonce"] = nonce,
            ["code_challenge"] = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), ["code_challenge_method"] = "S256",
        };
        if (Us.Acr.Count > 0)
            query["acr_values"] = string.Join(' ', Us.Acr);
        var extra = QueryString.Create(query).Value!;
        return (new Uri(metadata.Authorization.AbsoluteUri + (metadata.Authorization.Query.Length > 0 ? $"&{extra[1..]}" : extra)), browser);
    }

    /// <param name="browser">What the browser's cookie holds.</param>
    public async Task<SignInResult> Complete(IQueryCollection query, string? browser, CancellationToken ct)
    {
        if (query["state"] is not [{ Length: 43 } state] || await attempts.Take(Hash(state), ct) is not { } attempt
            || browser is null || !CryptographicOperations.FixedTimeEquals(Hash(browser).ToArray(), attempt.Browser.ToArray()))
            return Refuse("sign_in_expired", "This way back leads nowhere: it was used, took too long, or began in another browser. Sign in again.");
        var metadata = await provider.Get(ct);
        // An answer of another provider, brought here to make us spend its code at ours or the other way round (RFC 9207).
        if (query["iss"] is { Count: > 0 } iss ? iss is not [{ } named] || named != Us.Issuer : metadata.NamesItself)
            return Refuse("sign_in_refused", "The answer is not from the sign-in provider.");
        if (query["error"].Count > 0 || query["code"] is not [{ Length: > 0 and < 4096 } code])
            return Refuse("sign_in_refused", "The sign-in provider did not let you in.");
        if (await Exchange(metadata, code, attempt.Verifier, ct) is not { } idToken || await Check(idToken, attempt.Nonce, ct) is not { } token)
            return Refuse("sign_in_refused", "The sign-in provider's answer does not hold.");
        return await Enter(token, attempt.ReturnTo, ct);
    }

    /// <summary>The ID token for the code; null when the provider does not give one.</summary>
    async Task<string?> Exchange(ProviderMetadata metadata, string code, string verifier, CancellationToken ct)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Callback, ["code_verifier"] = verifier };
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.Token);
        if (Us.ClientSecret is { } secret)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(Us.ClientId)}:{Uri.EscapeDataString(secret)}")));
        else
            form["client_id"] = Us.ClientId;
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using var answer = await provider.Http.SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode)
                return null;
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            return json.RootElement.TryGetProperty("id_token", out var token) ? token.GetString() : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ProviderException($"The sign-in provider {Us.Issuer} gives no token: {e.Message}", e);
        }
    }

    async Task<JsonWebToken?> Check(string idToken, string nonce, CancellationToken ct)
    {
        if (await tokens.Check(idToken, provider, Us.ClientId, IdTokenTypes, ct) is not { Subject: { Length: > 0 and <= 255 } } token)
            return null;
        var madeForUs = token.Audiences.Count() == 1 ? !token.TryGetPayloadValue<string>("azp", out var azp) || azp == Us.ClientId
            : token.TryGetPayloadValue<string>("azp", out azp) && azp == Us.ClientId;
        return madeForUs && token.TryGetPayloadValue<string>("nonce", out var repeated)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(repeated), Encoding.UTF8.GetBytes(nonce)) ? token : null;
    }

    async Task<SignInResult> Enter(JsonWebToken token, string returnTo, CancellationToken ct)
    {
        var factors = Strings(token, "amr");
        if (!Us.WithoutMfa && !factors.Any(Us.Amr.Contains) && !(token.TryGetPayloadValue<string>("acr", out var acr) && Us.Acr.Contains(acr)))
        {
            await access.Denied("(unknown)", "signIn", null, "mfa", ct);
            return Refuse("mfa_required", "Sign in with more than one factor.");
        }
        if (await Recognise(token, ct) is not { State.Active: true } person)
        {
            await access.Denied("(unknown)", "signIn", null, "nobody", ct);
            return Refuse("sign_in_refused", "Nothing is open to this account here. Ask an administrator.");
        }
        var providerSession = token.TryGetPayloadValue<string>("sid", out var sid) ? sessions.ProviderSessionOf(Us.Issuer, sid) : (Guid?)null;
        var session = await sessions.Start(person.Id, person.State.Acting, providerSession, factors, Activity.Current?.TraceId.ToHexString(), ct);
        return new SignInResult.SignedIn(session, returnTo);
    }

    /// <summary>
    /// Whom the provider means: the person its subject was tied to, or, the first time, the only one with the address it has verified. From then on the
    /// address counts no more, so whoever gets it later does not get the account.
    /// </summary>
    async Task<PersonEntry?> Recognise(JsonWebToken token, CancellationToken ct)
    {
        var subject = people.SubjectOf(Us.Issuer, token.Subject);
        if (await people.FindBySubject(subject, ct) is { } known)
            return known;
        if (!token.TryGetPayloadValue<bool>("email_verified", out var verified) || !verified || !token.TryGetPayloadValue<string>("email", out var email))
            return null;
        if (await people.FindByEmail(email, ct) is not [{ State: { Active: true, Subject: null } } found])
            return null;
        var linked = await people.Handle(found.Id, new LinkSubject(subject), found.Version, found.State.Acting, Activity.Current?.TraceId.ToHexString(), ct);
        return linked is Outcome.Done ? found : null;
    }

    static IReadOnlyList<string> Strings(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string[]>(claim, out var all) ? [.. all.Take(20)] : [];

    static SignInResult.Refused Refuse(string code, string detail) => new(code, detail);

    static TokenHash Hash(string text) => TokenHash.Sha256(Encoding.ASCII.GetBytes(text));
}
