using EventDesk.Service.Views;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

public sealed partial class ReportEvents
{
    /// <summary>The events that make one figure; as many as it says where it is a count.</summary>
    /// <param name="figure">One of <see cref="ReportFigures.PathsOf"/>.</param>
    /// <param name="moment">Of the SLA report; the others do not read it.</param>
    public async Task<EventsBehind> OfFigure(
        ReportName report, FigureQuery figure, ReportQuery q, ReportMoment? moment, EventPosition after, int limit, CancellationToken ct)
    {
        var behind = ReportFigures.Find(report, figure.Path) ?? throw new ArgumentException($"{report} has no figure {figure.Path}.", nameof(figure));
        await using var rows = await source.OfTickets(q, ct);
        return await (behind.Version is null ? Counted(rows, report, figure, behind, q, after, limit, ct) : ByVersion(rows, report, figure, behind, q, moment, after, limit, ct));
    }

    Task<EventsBehind> ByVersion(
        ReportRows rows, ReportName report, FigureQuery figure, Behind behind, ReportQuery q, ReportMoment? moment, EventPosition after, int limit, CancellationToken ct)
    {
        var (with, name) = RowsOf(report);
        var command = Command(rows, report, figure, q, moment);
        var own = command.Parameters.Count;
        command.CommandText = rows.Text($"""
            {with}
            select {Columns}
            from (select ticket, number, {behind.Version} as wanted from {name} where {behind.Where}) r join mt_events e on e.stream_id = r.ticket and e.version = r.wanted
            where (e.stream_id, e.version) > (${own + 1}::uuid, ${own + 2}::bigint)
            order by e.stream_id, e.version
            limit ${own + 3}
            """);
        return Read(command.Add(NpgsqlDbType.Uuid, after.Ticket).Add(NpgsqlDbType.Bigint, after.Version).Add(NpgsqlDbType.Integer, limit + 1), limit, ct);
    }

    /// <summary>What is counted along a ticket's history is found by counting again, ticket by ticket, until the page is full.</summary>
    async Task<EventsBehind> Counted(
        ReportRows rows, ReportName report, FigureQuery figure, Behind behind, ReportQuery q, EventPosition after, int limit, CancellationToken ct)
    {
        List<EventBehind> events = [];
        for (var (from, more) = (after.Ticket, true); more && events.Count <= limit;)
        {
            var tickets = await TicketsOf(rows, report, figure, behind, q, from, limit + 2, ct);
            foreach (var (ticket, number) in tickets.Where(t => t.Ticket != from || from == after.Ticket))
            {
                events.AddRange((await Rises(rows, ticket, number, behind, figure.Label, ct)).Where(e => ticket != after.Ticket || e.Version > after.Version));
                if (events.Count > limit) break;
            }
            (from, more) = (tickets.Count == 0 ? from : tickets[^1].Ticket, tickets.Count == limit + 2);
        }
        if (events.Count <= limit) return new(events, null);
        events.RemoveRange(limit, events.Count - limit);
        return new(events, new(events[^1].Ticket, events[^1].Version));
    }

    /// <summary>From this one on.</summary>
    async Task<List<(Guid Ticket, long Number)>> TicketsOf(
        ReportRows rows, ReportName report, FigureQuery figure, Behind behind, ReportQuery q, Guid from, int most, CancellationToken ct)
    {
        var (with, name) = RowsOf(report);
        await using var command = Command(rows, report, figure, q, null);
        var own = command.Parameters.Count;
        command.CommandText = rows.Text($"""
            {with}
            select ticket, number from {name} where ({behind.Where}) and ticket >= ${own + 1} order by ticket limit ${own + 2}
            """);
        command.Add(NpgsqlDbType.Uuid, from).Add(NpgsqlDbType.Integer, most);
        await using var found = await command.ExecuteReaderAsync(ct);
        List<(Guid, long)> tickets = [];
        while (await found.ReadAsync(ct))
            tickets.Add((found.GetGuid(0), found.GetInt64(1)));
        return tickets;
    }

    const string StepsSql = $"select {LogRows.Columns} from mt_events where stream_id = $1 order by version";

    static async Task<IEnumerable<EventBehind>> Rises(ReportRows rows, Guid ticket, long number, Behind behind, string? label, CancellationToken ct)
    {
        List<EventBehind> rises = [];
        TicketFact? fact = null;
        var (reader, counted) = (new StepReader(), 0L);
        await using var command = rows.Command(StepsSql).Add(NpgsqlDbType.Uuid, ticket);
        await LogRows.Read(command, (in FoldedEvent e) =>
        {
            var step = reader.Read(e);
            if (fact is null && step.Kind != StepKind.Opened) return;
            FactFold.Apply(fact ??= FactFold.Open(step), step);
            var now = behind.Counter!(fact, label);
            if (now > counted)
                rises.Add(new(ticket, number, step.Version, step.SeqId, step.Type, new(step.At), new(step.Recorded)));
            counted = now;
        }, ct);
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
    NpgsqlCommand Command(ReportRows rows, ReportName report, FigureQuery figure, ReportQuery q, ReportMoment? moment) => report switch
    {
        ReportName.FirstLine => FirstLineReport.Command(rows, "", q, figure.Window, time),
        ReportName.ResponseTimes => ResponseTimesReport.Command(rows, "", q, figure.Target),
        ReportName.Reopens => ReopensReport.Command(rows, "", q, figure.Window),
        ReportName.Activities => ReportSql.Command(rows, "", q).Add(NpgsqlDbType.Text, figure.Label),
        ReportName.Sla => SlaReport.Command(source, "", q, moment!),
        _ => ReportSql.Command(rows, "", q),
    };
}
