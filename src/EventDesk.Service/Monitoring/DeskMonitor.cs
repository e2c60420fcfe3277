using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Views;

namespace EventDesk.Service.Monitoring;

/// <summary>By what the monitor groups.</summary>
public enum MonitorGrouping { Desk, Line, Agent }

/// <summary>What someone wants to see of the open work.</summary>
public sealed record MonitorQuery(MonitorGrouping GroupBy, DeskId? Desk = null, SupportLine? Line = null)
{
    /// <summary>Whether tickets that stand there are in it, for someone with this grant.</summary>
    public bool Covers(Spot spot, Grant grant) =>
        (Desk is null || spot.Desk == Desk) && (Line is null || spot.Line == Line)
        && grant.Allows(Operation.ReadMonitor, new TicketScope(spot.Desk, spot.Line, default));

    internal string GroupOf(Spot spot) => GroupBy switch
    {
        MonitorGrouping.Desk => spot.Desk.Value,
        MonitorGrouping.Line => Names.Of(spot.Line),
        _ => spot.Agent?.Value ?? Dimensions.None,
    };
}

/// <summary>How many clocks of open tickets stand how.</summary>
public sealed record ClockFigures(long Running, long AtRisk, long Breached, long Paused, long Undetermined);

/// <summary>How long tickets took from the opening to their first resolution; percentiles are interpolated between neighbours, as in the reports.</summary>
/// <param name="N">Tickets first resolved in the period.</param>
public sealed record SolveTimes(long N, double? MedianSeconds, double? P90Seconds);

/// <param name="Open">All of the four places.</param>
/// <param name="OldestOpenedAt">Null when none is open, like the next.</param>
/// <param name="MedianOpenedAt">Half of what is open is older, half is younger.</param>
/// <param name="SolvedToday">Since midnight UTC.</param>
/// <param name="SolvedLast7Days">Today and the six days before it.</param>
public sealed record MonitorFigures(
    long Open, long Triage, long Unassigned, long Assigned, long Waiting, ClockFigures Clocks,
    DateTimeOffset? OldestOpenedAt, DateTimeOffset? MedianOpenedAt, SolveTimes SolvedToday, SolveTimes SolvedLast7Days);

/// <param name="Group">A desk, a line or an agent, <c>none</c> for what nobody has.</param>
public sealed record MonitorRow(string Group, MonitorFigures Figures);

/// <param name="UpTo">The number of the last event that is in it.</param>
public sealed record MonitorPage(long UpTo, DateTimeOffset AsOf, IReadOnlyList<MonitorRow> Rows, MonitorFigures Total)
{
    /// <summary>True when the other figures are the same, whenever they were counted.</summary>
    public bool SaysTheSameAs(MonitorPage other) => Total == other.Total && Rows.SequenceEqual(other.Rows);
}

/// <summary>The coordinator's monitor: open work, its clocks, ages and solve times. Counted from the board, so it costs no question to the database.</summary>
public sealed class DeskMonitor(DeskFeed feed, TimeProvider time)
{
    /// <summary>With everything in it that was answered before.</summary>
    public Task<MonitorPage> Now(MonitorQuery query, Grant grant, CancellationToken ct) => feed.Read(b => Page(b, query, grant), ct);

    /// <summary>As of the last change a watch was told.</summary>
    public Task<MonitorPage> AsTold(MonitorQuery query, Grant grant, CancellationToken ct) => feed.ReadTold(b => Page(b, query, grant), ct);

    /// <summary>Counted once for all who ask the same within the same reach; only the instant is each one's own.</summary>
    MonitorPage Page(OpenBoard board, MonitorQuery query, Grant grant)
    {
        var now = time.GetUtcNow();
        var reach = (Join(grant.Reach.Desks?.Select(d => d.Value)), Join(grant.Lines?.Select(Names.Of)), grant.Reach.Customer);
        return board.Count((query, reach, now.UtcDateTime.Date), () => Count(board, query, grant, now.UtcDateTime.Date)) with { UpTo = board.UpTo, AsOf = now };
    }

    static string? Join(IEnumerable<string>? names) => names is null ? null : string.Join(' ', names.Order(StringComparer.Ordinal));

    static MonitorPage Count(OpenBoard board, MonitorQuery query, Grant grant, DateTime today)
    {
        var cells = board.Cells.Where(c => query.Covers(c.Spot, grant)).ToList();
        return new MonitorPage(
            board.UpTo, default,
            [.. cells.GroupBy(c => query.GroupOf(c.Spot)).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new MonitorRow(g.Key, Figures([.. g], today))).Where(r => r.Figures.Open + r.Figures.SolvedLast7Days.N > 0)],
            Figures(cells, today));
    }

    static MonitorFigures Figures(List<Cell> cells, DateTime today)
    {
        var opened = cells.ConvertAll(c => c.Opened);
        var solved = cells.ConvertAll(c => c.Solved);
        var oldest = opened.Where(o => o.Count > 0).Select(o => (DateTimeOffset?)new DateTimeOffset(o[0])).Min();
        return new MonitorFigures(
            opened.Sum(o => (long)o.Count), In(Place.Triage), In(Place.Unassigned), In(Place.Assigned), In(Place.Waiting),
            new ClockFigures(With(ClockState.Running), With(ClockState.AtRisk), With(ClockState.Breached), With(ClockState.Paused), With(ClockState.Undetermined)),
            oldest, Quantiles.Median(opened) is { } median ? new DateTimeOffset(median) : null,
            Solves(solved, today), Solves(solved, today.AddDays(1 - DeskFeed.SolvedDays)));

        long In(Place place) => cells.Sum(c => c.In(place));
        long With(ClockState state) => cells.Sum(c => c.With(state));
    }

    static SolveTimes Solves(List<SortedTimes<Solved>> solved, DateTime since)
    {
        List<double> took = [];
        foreach (var cell in solved)
            for (var i = cell.CountBefore(since); i < cell.Count; i++)
                took.Add(cell[i].Took.TotalSeconds);
        took.Sort();
        return new SolveTimes(took.Count, Quantiles.Of(took, 0.5), Quantiles.Of(took, 0.9));
    }
}
