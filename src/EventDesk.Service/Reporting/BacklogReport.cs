using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <param name="Tickets">That stood there at the instant.</param>
public sealed record BacklogFigures(long Tickets);

/// <summary>
/// How many tickets stood where at an instant, by occurred time. It is read from rows that carry their validity, so an instant years
/// back is as exact as now.
/// </summary>
public sealed class BacklogReport(ReportSource source)
{
    internal const string Keys = """
        when 'desk' then product || '/' || language
        when 'product' then product
        when 'language' then language
        when 'line' then line::text
        when 'agent' then agent
        when 'team' then team
        when 'severity' then severity::text
        when 'status' then status::text
        when 'place' then place::text
        when 'waiting' then waiting::text
        when 'state' then coalesce(state, case status when 0 then 'open' when 1 then 'resolved' when 2 then 'closed' else 'purged' end)
        when 'activity' then activity
        end
        """;

    /// <summary>
    /// The open rows of an instant ($1), from the index: for each size those that began early enough. Without the "offset 0" the
    /// planner would join the few sizes to the whole table instead.
    /// </summary>
    internal const string OpenThen = """
        from generate_series(0, 21) sizes(n) cross join lateral (
          select * from ticket_span
          where place is not null and size = sizes.n and valid_from <= $1 and valid_to > $1
            and valid_from > case when sizes.n = 21 then '-infinity' else $1 - make_interval(hours => 1 << sizes.n) end
          offset 0) s
        """;

    /// <summary>Everything there was at the instant: most of the table, so it is read through.</summary>
    const string AllThen = "from (select * from ticket_span where status <> 3 and valid_from <= $1 and valid_to > $1) s";

    /// <summary>$2 desks within reach, $3 filters, $4 and $5 dimensions.</summary>
    internal const string Asked = $"""
          and ($2::text[] is null or product || '/' || language = any($2))
          and ($3::jsonb->>'desk' is null or product || '/' || language = $3::jsonb->>'desk')
          and ($3::jsonb->>'product' is null or product = $3::jsonb->>'product')
          and ($3::jsonb->>'language' is null or language = $3::jsonb->>'language')
          and ($3::jsonb->>'line' is null or line::text = $3::jsonb->>'line')
          and ($3::jsonb->>'agent' is null or coalesce(agent, 'none') = $3::jsonb->>'agent')
          and ($3::jsonb->>'team' is null or coalesce(team, 'none') = $3::jsonb->>'team')
          and ($3::jsonb->>'severity' is null or coalesce(severity::text, 'none') = $3::jsonb->>'severity')
          and ($3::jsonb->>'status' is null or status::text = $3::jsonb->>'status')
          and ($3::jsonb->>'place' is null or coalesce(place::text, 'none') = $3::jsonb->>'place')
          and ($3::jsonb->>'waiting' is null or coalesce(waiting::text, 'none') = $3::jsonb->>'waiting')
          and ($3::jsonb->>'activity' is null or coalesce(activity, 'none') = $3::jsonb->>'activity')
          and ($3::jsonb->>'state' is null or case 'state' {Keys} = $3::jsonb->>'state')
        """;

    const string Selected = $"select s.*, case $4::text {Keys} as k1, case $5::text {Keys} as k2";
    internal const string OpenSpans = $"with spans as ({Selected} {OpenThen} where true {Asked})";
    internal const string AllSpans = $"with spans as ({Selected} {AllThen} where true {Asked})";
    const string Counted = $"select k1, k2, grouping(k1), count(*) from spans {ReportSql.Grouped}";
    const string OpenSql = $"{OpenSpans} {Counted}";
    const string AllSql = $"{AllSpans} {Counted}";

    /// <param name="q">Of which period and cohort are not read.</param>
    /// <param name="openOnly">Without what was resolved or closed then.</param>
    public async Task<Report<BacklogFigures>> Run(ReportQuery q, DateTimeOffset asOf, bool openOnly, CancellationToken ct)
    {
        await using var rows = await source.OfSpans(q, ct);
        return await ReportSql.Read(Command(rows, openOnly ? OpenSql : AllSql, q, asOf), q, row => new BacklogFigures(row.Count()), ct);
    }

    internal static NpgsqlCommand Command(ReportRows rows, string sql, ReportQuery q, DateTimeOffset asOf) => rows.Command(sql)
        .Add(NpgsqlDbType.TimestampTz, asOf.UtcDateTime)
        .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, q.Desks?.Select(d => d.Value).ToArray())
        .Add(NpgsqlDbType.Jsonb, ReportSql.Filters(q))
        .Add(NpgsqlDbType.Text, q.GroupBy.ElementAtOrDefault(0))
        .Add(NpgsqlDbType.Text, q.GroupBy.ElementAtOrDefault(1));
}
