using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>How the open tickets of a period became those of the next: <c>Start + In − Out = End</c>.</summary>
/// <param name="Start">Open just before it began.</param>
/// <param name="In">The next three together.</param>
/// <param name="Reopened">They were resolved or closed, and came back.</param>
/// <param name="MovedIn">Open ones that only now belong to what is counted: from another line, desk, person.</param>
/// <param name="Out">The next three together.</param>
/// <param name="Closed">Without having been resolved, merged ones too.</param>
/// <param name="MovedOut">Open ones that do not belong to it any more.</param>
/// <param name="End">Open at its last microsecond, as the backlog of that instant says.</param>
public sealed record FlowFigures(
    long Start, long In, long Opened, long Reopened, long MovedIn, long Out, long Resolved, long Closed, long MovedOut, long End);

/// <summary>
/// What came into the backlog and what left it, by occurred time, read from the same rows as the backlog: what began and ended at one instant was never
/// in either. A ticket that moves between groups leaves one and comes into the other; over all of them it did not move.
/// </summary>
public sealed class FlowReport(ReportSource source)
{
    /// <summary>So many days without another beginning.</summary>
    public const int DefaultDays = 28;

    /// <summary>Periods of a report at most.</summary>
    public const int MostPeriods = 10_000;

    /// <summary>$1 from, $2 desks within reach, $3 filters, $4 and $6 dimensions, $5 to.</summary>
    const string Groups = $"case $4::text {BacklogReport.Keys} as k1, case $6::text {BacklogReport.Keys} as k2";

    /// <summary>How the ticket stood right before or after: whether it was among those asked for, and in which group.</summary>
    const string Beside = $"select status, version, (place is not null {BacklogReport.Asked}) as counted, {Groups} from ticket_span b where b.ticket = s.ticket and b.ordinal = s.ordinal";

    /// <summary>
    /// Every open row that touches the range, with what came in and went out by it. By the index, as in the backlog: a row of a size began at most so
    /// long before it ended.
    /// </summary>
    const string Changes = $"""
        with spans as (
          select s.*, {Groups}
          from generate_series(0, 21) sizes(n) cross join lateral (
            select * from ticket_span
            where place is not null and size = sizes.n and valid_from < $5 and valid_to >= $1
              and valid_from >= case when sizes.n = 21 then '-infinity' else $1 - make_interval(hours => 1 << sizes.n) end
            offset 0) s
          where true {BacklogReport.Asked}),
        changes as (
          select null::timestamptz as moment, 'start' as what, k1, k2, true as whole, ticket, version from spans where valid_from < $1
          union all
          select valid_from, case when b.status is null then 'opened' when b.status <> 0 then 'reopened' else 'movedIn' end,
            s.k1, s.k2, b.counted is not true, s.ticket, case when b.status is null then 1 else s.version end
          from spans s left join lateral ({Beside} - 1) b on true
          where valid_from >= $1 and (b.counted is not true or (b.k1, b.k2) is distinct from (s.k1, s.k2))
          union all
          select valid_to, case a.status when 0 then 'movedOut' when 1 then 'resolved' else 'closed' end,
            s.k1, s.k2, a.counted is not true, s.ticket, a.version
          from spans s join lateral ({Beside} + 1) a on true
          where valid_to < $5 and (a.counted is not true or (a.k1, a.k2) is distinct from (s.k1, s.k2)))
        """;

    const string Sql = $"""
        {Changes}
        select case $7::text
            when 'day' then to_char(moment at time zone 'UTC', 'YYYY-MM-DD')
            when 'week' then to_char(moment at time zone 'UTC', 'IYYY-"W"IW')
            when 'month' then to_char(moment at time zone 'UTC', 'YYYY-MM')
          end, k1, k2, what, count(*), count(*) filter (where whole)
        from changes
        group by 1, 2, 3, 4
        """;

    /// <summary>$7 figures, $8 and $9 the place behind which to begin, $10 rows.</summary>
    internal const string EventsSql = $"""
        {Changes}, wanted as (
          select ticket, version from changes where what = any($7)
          union
          select ticket, version from spans where 'end' = any($7) and valid_to >= $5)
        select {ReportEvents.Columns}
        from wanted w join mt_events e on e.stream_id = w.ticket and e.version = w.version join ticket_fact using (ticket)
        where (e.stream_id, e.version) > ($8::uuid, $9::bigint)
        order by e.stream_id, e.version
        limit $10
        """;

    /// <summary>By its name, the changes that a figure counts; without a name those of all.</summary>
    public static IReadOnlyDictionary<string, string[]> Behind { get; } = new Dictionary<string, string[]>
    {
        [""] = ["start", "opened", "reopened", "movedIn", "resolved", "closed", "movedOut"],
        ["start"] = ["start"],
        ["in"] = ["opened", "reopened", "movedIn"],
        ["opened"] = ["opened"],
        ["reopened"] = ["reopened"],
        ["movedIn"] = ["movedIn"],
        ["out"] = ["resolved", "closed", "movedOut"],
        ["resolved"] = ["resolved"],
        ["closed"] = ["closed"],
        ["movedOut"] = ["movedOut"],
        ["end"] = ["end"],
    };

