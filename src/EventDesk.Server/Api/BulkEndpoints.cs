using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Bulk;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>The same done to many tickets: looked at first, then done on the versions that were seen.</summary>
public static class BulkEndpoints
{
    const string Tag = "Bulk";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/bulk/preview", Preview).Is(Operation.Bulk, "previewBulk", Tag, "See what would be done to many tickets",
            "For each: the version it stands at, and whether the command would be taken or why not. Nothing is stored. Each ticket needs the right that the command needs on one.");
        api.MapPost("/bulk", Run).Is(Operation.Bulk, "runBulk", Tag, "Do the same to many tickets",
            "Each is a command of its own, on the version named: one that is stale or refused stops no other. With an Idempotency-Key a repetition has one effect and the same results.")
            .WithMetadata(new Repeatable());
    }

    static async Task<Results<Ok<BulkAnswer>, Problem>> Preview(Posted<BulkPreviewRequest> asked, TicketDesk desk, BulkDesk bulk, CancellationToken ct)
    {
        if (asked.Problem is { } problem)
            return problem;
        if (await BulkActions.Of(asked.Body.Action, desk, ct) is not { } action)
            return BulkActions.NoTarget;
        var who = asked.Asker;
        IReadOnlyList<Guid?> wanted;
        var more = false;
        if (asked.Body.Queue is { } queue)
        {
            var filter = QueueEndpoints.Filter(queue.Queue, who.Principal, queue.Desk, queue.Line, queue.Agent)!;
            (var found, more) = await bulk.Of(filter, who, ct);
            wanted = [.. found.Select(id => (Guid?)id)];
        }
        else
            wanted = await bulk.Resolve(asked.Body.Tickets!, ct);
        var items = await bulk.Preview([.. wanted.OfType<Guid>()], action, who, ct);
        List<BulkItemAnswer> answers = [.. items.Select(i => BulkItemAnswer.Of(i, who.Principal))];
        for (var i = 0; i < wanted.Count; i++)
            if (wanted[i] is null)
                answers.Add(new() { Asked = asked.Body.Tickets![i], Result = BulkResult.Refused, Problem = new("urn:eventdesk:ticket_not_found", Problems.NoSuchTicket().Title, null) });
        return Answer(answers, more);
    }

    static async Task<Results<Ok<BulkAnswer>, Problem>> Run(Posted<BulkRequest> asked, TicketDesk desk, BulkDesk bulk, CancellationToken ct)
    {
        if (asked.Problem is { } problem)
            return problem;
        if (await BulkActions.Of(asked.Body.Action, desk, ct) is not { } action)
            return BulkActions.NoTarget;
        var who = asked.Asker;
        var items = await bulk.Run(asked.Body.Items.ToDictionary(i => i.Ticket, i => i.Version), action, who, ticket => asked.Key(ticket.ToString()), ct);
        return Answer([.. items.Select(i => BulkItemAnswer.Of(i, who.Principal))], more: false);
    }

    static Ok<BulkAnswer> Answer(IReadOnlyList<BulkItemAnswer> items, bool more) => TypedResults.Ok(new BulkAnswer(items, items.Count(i => i.Result == BulkResult.Taken), more));
}

/// <summary>The commands behind the actions: those of one ticket.</summary>
static class BulkActions
{
    public static readonly Problem NoTarget = Problems.Refused("no_such_other_ticket", "There is no such other ticket within your reach.");

    /// <returns>Null when the other ticket it names is not there.</returns>
    public static async ValueTask<BulkAction?> Of(BulkActionRequest action, TicketDesk desk, CancellationToken ct) => action switch
    {
        { Assign: { } a } => new(Operation.Assign, new AssignTicket(new AgentId(a.Agent), a.Team)),
        { Triage: { } t } => new(Operation.Triage, new TriageTicket(t.Line, t.Team)),
        { Tag: { } t } => new(Operation.Tag, new TagTicket(t.Add ?? [], t.Remove ?? [])),
        { Severity: { } s } => new(Operation.AssessSeverity, new AssessSeverity(s.Severity, s.Reason.Sealed())),
        { Wait: { } w } => new(Operation.Wait, new StartWaiting(w.Reason, w.Until?.ToUniversalTime(), w.Note.Sealed())),
        { Resolve: { } r } => new(Operation.Resolve, new ResolveTicket(r.Resolution, r.Summary.Sealed())),
        { Merge: { } m } => await desk.Resolve(m.Into.Trim(), ct) is { } into ? new(Operation.Merge, new MergeTicket(new TicketId(into))) : null,
        _ => new(Operation.Close, new CloseTicket(CloseCause.Agent)),
    };
}
