using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record SeverityRequest : IChecked
{
    public required Severity Severity { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public string? Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}

public sealed record EscalationRequest : IChecked
{
    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    [Description("A team of the line above.")]
    [MaxLength(TextRules.MaxName)]
    public string? Team { get; init; }

    public void Check(Faults faults)
    {
        faults.Text("/reason", Reason, TextRules.MaxReason);
        faults.Line("/team", Team, TextRules.MaxName);
    }
}

public sealed record DeEscalationRequest : IChecked
{
    [Description("A line below the present one.")]
    public required SupportLine Line { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    [MaxLength(TextRules.MaxName)]
    public string? Team { get; init; }

    public void Check(Faults faults)
    {
        faults.Text("/reason", Reason, TextRules.MaxReason);
        faults.Line("/team", Team, TextRules.MaxName);
    }
}

public sealed record ManagementEvaluationRequest : IChecked
{
    [Description("Whether the ticket may go to L3.")]
    public required bool Escalate { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}

public sealed record UnresolvableRequest : IChecked
{
    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}
