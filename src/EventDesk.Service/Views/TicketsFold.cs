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
        if (!FoldedTicketEvent.IsOne(e.Type, out var alias))
        {
            if (OrganisationJson.Read(e.Type, e.Data) is { } defined)
                organisation = organisation.With(defined.Defined, Instant.FromDateTimeOffset(defined.From));
            return;
        }
        if (!tickets.TryGetValue(e.Stream, out var cell))
            tickets.Add(e.Stream, cell = new Cell());
        var (occurred, role) = FoldedTicketEvent.ReadHeaders(e.Headers, e.Timestamp, cell.Digest);
        if (cell.Version == 0)
            cell.Subject = TicketEntry.SubjectOf(e.Data);
        else if (alias is "passage_redacted" or "passages_erased" or "ticket_purged")
            cell.Subject = Redactions.SubjectAfter(alias, e.Data.ToArray(), cell.Subject);
        cell.Version = e.Version;
        cell.Ticket = Ticket.Evolve(cell.Ticket, FoldedTicketEvent.Read(alias, e.Version, e.Data), occurred, FoldedTicketEvent.IsStaff(role));
    }

    public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
    {
        var entries = tickets.Select(t => new TicketEntry(t.Key, t.Value.Version, t.Value.Digest, t.Value.Ticket, t.Value.Subject));
        await TicketsView.CopyRows(connection, suffix, entries, organisation.Hours, ct);
    }
}
