using EventDesk.Domain.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>
/// <c>ticket_span</c>: how each ticket stood from when until when, by occurred time, so that queues and the backlog of any
/// instant are read instead of replayed. Its present rows also carry what falls due by itself.
/// </summary>
public sealed class TicketSpans : FollowedView
{
    internal static readonly RowTable<Span> Rows = new("ticket_span", "ticket, ordinal",
        Column<Span>.Id("ticket", s => s.Ticket, (s, v) => s.Ticket = v),
        Column<Span>.Int("ordinal", s => s.Ordinal, (s, v) => s.Ordinal = v),
        Column<Span>.Long("version", s => s.Version, (s, v) => s.Version = v),
        Column<Span>.Time("valid_from", s => s.From, (s, v) => s.From = v),
        Column<Span>.Time("valid_to", s => s.To, (s, v) => s.To = v),
        Column<Span>.Of("size", "smallint", NpgsqlDbType.Smallint, true, s => s.Size, (_, _) => { }),
        Column<Span>.Small<Status>("status", s => s.Now.Status, (s, v) => s.Now = s.Now with { Status = v ?? default }),
        // Derived from the columns beside it; only ever read by queries.
        Column<Span>.Small<Place>("place", s => s.Now.Place, (_, _) => { }),
        Column<Span>.Bool("triage", s => s.Now.Triage, (s, v) => s.Now = s.Now with { Triage = v }),
        Column<Span>.Small<SupportLine>("line", s => s.Now.Line, (s, v) => s.Now = s.Now with { Line = v ?? default }),
        Column<Span>.Text("team", s => s.Now.Team, (s, v) => s.Now = s.Now with { Team = v }),
        Column<Span>.Text("agent", s => s.Now.Agent, (s, v) => s.Now = s.Now with { Agent = v }),
        Column<Span>.Small<Severity>("severity", s => s.Now.Severity, (s, v) => s.Now = s.Now with { Severity = v }),
        Column<Span>.Small<WaitingReason>("waiting", s => s.Now.Waiting, (s, v) => s.Now = s.Now with { Waiting = v }),
        Column<Span>.Time("waiting_until", s => s.Now.WaitingUntil, (s, v) => s.Now = s.Now with { WaitingUntil = v }),
        Column<Span>.Text("product", s => s.Product, (s, v) => s.Product = v ?? ""),
        Column<Span>.Text("language", s => s.Language, (s, v) => s.Language = v ?? ""),
        Column<Span>.Text("state", s => s.State, (s, v) => s.State = v),
        Column<Span>.Text("activity", s => s.Activity, (s, v) => s.Activity = v),
        Column<Span>.Time("deadline", s => s.Deadline, (s, v) => s.Deadline = v));

    public override string Name => "TicketSpans";
    public override int Version => 2;

    public override IReadOnlyList<string> Tables { get; } = [Rows.Name];

    public override string CreateTables(string suffix) => Rows.Create(suffix);

    /// <summary>
    /// An instant is found by size and beginning: neither end alone narrows it down, and a range index costs forty times as much
    /// to build. Present rows have an index of their own, and what falls due another.
    /// </summary>
    public override string CreateIndexes(string suffix) => Rows.PrimaryKey(suffix) + $"""
        create unique index ix_ticket_span_present{suffix} on ticket_span{suffix} (ticket) where valid_to = 'infinity';
        create index ix_ticket_span_deadline{suffix} on ticket_span{suffix} (status, deadline) where valid_to = 'infinity' and deadline is not null;
        create index ix_ticket_span_open{suffix} on ticket_span{suffix} (size, valid_from) where place is not null;
        """;

    public override async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        Guid[] tickets = [.. page.Select(e => e.Stream).Distinct()];
        var present = (await Rows.Load(connection, tickets, ct, "valid_to = 'infinity'")).ToDictionary(s => s.Ticket);
        List<Span> ended = [];
        var reader = new StepReader();
        foreach (var stored in page) Take(present, ended, reader.Read(stored));
        await Rows.Save(connection, [.. ended, .. present.Values.Where(s => s.Changed)], ct);
    }

    public override IViewFold NewFold() => new Fold();

    static void Take(Dictionary<Guid, Span> present, List<Span> ended, Step e)
    {
        if (!present.TryGetValue(e.Ticket, out var span))
        {
            if (e.Kind == StepKind.Opened) present.Add(e.Ticket, SpanFold.Open(e));
            return;
        }
        if (e.Kind is StepKind.Administrative or StepKind.Purged) return;
        var next = SpanFold.Apply(span, e);
        if (ReferenceEquals(next, span)) return;
        ended.Add(span);
        present[e.Ticket] = next;
    }

    sealed class Fold : IViewFold
    {
        readonly StepReader reader = new();
        readonly Dictionary<Guid, Span> present = [];
        readonly List<Span> ended = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e) => Take(present, ended, reader.Read(e));

        public Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct) =>
            Rows.Copy(connection, suffix, ended.Concat(present.Values), ct);
    }
}
