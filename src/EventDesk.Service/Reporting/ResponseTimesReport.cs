using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>How long customers waited, from the opening on.</summary>
/// <param name="Tickets">Of the cohort.</param>
/// <param name="FirstAnswer">Until the first public answer of someone who was staff then.</param>
/// <param name="AnsweredByResolution">Tickets resolved without such an answer: the resolution ended the wait, they are not in <paramref name="FirstAnswer"/>.</param>
/// <param name="FirstResolution">Until the first resolution.</param>
/// <param name="FirstResolutionLessWaiting">The same without the time the ticket waited for someone else or for a date.</param>
/// <param name="FirstResolutionLessCustomer">The same without the time it waited for the customer.</param>
/// <param name="Lifetime">Until the last event.</param>
public sealed record ResponseTimeFigures(
    long Tickets, Durations FirstAnswer, long AnsweredByResolution, Durations FirstResolution, Durations FirstResolutionLessWaiting,
    Durations FirstResolutionLessCustomer, Durations Lifetime);

public sealed class ResponseTimesReport(ReportSource source)
{
    const string Micros = "(extract(epoch from";

    /// <summary>$8 the target.</summary>
    internal const string Measured = $"""
        {ReportSql.Tickets}, measured as (
          select *,
            case when not answered_by_resolution then {Micros} first_answer_at - opened_at) * 1000000)::bigint end as answer,
            {Micros} first_resolved_at - opened_at) * 1000000)::bigint as resolution,
            {Micros} first_resolved_at - opened_at) * 1000000)::bigint - waited_first as less_waiting,
            {Micros} first_resolved_at - opened_at) * 1000000)::bigint - waited_first_customer as less_customer,
            {Micros} last_event_at - opened_at) * 1000000)::bigint as lifetime
          from tickets)
        """;

    const string Sql = $"""
        {Measured}
        select k1, k2, grouping(k1), count(*), count(*) filter (where answered_by_resolution),
          count(answer), sum(answer), percentile_cont(0.5) within group (order by answer), percentile_cont(0.9) within group (order by answer),
          percentile_cont(0.95) within group (order by answer), count(*) filter (where answer <= $8::bigint),
          count(resolution), sum(resolution), percentile_cont(0.5) within group (order by resolution), percentile_cont(0.9) within group (order by resolution),
          percentile_cont(0.95) within group (order by resolution), count(*) filter (where resolution <= $8::bigint),
          count(less_waiting), sum(less_waiting), percentile_cont(0.5) within group (order by less_waiting), percentile_cont(0.9) within group (order by less_waiting),
          percentile_cont(0.95) within group (order by less_waiting), count(*) filter (where less_waiting <= $8::bigint),
          count(less_customer), sum(less_customer), percentile_cont(0.5) within group (order by less_customer), percentile_cont(0.9) within group (order by less_customer),
          percentile_cont(0.95) within group (order by less_customer), count(*) filter (where less_customer <= $8::bigint),
          count(lifetime), sum(lifetime), percentile_cont(0.5) within group (order by lifetime), percentile_cont(0.9) within group (order by lifetime),
          percentile_cont(0.95) within group (order by lifetime), count(*) filter (where lifetime <= $8::bigint)
        from measured
        {ReportSql.Grouped}
        """;

    /// <param name="target">Counts what took no longer; null: nothing is counted.</param>
    /// <param name="unit">Seconds of the unit the figures are wanted in.</param>
    public Task<Report<ResponseTimeFigures>> Run(ReportQuery q, TimeSpan? target, int unit, CancellationToken ct)
    {
        return ReportSql.Read(source, q, rows => Command(rows, Sql, q, target), Figures, ct);

        ResponseTimeFigures Figures(FigureReader row)
        {
            var (tickets, byResolution) = (row.Count(), row.Count());
            return new ResponseTimeFigures(tickets, Next(row), byResolution, Next(row), Next(row), Next(row), Next(row));
        }

        Durations Next(FigureReader row) => Durations.Read(row, target is not null, unit);
    }

    internal static NpgsqlCommand Command(ReportRows rows, string sql, ReportQuery q, TimeSpan? target) =>
        ReportSql.Command(rows, sql, q).Add(NpgsqlDbType.Bigint, target is { } t ? t.Ticks / TimeSpan.TicksPerMicrosecond : null);
}
