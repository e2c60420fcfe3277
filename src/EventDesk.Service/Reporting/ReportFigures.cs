using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;

namespace EventDesk.Service.Reporting;

/// <summary>One figure of a report, with what else the report was asked.</summary>
/// <param name="Path">As it stands in the report, <c>firstAnswer.p95</c>.</param>
/// <param name="Window">Working days; null: ever.</param>
/// <param name="Label">Of the activities: the row's.</param>
public sealed record FigureQuery(string Path, double? Window = null, TimeSpan? Target = null, string? Label = null);

/// <summary>What makes a figure. All texts are constants of this program.</summary>
/// <param name="Where">Which of the report's rows.</param>
/// <param name="Version">For each row the one event it was counted by; null: those that <paramref name="Counter"/> tells.</param>
/// <param name="Counter">Of a ticket, for a label: an event counts when this is more after it than before.</param>
sealed record Behind(string Where, string? Version = null, Func<TicketFact, string?, long>? Counter = null, Which Which = Which.Each);

/// <summary>Which of the events a counter rose at.</summary>
enum Which { Each, First, Last }

/// <summary>
/// Report by report, what is behind each figure: as many events as a count says; of a share, a mean or a percentile those of all it was computed from.
/// </summary>
public static class ReportFigures
{
    const string Opening = "1", Resolution = "first_resolved_version";

    /// <summary>The figures of a report that can be opened; null: there is none of this name.</summary>
    internal static Behind? Find(ReportName report, string path) => Of[report].GetValueOrDefault(path);

    public static IReadOnlyCollection<string> PathsOf(ReportName report) => report switch
    {
        ReportName.Flow => [.. FlowReport.Behind.Keys.Where(k => k.Length > 0)],
        ReportName.Backlog => ["tickets"],
        _ => [.. Of[report].Keys],
    };

    static readonly Dictionary<ReportName, Dictionary<string, Behind>> Of = new()
    {
        [ReportName.Csat] = Csat(),
        [ReportName.FirstLine] = FirstLine(),
        [ReportName.ResponseTimes] = ResponseTimes(),
        [ReportName.Escalations] = Escalations(),
        [ReportName.Reopens] = Reopens(),
        [ReportName.Volume] = Volume(),
        [ReportName.Waiting] = Waiting(),
        [ReportName.Activities] = Activities(),
        [ReportName.Sla] = Enum.GetValues<SlaClockKind>().SelectMany(Sla).ToDictionary(),
    };

    static Behind By(string where, string version) => new(where, version);
    static Behind Each(string where, Func<TicketFact, long> counter) => new(where, null, (f, _) => counter(f));
    static Behind First(string where, Func<TicketFact, long> counter) => new(where, null, (f, _) => counter(f), Which.First);
    static Behind Last(string where, Func<TicketFact, long> counter) => new(where, null, (f, _) => counter(f), Which.Last);

    static Dictionary<string, Behind> Csat()
    {
        var (sent, rated, comments) = (By("not imported or rating is not null", "version"), By("positive is not null", "rated_version"), By("comment_at is not null", "rated_version"));
        return new()
        {
            ["sent"] = sent, ["rated"] = rated, ["positive"] = By("positive", "rated_version"), ["percentPositive"] = rated, ["responseRate"] = sent,
            ["positiveBetween.low"] = rated, ["positiveBetween.high"] = rated, ["comments"] = comments, ["reviewCoverage"] = comments,
            ["reviewedComments"] = By("comment_at is not null and reviewed_at is not null", """
                (select max(r.version) from mt_events r where r.stream_id = ticket and r.type = 'feedback_reviewed' and r.data->>'cycle' = cycle::text)
                """),
        };
    }

