using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
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
sealed class ClockFactsFold(TicketReplay replay) : IViewFold
{
    readonly ClocksTold told = new();

    public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

    public TypeFilter DataOf => FoldedTicketEvent.DataOf;

    public void Apply(in FoldedEvent e)
    {
        if (replay.Take(e) is { } step && ClockStep.Matters(step.Before, step.After))
            told.Take(e.Stream, new ClockStep(step.Before, step.After, step.Event, e.Version, step.At, e.Timestamp, new Actor(FoldedTicketEvent.ActorOf(e.Headers), step.Role)), null);
    }

    public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct) =>
        await ClockFacts.Rows.Copy(connection, suffix, told.Facts.Select(f => f.Read(replay.Organisation.Hours)), ct);
}
