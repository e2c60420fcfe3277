using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Response clocks: which need someone, and how each came to stand as it does.</summary>
public static class ClockEndpoints
{
    const string Tag = "Clocks";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sla", Counts).Is(Operation.ReadQueues, "countClocks", Tag, "Count the clocks that need someone",
            "How many open tickets within reach are at risk, breached, paused or undetermined, and on how many a call back is owed. Clocks that merely run are in the queues.");
        api.MapGet("/sla/clocks", Page).Is(Operation.ReadQueues, "listClocks", Tag, "List the clocks that need someone",
            "Open tickets by the state of their clock, in the queues' order. Undetermined: it ran through hours that are unknown.")
            .WithMetadata(
                new QueryParameter("state", "string", "at-risk, breached, paused or undetermined.", "at-risk"),
                new QueryParameter("desk", "string", "Only this desk, product/language.", "billing/pl"),
                new QueryParameter("line", "string", "Only this line: l1, l2, l3 or management.", "l2"),
                new QueryParameter("agent", "string", "Only what this agent has.", "ann"),
                new QueryParameter("contract", "string", "Only tickets under this plan.", "vip"),
                QueryParameter.Limit, QueryParameter.After);
        api.MapGet("/tickets/{ticket}/clocks", All).Is(Operation.ReadClocks, "listTicketClocks", Tag, "Read the clocks of a ticket",
            "Every clock of the ticket's life with the segments of its time: anyone can add them up.");
        api.MapGet("/tickets/{ticket}/clocks/{clock}", One).Is(Operation.ReadClocks, "explainClock", Tag, "Explain a clock",
            "By its number in the ticket's life: 1 is the first. The segments without a gap from its start, which of them count, and by which version of which calendar.");
    }

    static async Task<Results<Ok<ClockCountsAnswer>, Problem>> Counts(HttpContext http, TicketClocks clocks, CancellationToken ct)
    {
        var (counts, callbacks) = await clocks.Counts(ReachOf(http), ct);
        return TypedResults.Ok(new ClockCountsAnswer(
            counts[ClockState.AtRisk], counts[ClockState.Breached], counts[ClockState.Paused], counts[ClockState.Undetermined], callbacks));
    }

    static async Task<Results<Ok<TicketPage>, Problem>> Page(HttpContext http, TicketClocks clocks, CancellationToken ct)
    {
        var query = new Query(http);
        ClockState? state = query.Text("state") switch
        {
            "at-risk" => ClockState.AtRisk,
            "breached" => ClockState.Breached,
            "paused" => ClockState.Paused,
            "undetermined" => ClockState.Undetermined,
            _ => null,
        };
        if (state is null)
            query.Fault("state", "unknown_value", "It is one of at-risk, breached, paused, undetermined.");
        var (line, limit, after) = (query.OneOf<SupportLine>("line"), query.Limit(), query.After(Cursor.QueueLength));
        var position = after.Length > 0 ? Cursor.Queue(after) : QueuePosition.Start;
        if (position is null)
            query.Fault("after", "invalid_cursor", "It is not a place some page ended at.");
        if (query.Problem is { } problem)
            return problem;
        var filter = new ClockFilter(
            state!.Value, query.Text("desk") is { } desk ? new DeskId(desk) : null, line, query.Text("agent") is { } agent ? new AgentId(agent) : null, query.Text("contract"));
        return TypedResults.Ok(QueueEndpoints.PageOf(await clocks.Page(filter, ReachOf(http), position!, limit, ct), http));
    }

    static async Task<Results<Ok<ClockList>, Problem>> All(string ticket, HttpContext http, TicketDesk desk, TicketClocks clocks, CancellationToken ct) =>
        await Explained(ticket, http, desk, clocks, ct) is { } all ? TypedResults.Ok(new ClockList([.. all.Select(Answer)])) : Problems.NoSuchTicket();

    static async Task<Results<Ok<ClockAnswer>, Problem>> One(string ticket, string clock, HttpContext http, TicketDesk desk, TicketClocks clocks, CancellationToken ct)
    {
        if (await Explained(ticket, http, desk, clocks, ct) is not { } all)
            return Problems.NoSuchTicket();
        return int.TryParse(clock, out var number) && all.FirstOrDefault(c => c.Past.Number == number) is { } found
            ? TypedResults.Ok(Answer(found))
            : Problems.NoSuch("clock_not_found", "clock");
    }

    static async Task<IReadOnlyList<ClockExplained>?> Explained(string ticket, HttpContext http, TicketDesk desk, TicketClocks clocks, CancellationToken ct) =>
        await desk.Resolve(ticket, ct) is { } id ? await clocks.Of(id, http.Asker(), Operation.ReadClocks, ct) : null;

    static ClockAnswer Answer(ClockExplained c)
    {
        var (past, target) = (c.Past, c.Past.Clock.Target);
        return new ClockAnswer
        {
            Clock = past.Number, Kind = past.Clock.Kind, Started = past.Clock.Started, Stopped = past.Stopped, StoppedBy = past.By,
            State = past.Stopped is null ? c.Face.State : c.Face.State == ClockState.Undetermined ? ClockState.Undetermined : null,
            TargetSeconds = target.Seconds, Hours = target.Hours, ElapsedSeconds = c.Face.Elapsed.TotalSeconds,
            Due = past.Stopped is null ? c.Face.Due?.ToDateTimeOffset() : null, Warned = past.Clock.Warned, Breached = past.Clock.Breached,
            PromiseSeconds = target.PromiseSeconds, PromiseElapsedSeconds = c.PromiseElapsed?.TotalSeconds,
            Segments = [.. c.Segments.Select(s => new ClockSegmentAnswer(s.From.ToDateTimeOffset(), s.To.ToDateTimeOffset(), s.Kind, s.Calendar, s.Version, s.Counted.TotalSeconds))],
        };
    }

    static Reach ReachOf(HttpContext http) => Policy.Decide(http.Principal(), http.Operation())!.Reach;
}
