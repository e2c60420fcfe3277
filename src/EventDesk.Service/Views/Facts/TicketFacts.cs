using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>
/// What the reports count: <c>ticket_fact</c>, one row per ticket, and <c>ticket_cycle</c>, one per resolution with its rating; of those the comments are summed up in <c>comment_count</c>.
/// Derived from events and headers alone, never from sealed text, and the same for what was imported and what happened here.
/// </summary>
public sealed class TicketFacts : FollowedView
{
    public override string Name => "TicketFacts";
    public override int Version => 5;

    public override IReadOnlyList<string> Tables { get; } = [FactTables.Facts.Name, FactTables.Cycles.Name, CommentCounts.Table.Name];

    public override string CreateTables(string suffix) => FactTables.Facts.Create(suffix) + FactTables.Cycles.Create(suffix) + CommentCounts.Table.Create(suffix);

    public override string CreateIndexes(string suffix) =>
        FactTables.Facts.PrimaryKey(suffix) + FactTables.Cycles.PrimaryKey(suffix) + CommentCounts.Table.PrimaryKey(suffix) + $"""
        create index ix_ticket_fact_opened{suffix} on ticket_fact{suffix} (opened_at);
        create index ix_ticket_fact_resolved{suffix} on ticket_fact{suffix} (first_resolved_at);
        create index ix_ticket_cycle_resolved{suffix} on ticket_cycle{suffix} (resolved_at);
        create index ix_ticket_cycle_to_review{suffix} on ticket_cycle{suffix} (review_desk, comment_at, ticket) where review_desk is not null;
        """;

    public override async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        var facts = await Load(page, connection, ct);
        var reader = new StepReader();
        HashSet<TicketFact> changed = [];
        var comments = new CommentCounts();
        comments.Add(facts.Values, -1);
        foreach (var stored in page)
            if (Take(facts, reader.Read(stored)) is { } fact) changed.Add(fact);
        await FactTables.Facts.Save(connection, [.. changed], ct);
        await FactTables.Cycles.Save(connection, [.. changed.SelectMany(f => f.Cycles).Where(c => c.Changed)], ct);
        comments.Add(facts.Values, 1);
        await comments.Save(connection, ct);
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
            var comments = new CommentCounts();
            comments.Add(facts.Values, 1);
            await CommentCounts.Table.Copy(connection, suffix, comments.All, ct);
        }
    }
}
