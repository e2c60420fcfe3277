using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>
/// <c>sla_clock</c>: one row for each clock that ever ran, so that attainment of any period, as of any moment, is counted from rows. Written with the
/// command, which has the ticket before and after at hand; an event that touches no clock writes nothing.
/// </summary>
public sealed class ClockFacts : InlineView
{
    internal static readonly RowTable<ClockFact> Rows = new("sla_clock", "ticket, kind, started_at",
        Column<ClockFact>.Id("ticket", c => c.Ticket, (c, v) => c.Ticket = v),
        Column<ClockFact>.Small<SlaClockKind>("kind", c => c.Kind, (c, v) => c.Kind = v ?? default),
        Column<ClockFact>.Time("started_at", c => c.StartedAt, (c, v) => c.StartedAt = v),
        Column<ClockFact>.Long("number", c => c.Number, (c, v) => c.Number = v),
        Column<ClockFact>.Long("started_version", c => c.StartedVersion, (c, v) => c.StartedVersion = v).Kept(),
        Column<ClockFact>.Time("started_known", c => c.StartedKnown, (c, v) => c.StartedKnown = v).Kept(),
        Column<ClockFact>.Text("product", c => c.Product, (c, v) => c.Product = v ?? ""),
        Column<ClockFact>.Text("language", c => c.Language, (c, v) => c.Language = v ?? ""),
        Column<ClockFact>.Small<Channel>("channel", c => c.Channel, (c, v) => c.Channel = v ?? default),
        Column<ClockFact>.Small<SupportLine>("line", c => c.Line, (c, v) => c.Line = v ?? default),
        Column<ClockFact>.Text("agent", c => c.Agent, (c, v) => c.Agent = v),
        Column<ClockFact>.Small<Severity>("severity", c => c.Severity, (c, v) => c.Severity = v ?? default),
        Column<ClockFact>.Text("contract", c => c.Contract, (c, v) => c.Contract = v ?? ""),
        Column<ClockFact>.Of("target_seconds", "bigint", NpgsqlDbType.Bigint, false, c => c.TargetSeconds, (c, v) => c.TargetSeconds = v),
        Column<ClockFact>.Of("promise_seconds", "bigint", NpgsqlDbType.Bigint, false, c => c.PromiseSeconds, (c, v) => c.PromiseSeconds = v),
        Column<ClockFact>.Time("breach_at", c => c.BreachAt, (c, v) => c.BreachAt = v),
        Column<ClockFact>.Time("breached_at", c => c.BreachedAt, (c, v) => c.BreachedAt = v).Kept(),
        Column<ClockFact>.Of("breach_version", "bigint", NpgsqlDbType.Bigint, false, c => c.BreachVersion, (c, v) => c.BreachVersion = v).Kept(),
        Column<ClockFact>.Time("promise_at", c => c.PromiseAt, (c, v) => c.PromiseAt = v),
        Column<ClockFact>.Bool("undetermined", c => c.Undetermined, (c, v) => c.Undetermined = v),
        Column<ClockFact>.Bool("promise_undetermined", c => c.PromiseUndetermined, (c, v) => c.PromiseUndetermined = v),
        Column<ClockFact>.Time("stopped_at", c => c.StoppedAt, (c, v) => c.StoppedAt = v),
        Column<ClockFact>.Time("stopped_known", c => c.StoppedKnown, (c, v) => c.StoppedKnown = v),
        Column<ClockFact>.Small<ClockEnd>("stopped_by", c => c.StoppedBy, (c, v) => c.StoppedBy = v),
        Column<ClockFact>.Of("stopped_version", "bigint", NpgsqlDbType.Bigint, false, c => c.StoppedVersion, (c, v) => c.StoppedVersion = v));

    public override string Name => "ClockFacts";

    public override IReadOnlyList<string> Tables { get; } = [Rows.Name];

    public override string? StreamColumn => "ticket";

    public override TypeFilter? Context => OrganisationJson.Types;

    /// <summary>No clock asks for these; a new event is read until someone says so of it too.</summary>
    public override TypeFilter Reads { get; } = TypeFilter.AllBut(
        "note_added", "confirmation_issued", "attachment_added", "activity_imported", "severity_assessed", "ticket_tagged", "feedback_given", "feedback_reviewed");

    public override string CreateTables(string suffix) => Rows.Create(suffix);

    public override string CreateIndexes(string suffix) => Rows.PrimaryKey(suffix) + $"""
        create index ix_sla_clock_started{suffix} on sla_clock{suffix} (started_at);
        """;

    public override IViewFold NewFold() => NewFold(new FoldShare());

    public override IViewFold NewFold(FoldShare share) => new ClockFactsFold(share.Get<TicketReplay>());

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        var told = new ClocksTold();
        foreach (var append in accepted)
            if (append.Change is TicketChange change)
                foreach (var step in change.Steps)
                    told.Take(append.Stream, step, change.Hours);
        if (told.Facts.Count > 0) batch.BatchCommands.Add(Rows.Saving([.. told.Facts]));
    }

    // Whoever changed the ticket meanwhile wrote its clock by what was known then.
    const string RereadSql = """
        update sla_clock c set breach_at = u.breach_at, promise_at = u.promise_at, undetermined = u.undetermined, promise_undetermined = u.promise_undetermined
        from unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::boolean[], $8::boolean[])
            as u(ticket, version, kind, started_at, breach_at, promise_at, undetermined, promise_undetermined)
          join ticket t on t.id = u.ticket and t.version = u.version
        where c.ticket = u.ticket and c.kind = u.kind and c.started_at = u.started_at and c.stopped_at is null
          and (c.breach_at, c.promise_at, c.undetermined, c.promise_undetermined) is distinct from (u.breach_at, u.promise_at, u.undetermined, u.promise_undetermined)
        """;

    /// <summary>Opening hours have changed: what is foreseen of running clocks is read anew.</summary>
    internal static async Task Reread(NpgsqlDataSource database, IEnumerable<TicketEntry> tickets, HoursOf hours, CancellationToken ct)
    {
        List<(long Version, ClockFact Fact)> running = [];
        foreach (var (id, version, _, ticket, _) in tickets)
            foreach (var clock in ticket.Clocks)
                running.Add((version, new ClockFact { Ticket = id, Kind = clock.Kind, StartedAt = clock.Started.UtcDateTime, Clock = clock }.Read(hours)));
        if (running.Count == 0) return;
        await using var command = database.CreateCommand(RereadSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. running.Select(r => r.Fact.Ticket)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. running.Select(r => r.Version)] });
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. running.Select(r => (short)r.Fact.Kind)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. running.Select(r => r.Fact.StartedAt)] });
        command.Parameters.Add(Times(r => r.BreachAt));
        command.Parameters.Add(Times(r => r.PromiseAt));
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. running.Select(r => r.Fact.Undetermined)] });
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. running.Select(r => r.Fact.PromiseUndetermined)] });
        await command.ExecuteNonQueryAsync(ct);

        NpgsqlParameter Times(Func<ClockFact, DateTime> value) => new NpgsqlParameter<DateTime?[]>
        {
            TypedValue = [.. running.Select(r => value(r.Fact) is var at && at == default ? (DateTime?)null : at)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        };
    }
}