    /// <summary>The question with the range it is about: what was asked for and narrowed to, up to now. Null: there is no such day, week or month.</summary>
    public static ReportQuery? Ranged(ReportQuery q, DateTimeOffset now)
    {
        var (from, to) = (q.From, q.To);
        foreach (var (dimension, value) in q.Filters.Where(f => Periods.Is(f.Key)))
        {
            if (Periods.Range(dimension, value) is not { } range)
                return null;
            if (from is null || range.From > from) from = range.From;
            if (to is null || range.To < to) to = range.To;
        }
        if (to is null || to > now) to = now;
        from ??= new DateTimeOffset(to.Value.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - DefaultDays);
        return q with { From = from < to ? from : to, To = to };
    }

    /// <summary>How many rows over time it would have for each group.</summary>
    public static int PeriodsOf(ReportQuery q) =>
        q.GroupBy.FirstOrDefault(Periods.Is) is { } period ? Periods.Of(period, q.From!.Value, q.To!.Value).Take(MostPeriods + 1).Count() : 1;

    /// <param name="q">Of <see cref="Ranged"/>, with one period at most among its groups; its cohort is not read.</param>
    public async Task<Report<FlowFigures>> Run(ReportQuery q, CancellationToken ct)
    {
        var period = q.GroupBy.FirstOrDefault(Periods.Is);
        var groups = new Dictionary<(string?, string?), Dictionary<string, Counts>>();
        var whole = new Counts();
        await using var spans = await source.OfSpans(q, ct);
        await using var command = Command(spans, Sql, q).Add(NpgsqlDbType.Text, period);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var at = rows.IsDBNull(0) ? "" : rows.GetString(0);
            var key = (rows.IsDBNull(1) ? null : rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2));
            if (!groups.TryGetValue(key, out var group)) groups.Add(key, group = []);
            if (!group.TryGetValue(at, out var counts)) group.Add(at, counts = []);
            counts[rows.GetString(3)] = rows.GetInt64(4);
            whole[rows.GetString(3)] = whole.GetValueOrDefault(rows.GetString(3)) + rows.GetInt64(5);
        }
        return new(q, q.GroupBy.Count == 0 ? [] : [.. Rows(q, period, groups)], Figures(whole, whole.GetValueOrDefault("start")));
    }

    /// <summary>Period by period; a group that had nothing in one is not in it, but over time alone every period is there.</summary>
    static IEnumerable<ReportRow<FlowFigures>> Rows(ReportQuery q, string? period, Dictionary<(string?, string?), Dictionary<string, Counts>> groups)
    {
        var others = q.GroupBy.Where(g => !Periods.Is(g)).ToList();
        if (others.Count == 0) groups.TryAdd((null, null), []);
        var open = groups.ToDictionary(g => g.Key, g => g.Value.GetValueOrDefault("")?.GetValueOrDefault("start") ?? 0);
        foreach (var at in period is null ? [""] : Periods.Of(period, q.From!.Value, q.To!.Value))
            foreach (var (key, counts) in groups.OrderBy(g => g.Key.Item1 is null).ThenBy(g => g.Key.Item1, StringComparer.Ordinal).ThenBy(g => g.Key.Item2 is null).ThenBy(g => g.Key.Item2, StringComparer.Ordinal))
            {
                var figures = Figures(counts.GetValueOrDefault(at) ?? [], open[key]);
                open[key] = figures.End;
                if (others.Count > 0 && figures is { Start: 0, In: 0, Out: 0 }) continue;
                var values = new[] { key.Item1, key.Item2 };
                yield return new(q.GroupBy.ToDictionary(g => g, g => Periods.Is(g) ? at : Dimensions.Label(g, values[others.IndexOf(g)])), figures);
            }
    }

    static FlowFigures Figures(Counts counts, long start)
    {
        var (opened, reopened, movedIn) = (counts.GetValueOrDefault("opened"), counts.GetValueOrDefault("reopened"), counts.GetValueOrDefault("movedIn"));
        var (resolved, closed, movedOut) = (counts.GetValueOrDefault("resolved"), counts.GetValueOrDefault("closed"), counts.GetValueOrDefault("movedOut"));
        var (came, went) = (opened + reopened + movedIn, resolved + closed + movedOut);
        return new(start, came, opened, reopened, movedIn, went, resolved, closed, movedOut, start + came - went);
    }

    internal static NpgsqlCommand Command(ReportRows rows, string sql, ReportQuery q)
    {
        var others = q.GroupBy.Where(g => !Periods.Is(g)).ToList();
        return rows.Command(sql)
            .Add(NpgsqlDbType.TimestampTz, q.From!.Value.UtcDateTime)
            .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, q.Desks?.Select(d => d.Value).ToArray())
            .Add(NpgsqlDbType.Jsonb, ReportSql.Filters(q))
            .Add(NpgsqlDbType.Text, others.ElementAtOrDefault(0))
            .Add(NpgsqlDbType.TimestampTz, q.To!.Value.UtcDateTime)
            .Add(NpgsqlDbType.Text, others.ElementAtOrDefault(1));
    }

    /// <summary>How many of each kind of change.</summary>
    sealed class Counts : Dictionary<string, long>;
}
