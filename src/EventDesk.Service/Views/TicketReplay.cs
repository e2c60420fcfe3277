using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using NodaTime;

namespace EventDesk.Service.Views;

/// <summary>
/// Every ticket's state at the event that a replay has come to, by the same <see cref="Ticket.Evolve"/> that a command uses. Folds that are fed side by side ask
/// for each event in turn; it is worked out for the first of them.
/// </summary>
sealed class TicketReplay
{
    readonly Dictionary<Guid, Cell> tickets = [];
    readonly TicketStep step = new();
    long at;
    bool isTickets;

    public sealed class Cell
    {
        public long Version;
        public Ticket Ticket = Ticket.None;
        public ReadOnlyMemory<byte> Subject;
        public readonly byte[] Digest = new byte[Digests.Length];
    }

    public IReadOnlyDictionary<Guid, Cell> Tickets => tickets;

    /// <summary>The organisation as the events so far defined it.</summary>
    public OrganisationHistory Organisation { get; private set; } = OrganisationHistory.Empty;

    /// <returns>What it did, until the next event; null: it is no ticket's.</returns>
    public TicketStep? Take(in FoldedEvent e)
    {
        if (e.SeqId != at)
            (at, isTickets) = (e.SeqId, Evolve(e));
        return isTickets ? step : null;
    }

    bool Evolve(in FoldedEvent e)
    {
        if (!FoldedTicketEvent.IsOne(e.Type, out var alias))
        {
            if (OrganisationJson.Read(e.Type, e.Data) is { } defined)
                Organisation = Organisation.With(defined.Defined, Instant.FromDateTimeOffset(defined.From));
            return false;
        }
        if (!tickets.TryGetValue(e.Stream, out var cell))
            tickets.Add(e.Stream, cell = new Cell());
        (step.At, step.Role) = FoldedTicketEvent.ReadHeaders(e.Headers, e.Timestamp, cell.Digest);
        if (cell.Version == 0)
            cell.Subject = TicketEntry.SubjectOf(e.Data);
        else if (alias is "passage_redacted" or "passages_erased" or "ticket_purged")
            cell.Subject = Redactions.SubjectAfter(alias, e.Data.ToArray(), cell.Subject);
        cell.Version = e.Version;
        step.Event = FoldedTicketEvent.Read(alias, e.Version, e.Data);
        step.Before = cell.Ticket;
        step.After = cell.Ticket = Ticket.Evolve(cell.Ticket, step.Event, step.At, FoldedTicketEvent.IsStaff(step.Role));
        return true;
    }
}

/// <summary>What an event did to its ticket. Used again for the next one.</summary>
sealed class TicketStep
{
    public Ticket Before = Ticket.None;
    public Ticket After = Ticket.None;
    public TicketEvent Event = null!;

    /// <summary>When it occurred.</summary>
    public DateTimeOffset At;

    public Role Role;
}
