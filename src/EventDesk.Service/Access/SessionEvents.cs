using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Access;

/// <summary>How long a session lasts.</summary>
/// <param name="Idle">Without a request.</param>
/// <param name="Longest">In all.</param>
public sealed record SessionRules(TimeSpan Idle, TimeSpan Longest)
{
    public static readonly SessionRules Default = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(12));
}

/// <summary>Somebody signed in with a browser.</summary>
/// <param name="Person">Null: a customer, who is known by no more than an address.</param>
/// <param name="Hash">Base64 SHA-256 of the session's text, which only the browser holds.</param>
/// <param name="ProviderSession">Pseudonym of the session at the sign-in provider, by which it can be ended from there.</param>
/// <param name="Factors">How they proved who they are, in the provider's words (RFC 8176).</param>
/// <param name="Customer">The pseudonym of a customer; null: a person who works here.</param>
public sealed record SessionStarted(Guid? Person, string Hash, Guid? ProviderSession, IReadOnlyList<string> Factors, DateTimeOffset Until, Guid? Customer = null);

/// <summary>It opens nothing any more.</summary>
/// <param name="Why">signed_out, provider, or administrator.</param>
public sealed record SessionEnded(string Why);

/// <summary>The stored form of a session's events. One stream for each session.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionStarted))]
[JsonSerializable(typeof(SessionEnded))]
sealed partial class SessionJson : JsonSerializerContext
{
    public const string StreamType = "session";

    public static readonly string Started = EventNames.SnakeCase(nameof(SessionStarted)), Ended = EventNames.SnakeCase(nameof(SessionEnded));

    public static string DotnetType(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    public static SessionStarted ReadStarted(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize(data, Default.SessionStarted)!;
}
