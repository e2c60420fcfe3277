using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>
/// What the reports count: <c>ticket_fact</c>, one row per ticket, and <c>ticket_cycle</c>, one per resolution with its rating.
/// Derived from events and headers alone, never from sealed text, and the same for what was imported and what happened here.
/// </summary>
public sealed class TicketFacts : FollowedView
{
    public override string Name => "TicketFacts";
    public override int Version => 4;

    public override IReadOnlyList<string> Tables { get; } = [FactTables.Facts.Name, FactTables.Cycles.Name];

    public override string CreateTables(string suffix) => FactTables.Facts.Create(suffix) + FactTables.Cycles.Create(suffix);

    public override string CreateIndexes(string suffix) =>
        FactTables.Facts.PrimaryKey(suffix) + FactTables.Cycles.PrimaryKey(suffix) + $"""
        create index ix_ticket_fact_opened{suffix} on ticket_fact{suffix} (opened_at);
        create index ix_ticket_fact_resolved{suffix} on ticket_fact{suffix} (first_resolved_at);
        create index ix_ticket_cycle_resolved{suffix} on ticket_cycle{suffix} (resolved_at);
        create index ix_ticket_cycle_to_review{suffix} on ticket_cycle{suffix} (comment_at, ticket) where comment_at is not null and reviewed_at is null;
        """;

    public override async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        var facts = await Load(page, connection, ct);
        var reader = new StepReader();
        HashSet<TicketFact> changed = [];
        foreach (var stored in page)
            if (Take(facts, reader.Read(stored)) is { } fact) changed.Add(fact);
        await FactTables.Facts.Save(connection, [.. changed], ct);
        await FactTables.Cycles.Save(connection, [.. changed.SelectMany(f => f.Cycles).Where(c => c.Changed)], ct);
    }

    public override IViewFold NewFold() => new Fold();

    static async Task<Dictionary<Guid, TicketFact>> Load(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        Guid[] tickets = [.. page.Select(e => e.Stream).Distinct()];
        var facts = (await FactTables.Facts.Load(connection, tickets, ct)).ToDictionary(f => f.Ticket);
        if (facts.Values.Any(f => f.Resolutions > 0))
            foreach (var cycle in (await FactTables.Cycles.Load(connection, tickets, ct)).OrderBy(c => c.Version))
                facts[cycle.Ticket].Cycles.Add(cycle);
        return facts;
    }

    /// <summary>The ticket's facts after the event; null for what is no ticket.</summary>
    static TicketFact? Take(Dictionary<Guid, TicketFact> facts, Step e)
    {
        if (!facts.TryGetValue(e.Ticket, out var fact))
        {
            if (e.Kind != StepKind.Opened) return null;
            facts.Add(e.Ticket, fact = FactFold.Open(e));
        }
        FactFold.Apply(fact, e);
        return fact;
    }

    sealed class Fold : IViewFold
    {
        readonly StepReader reader = new();
        readonly Dictionary<Guid, TicketFact> facts = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e) => Take(facts, reader.Read(e));

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await FactTables.Facts.Copy(connection, suffix, facts.Values, ct);
            await FactTables.Cycles.Copy(connection, suffix, facts.Values.SelectMany(f => f.Cycles), ct);
        }
    }
}
