using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventDesk.Server.SignIn;

/// <summary>Checks what a provider has signed: signature, algorithm, issuer, audience, times and kind. What it then says is for others to judge.</summary>
public sealed class SignedTokens(TimeProvider time)
{
    public const int MostLetters = 16 * 1024;

    /// <summary>So far two clocks may be apart.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Neither none nor anything with a shared secret: what is public would then sign.</summary>
    static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MostLetters };

    /// <param name="audience">Whom it must have been made for, perhaps among others.</param>
    /// <param name="types">The values of <c>typ</c> that are taken; "" stands for none.</param>
    /// <returns>Null when anything is wrong with it.</returns>
    /// <exception cref="ProviderException">The keys cannot be had.</exception>
    public async Task<JsonWebToken?> Check(string token, OpenIdProvider provider, string audience, IReadOnlyList<string> types, CancellationToken ct)
    {
        if (token.Length > MostLetters)
            return null;
        var result = await Check(token, provider.Issuer, audience, (await provider.Get(ct)).Keys);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            result = await Check(token, provider.Issuer, audience, (await provider.GetAnew(ct)).Keys);
        return result is { IsValid: true, SecurityToken: JsonWebToken signed } && types.Contains(signed.Typ ?? "", StringComparer.OrdinalIgnoreCase) && IsMade(signed) ? signed : null;
    }

    Task<TokenValidationResult> Check(string token, string issuer, string audience, IReadOnlyList<SecurityKey> keys) => Handler.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = issuer,
        ValidAudience = audience,
        IssuerSigningKeys = keys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) => until is { } end && end > Now - Skew && (from is not { } start || start <= Now + Skew),
    });

    /// <summary>It says when it was made, and that is past: by that it is known whether somebody was sent away since.</summary>
    bool IsMade(JsonWebToken token) => token.TryGetPayloadValue<long>("iat", out _) && token.IssuedAt <= Now + Skew;

    DateTime Now => time.GetUtcNow().UtcDateTime;
}
