using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>What the statements of all reports share. Everything asked for comes in as a parameter; the text is constant.</summary>
internal static class ReportSql
{
    const string Periods = """
        when 'day' then to_char(moment at time zone 'UTC', 'YYYY-MM-DD')
        when 'week' then to_char(moment at time zone 'UTC', 'IYYY-"W"IW')
        when 'month' then to_char(moment at time zone 'UTC', 'YYYY-MM')
        when 'desk' then product || '/' || language
        when 'product' then product
        when 'language' then language
        """;

    const string TicketKeys = $"""
        {Periods}
        when 'line' then line::text
        when 'agent' then coalesce(resolver, agent)
        when 'team' then coalesce(resolver_team, team)
        when 'channel' then channel::text
        when 'severity' then severity::text
        when 'openingSeverity' then opening_severity::text
        when 'contract' then contract
        when 'source' then source
        when 'firstLine' then first_line::text
        when 'highestLine' then highest_line::text
        when 'status' then status::text
        when 'state' then state
        when 'firstState' then first_state
        end
        """;

    const string RatingKeys = $"""
        {Periods}
        when 'line' then line::text
        when 'agent' then resolver
        when 'team' then resolver_team
        when 'channel' then channel::text
        when 'severity' then severity::text
        when 'contract' then contract
        when 'source' then source
        end
        """;

    const string ClockKeys = $"""
        {Periods}
        when 'line' then line::text
        when 'agent' then agent
        when 'channel' then channel::text
        when 'severity' then severity::text
        when 'contract' then contract
        end
        """;

    /// <summary>
    /// $1 from, $2 to, $3 desks within reach, $4 filters (jsonb: dimension → value), $5 and $6 the dimensions of k1 and k2. The planner sees
    /// the parameters' values, so what was not asked for costs nothing.
    /// </summary>
    const string Asked = """
        ($1::timestamptz is null or moment >= $1) and ($2::timestamptz is null or moment < $2) and moment is not null
          and ($3::text[] is null or product || '/' || language = any($3))
          and ($4::jsonb->>'day' is null or to_char(moment at time zone 'UTC', 'YYYY-MM-DD') = $4::jsonb->>'day')
          and ($4::jsonb->>'week' is null or to_char(moment at time zone 'UTC', 'IYYY-"W"IW') = $4::jsonb->>'week')
          and ($4::jsonb->>'month' is null or to_char(moment at time zone 'UTC', 'YYYY-MM') = $4::jsonb->>'month')
          and ($4::jsonb->>'desk' is null or product || '/' || language = $4::jsonb->>'desk')
          and ($4::jsonb->>'product' is null or product = $4::jsonb->>'product')
          and ($4::jsonb->>'language' is null or language = $4::jsonb->>'language')
          and ($4::jsonb->>'channel' is null or channel::text = $4::jsonb->>'channel')
          and ($4::jsonb->>'source' is null or coalesce(source, 'none') = $4::jsonb->>'source')
          and ($4::jsonb->>'line' is null or line::text = $4::jsonb->>'line')
          and ($4::jsonb->>'severity' is null or coalesce(severity::text, 'none') = $4::jsonb->>'severity')
        """;

    const string AskedOfTickets = $"""
        {Asked}
          and ($4::jsonb->>'agent' is null or coalesce(resolver, agent, 'none') = $4::jsonb->>'agent')
          and ($4::jsonb->>'team' is null or coalesce(resolver_team, team, 'none') = $4::jsonb->>'team')
          and ($4::jsonb->>'openingSeverity' is null or coalesce(opening_severity::text, 'none') = $4::jsonb->>'openingSeverity')
          and ($4::jsonb->>'contract' is null or coalesce(contract, 'none') = $4::jsonb->>'contract')
          and ($4::jsonb->>'firstLine' is null or first_line::text = $4::jsonb->>'firstLine')
          and ($4::jsonb->>'highestLine' is null or highest_line::text = $4::jsonb->>'highestLine')
          and ($4::jsonb->>'status' is null or status::text = $4::jsonb->>'status')
          and ($4::jsonb->>'state' is null or coalesce(state, 'none') = $4::jsonb->>'state')
          and ($4::jsonb->>'firstState' is null or coalesce(first_state, 'none') = $4::jsonb->>'firstState')
          and ($4::jsonb->>'openedDays' is null or exists (
            select from (
              select opened_at at time zone 'UTC' + coalesce((
                select ahead[1 + width_bucket(date_part('epoch', opened_at), since)] from clocks_asked
                where of_product = product and of_language = language or of_product is null), 0) * interval '1 second' as wall offset 0) w
            where position(to_char(wall, 'ID') in $4::jsonb->>'openedDays') > 0
              and wall::time >= ($4::jsonb->>'openedFrom')::time and wall::time < ($4::jsonb->>'openedUntil')::time))
        """;

