using System.Text;
using EventDesk.Service.Access;
using EventDesk.Service.People;

namespace EventDesk.Server.SignIn;

/// <summary>Reads what a request shows for itself: a token of ours, a token the provider signed, or a session's cookie. A token goes before a cookie.</summary>
public sealed class Presented(SignInSettings settings, SessionCookie cookie, SignedTokens signed, SigningProvider signer, PeopleDesk people)
{
    const string Scheme = "Bearer ";

    static readonly string[] AccessTokenTypes = ["at+jwt", "application/at+jwt", "JWT", ""];

    /// <summary>The form of it: nothing was looked up, and no signature checked.</summary>
    /// <param name="text">A signed token, whose signature is to be checked unless its holder is at hand.</param>
    /// <returns>False when nothing is shown, or nothing that could be right.</returns>
    public bool TryRead(HttpContext http, out CredentialKind kind, out TokenHash key, out string? text)
    {
        (kind, key, text) = (CredentialKind.Token, default, null);
        string? header = http.Request.Headers.Authorization;
        if (header is null)
        {
            kind = CredentialKind.Session;
            return cookie.Read(http) is { } session && SessionText.TryHash(session, out key);
        }
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var shown = header.AsSpan(Scheme.Length).Trim();
        if (TokenText.TryHash(shown, out key))
            return true;
        if (settings.SignedTokens is null || shown.Length > SignedTokens.MostLetters || shown.Count('.') != 2 || !System.Text.Ascii.IsValid(shown))
            return false;
        (kind, text) = (CredentialKind.Signed, shown.ToString());
        key = TokenHash.Sha256(Encoding.ASCII.GetBytes(text));
        return true;
    }

    /// <summary>The credential, once its signature and what it was made for are in order; null when they are not.</summary>
    public async Task<Credential?> Check(CredentialKind kind, TokenHash key, string? text, CancellationToken ct)
    {
        if (text is null)
            return new Credential(kind, key);
        var issuer = settings.SignedTokens!.Issuer;
        if (await signed.Check(text, signer.Provider, settings.SignedTokens.Audience, AccessTokenTypes, ct) is not { Subject.Length: > 0 } token)
            return null;
        return new Credential(
            kind, key, people.SubjectOf(issuer, token.Subject), TokenHash.OfClient(issuer, token.Subject), Utc(token.IssuedAt), Utc(token.ValidTo));
    }

    static DateTimeOffset Utc(DateTime time) => new(time, TimeSpan.Zero);
}

/// <summary>The provider that signs tokens for the API; the same as people sign in at, unless told otherwise.</summary>
public sealed class SigningProvider(SignInSettings settings, TimeProvider time, IServiceProvider services) : IDisposable
{
    readonly Lazy<OpenIdProvider> provider = new(() =>
        settings.SignedTokens!.Issuer == settings.Provider?.Issuer
            ? services.GetRequiredService<OpenIdProvider>()
            : new OpenIdProvider(settings.SignedTokens.Issuer, settings.Development, time));

    public OpenIdProvider Provider => provider.Value;

    public void Dispose()
    {
        if (provider.IsValueCreated)
            provider.Value.Dispose();
    }
}
