namespace EventDesk.Domain.Tickets;

/// <summary>
/// One line up. Each line assesses the severity before it passes a ticket on; the way to L3 needs management's yes;
/// when L3 cannot resolve, management takes over by itself.
/// </summary>
public sealed record EscalateTicket(SealedText Reason, string? Team = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Triage: true } => Decision.Refuse("in_triage", "The ticket is in triage; send it to a line first."),
        { Line: SupportLine.Management } => Decision.Refuse("no_line_above", "Management is the last line."),
        { AssessedOnLine: false } =>
            Decision.Refuse("severity_not_assessed", $"Assess the severity on {t.Line} before escalating: each line makes its own assessment."),
        { Line: SupportLine.L2, ManagementApproved: null } =>
            Decision.Refuse("management_not_evaluated", "L3 needs a recorded management evaluation first."),
        { Line: SupportLine.L2, ManagementApproved: false } =>
            Decision.Refuse("management_declined", "Management evaluated and declined the escalation to L3."),
        { Line: SupportLine.L3 } => Decision.Accept(new Decided(new ManagementEscalated(t.Line, Reason), AutomaticRules.ManagementWhenThirdLineCannot)),
        _ => new TicketEscalated(t.Line, t.Line + 1, Reason, Team),
    };
}

/// <summary>Back to a lower line, with a reason.</summary>
public sealed record DeEscalateTicket(SupportLine To, SealedText Reason, string? Team = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        _ when To >= t.Line => Decision.Refuse("not_a_lower_line", $"The ticket is on {t.Line}; {To} is not below it."),
        _ => new TicketDeEscalated(t.Line, To, Reason, Team),
    };
}

/// <summary>Management says whether the ticket may go to L3.</summary>
public sealed record EvaluateEscalation(bool Escalate, SealedText Reason) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Line: not SupportLine.L2 } => Decision.Refuse("not_before_l3", $"Management evaluates the step from L2 to L3; the ticket is on {t.Line}."),
        _ => new ManagementEvaluated(Escalate, Reason),
    };
}

/// <summary>L3 cannot resolve the ticket: management has to take it, nobody may choose otherwise.</summary>
public sealed record DeclareUnresolvable(SealedText Reason) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { Status: not Status.Open } => Refusals.NotOpen,
        { Line: not SupportLine.L3 } => Decision.Refuse("not_on_l3", $"Only L3 can find a ticket unresolvable; it is on {t.Line}."),
        _ => Decision.Accept(new Decided(new ManagementEscalated(t.Line, Reason), AutomaticRules.ManagementWhenThirdLineCannot)),
    };
}
