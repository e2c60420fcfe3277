using System.Text;
using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using NodaTime;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>Every ticket's state from its events, for rebuilds and checks. Uses the same <see cref="Ticket.Evolve"/> as a command does.</summary>
sealed class TicketsFold : IViewFold
{
    readonly Dictionary<Guid, Cell> tickets = [];
    readonly SealScope keyless = new(default, null);
    OrganisationHistory organisation = OrganisationHistory.Empty;

    sealed class Cell
    {
        public long Version;
        public Ticket Ticket = Ticket.None;
        public ReadOnlyMemory<byte> Subject;
        public readonly byte[] Digest = new byte[Digests.Length];
    }

    public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

    public void Apply(in FoldedEvent e)
    {
        if (!KnownAlias(e.Type, out var alias))
        {
            if (OrganisationJson.Read(e.Type, e.Data) is { } defined)
                organisation = organisation.With(defined.Defined, Instant.FromDateTimeOffset(defined.From));
            return;
        }
        if (!tickets.TryGetValue(e.Stream, out var cell))
            tickets.Add(e.Stream, cell = new Cell());
        var (occurred, staff) = ReadHeaders(e.Headers, e.Timestamp, cell.Digest);
        if (cell.Version == 0)
            cell.Subject = TicketEntry.SubjectOf(e.Data);
        else if (alias is "passage_redacted" or "passages_erased" or "ticket_purged")
            cell.Subject = Redactions.SubjectAfter(alias, e.Data.ToArray(), cell.Subject);
        cell.Version = e.Version;
        cell.Ticket = Ticket.Evolve(cell.Ticket, Contentless(alias) ?? TicketCodec.Decode(alias, e.Version, e.Data, keyless), occurred, staff);
    }

    /// <summary>Streams of other kinds pass by: their aliases are not the ticket's.</summary>
    static bool KnownAlias(ReadOnlySpan<byte> utf8, out string alias)
    {
        Span<char> chars = stackalloc char[100];
        alias = "";
        return utf8.Length <= chars.Length
            && Aliases.TryGetValue(chars[..Encoding.ASCII.GetChars(utf8, chars)], out alias!);
    }

    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Aliases =
        new HashSet<string>(EventNames.ByAlias.Keys).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Frequent events of which the state keeps nothing need not be decoded.</summary>
    static TicketEvent? Contentless(string alias) => alias switch
    {
        "confirmation_issued" => SomeConfirmation,
        "note_added" => SomeNote,
        "customer_message_received" => SomeMessage,
        "activity_imported" => SomeActivity,
        _ => null,
    };

    static readonly ConfirmationIssued SomeConfirmation = new(0, Channel.Import);
    static readonly NoteAdded SomeNote = new(default, SealedText.Erased);
    static readonly CustomerMessageReceived SomeMessage = new(default, Channel.Import, SealedText.Erased);
    static readonly ActivityImported SomeActivity = new("");

    static (DateTimeOffset Occurred, bool Staff) ReadHeaders(ReadOnlySpan<byte> headers, DateTimeOffset recorded, Span<byte> digest)
    {
        var (occurred, staff) = (recorded, false);
        var json = new Utf8JsonReader(headers);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("digest"u8)) { json.Read(); Digests.TryRead(json.ValueSpan, digest); }
            else if (json.ValueTextEquals("role"u8)) { json.Read(); staff = new Actor("", EventMeta.ReadRole(ref json)).IsStaff; }
            else if (json.ValueTextEquals("occurred"u8)) { json.Read(); occurred = json.GetDateTimeOffset(); }
            else json.Read();
        }
        return (occurred, staff);
    }

    public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
    {
        var entries = tickets.Select(t => new TicketEntry(t.Key, t.Value.Version, t.Value.Digest, t.Value.Ticket, t.Value.Subject));
        await TicketsView.CopyRows(connection, suffix, entries, organisation.Hours, ct);
    }
}
