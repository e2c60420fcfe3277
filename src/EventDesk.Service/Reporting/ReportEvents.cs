using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>An event behind a figure; what it says is read in the ticket's history, by those who may.</summary>
public sealed record EventBehind(Guid Ticket, long Number, long Version, long SeqId, string Type, DateTimeOffset Occurred, DateTimeOffset Recorded);

/// <summary>The place behind which a page begins.</summary>
public sealed record EventPosition(Guid Ticket, long Version)
{
    public static readonly EventPosition Start = new(Guid.Empty, 0);
}

/// <param name="Next">Where to go on; null on the last page.</param>
public sealed record EventsBehind(IReadOnlyList<EventBehind> Events, EventPosition? Next);

/// <summary>The reports whose figures can be opened.</summary>
public enum ReportName { Csat, FirstLine, ResponseTimes, Escalations, Reopens, Volume, Waiting, Activities, Backlog, Flow, Sla }

/// <summary>Opens a figure: the events that made it, ticket by ticket.</summary>
public sealed partial class ReportEvents(ReportSource source, TimeProvider time)
{
    internal const string Columns = """
        e.stream_id, number, e.version, e.seq_id, e.type, coalesce((e.headers->>'occurred')::timestamptz, e.timestamp), e.timestamp
        """;

    /// <summary>$8 and $9 the place behind which to begin, $10 rows, $11 types, $12 the report, $13 a label.</summary>
    const string OfTicketsSql = $"""
        {ReportSql.Tickets}
        select {Columns}
        from tickets t cross join lateral (
          select * from mt_events
          where stream_id = t.ticket and (stream_id, version) > ($8::uuid, $9::bigint)
            and (type = any($11::text[])
              or version = any(case $12::text
                when 'FirstLine' then array[1, first_resolved_version, last_resolved_version]
                when 'ResponseTimes' then array[1, first_answer_version, first_resolved_version]
                when 'Volume' then array[1]
                else array[]::bigint[] end)
              or ($12 = 'Activities' and case when headers ? 'row' then headers->>'activity' when not headers ? 'activity' then type end = coalesce($13::text, headers->>'activity', type)))) e
        where ticket >= $8
        order by e.stream_id, e.version
        limit $10
        """;

    const string OfRatingsSql = $"""
        {ReportSql.Ratings}
        select {Columns}
        from ratings r join mt_events e on e.stream_id = r.ticket and (e.version = r.version or e.version = r.rated_version)
        where (e.stream_id, e.version) > ($8::uuid, $9::bigint) and (not imported or rating is not null)
        order by e.stream_id, e.version
        limit $10
        """;

    const string OfSpans = $"""
        select {Columns}
        from spans s join mt_events e on e.stream_id = s.ticket and e.version = s.version join ticket_fact using (ticket)
        where s.ticket > $6::uuid
        order by s.ticket
        limit $7
        """;

    /// <summary>The event a clock began with (of the first response the opening too), the breach, the end; as far as they were known.</summary>
    const string OfClocksSql = $"""
        {ReportSql.Clocks}
        select distinct {Columns}
        from clocks c join mt_events e on e.stream_id = c.ticket
          and e.version = any(array[case when kind = 0 then 1 end, started_version, breach_version, stopped_version])
        where (e.stream_id, e.version) > ($10::uuid, $11::bigint) and e.timestamp <= $9
        order by e.stream_id, e.version
        limit $12
        """;

    const string OfOpenSql = $"{BacklogReport.OpenSpans} {OfSpans}";
    const string OfAllSql = $"{BacklogReport.AllSpans} {OfSpans}";

    static readonly IReadOnlyDictionary<ReportName, string[]> Types = new Dictionary<ReportName, string[]>
    {
        [ReportName.Escalations] = ["ticket_opened", "ticket_triaged", "ticket_escalated", "ticket_de_escalated", "management_escalated", "ticket_transferred", "ticket_assigned"],
        [ReportName.Reopens] = ["ticket_resolved", "ticket_closed", "ticket_reopened"],
        [ReportName.Volume] = ["severity_changed"],
        [ReportName.Waiting] = ["waiting_started", "waiting_ended"],
    };

    /// <param name="label">Of the activities: the one whose rows are wanted.</param>
    public async Task<EventsBehind> Of(ReportName report, ReportQuery q, string? label, EventPosition after, int limit, CancellationToken ct)
    {
        await using var rows = await source.OfTickets(q, ct);
        var command = ReportSql.Command(rows, report == ReportName.Csat ? OfRatingsSql : OfTicketsSql, q)
            .Add(NpgsqlDbType.Uuid, after.Ticket).Add(NpgsqlDbType.Bigint, after.Version).Add(NpgsqlDbType.Integer, limit + 1);
        if (report != ReportName.Csat)
            command.Add(NpgsqlDbType.Array | NpgsqlDbType.Text, Types.GetValueOrDefault(report) ?? [])
                .Add(NpgsqlDbType.Text, report.ToString()).Add(NpgsqlDbType.Text, label);
        return await Read(command, limit, ct);
    }

    /// <summary>The events behind the clocks' figures.</summary>
    public Task<EventsBehind> OfClocks(ReportQuery q, ReportMoment moment, EventPosition after, int limit, CancellationToken ct) => Read(
        SlaReport.Command(source, OfClocksSql, q, moment)
            .Add(NpgsqlDbType.Uuid, after.Ticket).Add(NpgsqlDbType.Bigint, after.Version).Add(NpgsqlDbType.Integer, limit + 1), limit, ct);

    /// <summary>For each ticket of the backlog the event that put it where it stood.</summary>
    public async Task<EventsBehind> OfBacklog(ReportQuery q, DateTimeOffset asOf, bool openOnly, EventPosition after, int limit, CancellationToken ct)
    {
        await using var rows = await source.OfSpans(q, ct);
        return await Read(
            BacklogReport.Command(rows, openOnly ? OfOpenSql : OfAllSql, q, asOf).Add(NpgsqlDbType.Uuid, after.Ticket).Add(NpgsqlDbType.Integer, limit + 1), limit, ct);
    }

    /// <param name="q">Of <see cref="FlowReport.Ranged"/>.</param>
    /// <param name="figures">Of <see cref="FlowFigures"/>; what came in and what went out may be asked for together.</param>
    public async Task<EventsBehind> OfFlow(ReportQuery q, IReadOnlyList<string> figures, EventPosition after, int limit, CancellationToken ct)
    {
        await using var rows = await source.OfSpans(q, ct);
        return await Read(
            FlowReport.Command(rows, FlowReport.EventsSql, q with { GroupBy = [] }).Add(NpgsqlDbType.Array | NpgsqlDbType.Text, figures.ToArray())
                .Add(NpgsqlDbType.Uuid, after.Ticket).Add(NpgsqlDbType.Bigint, after.Version).Add(NpgsqlDbType.Integer, limit + 1), limit, ct);
    }

    static async Task<EventsBehind> Read(NpgsqlCommand command, int limit, CancellationToken ct)
    {
        await using var _ = command;
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<EventBehind> events = [];
        while (await rows.ReadAsync(ct))
            events.Add(new EventBehind(
                rows.GetGuid(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetString(4), new(rows.GetDateTime(5)), new(rows.GetDateTime(6))));
        if (events.Count <= limit) return new EventsBehind(events, null);
        events.RemoveAt(limit);
        return new EventsBehind(events, new EventPosition(events[^1].Ticket, events[^1].Version));
    }
}
