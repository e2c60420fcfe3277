using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>How far contracts were kept, by the kinds of clocks.</summary>
/// <param name="Callback">Calls that came outside hours; met when the customer was reached in time.</param>
public sealed record SlaFigures(AttainmentFigures FirstResponse, AttainmentFigures NextResponse, AttainmentFigures Callback);

/// <summary>Contract targets of one kind of clock. Each clock is in one of the six that add up to <paramref name="N"/>.</summary>
/// <param name="N">Clocks with a target that began in the period.</param>
/// <param name="Met">Answered in time; exactly on target is in time.</param>
/// <param name="Breached">Late, answered or not: an open one from the moment it is overdue.</param>
/// <param name="Running">Neither answered nor overdue yet.</param>
/// <param name="Undetermined">It ran through hours that nobody knows: neither met nor breached can be said.</param>
/// <param name="ResolvedUnanswered">Resolved in time without an answer: it ended the wait, but is no answer.</param>
/// <param name="Dropped">Ended in time by something else: the ticket was merged or closed, or fell under a plan without such a target.</param>
/// <param name="AttainmentPercent"><paramref name="Met"/> ÷ (<paramref name="Met"/> + <paramref name="Breached"/>) × 100.</param>
/// <param name="Promises">What was promised beside the contract; it never breaches.</param>
public sealed record AttainmentFigures(
    long N, long Met, long Breached, long Running, long Undetermined, long ResolvedUnanswered, long Dropped, double? AttainmentPercent, PromiseFigures Promises);

/// <param name="N">Clocks with a promise that began in the period: the five others together.</param>
/// <param name="Unanswered">Ended in time without an answer.</param>
/// <param name="KeptPercent"><paramref name="Kept"/> ÷ (<paramref name="Kept"/> + <paramref name="Missed"/>) × 100.</param>
public sealed record PromiseFigures(long N, long Kept, long Missed, long Running, long Undetermined, long Unanswered, double? KeptPercent);

/// <summary>SLA attainment, and promises apart from it.</summary>
public sealed class SlaReport(ReportSource source)
{
    static readonly string Answered = $"({ClockEnd.Answer:D}, {ClockEnd.Callback:D})", Resolved = $"{ClockEnd.Resolution:D}";

    /// <summary>
    /// How each clock stood at the moment. Late is what went on beyond the instant up to which an answer was in time, which a recorded breach fixes;
    /// so an open clock is a breach as soon as it is overdue, whether or not anybody has written so yet.
    /// </summary>
    internal static readonly string Judged = $"""
        {ReportSql.Clocks}, ended as (
          select *, stopped_at <= $8 and stopped_known <= $9 as has_ended, coalesce(breached_at, breach_at) as late_after from clocks),
        timed as (
          select *, case when has_ended then stopped_at else least($8::timestamptz, $9::timestamptz) end as until from ended),
        judged as (
          select *,
            case when target_seconds is null then null
              when late_after < until then 'breached' when undetermined then 'undetermined' when has_ended is not true then 'running'
              when stopped_by in {Answered} then 'met' when stopped_by = {Resolved} then 'resolved' else 'dropped' end as target,
            case when promise_seconds is null then null
              when promise_at < until then 'missed' when promise_undetermined then 'undetermined' when has_ended is not true then 'running'
              when stopped_by in {Answered} then 'kept' else 'unanswered' end as promise
          from timed)
        """;

    static readonly string Sql = $"""
        {Judged}
        select k1, k2, grouping(k1), {Counts(SlaClockKind.FirstResponse)}, {Counts(SlaClockKind.NextResponse)}, {Counts(SlaClockKind.Callback)}
        from judged
        {ReportSql.Grouped}
        """;

    /// <summary>The counts of one kind, in the order they are read in.</summary>
    static string Counts(SlaClockKind kind) => string.Join(", ", ((string[])
        [
            "target is not null", "target = 'met'", "target = 'breached'", "target = 'running'", "target = 'undetermined'", "target = 'resolved'", "target = 'dropped'",
            "promise is not null", "promise = 'kept'", "promise = 'missed'", "promise = 'running'", "promise = 'undetermined'", "promise = 'unanswered'",
        ]).Select(outcome => $"count(*) filter (where kind = {kind:D} and {outcome})"));

    /// <param name="q">Its period is of the clocks' beginnings; its cohort is not read.</param>
    public Task<Report<SlaFigures>> Run(ReportQuery q, ReportMoment moment, CancellationToken ct) =>
        ReportSql.Read(Command(source, Sql, q, moment), q, row => new SlaFigures(Figures(row), Figures(row), Figures(row)), ct);

    internal static NpgsqlCommand Command(ReportSource source, string sql, ReportQuery q, ReportMoment moment) => ReportSql.Command(source.Present, sql, q)
        .Add(NpgsqlDbType.TimestampTz, moment.OccurredUntil.UtcDateTime).Add(NpgsqlDbType.TimestampTz, moment.KnownUntil.UtcDateTime);

    static AttainmentFigures Figures(FigureReader row)
    {
        var (n, met, breached, running) = (row.Count(), row.Count(), row.Count(), row.Count());
        var (undetermined, resolved, dropped) = (row.Count(), row.Count(), row.Count());
        return new AttainmentFigures(n, met, breached, running, undetermined, resolved, dropped, Percent(met, breached), Promises(row));
    }

    static PromiseFigures Promises(FigureReader row)
    {
        var (n, kept, missed) = (row.Count(), row.Count(), row.Count());
        return new PromiseFigures(n, kept, missed, row.Count(), row.Count(), row.Count(), Percent(kept, missed));
    }

    static double? Percent(long good, long bad) => good + bad == 0 ? null : 100.0 * good / (good + bad);
}
