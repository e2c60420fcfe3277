using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Where the open tickets stand, for those who work on them.</summary>
public static class QueueEndpoints
{
    const string Tag = "Queues";

    /// <summary>The queues there are.</summary>
    public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<Place>().Select(ExactEnum<Place>.Name), "open", "mine", Callbacks];

    const string Callbacks = "callbacks";

    const string Names = "triage, unassigned, assigned, waiting, open (all of them), mine (assigned to you) or callbacks (a call back is owed; the one due first comes first).";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/queues", Counts).Is(Operation.ReadQueues, "countQueues", Tag, "Count the queues",
            "Exact counts of the open tickets within reach; a change is in them with the answer of the command that made it. With asOf, as they were then.")
            .WithMetadata(AsOf);
        api.MapGet("/queues/{queue}/tickets", Page).Is(Operation.ReadQueues, "listQueue", Tag, "List a queue",
            "A page in the queue's total order: due, severity, age, id. With asOf, as it was then, by severity, age, id. The queue is " + Names)
            .WithMetadata(
                new QueryParameter("desk", "string", "Only this desk, product/language.", "billing/pl"),
                new QueryParameter("line", "string", "Only this line: l1, l2, l3 or management.", "l2"),
                new QueryParameter("agent", "string", "Only what this agent has.", "ann"),
                AsOf, QueryParameter.Limit, QueryParameter.After);
    }

    static readonly QueryParameter AsOf = new("asOf", "date-time", "As it was at this instant, by the time things happened.", "2026-03-02T09:30:00Z");

    static async Task<Results<Ok<QueueCountsAnswer>, Problem>> Counts(HttpContext http, TicketQueues queues, PastQueues past, CancellationToken ct)
    {
        var query = new Query(http);
        var asOf = query.Instant("asOf");
        if (query.Problem is { } problem)
            return problem;
        var (me, reach) = (new AgentId(http.Principal().Id), ReachOf(http));
        var counts = asOf is { } then ? await past.Counts(reach, null, then, ct) : await queues.Counts(reach, ct);
        var (mine, callbacks) = asOf is { } at ? ((await past.Counts(reach, me, at, ct)).Sum(c => c.Count), (long?)null) : await queues.FurtherCounts(me, reach, ct);
        List<QueueAnswer> sums = [.. Enum.GetValues<Place>().Select(p => new QueueAnswer(ExactEnum<Place>.Name(p), counts.Where(c => c.Place == p).Sum(c => c.Count)))];
        return TypedResults.Ok(new QueueCountsAnswer(
            [.. sums, new("open", counts.Sum(c => c.Count)), new("mine", mine), .. callbacks is { } owed ? [new(Callbacks, owed)] : Array.Empty<QueueAnswer>()],
            [.. counts.Select(c => new QueueCountAnswer(c.Desk.Value, c.Line, c.Place, c.Count))]));
    }

    static async Task<Results<Ok<TicketPage>, Problem>> Page(string queue, HttpContext http, TicketQueues queues, PastQueues past, CancellationToken ct)
    {
        var query = new Query(http);
        var asOf = query.Instant("asOf");
        var (line, limit, after) = (query.OneOf<SupportLine>("line"), query.Limit(), query.After(Cursor.QueueLength));
        var position = after.Length > 0 ? Cursor.Queue(after) : QueuePosition.Start;
        if (position is null)
            query.Fault("after", "invalid_cursor", "It is not a place some page ended at.");
        if (queue == Callbacks && asOf is not null)
            query.Fault("asOf", "not_kept", "What calls were owed at an instant stands in the histories of the tickets; this queue is that of now.");
        if (query.Problem is { } problem)
            return problem;
        if (Filter(queue, http.Principal(), query.Text("desk"), line, query.Text("agent")) is not { } filter)
            return Problems.NoSuch("queue_not_found", "queue");
        var page = asOf is { } then
            ? await past.Page(filter, ReachOf(http), then, position!, limit, ct)
            : await queues.Page(filter, ReachOf(http), position!, limit, ct);
        return TypedResults.Ok(PageOf(page, http));
    }

    internal static TicketPage PageOf(QueuePage page, HttpContext http) =>
        new([.. page.Rows.Select(Row)], page.Next is { } next ? Cursor.NextPage(http, Cursor.Of(next)) : null);

    /// <summary>Null for a queue that there is not.</summary>
    internal static QueueFilter? Filter(string queue, Principal asker, string? desk, SupportLine? line, string? agent)
    {
        IReadOnlyList<Place>? places = queue is "open" or "mine" or Callbacks ? []
            : ExactEnum<Place>.TryParse(queue, out var place) ? [place]
            : null;
        var whose = queue == "mine" ? asker.Id : agent;
        return places is null ? null : new(places, desk is null ? null : new DeskId(desk), line, whose is null ? null : new AgentId(whose), queue == Callbacks);
    }

    static TicketRowAnswer Row(QueueRow r) => new()
    {
        Id = r.Id, Number = r.Number, Version = r.Version, Subject = r.Subject, Desk = r.Desk, Line = r.Line, Place = r.Place,
        Severity = r.Severity, Agent = r.Agent, Due = r.Due, OpenedAt = r.OpenedAt,
        Callback = r.Callback is { } c ? new(c.Since, c.Attempts, c.Due) : null, Collected = r.Collected ? true : null,
    };

    static Reach ReachOf(HttpContext http) => Policy.Decide(http.Principal(), http.Operation())!.Reach;
}