    static Dictionary<string, Behind> FirstLine()
    {
        var (tickets, resolved, eligible) = (By("true", Opening), By("resolved", Resolution), By("resolved and eligible", Resolution));
        Dictionary<string, Behind> figures = new()
        {
            ["tickets"] = tickets, ["resolved"] = resolved, ["overallShare"] = resolved, ["eligible"] = eligible, ["eligibleShare"] = eligible,
            ["firstLine"] = By("resolved and first_line_only and not reopened", Resolution),
            ["firstLineActingAs"] = By("resolved and first_line_only and not reopened and acting_as", Resolution),
            ["firstContact"] = By("resolved and answers = 1 and messages_since = 0 and not reopened", Resolution),
            ["firstContactShare"] = resolved, ["shareOfTickets"] = tickets,
            ["provisional"] = By("resolved and not reopened and status in (1, 2) and last_resolved_at >= $9", "last_resolved_version"),
        };
        foreach (var (name, column) in new[] { ("highest", "highest_line"), ("first", "first_line"), ("last", "line") })
            foreach (var line in Enum.GetValues<SupportLine>())
                figures[$"{name}.{Names.Of(line)}"] = By($"{column} = {line:D}", Opening);
        return figures;
    }

    static Dictionary<string, Behind> ResponseTimes()
    {
        Dictionary<string, Behind> figures = new()
        {
            ["tickets"] = By("true", Opening), ["answeredByResolution"] = By("answered_by_resolution", "first_answer_version"),
        };
        Durations("firstAnswer", "answer", where => By(where, "first_answer_version"));
        Durations("firstResolution", "resolution", where => By(where, Resolution));
        Durations("firstResolutionLessWaiting", "less_waiting", where => By(where, Resolution));
        Durations("firstResolutionLessCustomer", "less_customer", where => By(where, Resolution));
        Durations("lifetime", "lifetime", where => Last(where, f => f.LastEventAt.Ticks));
        return figures;

        void Durations(string name, string column, Func<string, Behind> of)
        {
            foreach (var figure in new[] { "n", "mean", "median", "p90", "p95", "shareWithin" })
                figures[$"{name}.{figure}"] = of($"{column} is not null");
            figures[$"{name}.within"] = of($"{column} <= $8::bigint");
        }
    }

    static Dictionary<string, Behind> Escalations()
    {
        Dictionary<string, Behind> figures = new()
        {
            ["tickets"] = By("true", Opening), ["escalationRate"] = By("true", Opening), ["escalated"] = First("line_ups > 0", f => f.LineUps),
            ["handovers"] = Each("line_ups + line_downs + same_line_transfers > 0", f => f.LineUps + f.LineDowns + f.SameLineTransfers),
            ["ups"] = Each("line_ups > 0", f => f.LineUps), ["downs"] = Each("line_downs > 0", f => f.LineDowns),
            ["sameLine"] = Each("same_line_transfers > 0", f => f.SameLineTransfers), ["sameLineTickets"] = First("same_line_transfers > 0", f => f.SameLineTransfers),
            ["teamReturns"] = Each("team_returns > 0", f => f.TeamReturns), ["teamReturnCases"] = First("team_returns > 0", f => f.TeamReturns),
            ["lineReturns"] = Each("line_returns > 0", f => f.LineReturns), ["lineReturnCases"] = First("line_returns > 0", f => f.LineReturns),
            ["changesOfPerson"] = Each("actor_changes > 0", f => f.ActorChanges),
        };
        for (var line = 1; line <= 4; line++)
        {
            var had = line == 4 ? "highest_line = 4" : line == 1 ? "first_line <= 1" : $"first_line <= {line} and highest_line >= {line}";
            var path = $"lines.{line - 1}";
            figures[$"{path}.tickets"] = figures[$"{path}.escalationRate"] = By(had, Opening);
            figures[$"{path}.wentAbove"] = Last(line == 4 ? "false" : $"first_line <= {line} and highest_line > {line}", f => (long)f.HighestLine);
            figures[$"{path}.openSeconds"] = By($"{(line == 4 ? "on_management" : $"on_l{line}")} > 0", Opening);
        }
        return figures;
    }

    static Dictionary<string, Behind> Reopens()
    {
        var resolved = By("first_resolved_at is not null", Resolution);
        return new()
        {
            ["resolved"] = resolved, ["reopenRate"] = resolved, ["reopened"] = First("reopens > 0", f => f.Reopens), ["transitions"] = Each("reopens > 0", f => f.Reopens),
            // The soonest is the one that was judged.
            ["withinWindow"] = Last("soonest_reopen is not null and ($8::bigint is null or soonest_reopen <= $8)", f => f.SoonestReopen is { } soonest ? long.MaxValue - soonest : 0),
        };
    }

