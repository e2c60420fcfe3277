using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Severity, and the way up and down the lines.</summary>
public static class EscalationEndpoints
{
    const string Tag = "Escalation";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/severity-assessments", Assess).Is(Operation.AssessSeverity, "assessSeverity", Tag, "Assess the severity",
            "Each line judges anew, before it passes a ticket on.");
        api.MapPost("/tickets/{ticket}/escalations", Escalate).Is(Operation.Escalate, "escalate", Tag, "Escalate one line up",
            "Refused without a severity assessment made on the present line, and to L3 without management's yes.");
        api.MapPost("/tickets/{ticket}/de-escalations", DeEscalate).Is(Operation.Escalate, "deEscalate", Tag, "Send back to a lower line",
            "With a reason.");
        api.MapPost("/tickets/{ticket}/management-evaluations", Evaluate).Is(Operation.EvaluateEscalation, "evaluateEscalation", Tag, "Evaluate an escalation to L3",
            "Management's yes or no, with its reason.");
        api.MapPost("/tickets/{ticket}/unresolvable", Unresolvable).Is(Operation.Escalate, "declareUnresolvable", Tag, "Declare that L3 cannot resolve it",
            "Management takes over by itself.");
    }

    static Task<Results<Changed, Problem>> Assess(Command<SeverityRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, s => new AssessSeverity(s.Severity, s.Reason.Sealed()), ct);

    static Task<Results<Changed, Problem>> Escalate(Command<EscalationRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, e => new EscalateTicket(e.Reason, e.Team), ct);

    static Task<Results<Changed, Problem>> DeEscalate(Command<DeEscalationRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, d => new DeEscalateTicket(d.Line, d.Reason, d.Team), ct);

    static Task<Results<Changed, Problem>> Evaluate(Command<ManagementEvaluationRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, m => new EvaluateEscalation(m.Escalate, m.Reason), ct);

    static Task<Results<Changed, Problem>> Unresolvable(Command<UnresolvableRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, u => new DeclareUnresolvable(u.Reason), ct);
}
