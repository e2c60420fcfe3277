using System.Collections.Frozen;
using System.Text.Json;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tickets;

/// <summary>Domain events ⇄ stored JSON. Old shapes are lifted to the present one on reading; what is stored never changes.</summary>
public static class TicketCodec
{
    /// <summary>The event's JSON, its texts sealed under the scope's key and bound to <paramref name="version"/>.</summary>
    internal static byte[] Write(TicketEvent e, long version, SealScope scope) =>
        scope.Within(version, e, static e => JsonSerializer.SerializeToUtf8Bytes(e, TicketJson.Stored.GetTypeInfo(e.GetType())));

    /// <param name="key">Null: the stream has no key (any more); its texts read as erased.</param>
    /// <param name="upcasts">For tests; the product's own otherwise.</param>
    /// <param name="standIns">What is read in the place of the event's own texts, where passages were redacted or erased.</param>
    /// <exception cref="UnknownEventException">The alias names no event of this program, even after upcasting.</exception>
    public static RecordedEvent Read(StoredEvent stored, StreamKey? key, Upcasts? upcasts = null, StandIns? standIns = null)
    {
        var (type, data) = (upcasts ?? Upcasts.Known).Lift(stored.Type, stored.Data);
        return new RecordedEvent(
            Decode(type, stored.Version, data.Span, new SealScope(stored.Stream, key, standIns)), EventMeta.Read(stored.Headers.Span, stored.Timestamp), stored);
    }

    internal static TicketEvent Decode(string alias, long version, ReadOnlySpan<byte> data, SealScope scope)
    {
        if (!EventNames.ByAlias.TryGetValue(alias, out var type))
            throw new UnknownEventException(alias);
        var json = new Utf8JsonReader(data);
        return scope.Read(version, ref json, type);
    }
}

/// <summary>The log holds an event this program does not know: it was written by a newer one.</summary>
public sealed class UnknownEventException(string alias)
    : Exception($"The log holds an event \"{alias}\" that this version of EventDesk does not know. Was it written by a newer version?");

/// <summary>Shapes of the past and how they become the present ones: alias → (alias, data), applied until nothing changes.</summary>
public sealed class Upcasts(IReadOnlyDictionary<string, Func<ReadOnlyMemory<byte>, (string Type, ReadOnlyMemory<byte> Data)>> steps)
{
    readonly FrozenDictionary<string, Func<ReadOnlyMemory<byte>, (string Type, ReadOnlyMemory<byte> Data)>> steps = steps.ToFrozenDictionary();

    /// <summary>None yet: every shape that was ever stored is a present one.</summary>
    public static readonly Upcasts Known = new(new Dictionary<string, Func<ReadOnlyMemory<byte>, (string, ReadOnlyMemory<byte>)>>());

    public (string Type, ReadOnlyMemory<byte> Data) Lift(string type, ReadOnlyMemory<byte> data)
    {
        while (steps.Count > 0 && steps.TryGetValue(type, out var step))
            (type, data) = step(data);
        return (type, data);
    }
}
