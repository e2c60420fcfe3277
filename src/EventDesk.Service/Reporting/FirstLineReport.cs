using EventDesk.Service.Organising;
using EventDesk.Service.Views;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>How many tickets have each line.</summary>
public sealed record LineCounts(long L1, long L2, long L3, long Management);

/// <summary>What the first line solves by itself.</summary>
/// <param name="Tickets">Of the cohort, resolved or not.</param>
/// <param name="Resolved">Resolved at least once, without spam, duplicates and what was merged away.</param>
/// <param name="FirstLine">Of those, never above L1 and not reopened within the window; what L2 did in L1's place counts.</param>
/// <param name="OverallShare"><paramref name="FirstLine"/> ÷ <paramref name="Resolved"/>.</param>
/// <param name="Eligible">Resolved without those sent straight to a higher line.</param>
/// <param name="EligibleShare">The share of those that the first line solved: the figure that is set against the target.</param>
/// <param name="FirstLineActingAs">Of <paramref name="FirstLine"/>, those where L2 stood in.</param>
/// <param name="FirstContact">Resolved with exactly one public answer of staff, no customer message after it, not reopened within the window.</param>
/// <param name="Provisional">Resolved tickets whose window has not passed: they may yet be reopened.</param>
/// <param name="ShareOfTickets"><paramref name="FirstLine"/> ÷ <paramref name="Tickets"/>.</param>
/// <param name="Highest">Over all tickets of the cohort, like the next two.</param>
/// <param name="TargetMet">Whether the share (of the eligible) reaches the target; null without one.</param>
public sealed record FirstLineFigures(
    long Tickets, long Resolved, long FirstLine, double? OverallShare, long Eligible, double? EligibleShare, long FirstLineActingAs,
    long FirstContact, double? FirstContactShare, long Provisional, double? ShareOfTickets,
    LineCounts Highest, LineCounts First, LineCounts Last, double? Target, bool? TargetMet);

public sealed class FirstLineReport(ReportSource source, OrganisationBook organisation, TimeProvider time)
{
    /// <summary>Working days after a resolution within which a reopening takes it back.</summary>
    public const double DefaultWindow = 5;

    /// <summary>$8 the window, $9 since when a resolution is provisional.</summary>
    internal const string Judged = $"""
        {ReportSql.Tickets}, judged as (
          select *, first_resolved_at is not null and not left_out as resolved,
            highest_line = 1 as first_line_only, first_line = 1 as eligible,
            soonest_reopen is not null and ($8::bigint is null or soonest_reopen <= $8) as reopened
          from tickets)
        """;

    const string Sql = $"""
        {Judged}
        select k1, k2, grouping(k1),
          count(*),
          count(*) filter (where resolved),
          count(*) filter (where resolved and first_line_only and not reopened),
          count(*) filter (where resolved and eligible),
          count(*) filter (where resolved and eligible and first_line_only and not reopened),
          count(*) filter (where resolved and first_line_only and not reopened and acting_as),
          count(*) filter (where resolved and answers = 1 and messages_since = 0 and not reopened),
          count(*) filter (where resolved and not reopened and status in (1, 2) and last_resolved_at >= $9),
          count(*) filter (where highest_line = 1), count(*) filter (where highest_line = 2),
          count(*) filter (where highest_line = 3), count(*) filter (where highest_line = 4),
          count(*) filter (where first_line = 1), count(*) filter (where first_line = 2),
          count(*) filter (where first_line = 3), count(*) filter (where first_line = 4),
          count(*) filter (where line = 1), count(*) filter (where line = 2),
          count(*) filter (where line = 3), count(*) filter (where line = 4)
        from judged
        {ReportSql.Grouped}
        """;

    /// <param name="window">Working days; null: a reopening at any time takes the resolution back.</param>
    /// <param name="target">The share of eligible tickets that is wanted; null: the desk's own, where a figure is of one desk.</param>
    public async Task<Report<FirstLineFigures>> Run(ReportQuery q, double? window, double? target, CancellationToken ct)
    {
        var report = await ReportSql.Read(source, q, rows => Command(rows, Sql, q, window, time), Figures, ct);
        var desks = (q.Moment is null ? organisation.Now : organisation.History.At(Instant.FromDateTimeOffset(Now(q, time)))).Desks;
        return report with
        {
            Rows = [.. report.Rows.Select(r => r with { Figures = Against(r.Figures, target ?? TargetOf(r.Group.GetValueOrDefault("desk") ?? q.Filters.GetValueOrDefault("desk"))) })],
            Total = Against(report.Total, target ?? TargetOf(q.Filters.GetValueOrDefault("desk"))),
        };

        double? TargetOf(string? desk) => desks.FirstOrDefault(d => d.Id.Value == desk)?.FirstLineTarget;
    }

    internal static NpgsqlCommand Command(ReportRows rows, string sql, ReportQuery q, double? window, TimeProvider time) => ReportSql.Command(rows, sql, q)
        .Add(NpgsqlDbType.Bigint, window is { } days ? TimeSpan.FromDays(days).Ticks / TimeSpan.TicksPerMicrosecond : null)
        .Add(NpgsqlDbType.TimestampTz, window is { } w ? WorkingDays.Before(Now(q, time).UtcDateTime, TimeSpan.FromDays(w)) : DateTime.UnixEpoch);

    /// <summary>What windows and targets are judged by: a moment that is yet to come is now.</summary>
    static DateTimeOffset Now(ReportQuery q, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return q.Moment is { } moment ? new[] { now, moment.OccurredUntil, moment.KnownUntil }.Min() : now;
    }

    static FirstLineFigures Against(FirstLineFigures f, double? target) =>
        f with { Target = target, TargetMet = target is null || f.EligibleShare is null ? null : f.EligibleShare >= target };

    static FirstLineFigures Figures(FigureReader row)
    {
        var (tickets, resolved, firstLine, eligible) = (row.Count(), row.Count(), row.Count(), row.Count());
        var (eligibleFirstLine, actingAs, firstContact, provisional) = (row.Count(), row.Count(), row.Count(), row.Count());
        return new FirstLineFigures(
            tickets, resolved, firstLine, Share.Of(firstLine, resolved), eligible, Share.Of(eligibleFirstLine, eligible), actingAs,
            firstContact, Share.Of(firstContact, resolved), provisional, Share.Of(firstLine, tickets), Lines(row), Lines(row), Lines(row), null, null);
    }

    static LineCounts Lines(FigureReader row) => new(row.Count(), row.Count(), row.Count(), row.Count());
}
