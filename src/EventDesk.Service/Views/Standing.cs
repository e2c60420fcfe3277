using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Views;

/// <summary>
/// Where a ticket stands: the part of the domain's <see cref="Ticket"/> that queues and statistics group by. It follows
/// <see cref="Ticket.Evolve"/> rule by rule without making the events into objects; a property test holds the two together.
/// </summary>
internal readonly record struct Standing(
    Status Status, bool Triage, SupportLine Line, string? Team, string? Agent, Severity? Severity, WaitingReason? Waiting, DateTime WaitingUntil)
{
    public Place? Place => Status != Status.Open ? null
        : Waiting is not null ? Domain.Tickets.Place.Waiting
        : Triage ? Domain.Tickets.Place.Triage
        : Agent is null ? Domain.Tickets.Place.Unassigned
        : Domain.Tickets.Place.Assigned;

    public bool HasEnded => Status is Status.Resolved or Status.Closed;

    public static Standing Opened(Step e) => new(Status.Open, e.Triage, e.Line ?? SupportLine.L1, e.Team, null, e.Severity, null, default);

    public Standing After(Step e) => e.Kind switch
    {
        StepKind.Triaged => this with { Line = e.Line ?? Line, Team = e.Team ?? Team, Triage = false },
        StepKind.Assigned => this with { Agent = e.Agent, Team = e.Team ?? Team, Triage = false },
        StepKind.Unassigned => this with { Agent = null },
        StepKind.Transferred => this with { Team = e.Team, Agent = null },
        StepKind.Moved => this with { Team = null, Agent = null },
        StepKind.SeverityChanged => this with { Severity = e.Severity },
        StepKind.Escalated or StepKind.DeEscalated => this with { Line = e.Line ?? Line, Team = e.Team, Agent = null },
        StepKind.ManagementEscalated => this with { Line = SupportLine.Management, Team = null, Agent = null },
        StepKind.WaitingStarted => this with { Waiting = e.Reason, WaitingUntil = e.Until },
        StepKind.WaitingEnded => this with { Waiting = null, WaitingUntil = default },
        StepKind.Resolved => this with { Status = Status.Resolved, Waiting = null, WaitingUntil = default, Triage = false },
        StepKind.Reopened => this with { Status = Status.Open },
        StepKind.Closed => this with { Status = Status.Closed, Waiting = null, WaitingUntil = default },
        StepKind.Merged => this with { Status = Status.Closed },
        StepKind.Unmerged => this with { Status = Status.Open },
        StepKind.Purged => this with { Status = Status.Purged },
        _ => this,
    };
}
