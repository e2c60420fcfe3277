using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Who works on a ticket, and what it waits for.</summary>
public static class WorkEndpoints
{
    const string Tag = "Work";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/triage", Triage).Is(Operation.Triage, "triage", Tag, "Send a new ticket to a line",
            "The coordinator reads form tickets first and sends them to L1 or L2.");
        api.MapPost("/tickets/{ticket}/assignment", Assign).Is(Operation.Assign, "assign", Tag, "Assign the ticket to an agent",
            "Takes it, or gives it to someone.");
        api.MapDelete("/tickets/{ticket}/assignment", Unassign).Is(Operation.Assign, "unassign", Tag, "Take the ticket from its agent",
            "It stands unassigned in its line's queue then. A reason may be given in the body.");
        api.MapPost("/tickets/{ticket}/waiting", Wait).Is(Operation.Wait, "startWaiting", Tag, "Start waiting",
            "Nothing can be done until the customer or a third party acts, or a day comes.");
        api.MapDelete("/tickets/{ticket}/waiting", EndWait).Is(Operation.Wait, "endWaiting", Tag, "End the wait",
            "Also ends by itself: when the customer writes, or when the planned date comes.");
    }

    static Task<Results<Changed, Problem>> Triage(Command<TriageRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, t => new TriageTicket(t.Line, t.Team), ct);

    static Task<Results<Changed, Problem>> Assign(Command<AssignmentRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, a => new AssignTicket(new AgentId(a.Agent), a.Team), ct);

    static Task<Results<Changed, Problem>> Unassign(Command<UnassignmentRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, u => new UnassignTicket(u.Reason.Sealed()), ct);

    static Task<Results<Changed, Problem>> Wait(Command<WaitingRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, w => new StartWaiting(w.Reason, w.Until?.ToUniversalTime(), w.Note.Sealed()), ct);

    static Task<Results<Changed, Problem>> EndWait(Command<EmptyRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, _ => new EndWaiting(), ct);

    /// <summary>Text that may be missing, to be sealed.</summary>
    internal static SealedText? Sealed(this string? text) => text is null ? null : new SealedText(text);
}
