using System.Text;
using System.Text.Json;
using EventDesk.Domain.Tickets;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>The tables of <see cref="TicketFacts"/>: one row per ticket, one per resolution.</summary>
internal static class FactTables
{
    public static readonly RowTable<TicketFact> Facts = new("ticket_fact", "ticket",
        Column<TicketFact>.Id("ticket", f => f.Ticket, (f, v) => f.Ticket = v),
        Column<TicketFact>.Long("version", f => f.Version, (f, v) => f.Version = v),
        Column<TicketFact>.Int("administrative", f => f.Administrative, (f, v) => f.Administrative = v),
        Column<TicketFact>.Long("number", f => f.Number, (f, v) => f.Number = v),
        Column<TicketFact>.Text("product", f => f.Product, (f, v) => f.Product = v ?? ""),
        Column<TicketFact>.Text("language", f => f.Language, (f, v) => f.Language = v ?? ""),
        Column<TicketFact>.Text("source", f => f.Source, (f, v) => f.Source = v),
        Column<TicketFact>.Small<Channel>("channel", f => f.Channel, (f, v) => f.Channel = v ?? default),
        Column<TicketFact>.Time("opened_at", f => f.OpenedAt, (f, v) => f.OpenedAt = v),
        Column<TicketFact>.Time("last_event_at", f => f.LastEventAt, (f, v) => f.LastEventAt = v),
        Column<TicketFact>.Small<Status>("status", f => f.Now.Status, (f, v) => f.Now = f.Now with { Status = v ?? default }),
        Column<TicketFact>.Bool("triage", f => f.Now.Triage, (f, v) => f.Now = f.Now with { Triage = v }),
        Column<TicketFact>.Small<SupportLine>("line", f => f.Now.Line, (f, v) => f.Now = f.Now with { Line = v ?? default }),
        Column<TicketFact>.Text("team", f => f.Now.Team, (f, v) => f.Now = f.Now with { Team = v }),
        Column<TicketFact>.Text("agent", f => f.Now.Agent, (f, v) => f.Now = f.Now with { Agent = v }),
        Column<TicketFact>.Small<Severity>("severity", f => f.Now.Severity, (f, v) => f.Now = f.Now with { Severity = v }),
        Column<TicketFact>.Small<WaitingReason>("waiting", f => f.Now.Waiting, (f, v) => f.Now = f.Now with { Waiting = v }),
        Column<TicketFact>.Time("waiting_since", f => f.WaitingSince, (f, v) => f.WaitingSince = v),
        Column<TicketFact>.Small<SupportLine>("first_line", f => f.FirstLine, (f, v) => f.FirstLine = v ?? default),
        Column<TicketFact>.Small<SupportLine>("highest_line", f => f.HighestLine, (f, v) => f.HighestLine = v ?? default),
        Column<TicketFact>.Bool("acting_as", f => f.ActingAs, (f, v) => f.ActingAs = v),
        Column<TicketFact>.Small<Severity>("opening_severity", f => f.OpeningSeverity, (f, v) => f.OpeningSeverity = v),
        Column<TicketFact>.Text("contract", f => f.Contract, (f, v) => f.Contract = v),
        Column<TicketFact>.Int("severity_changes", f => f.SeverityChanges, (f, v) => f.SeverityChanges = v),
        Column<TicketFact>.Time("first_answer_at", f => f.FirstAnswerAt, (f, v) => f.FirstAnswerAt = v),
        Column<TicketFact>.Long("first_answer_version", f => f.FirstAnswerVersion, (f, v) => f.FirstAnswerVersion = v),
        Column<TicketFact>.Bool("answered_by_resolution", f => f.AnsweredByResolution, (f, v) => f.AnsweredByResolution = v),
        Column<TicketFact>.Int("answers", f => f.Answers, (f, v) => f.Answers = v),
        Column<TicketFact>.Int("messages_since", f => f.MessagesSince, (f, v) => f.MessagesSince = v),
        Column<TicketFact>.Time("first_resolved_at", f => f.FirstResolvedAt, (f, v) => f.FirstResolvedAt = v),
        Column<TicketFact>.Long("first_resolved_version", f => f.FirstResolvedVersion, (f, v) => f.FirstResolvedVersion = v),
        Column<TicketFact>.Long("waited_first", f => f.WaitedFirst, (f, v) => f.WaitedFirst = v),
        Column<TicketFact>.Long("waited_first_customer", f => f.WaitedFirstCustomer, (f, v) => f.WaitedFirstCustomer = v),
        Column<TicketFact>.Time("last_resolved_at", f => f.LastResolvedAt, (f, v) => f.LastResolvedAt = v),
        Column<TicketFact>.Long("last_resolved_version", f => f.LastResolvedVersion, (f, v) => f.LastResolvedVersion = v),
        Column<TicketFact>.Text("resolver", f => f.Resolver, (f, v) => f.Resolver = v),
        Column<TicketFact>.Text("resolver_team", f => f.ResolverTeam, (f, v) => f.ResolverTeam = v),
        Column<TicketFact>.Small<Resolution>("how", f => f.How, (f, v) => f.How = v),
        Column<TicketFact>.Int("resolutions", f => f.Resolutions, (f, v) => f.Resolutions = v),
        Column<TicketFact>.Bool("left_out", f => f.LeftOut, (f, v) => f.LeftOut = v),
        Column<TicketFact>.Bool("gone", f => f.Gone, (f, v) => f.Gone = v),
        Column<TicketFact>.Time("closed_at", f => f.ClosedAt, (f, v) => f.ClosedAt = v),
        Column<TicketFact>.Int("reopens", f => f.Reopens, (f, v) => f.Reopens = v),
        Column<TicketFact>.Time("last_reopened_at", f => f.LastReopenedAt, (f, v) => f.LastReopenedAt = v),
        Micros("soonest_reopen", f => f.SoonestReopen, (f, v) => f.SoonestReopen = v),
        Column<TicketFact>.Int("line_ups", f => f.LineUps, (f, v) => f.LineUps = v),
        Column<TicketFact>.Int("line_downs", f => f.LineDowns, (f, v) => f.LineDowns = v),
        Column<TicketFact>.Int("same_line_transfers", f => f.SameLineTransfers, (f, v) => f.SameLineTransfers = v),
        Column<TicketFact>.Text("team_before", f => f.TeamBefore, (f, v) => f.TeamBefore = v),
        Column<TicketFact>.Text("team_last", f => f.TeamLast, (f, v) => f.TeamLast = v),
        Column<TicketFact>.Small<SupportLine>("line_before", f => f.LineBefore, (f, v) => f.LineBefore = v),
        Column<TicketFact>.Int("team_returns", f => f.TeamReturns, (f, v) => f.TeamReturns = v),
        Column<TicketFact>.Int("line_returns", f => f.LineReturns, (f, v) => f.LineReturns = v),
        Column<TicketFact>.Text("last_actor", f => f.LastActor, (f, v) => f.LastActor = v),
        Column<TicketFact>.Int("actor_changes", f => f.ActorChanges, (f, v) => f.ActorChanges = v),
        Column<TicketFact>.Int("waits_customer", f => f.Waits[0], (f, v) => f.Waits[0] = v),
        Column<TicketFact>.Int("waits_third_party", f => f.Waits[1], (f, v) => f.Waits[1] = v),
        Column<TicketFact>.Int("waits_planned", f => f.Waits[2], (f, v) => f.Waits[2] = v),
        Column<TicketFact>.Long("waited_customer", f => f.Waited[0], (f, v) => f.Waited[0] = v),
        Column<TicketFact>.Long("waited_third_party", f => f.Waited[1], (f, v) => f.Waited[1] = v),
        Column<TicketFact>.Long("waited_planned", f => f.Waited[2], (f, v) => f.Waited[2] = v),
        Column<TicketFact>.Time("line_since", f => f.LineSince, (f, v) => f.LineSince = v),
        Column<TicketFact>.Long("on_l1", f => f.OnLine[0], (f, v) => f.OnLine[0] = v),
        Column<TicketFact>.Long("on_l2", f => f.OnLine[1], (f, v) => f.OnLine[1] = v),
        Column<TicketFact>.Long("on_l3", f => f.OnLine[2], (f, v) => f.OnLine[2] = v),
        Column<TicketFact>.Long("on_management", f => f.OnLine[3], (f, v) => f.OnLine[3] = v),
        Column<TicketFact>.Text("first_state", f => f.FirstState, (f, v) => f.FirstState = v),
        Column<TicketFact>.Text("state", f => f.State, (f, v) => f.State = v),
        Column<TicketFact>.Int("source_rows", f => f.SourceRows, (f, v) => f.SourceRows = v),
        Column<TicketFact>.Text("last_label", f => f.LastLabel, (f, v) => f.LastLabel = v),
        Column<TicketFact>.Long("variant", f => f.Variant, (f, v) => f.Variant = v),
        Column<TicketFact>.Of<string>("labels", "jsonb", NpgsqlDbType.Jsonb, true, Write, Read));

