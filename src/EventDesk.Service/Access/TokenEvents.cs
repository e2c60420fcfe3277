using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventDesk.Service.Access;

/// <summary>Someone was let in. The token itself is known to its holder alone; only its hash is kept.</summary>
/// <param name="Hash">Base64 SHA-256 of the token's text.</param>
/// <param name="Person">Whose it is: it opens no more than they may at that moment, and nothing once they are gone.</param>
/// <param name="Subject">The client as the sign-in provider names it; then its signed tokens take the place of a text of ours.</param>
/// <param name="Customer">Pseudonym of the customer whose own tickets it opens.</param>
public sealed record ApiTokenIssued(
    string Name, string Hash, IReadOnlyList<string> Roles, IReadOnlyList<string>? Desks, IReadOnlyList<string>? Lines, Guid? Customer, DateTimeOffset Expires,
    Guid? Person = null, string? Subject = null);

/// <summary>The token opens nothing any more.</summary>
public sealed record ApiTokenRevoked;

/// <summary>The stored form of the token's events. One stream for each token.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiTokenIssued))]
[JsonSerializable(typeof(ApiTokenRevoked))]
sealed partial class TokenJson : JsonSerializerContext
{
    public const string StreamType = "api_token";
    public const string Issued = "api_token_issued";
    public const string Revoked = "api_token_revoked";

    public static readonly string IssuedClass = $"{typeof(ApiTokenIssued).FullName}, {typeof(ApiTokenIssued).Assembly.GetName().Name}";
    public static readonly string RevokedClass = $"{typeof(ApiTokenRevoked).FullName}, {typeof(ApiTokenRevoked).Assembly.GetName().Name}";

    public static ApiTokenIssued ReadIssued(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize(data, Default.ApiTokenIssued)!;
}
