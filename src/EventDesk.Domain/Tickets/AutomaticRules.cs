namespace EventDesk.Domain.Tickets;

/// <summary>Rules that act by themselves; each event they cause names the rule and its version.</summary>
public static class AutomaticRules
{
    public static readonly RuleRef ConfirmReceipt = new("confirm-receipt", 1);
    public static readonly RuleRef CallsOutsideHoursAreReturned = new("calls-outside-hours-are-returned", 1);
    public static readonly RuleRef MailOutsideHoursIsCollected = new("mail-outside-hours-is-collected", 1);
    public static readonly RuleRef FormTicketsToTriage = new("form-tickets-to-triage", 1);
    public static readonly RuleRef MessageEndsWaiting = new("customer-message-ends-waiting", 1);
    public static readonly RuleRef MessageReopens = new("customer-message-reopens", 1);
    public static readonly RuleRef ResolutionEndsWaiting = new("resolution-ends-waiting", 1);
    public static readonly RuleRef ManagementWhenThirdLineCannot = new("management-when-third-line-cannot", 1);
    public static readonly RuleRef AssessmentSetsSeverity = new("assessment-sets-severity", 1);
    public static readonly RuleRef CloseAfterWindow = new("close-after-window", 1);
    public static readonly RuleRef PlannedDateReached = new("planned-date-reached", 1);
}
