using System.Text;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Views;

/// <summary>Enums as they are stored (camelCase) and as reports write them.</summary>
internal static class Names
{
    /// <summary>An unknown role reads as the customer's: it counts as nobody's work.</summary>
    public static Role Role(ReadOnlySpan<byte> name) => Stored<Role>.Find(name) ?? Domain.Access.Role.Customer;
    public static SupportLine? Line(ReadOnlySpan<byte> name) => Stored<SupportLine>.Find(name);
    public static Severity? Severity(ReadOnlySpan<byte> name) => Stored<Severity>.Find(name);
    public static WaitingReason? Reason(ReadOnlySpan<byte> name) => Stored<WaitingReason>.Find(name);
    public static Resolution How(ReadOnlySpan<byte> name) => Stored<Resolution>.Find(name) ?? Resolution.Imported;
    public static Channel Channel(ReadOnlySpan<byte> name) => Stored<Channel>.Find(name) ?? Domain.Tickets.Channel.Import;

    /// <summary>How a value is written: <c>thirdParty</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The value under this name or number, in any case; null when there is none.</summary>
    public static T? Parse<T>(string text) where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    static class Stored<T> where T : struct, Enum
    {
        static readonly (byte[] Name, T Value)[] All = [.. Enum.GetValues<T>().Select(v => (Encoding.UTF8.GetBytes(Of(v)), v))];

        public static T? Find(ReadOnlySpan<byte> name)
        {
            foreach (var (known, value) in All)
                if (name.SequenceEqual(known)) return value;
            return null;
        }
    }
}
