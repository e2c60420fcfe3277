using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Queues;

/// <summary>
/// The queues as they were at an instant, by occurred time, from rows that carry their validity. Clocks had no place in them yet,
/// so their order is severity, age, id. What just happened is in it as soon as the followed rows have it, a moment later than in the live queues.
/// </summary>
public sealed class PastQueues(EventStore store, SubjectCache subjects)
{
    const string CountsSql = $"""
        select product || '/' || language, line, place, count(*)
        {BacklogReport.OpenThen}
        where ($2::text[] is null or product || '/' || language = any($2)) and ($3::text is null or agent = $3)
        group by 1, 2, 3
        order by 1, 2, 3
        """;

    const string PageSql = $"""
        select s.ticket, t.number, s.version, t.subject, s.product || '/' || s.language, s.line, s.place, coalesce(s.severity, 9), s.agent, t.opened_at
        {BacklogReport.OpenThen} join ticket t on t.id = s.ticket
        where ($2::text[] is null or s.product || '/' || s.language = any($2)) and ($3::text is null or s.agent = $3)
          and ($4::smallint is null or s.line = $4) and s.place = any($5)
          and (coalesce(s.severity, 9), t.opened_at, s.ticket) > ($6, $7, $8)
        order by coalesce(s.severity, 9), t.opened_at, s.ticket
        limit $9
        """;

    const short NoSeverity = 9;

    static readonly short[] AllPlaces = [.. Enum.GetValues<Place>().Select(p => (short)p)];

    /// <param name="agent">Only what this agent had; null: everything.</param>
    public async Task<IReadOnlyList<QueueCount>> Counts(Reach reach, AgentId? agent, DateTimeOffset asOf, CancellationToken ct)
    {
        if (reach.Customer is not null) return [];
        await using var command = Command(CountsSql, asOf, TicketQueues.Desks(null, reach), agent);
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<QueueCount> counts = [];
        while (await rows.ReadAsync(ct))
            counts.Add(new(new DeskId(rows.GetString(0)), (SupportLine)rows.GetInt16(1), (Place)rows.GetInt16(2), rows.GetInt64(3)));
        return counts;
    }

    /// <param name="limit">Rows of the page, 1 to 200.</param>
    public async Task<QueuePage> Page(QueueFilter filter, Reach reach, DateTimeOffset asOf, QueuePosition after, int limit, CancellationToken ct)
    {
        if (reach.Customer is not null) return new QueuePage([], null);
        var command = Command(PageSql, asOf, TicketQueues.Desks(filter.Desk, reach), filter.Agent)
            .Add(NpgsqlDbType.Smallint, (short?)filter.Line)
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Smallint, filter.Places.Count == 0 ? AllPlaces : filter.Places.Select(p => (short)p).ToArray())
            .Add(NpgsqlDbType.Smallint, after.Severity)
            .Add(NpgsqlDbType.TimestampTz, after.OpenedAt)
            .Add(NpgsqlDbType.Uuid, after.Id)
            .Add(NpgsqlDbType.Integer, limit + 1);
        var (rows, positions, sealedSubjects) = await Read(command, ct);
        var more = rows.Count > limit;
        if (more) rows.RemoveAt(limit);
        var texts = await subjects.Of(sealedSubjects[..rows.Count], ct);
        return new QueuePage([.. rows.Select((r, i) => r with { Subject = texts[i] })], more ? positions[limit - 1] : null);
    }

    NpgsqlCommand Command(string sql, DateTimeOffset asOf, string[]? desks, AgentId? agent) => store.DataSource.CreateCommand(sql)
        .Add(NpgsqlDbType.TimestampTz, asOf.UtcDateTime)
        .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, desks)
        .Add(NpgsqlDbType.Text, agent?.Value);

    static async Task<(List<QueueRow> Rows, List<QueuePosition> Positions, List<(Guid, byte[]?)> Subjects)> Read(NpgsqlCommand command, CancellationToken ct)
    {
        await using var _ = command;
        await using var r = await command.ExecuteReaderAsync(ct);
        List<QueueRow> rows = [];
        List<QueuePosition> positions = [];
        List<(Guid, byte[]?)> subjects = [];
        while (await r.ReadAsync(ct))
        {
            var (id, severity, opened) = (r.GetGuid(0), (short)r.GetInt32(7), r.GetDateTime(9));
            rows.Add(new QueueRow(
                id, r.GetInt64(1), r.GetInt64(2), null, r.GetString(4), (SupportLine)r.GetInt16(5), (Place)r.GetInt16(6),
                severity == NoSeverity ? null : (Severity)severity, r.IsDBNull(8) ? null : r.GetString(8), null, new DateTimeOffset(opened)));
            positions.Add(QueuePosition.Start with { Severity = severity, OpenedAt = opened, Id = id });
            subjects.Add((id, r.IsDBNull(3) ? null : r.GetFieldValue<byte[]>(3)));
        }
        return (rows, positions, subjects);
    }
}
