using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
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
        api.MapPost("/tickets/{ticket}/desk", Move).Is(Operation.Move, "moveTicket", Tag, "Move the ticket to another desk",
            "The product or the language was wrong. Its clock goes on with the time that has passed, in the hours of the new desk.");
        api.MapPost("/tickets/{ticket}/contract", Contract).Is(Operation.Move, "changeContract", Tag, "Put the ticket under another plan",
            "Its clock goes on with the time that has passed, against the target of the new plan. A breach that was recorded stays.");
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

    static async Task<Results<Changed, Problem>> Move(Command<MoveRequest> asked, TicketDesk desk, OrganisationBook organisation, CancellationToken ct) =>
        asked.Body is { } to && Unknown(to, organisation.Now) is { } unknown
            ? Problems.Refused(unknown.Code, unknown.Reason)
            : await asked.Send(desk, m => new MoveTicket(m.Product, m.Language), ct);

    /// <summary>Null when there is such a desk.</summary>
    internal static Outcome.Refused? Unknown(MoveRequest to, SupportOrganisation now) => now.Find(to.Product, to.Language) is { Retired: false }
        ? null
        : new("unknown_desk", $"No desk takes tickets for product \"{to.Product}\" in language \"{to.Language}\".");

    static async Task<Results<Changed, Problem>> Contract(Command<ContractRequest> asked, TicketDesk desk, OrganisationBook organisation, CancellationToken ct) =>
        asked.Body is { } to && organisation.Now.FindContract(to.Contract) is null
            ? Problems.Refused("unknown_contract", $"There is no contract \"{to.Contract}\".")
            : await asked.Send(desk, c => new ChangeContract(c.Contract), ct);

    static Task<Results<Changed, Problem>> Wait(Command<WaitingRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, w => new StartWaiting(w.Reason, w.Until?.ToUniversalTime(), w.Note.Sealed()), ct);

    static Task<Results<Changed, Problem>> EndWait(Command<EmptyRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, _ => new EndWaiting(), ct);

    /// <summary>Text that may be missing, to be sealed.</summary>
    internal static SealedText? Sealed(this string? text) => text is null ? null : new SealedText(text);
}