    /// <summary>The tickets asked for; $7 is the cohort.</summary>
    public const string Tickets = $"""
        with clocks_asked as materialized (
          select product as of_product, language as of_language, since, ahead
          from jsonb_to_recordset($4::jsonb->'openedClocks') as c (product text, language text, since float8[], ahead int[])),
        tickets as (
          select *, case $5::text {TicketKeys} as k1, case $6::text {TicketKeys} as k2
          from (select f.*, case when $7::text = 'OpenedIn' then f.opened_at else f.first_resolved_at end as moment from ticket_fact f) f
          where {AskedOfTickets})
        """;

    /// <summary>The resolutions asked for, each with its rating; $7 is the cohort, here of the resolution itself.</summary>
    public const string Ratings = $"""
        with ratings as (
          select *, case $5::text {RatingKeys} as k1, case $6::text {RatingKeys} as k2
          from (
            select c.*, f.number, f.product, f.language, f.channel, f.source, case when $7::text = 'OpenedIn' then f.opened_at else c.resolved_at end as moment
            from ticket_cycle c join ticket_fact f using (ticket)) c
          where {Asked}
            and ($4::jsonb->>'agent' is null or coalesce(resolver, 'none') = $4::jsonb->>'agent')
            and ($4::jsonb->>'team' is null or coalesce(resolver_team, 'none') = $4::jsonb->>'team')
            and ($4::jsonb->>'contract' is null or coalesce(contract, 'none') = $4::jsonb->>'contract'))
        """;

    /// <summary>The clocks asked for, by when they began; $8 what had occurred, $9 what was known by then.</summary>
    public const string Clocks = $"""
        with clocks as (
          select *, case $5::text {ClockKeys} as k1, case $6::text {ClockKeys} as k2
          from (select c.*, null::text as source, c.started_at as moment from sla_clock c where c.started_at <= $8 and c.started_known <= $9) c
          where {Asked}
            and ($4::jsonb->>'agent' is null or coalesce(agent, 'none') = $4::jsonb->>'agent')
            and ($4::jsonb->>'contract' is null or contract = $4::jsonb->>'contract'))
        """;

    /// <summary>One row per group and one over all, which comes first.</summary>
    public const string Grouped = "group by grouping sets ((k1, k2), ()) order by grouping(k1) desc, k1, k2";

    public static NpgsqlCommand Command(ReportRows rows, string sql, ReportQuery q)
    {
        var command = rows.Command(sql);
        Add(command, NpgsqlDbType.TimestampTz, q.From?.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, q.To?.UtcDateTime);
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Text, q.Desks?.Select(d => d.Value).ToArray());
        Add(command, NpgsqlDbType.Jsonb, Filters(q));
        Add(command, NpgsqlDbType.Text, q.GroupBy.ElementAtOrDefault(0));
        Add(command, NpgsqlDbType.Text, q.GroupBy.ElementAtOrDefault(1));
        Add(command, NpgsqlDbType.Text, q.Cohort.ToString());
        return command;
    }

    /// <summary>A value that a dimension does not have matches nothing.</summary>
    public static string Filters(ReportQuery q) =>
        JsonSerializer.Serialize(q.Filters.Select(f => KeyValuePair.Create(f.Key, (object?)Dimensions.Stored(f.Key, f.Value) ?? "")).Concat(q.Opened?.Filters ?? []).ToDictionary(), JsonSerializerOptions.Web);

    public static NpgsqlCommand Add(this NpgsqlCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Reads grouped rows from those of the moment that is asked about.</summary>
    public static async Task<Report<T>> Read<T>(ReportSource source, ReportQuery q, Func<ReportRows, NpgsqlCommand> command, Func<FigureReader, T> figures, CancellationToken ct)
    {
        await using var rows = await source.OfTickets(q, ct);
        return await Read(command(rows), q, figures, ct);
    }

    /// <summary>Reads grouped rows: k1, k2 and whether this is the row over all come first.</summary>
    public static async Task<Report<T>> Read<T>(NpgsqlCommand command, ReportQuery q, Func<FigureReader, T> figures, CancellationToken ct)
    {
        await using var _ = command;
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<ReportRow<T>> groups = [];
        T? total = default;
        while (await rows.ReadAsync(ct))
        {
            var figure = figures(new FigureReader(rows, 3));
            if (rows.GetInt32(2) != 0) total = figure;
            else if (q.GroupBy.Count > 0) groups.Add(new ReportRow<T>(Group(q, rows), figure));
        }
        return new Report<T>(q, groups, total!);
    }

    static Dictionary<string, string> Group(ReportQuery q, NpgsqlDataReader row) => q.GroupBy
        .Select((dimension, i) => (dimension, value: row.IsDBNull(i) ? null : row.GetString(i)))
        .ToDictionary(d => d.dimension, d => Dimensions.Label(d.dimension, d.value));
}

/// <summary>Reads the figures of a row one after the other.</summary>
internal sealed class FigureReader(NpgsqlDataReader row, int first)
{
    int next = first;

    public long Count() => row.GetInt64(next++);

    public double? Number() => row.IsDBNull(next++) ? null : row.GetDouble(next - 1);

    /// <summary>A sum; null over no rows. Exact: decimal holds any sum of microseconds.</summary>
    public decimal Sum() => row.IsDBNull(next++) ? 0 : row.GetDecimal(next - 1);
}
