using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record TriageRequest : IChecked
{
    public required SupportLine Line { get; init; }

    [Description("A team of that line.")]
    [MaxLength(TextRules.MaxName)]
    public string? Team { get; init; }

    public void Check(Faults faults) => faults.Line("/team", Team, TextRules.MaxName);
}

public sealed record AssignmentRequest : IChecked
{
    [Description("Handle of the agent.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Agent { get; init; }

    [MaxLength(TextRules.MaxName)]
    public string? Team { get; init; }

    public void Check(Faults faults)
    {
        faults.Identifier("/agent", Agent, TextRules.MaxIdentifier);
        faults.Line("/team", Team, TextRules.MaxName);
    }
}

public sealed record MoveRequest : IChecked
{
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Product { get; init; }

    [MaxLength(TextRules.MaxIdentifier)]
    public required string Language { get; init; }

    public void Check(Faults faults)
    {
        faults.Identifier("/product", Product, TextRules.MaxIdentifier);
        faults.Identifier("/language", Language, TextRules.MaxIdentifier);
    }
}

public sealed record ContractRequest : IChecked
{
    [Description("Id of a plan of the organisation.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Contract { get; init; }

    public void Check(Faults faults) => faults.Identifier("/contract", Contract, TextRules.MaxIdentifier);
}

public sealed record UnassignmentRequest : IChecked
{
    [MaxLength(TextRules.MaxReason)]
    public string? Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}

public sealed record WaitingRequest : IChecked
{
    public required WaitingReason Reason { get; init; }

    [Description("Needed for a planned date.")]
    public DateTimeOffset? Until { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public string? Note { get; init; }

    public void Check(Faults faults) => faults.Text("/note", Note, TextRules.MaxReason);
}
