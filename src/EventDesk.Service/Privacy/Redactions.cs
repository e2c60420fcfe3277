using System.Text.Json;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Privacy;

/// <summary>Reads, from the events of redaction and erasure, what stands for the texts of the events before them. Sealed bytes only; nothing is opened.</summary>
public static class Redactions
{
    const string Redacted = "passage_redacted", Erased = "passages_erased", Purged = "ticket_purged";

    /// <summary>What readers see: texts with stars, and what was kept when others were erased.</summary>
    /// <param name="events">Of one ticket, in order; all of them, whatever moment is looked at: what is hidden today is hidden in every past.</param>
    internal static StandIns Shown(IEnumerable<StoredEvent> events) => Read(events, originals: false);

    /// <summary>What was kept, without the stars: for those who reveal.</summary>
    internal static StandIns Originals(IEnumerable<StoredEvent> events) => Read(events, originals: true);

    static StandIns Read(IEnumerable<StoredEvent> events, bool originals)
    {
        var standIns = new StandIns();
        foreach (var e in events)
            if (e.Type == Erased)
            {
                standIns = new StandIns();
                Take(e.Data, "kept", standIns);
                if (!originals)
                    Take(e.Data, "shown", standIns);
            }
            else if (e.Type == Redacted && !originals)
                Take(e.Data, "shown", standIns);
        return standIns;
    }

    /// <summary>The sealed subject after an event; it stands in the ticket's row.</summary>
    internal static ReadOnlyMemory<byte> SubjectAfter(string type, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> subject)
    {
        if (type is not (Redacted or Erased or Purged))
            return subject;
        if (type == Purged)
            return default;
        var standIns = new StandIns();
        if (type == Erased)
            Take(data, "kept", standIns);
        Take(data, "shown", standIns);
        return standIns.TryFind(1, TicketEntry.SubjectField, out var other) ? other : type == Erased ? default : subject;
    }

    static void Take(ReadOnlyMemory<byte> data, string member, StandIns into)
    {
        using var json = JsonDocument.Parse(data);
        if (!json.RootElement.TryGetProperty(member, out var texts))
            return;
        foreach (var text in texts.EnumerateArray())
            into.Set(
                text.GetProperty("version").GetInt64(), text.GetProperty("field").GetString()!,
                text.GetProperty("text").GetProperty("sealed") is { ValueKind: JsonValueKind.String } bytes ? bytes.GetBytesFromBase64() : null);
    }

    public static bool IsRedaction(string type) => type is Redacted or Erased;

    /// <summary>
    /// Such an event as readers see it: who hid or erased something, where and why. What stands for the texts is shown where those stand, and how
    /// long the passage was is not told.
    /// </summary>
    /// <param name="data">The event's data, unsealed.</param>
    public static void WriteReadable(Utf8JsonWriter json, ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data);
        Write(json, document.RootElement);
    }

    static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().Where(m => m.Name is not ("kept" or "shown" or "masks" or "start" or "length")))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(json, element);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
