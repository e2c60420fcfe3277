using System.Text.Json;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tickets;

/// <summary>Domain events ⇄ stored JSON. Of shapes of old it knows nothing: the store reads them as <see cref="PastShapes"/> say.</summary>
public static class TicketCodec
{
    /// <summary>The event's JSON, its texts sealed under the scope's key and bound to <paramref name="version"/>.</summary>
    internal static byte[] Write(TicketEvent e, long version, SealScope scope) =>
        scope.Within(version, e, static e => JsonSerializer.SerializeToUtf8Bytes(e, TicketJson.Stored.GetTypeInfo(e.GetType())));

    /// <param name="key">Null: the stream has no key (any more); its texts read as erased.</param>
    /// <param name="standIns">What is read in the place of the event's own texts, where passages were redacted or erased.</param>
    /// <exception cref="UnknownEventException">The alias names no event of this program.</exception>
    public static RecordedEvent Read(StoredEvent stored, StreamKey? key, StandIns? standIns = null) => new(
        Decode(stored.Type, stored.Version, stored.Data.Span, new SealScope(stored.Stream, key, standIns)), EventMeta.Read(stored.Headers.Span, stored.Timestamp), stored);

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
