using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using NodaTime;
using NpgsqlTypes;

namespace EventDesk.Service.Timing;

/// <summary>Which clocks someone wants to see.</summary>
public sealed record ClockFilter(ClockState State, DeskId? Desk = null, SupportLine? Line = null, AgentId? Agent = null, string? Contract = null);

/// <summary>A clock with everything that was found out about it.</summary>
/// <param name="Face">As it stands, or stood when it stopped.</param>
/// <param name="Segments">Where its time went; those that count add up to what has elapsed.</param>
/// <param name="PromiseElapsed">Time as the promise counts it; null without a promise.</param>
public sealed record ClockExplained(PastClock Past, ClockFace Face, IReadOnlyList<ClockSegment> Segments, Duration? PromiseElapsed);

/// <summary>The clocks of tickets: lists of those that need someone, and each one explained from the ticket's events.</summary>
public sealed class TicketClocks(EventStore store, TicketDesk desk, OrganisationBook organisation, SubjectCache subjects, TimeProvider clock)
{
    const string PageSql = $"""
        select {TicketQueues.Columns} from ticket t
        where sla = $1 and ($2::text[] is null or desk = any($2)) and ($3::smallint is null or line = $3) and ($4::text is null or agent = $4)
          and ($5::text is null or contract = $5) and (due, severity, opened_at, id) > ($6, $7, $8, $9)
        order by due, severity, opened_at, id limit $10
        """;

    const string CountsSql = """
        select sla, count(*) from ticket
        where sla > 1 and ($1::text[] is null or desk = any($1)) group by sla
        union all
        select null, count(*) from ticket where callback_due is not null and ($1::text[] is null or desk = any($1))
        """;

    /// <summary>The tickets whose clock stands so, in the queues' order.</summary>
    /// <param name="limit">Rows of the page, 1 to 200.</param>
    public async Task<QueuePage> Page(ClockFilter filter, Reach reach, QueuePosition after, int limit, CancellationToken ct)
    {
        if (reach.Customer is not null) return new QueuePage([], null);
        await using var command = store.DataSource.CreateCommand(PageSql)
            .Add(NpgsqlDbType.Smallint, (short)filter.State)
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, TicketQueues.Desks(filter.Desk, reach))
            .Add(NpgsqlDbType.Smallint, (short?)filter.Line)
            .Add(NpgsqlDbType.Text, filter.Agent?.Value)
            .Add(NpgsqlDbType.Text, filter.Contract)
            .Add(NpgsqlDbType.TimestampTz, after.Due).Add(NpgsqlDbType.Smallint, after.Severity).Add(NpgsqlDbType.TimestampTz, after.OpenedAt).Add(NpgsqlDbType.Uuid, after.Id)
            .Add(NpgsqlDbType.Integer, limit + 1);
        return await TicketQueues.PageOf(command, subjects, limit, ct);
    }

    /// <summary>How many tickets' clocks stand how, those that merely run not counted, and on how many a call back is owed.</summary>
    public async Task<(IReadOnlyDictionary<ClockState, long> Clocks, long Callbacks)> Counts(Reach reach, CancellationToken ct)
    {
        var counts = Enum.GetValues<ClockState>().Where(s => s != ClockState.Running).ToDictionary(s => s, _ => 0L);
        var callbacks = 0L;
        if (reach.Customer is not null) return (counts, callbacks);
        await using var command = store.DataSource.CreateCommand(CountsSql).Add(NpgsqlDbType.Array | NpgsqlDbType.Text, TicketQueues.Desks(null, reach));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            if (row.IsDBNull(0)) callbacks = row.GetInt64(1);
            else counts[(ClockState)row.GetInt16(0)] = row.GetInt64(1);
        return (counts, callbacks);
    }

    /// <summary>Every clock of a ticket's life, explained; null when there is no such ticket within reach.</summary>
    public async Task<IReadOnlyList<ClockExplained>?> Of(Guid ticket, Asker who, Operation operation, CancellationToken ct)
    {
        if (await desk.Replay(ticket, who, operation, ct) is not var (_, events))
            return null;
        return Explain(events, clock.GetUtcNow(), organisation.History.Hours);
    }

    /// <summary>The clocks of a ticket whose events are at hand.</summary>
    public static IReadOnlyList<ClockExplained> Explain(IEnumerable<RecordedEvent> events, DateTimeOffset now, HoursOf hours) =>
        [.. ClockStory.Of(events.Select(e => (e.Event, e.Meta.Occurred, e.Meta.By.IsStaff))).Select(c => Explain(c, now, hours))];

    static ClockExplained Explain(PastClock past, DateTimeOffset now, HoursOf hours)
    {
        var until = past.Stopped ?? now;
        var stopped = past.Clock with { Stretches = [.. past.Clock.Stretches.Select(s => s with { To = s.To ?? past.Stopped })] };
        var promise = (past.Clock with { Stretches = stopped.Stretches }).AsPromised()?.Elapsed(Instant.FromDateTimeOffset(until), hours);
        return new(past, past.Clock.Read(until, hours), past.Segments(now, hours), promise);
    }
}
