using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Store;
using NodaTime;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>Puts together what step after step tells of the same clocks.</summary>
sealed class ClocksTold
{
    readonly Dictionary<(Guid, SlaClockKind, DateTime), ClockFact> facts = [];

    public IReadOnlyCollection<ClockFact> Facts => facts.Values;

    /// <param name="hours">To read the clocks in at once; null: they are read later.</param>
    public void Take(Guid ticket, ClockStep step, HoursOf? hours)
    {
        foreach (var fact in step.Facts(ticket))
        {
            var whole = facts[fact.Key] = facts.TryGetValue(fact.Key, out var earlier) ? fact.Keeping(earlier) : fact;
            if (hours is not null) whole.Read(hours);
        }
    }
}

/// <summary>Every clock there ever was, from the events alone. Hours are asked last: what was measured does not change with them, what is foreseen does.</summary>
sealed class ClockFactsFold : IViewFold
{
    readonly Dictionary<Guid, Ticket> tickets = [];
    readonly ClocksTold told = new();
    OrganisationHistory organisation = OrganisationHistory.Empty;

    public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

    public void Apply(in FoldedEvent e)
    {
        if (!FoldedTicketEvent.IsOne(e.Type, out var alias))
        {
            if (OrganisationJson.Read(e.Type, e.Data) is { } defined)
                organisation = organisation.With(defined.Defined, Instant.FromDateTimeOffset(defined.From));
            return;
        }
        var read = FoldedTicketEvent.Read(alias, e.Version, e.Data);
        var (occurred, role) = FoldedTicketEvent.ReadHeaders(e.Headers, e.Timestamp, []);
        var before = tickets.GetValueOrDefault(e.Stream) ?? Ticket.None;
        var after = tickets[e.Stream] = Ticket.Evolve(before, read, occurred, FoldedTicketEvent.IsStaff(role));
        if (ClockStep.Matters(before, after))
            told.Take(e.Stream, new ClockStep(before, after, read, e.Version, occurred, e.Timestamp, new Actor(FoldedTicketEvent.ActorOf(e.Headers), role)), null);
    }

    public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct) =>
        await ClockFacts.Rows.Copy(connection, suffix, told.Facts.Select(f => f.Read(organisation.Hours)), ct);
}
