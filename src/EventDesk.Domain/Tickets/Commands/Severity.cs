namespace EventDesk.Domain.Tickets;

/// <summary>The line that has the ticket judges how bad it is. Each line judges anew.</summary>
public sealed record AssessSeverity(Severity Severity, SealedText? Reason = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Status != Status.Open)
            return Refusals.NotOpen;
        var assessed = new Decided(new SeverityAssessed(t.Line, Severity, Reason));
        return t.Severity == Severity
            ? Decision.Accept(assessed)
            : Decision.Accept(assessed, new Decided(new SeverityChanged(t.Severity, Severity), AutomaticRules.AssessmentSetsSeverity));
    }
}
