using EventDesk.Service.Views;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

public sealed partial class ReportEvents
{
    /// <summary>The events that make one figure; as many as it says where it is a count.</summary>
    /// <param name="figure">One of <see cref="ReportFigures.PathsOf"/>.</param>
    /// <param name="moment">Of the SLA report; the others do not read it.</param>
    public Task<EventsBehind> OfFigure(
        ReportName report, FigureQuery figure, ReportQuery q, ReportMoment? moment, EventPosition after, int limit, CancellationToken ct)
    {
        var behind = ReportFigures.Find(report, figure.Path) ?? throw new ArgumentException($"{report} has no figure {figure.Path}.", nameof(figure));
        return behind.Version is null ? Counted(report, figure, behind, q, after, limit, ct) : ByVersion(report, figure, behind, q, moment, after, limit, ct);
    }

    Task<EventsBehind> ByVersion(
        ReportName report, FigureQuery figure, Behind behind, ReportQuery q, ReportMoment? moment, EventPosition after, int limit, CancellationToken ct)
    {
        var (with, rows) = RowsOf(report);
        var command = Command(report, figure, q, moment);
        var own = command.Parameters.Count;
        command.CommandText = $"""
            {with}
            select {Columns}
            from (select ticket, number, {behind.Version} as wanted from {rows} where {behind.Where}) r join mt_events e on e.stream_id = r.ticket and e.version = r.wanted
            where (e.stream_id, e.version) > (${own + 1}::uuid, ${own + 2}::bigint)
            order by e.stream_id, e.version
            limit ${own + 3}
            """;
        return Read(command.Add(NpgsqlDbType.Uuid, after.Ticket).Add(NpgsqlDbType.Bigint, after.Version).Add(NpgsqlDbType.Integer, limit + 1), limit, ct);
    }

    /// <summary>What is counted along a ticket's history is found by counting again, ticket by ticket, until the page is full.</summary>
    async Task<EventsBehind> Counted(
        ReportName report, FigureQuery figure, Behind behind, ReportQuery q, EventPosition after, int limit, CancellationToken ct)
    {
        List<EventBehind> events = [];
        for (var (from, more) = (after.Ticket, true); more && events.Count <= limit;)
        {
            var tickets = await TicketsOf(report, figure, behind, q, from, limit + 2, ct);
            foreach (var (ticket, number) in tickets.Where(t => t.Ticket != from || from == after.Ticket))
            {
                events.AddRange((await Rises(ticket, number, behind, figure.Label, ct)).Where(e => ticket != after.Ticket || e.Version > after.Version));
                if (events.Count > limit) break;
            }
            (from, more) = (tickets.Count == 0 ? from : tickets[^1].Ticket, tickets.Count == limit + 2);
        }
        if (events.Count <= limit) return new(events, null);
        events.RemoveRange(limit, events.Count - limit);
        return new(events, new(events[^1].Ticket, events[^1].Version));
    }

    /// <summary>From this one on.</summary>
    async Task<List<(Guid Ticket, long Number)>> TicketsOf(ReportName report, FigureQuery figure, Behind behind, ReportQuery q, Guid from, int most, CancellationToken ct)
    {
        var (with, rows) = RowsOf(report);
        await using var command = Command(report, figure, q, null);
        var own = command.Parameters.Count;
        command.CommandText = $"""
            {with}
            select ticket, number from {rows} where ({behind.Where}) and ticket >= ${own + 1} order by ticket limit ${own + 2}
            """;
        command.Add(NpgsqlDbType.Uuid, from).Add(NpgsqlDbType.Integer, most);
        await using var found = await command.ExecuteReaderAsync(ct);
        List<(Guid, long)> tickets = [];
        while (await found.ReadAsync(ct))
            tickets.Add((found.GetGuid(0), found.GetInt64(1)));
        return tickets;
    }

    async Task<IEnumerable<EventBehind>> Rises(Guid ticket, long number, Behind behind, string? label, CancellationToken ct)
    {
        List<EventBehind> rises = [];
        TicketFact? fact = null;
        var (reader, counted) = (new StepReader(), 0L);
        foreach (var stored in await store.ReadStream(ticket, 1, null, ct))
        {
            var step = reader.Read(stored);
            if (fact is null && step.Kind != StepKind.Opened) continue;
            FactFold.Apply(fact ??= FactFold.Open(step), step);
            var now = behind.Counter!(fact, label);
            if (now > counted)
                rises.Add(new(ticket, number, stored.Version, stored.SeqId, stored.Type, new(step.At), stored.Timestamp));
            counted = now;
        }
        return behind.Which switch { Which.First => rises.Take(1), Which.Last => rises.TakeLast(1), _ => rises };
    }

    static (string With, string Rows) RowsOf(ReportName report) => report switch
    {
        ReportName.Csat => (ReportSql.Ratings, "ratings"),
        ReportName.FirstLine => (FirstLineReport.Judged, "judged"),
        ReportName.ResponseTimes => (ResponseTimesReport.Measured, "measured"),
        ReportName.Sla => (SlaReport.Judged, "judged"),
        _ => (ReportSql.Tickets, "tickets"),
    };

    /// <summary>With the parameters of the report, and no text yet.</summary>
    NpgsqlCommand Command(ReportName report, FigureQuery figure, ReportQuery q, ReportMoment? moment) => report switch
    {
        ReportName.FirstLine => FirstLineReport.Command(store, "", q, figure.Window, time),
        ReportName.ResponseTimes => ResponseTimesReport.Command(store, "", q, figure.Target),
        ReportName.Reopens => ReopensReport.Command(store, "", q, figure.Window),
        ReportName.Activities => ReportSql.Command(store, "", q).Add(NpgsqlDbType.Text, figure.Label),
        ReportName.Sla => SlaReport.Command(store, "", q, moment!),
        _ => ReportSql.Command(store, "", q),
    };
}