    public static readonly RowTable<TicketCycle> Cycles = new("ticket_cycle", "ticket, version",
        Column<TicketCycle>.Id("ticket", c => c.Ticket, (c, v) => c.Ticket = v),
        Column<TicketCycle>.Long("version", c => c.Version, (c, v) => c.Version = v),
        Column<TicketCycle>.Int("cycle", c => c.Cycle, (c, v) => c.Cycle = v),
        Column<TicketCycle>.Time("resolved_at", c => c.ResolvedAt, (c, v) => c.ResolvedAt = v),
        Column<TicketCycle>.Text("resolver", c => c.Resolver, (c, v) => c.Resolver = v),
        Column<TicketCycle>.Text("resolver_team", c => c.ResolverTeam, (c, v) => c.ResolverTeam = v),
        Column<TicketCycle>.Small<SupportLine>("line", c => c.Line, (c, v) => c.Line = v),
        Column<TicketCycle>.Small<Severity>("severity", c => c.Severity, (c, v) => c.Severity = v),
        Column<TicketCycle>.Text("contract", c => c.Contract, (c, v) => c.Contract = v),
        Column<TicketCycle>.Small<Resolution>("how", c => c.How, (c, v) => c.How = v),
        Column<TicketCycle>.Bool("imported", c => c.Imported, (c, v) => c.Imported = v),
        Column<TicketCycle>.Of<int?>("rating", "int", NpgsqlDbType.Integer, false, c => c.Rating, (c, v) => c.Rating = v),
        Column<TicketCycle>.Text("scale", c => c.Scale, (c, v) => c.Scale = v),
        Column<TicketCycle>.Of<bool?>("positive", "boolean", NpgsqlDbType.Boolean, false, c => c.Positive, (c, v) => c.Positive = v),
        Column<TicketCycle>.Int("ratings", c => c.Ratings, (c, v) => c.Ratings = v),
        Column<TicketCycle>.Time("first_rated_at", c => c.FirstRatedAt, (c, v) => c.FirstRatedAt = v),
        Column<TicketCycle>.Time("rated_at", c => c.RatedAt, (c, v) => c.RatedAt = v),
        Column<TicketCycle>.Of<long?>("rated_version", "bigint", NpgsqlDbType.Bigint, false, c => c.RatedVersion, (c, v) => c.RatedVersion = v),
        Column<TicketCycle>.Time("comment_at", c => c.CommentAt, (c, v) => c.CommentAt = v),
        Column<TicketCycle>.Time("reviewed_at", c => c.ReviewedAt, (c, v) => c.ReviewedAt = v),
        Column<TicketCycle>.Text("category", c => c.Category, (c, v) => c.Category = v),
        Column<TicketCycle>.Text("review_desk", c => c.ReviewDesk, (c, v) => c.ReviewDesk = v),
        Column<TicketCycle>.Time("reopened_at", c => c.ReopenedAt, (c, v) => c.ReopenedAt = v),
        Column<TicketCycle>.Of<long?>("reopened_after", "bigint", NpgsqlDbType.Bigint, false, c => c.ReopenedAfter, (c, v) => c.ReopenedAfter = v));

    static Column<TicketFact> Micros(string name, Func<TicketFact, long?> get, Action<TicketFact, long?> set) =>
        Column<TicketFact>.Of(name, "bigint", NpgsqlDbType.Bigint, false, get, set);

    /// <summary><c>[["Wait - User", 3, 2], …]</c> in the order of their first occurrence.</summary>
    static string Write(TicketFact f)
    {
        var json = new StringBuilder("[");
        foreach (var (label, rows, entries) in f.Labels)
        {
            if (json.Length > 1) json.Append(',');
            json.Append("[\"").Append(JsonEncodedText.Encode(label).Value).Append("\",").Append(rows).Append(',').Append(entries).Append(']');
        }
        return json.Append(']').ToString();
    }

    static void Read(TicketFact f, string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var label in document.RootElement.EnumerateArray())
            f.Labels.Add(new LabelCount(label[0].GetString()!, label[1].GetInt32(), label[2].GetInt32()));
    }
}
