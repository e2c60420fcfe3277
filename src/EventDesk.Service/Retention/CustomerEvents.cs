using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventDesk.Service.Retention;

/// <summary>A customer asked to be forgotten: what of their tickets is not open any more goes, by the rules that say when and how.</summary>
public sealed record CustomerErasureRequested;

/// <summary>The stored form of what concerns a customer beside their tickets. The stream is the customer's pseudonym; nothing personal stands in it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CustomerErasureRequested))]
sealed partial class CustomerJson : JsonSerializerContext
{
    public const string StreamType = "customer";

    public const string RequestedAlias = "customer_erasure_requested";

    public static ReadOnlySpan<byte> Requested => "customer_erasure_requested"u8;

    public static byte[] Write(CustomerErasureRequested e) => JsonSerializer.SerializeToUtf8Bytes(e, Default.CustomerErasureRequested);

    public static string DotnetType { get; } = $"{typeof(CustomerErasureRequested).FullName}, {typeof(CustomerErasureRequested).Assembly.GetName().Name}";
}
