using EventDesk.Service.Access;

namespace EventDesk.Server.SignIn;

/// <summary>How people sign in, as the environment tells it.</summary>
public sealed record SignInSettings
{
    /// <summary>The OpenID provider people are sent to; null: there is none, and nobody signs in with a browser.</summary>
    public ProviderSettings? Provider { get; init; }

    /// <summary>Whose signed tokens (JWT) are taken at the API; null: none.</summary>
    public SignedTokenSettings? SignedTokens { get; init; }

    /// <summary>Where browsers find us: scheme, host and port. Never taken from a request.</summary>
    public Uri? PublicUrl { get; init; }

    public SessionRules Sessions { get; init; } = SessionRules.Default;

    /// <summary>Plain http is allowed, towards browsers and the provider.</summary>
    public bool Development { get; init; }

    /// <summary>The cookie goes over https only.</summary>
    public bool SecureCookies => PublicUrl is { } url ? url.Scheme != Uri.UriSchemeHttp : !Development;

    /// <param name="text">A variable, or null.</param>
    /// <param name="secret">The same, or what stands in the file named by the variable with _FILE.</param>
    /// <exception cref="SettingsException">Settings that do not go together.</exception>
    public static SignInSettings From(Func<string, string?> text, Func<string, string?> secret, bool development)
    {
        var settings = new SignInSettings
        {
            Development = development,
            PublicUrl = Web("EVENTDESK_PUBLIC_URL", text, development),
            Sessions = new(
                TimeSpan.FromMinutes(Settings.Number("EVENTDESK_SESSION_IDLE_MINUTES", text("EVENTDESK_SESSION_IDLE_MINUTES"), 30, 24 * 60)),
                TimeSpan.FromHours(Settings.Number("EVENTDESK_SESSION_HOURS", text("EVENTDESK_SESSION_HOURS"), 12, 24 * 7))),
        };
        var issuer = Web("EVENTDESK_OIDC_ISSUER", text, development) is null ? null : text("EVENTDESK_OIDC_ISSUER");
        if (issuer is not null && text("EVENTDESK_OIDC_CLIENT_ID") is null)
            throw new SettingsException("EVENTDESK_OIDC_ISSUER is set, so EVENTDESK_OIDC_CLIENT_ID must say as whom we come to it.");
        if (issuer is not null && settings.PublicUrl is null)
            throw new SettingsException("EVENTDESK_OIDC_ISSUER is set, so EVENTDESK_PUBLIC_URL must say where browsers come back to.");
        var withoutMfa = text("EVENTDESK_OIDC_WITHOUT_MFA") is "true";
        if (withoutMfa && !development)
            throw new SettingsException("EVENTDESK_OIDC_WITHOUT_MFA is for development only: staff prove themselves with more than a password.");
        return settings with
        {
            Provider = issuer is null ? null : new ProviderSettings(
                issuer, text("EVENTDESK_OIDC_CLIENT_ID")!, secret("EVENTDESK_OIDC_CLIENT_SECRET"), Words(text("EVENTDESK_OIDC_ACR")), Words(text("EVENTDESK_OIDC_AMR") ?? "mfa"), withoutMfa),
            SignedTokens = SignedBy(text, issuer, development),
        };
    }

    static SignedTokenSettings? SignedBy(Func<string, string?> text, string? provider, bool development)
    {
        if (text("EVENTDESK_JWT_AUDIENCE") is not { } audience)
            return null;
        var issuer = Web("EVENTDESK_JWT_ISSUER", text, development) is null ? provider : text("EVENTDESK_JWT_ISSUER");
        return issuer is null
            ? throw new SettingsException("EVENTDESK_JWT_AUDIENCE is set, so EVENTDESK_JWT_ISSUER (or EVENTDESK_OIDC_ISSUER) must say who signs.")
            : new(issuer, audience);
    }

    static HashSet<string> Words(string? text) => [.. (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    static Uri? Web(string name, Func<string, string?> text, bool development)
    {
        var address = Settings.Address(name, text(name));
        return address is { Scheme: "http" } && !development
            ? throw new SettingsException($"{name} is \"{address}\"; outside development it must begin with https.")
            : address;
    }
}

/// <param name="Issuer">To the letter, as its tokens name it.</param>
/// <param name="ClientSecret">Null: a public client, which PKCE alone protects.</param>
/// <param name="Acr">Authentication contexts that count as more than one factor; asked for, too.</param>
/// <param name="Amr">Methods (RFC 8176) of which one shows that there was more than one factor.</param>
/// <param name="WithoutMfa">Development only.</param>
public sealed record ProviderSettings(string Issuer, string ClientId, string? ClientSecret, IReadOnlySet<string> Acr, IReadOnlySet<string> Amr, bool WithoutMfa)
{
    /// <summary>Never the secret: logs and exceptions print records.</summary>
    public override string ToString() => $"{Issuer} ({ClientId})";
}

/// <param name="Audience">What a token must have been made for.</param>
public sealed record SignedTokenSettings(string Issuer, string Audience);
