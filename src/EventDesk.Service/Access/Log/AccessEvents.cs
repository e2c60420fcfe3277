using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Access.Log;

/// <summary>What somebody did that no other event tells.</summary>
public enum AccessKind { Read, Denied, Exported }

/// <summary>Somebody looked, or was kept from it, once or several times in a moment.</summary>
/// <param name="By">Handle, name of a program, or a customer's pseudonym.</param>
/// <param name="Role">The role they acted in; null where none was found for them.</param>
/// <param name="Operation">What they asked for.</param>
/// <param name="Why">For denials a code; for exports whose data it was, where it was one person's.</param>
public sealed record Accessed(
    AccessKind Kind, string By, string? Role, string Operation, Guid? Ticket, DateTimeOffset First, DateTimeOffset Last, int Times, string? Why = null);

/// <summary>What one process saw of accesses in about a second. One stream for each process and day.</summary>
public sealed record AccessRecorded(IReadOnlyList<Accessed> Entries);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(CamelEnum<AccessKind>)])]
[JsonSerializable(typeof(AccessRecorded))]
sealed partial class AccessJson : JsonSerializerContext
{
    public const string StreamType = "access_log";

    public static readonly string Alias = EventNames.SnakeCase(nameof(AccessRecorded));
    public static readonly string DotnetType = $"{typeof(AccessRecorded).FullName}, {typeof(AccessRecorded).Assembly.GetName().Name}";

    public static byte[] Write(AccessRecorded e) => JsonSerializer.SerializeToUtf8Bytes(e, Default.AccessRecorded);

    public static AccessRecorded Read(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize(data, Default.AccessRecorded)!;
}
