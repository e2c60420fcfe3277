using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record ResolutionRequest : IChecked
{
    public required Resolution Resolution { get; init; }

    [Description("Shown to the customer.")]
    [MaxLength(TextRules.MaxReason)]
    public string? Summary { get; init; }

    public void Check(Faults faults)
    {
        if (Resolution == Resolution.Imported)
            faults.Add("/resolution", "not_allowed", "Only an import resolves this way.");
        faults.Text("/summary", Summary, TextRules.MaxReason);
    }
}

public sealed record ReopeningRequest : IChecked
{
    [MaxLength(TextRules.MaxReason)]
    public string? Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}

public sealed record FeedbackRequest : IChecked
{
    [Description("1 (worst) to 5 (best).")]
    [Range(1, 5)]
    public required int Rating { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public string? Comment { get; init; }

    public void Check(Faults faults)
    {
        if (Rating is < 1 or > 5)
            faults.Add("/rating", "out_of_range", "A rating is a whole number from 1 to 5.");
        faults.Text("/comment", Comment, TextRules.MaxReason);
    }
}

public sealed record FeedbackReviewRequest : IChecked
{
    [Description("A word of the house, such as praise, late-answer or wrong-answer.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Category { get; init; }

    [Description("What follows from it.")]
    [MaxLength(TextRules.MaxReason)]
    public string? Action { get; init; }

    public void Check(Faults faults)
    {
        faults.Identifier("/category", Category, TextRules.MaxIdentifier);
        faults.Text("/action", Action, TextRules.MaxReason);
    }
}