    static Dictionary<string, Behind> Volume() => new()
    {
        ["tickets"] = By("true", Opening), ["open"] = By("status = 0", Opening), ["resolved"] = By("status = 1", "last_resolved_version"),
        ["closed"] = By("status = 2", "(select max(c.version) from mt_events c where c.stream_id = ticket and c.type in ('ticket_closed', 'ticket_merged'))"),
        ["everResolved"] = By("first_resolved_at is not null", Resolution), ["severityChanges"] = Each("severity_changes > 0", f => f.SeverityChanges),
        ["severityChangedTickets"] = First("severity_changes > 0", f => f.SeverityChanges), ["events"] = Each("true", f => f.Version - f.Administrative),
        ["sourceRows"] = Each("source_rows > 0", f => f.SourceRows),
    };

    static Dictionary<string, Behind> Waiting()
    {
        Dictionary<string, Behind> figures = new() { ["tickets"] = By("true", Opening) };
        foreach (var (name, column, reason) in new[] { ("customer", "waits_customer", WaitingReason.Customer), ("thirdParty", "waits_third_party", WaitingReason.ThirdParty), ("plannedDate", "waits_planned", WaitingReason.PlannedDate) })
        {
            figures[$"{name}.entries"] = figures[$"{name}.seconds"] = Each($"{column} > 0", f => f.Waits[(int)reason]);
            figures[$"{name}.tickets"] = First($"{column} > 0", f => f.Waits[(int)reason]);
        }
        return figures;
    }

    static Dictionary<string, Behind> Activities()
    {
        const string Had = "$8::text is null or exists (select from jsonb_array_elements(labels) l where l->>0 = $8)";
        return new()
        {
            ["rows"] = new(Had, null, (f, label) => Labelled(f, label).Sum(l => l.Rows)), ["entries"] = new(Had, null, (f, label) => Labelled(f, label).Sum(l => l.Entries)),
            ["tickets"] = new(Had, null, (f, label) => label is null ? f.Version : Labelled(f, label).Sum(l => l.Rows), Which.First),
            ["variants"] = By("true", Opening),
        };
    }

    static IEnumerable<LabelCount> Labelled(TicketFact f, string? label) => f.Labels.Where(l => label is null || l.Label == label);

    static IEnumerable<KeyValuePair<string, Behind>> Sla(SlaClockKind kind)
    {
        const string Ended = "case when has_ended then stopped_version else started_version end";
        // Known by then, or it is not there yet: an open clock is late before anybody has written so.
        const string Breach = $"coalesce((select b.version from mt_events b where b.stream_id = ticket and b.version = breach_version and b.timestamp <= $9), {Ended})";
        var name = kind switch { SlaClockKind.FirstResponse => "firstResponse", SlaClockKind.NextResponse => "nextResponse", _ => "callback" };
        foreach (var (figure, outcome, version) in new[]
        {
            ("n", "target is not null", "started_version"), ("met", "target = 'met'", Ended), ("breached", "target = 'breached'", Breach), ("running", "target = 'running'", "started_version"),
            ("undetermined", "target = 'undetermined'", "started_version"), ("resolvedUnanswered", "target = 'resolved'", Ended), ("dropped", "target = 'dropped'", Ended),
            ("attainmentPercent", "target in ('met', 'breached')", "started_version"),
            ("promises.n", "promise is not null", "started_version"), ("promises.kept", "promise = 'kept'", Ended), ("promises.missed", "promise = 'missed'", Ended),
            ("promises.running", "promise = 'running'", "started_version"), ("promises.undetermined", "promise = 'undetermined'", "started_version"),
            ("promises.unanswered", "promise = 'unanswered'", Ended), ("promises.keptPercent", "promise in ('kept', 'missed')", "started_version"),
        })
            yield return KeyValuePair.Create($"{name}.{figure}", By($"kind = {kind:D} and {outcome}", version));
    }
}
