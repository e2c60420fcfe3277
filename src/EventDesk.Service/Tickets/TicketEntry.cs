using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tickets;

/// <summary>A ticket as its row keeps it: the state, where its stream ends, and its sealed subject.</summary>
/// <param name="Version">Of the stream's last event.</param>
/// <param name="Digest">Of the stream's last event; the next one links on to it.</param>
/// <param name="Subject">Sealed bytes, bound to version 1 and the field <c>subject</c>; empty when there is none.</param>
public sealed record TicketEntry(Guid Id, long Version, ReadOnlyMemory<byte> Digest, Ticket Ticket, ReadOnlyMemory<byte> Subject)
{
    internal const string SubjectField = "subject";

    public TicketScope Scope => new(Ticket.Desk, Ticket.Line, Ticket.Requester);

    internal string State => JsonSerializer.Serialize(Ticket, TicketJson.StoredTicket);

    internal static Ticket ReadState(ReadOnlySpan<byte> state) => JsonSerializer.Deserialize(state, TicketJson.StoredTicket)!;

    /// <summary>The sealed subject out of the data of a <c>ticket_opened</c> event.</summary>
    internal static ReadOnlyMemory<byte> SubjectOf(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals("subject"u8);
            json.Read();
            if (found)
                return json.TokenType == JsonTokenType.StartObject ? SealedJson.ReadSealed(ref json) : default(ReadOnlyMemory<byte>);
            json.Skip();
        }
        return default;
    }
}

/// <summary>What an append does to a ticket's row; <see cref="Before"/> is null for a new ticket.</summary>
/// <param name="Hours">The opening hours its clock is read in.</param>
/// <param name="Steps">The events of the append that concern its clock, in order.</param>
public sealed record TicketChange(TicketEntry? Before, TicketEntry After, HoursOf Hours, IReadOnlyList<ClockStep> Steps);
