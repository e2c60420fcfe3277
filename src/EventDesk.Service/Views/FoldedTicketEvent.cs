using System.Text;
using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;

namespace EventDesk.Service.Views;

/// <summary>Reads a ticket's events in a replay, from UTF-8 and without its key: the state holds nothing sealed.</summary>
static class FoldedTicketEvent
{
    static readonly SealScope Keyless = new(default, null);

    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Aliases =
        new HashSet<string>(EventNames.ByAlias.Keys).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly ConfirmationIssued SomeConfirmation = new(0, Channel.Import);
    static readonly NoteAdded SomeNote = new(default, SealedText.Erased);
    static readonly CustomerMessageReceived SomeMessage = new(default, Channel.Import, SealedText.Erased);
    static readonly ActivityImported SomeActivity = new("");
    static readonly ReplySent SomeReply = new(default, Channel.Import, SealedText.Erased);
    static readonly ReplySent SomeAutomatedReply = SomeReply with { Automated = true };

    /// <summary>Streams of other kinds pass by: their aliases are not the ticket's.</summary>
    public static bool IsOne(ReadOnlySpan<byte> utf8, out string alias)
    {
        Span<char> chars = stackalloc char[100];
        alias = "";
        return utf8.Length <= chars.Length
            && Aliases.TryGetValue(chars[..Encoding.ASCII.GetChars(utf8, chars)], out alias!);
    }

    /// <summary>Whose data <see cref="Read"/> looks at.</summary>
    public static TypeFilter DataOf { get; } = TypeFilter.AllBut("confirmation_issued", "note_added", "customer_message_received", "activity_imported");

    /// <summary>Frequent events of which the state keeps nothing, or no more than a flag, are not decoded.</summary>
    public static TicketEvent Read(string alias, long version, ReadOnlySpan<byte> data) => alias switch
    {
        "confirmation_issued" => SomeConfirmation,
        "note_added" => SomeNote,
        "customer_message_received" => SomeMessage,
        "activity_imported" => SomeActivity,
        "reply_sent" => IsTrue("automated"u8, data) ? SomeAutomatedReply : SomeReply,
        _ => TicketCodec.Decode(alias, version, data, Keyless),
    };

    static bool IsTrue(ReadOnlySpan<byte> member, ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(member);
            json.Read();
            if (found) return json.TokenType == JsonTokenType.True;
            json.Skip();
        }
        return false;
    }

    /// <param name="digest">Takes the event's digest; may be empty.</param>
    public static (DateTimeOffset Occurred, Role Role) ReadHeaders(ReadOnlySpan<byte> headers, DateTimeOffset recorded, Span<byte> digest)
    {
        var (occurred, role) = (recorded, Role.Customer);
        var json = new Utf8JsonReader(headers);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("digest"u8) && !digest.IsEmpty) { json.Read(); Digests.TryRead(json.ValueSpan, digest); }
            else if (json.ValueTextEquals("role"u8)) { json.Read(); role = EventMeta.ReadRole(ref json); }
            else if (json.ValueTextEquals("occurred"u8)) { json.Read(); occurred = json.GetDateTimeOffset(); }
            else json.Read();
        }
        return (occurred, role);
    }

    /// <summary>Whose ticket a <c>ticket_opened</c> event begins.</summary>
    public static Guid RequesterOf(ReadOnlySpan<byte> data) => ((TicketOpened)Read("ticket_opened", 1, data)).Requester.Id.Value;

    public static bool IsStaff(Role role) => new Actor("", role).IsStaff;

    public static string ActorOf(ReadOnlySpan<byte> headers)
    {
        var json = new Utf8JsonReader(headers);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals("actor"u8);
            json.Read();
            if (found) return json.GetString() ?? "";
        }
        return "";
    }
}
