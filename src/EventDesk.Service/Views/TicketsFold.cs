using EventDesk.Service.Tickets;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>Every ticket's row from its events, for rebuilds and checks.</summary>
sealed class TicketsFold(TicketReplay replay) : IViewFold
{
    public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

    public TypeFilter DataOf => FoldedTicketEvent.DataOf;

    public void Apply(in FoldedEvent e) => replay.Take(e);

    public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
    {
        var entries = replay.Tickets.Select(t => new TicketEntry(t.Key, t.Value.Version, t.Value.Digest, t.Value.Ticket, t.Value.Subject));
        await TicketsView.CopyRows(connection, suffix, entries, replay.Organisation.Hours, ct);
    }
}
