using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record TagsRequest : IChecked
{
    public IReadOnlyList<string>? Add { get; init; }

    public IReadOnlyList<string>? Remove { get; init; }

    public void Check(Faults faults)
    {
        if ((Add?.Count ?? 0) + (Remove?.Count ?? 0) == 0)
            faults.Add("", "nothing_to_do", "Name at least one tag to add or remove.");
        Check(faults, "/add", Add);
        Check(faults, "/remove", Remove);
    }

    static void Check(Faults faults, string field, IReadOnlyList<string>? tags)
    {
        if (tags is { Count: > TextRules.MaxTagsAtOnce })
            faults.Add(field, "too_many", $"At most {TextRules.MaxTagsAtOnce} tags are taken at once.");
        else
            for (var i = 0; i < (tags?.Count ?? 0); i++)
                faults.Identifier($"{field}/{i}", tags![i] ?? "", TextRules.MaxTag);
    }
}

public sealed record MergeRequest : IChecked
{
    [Description("The ticket it goes on in: its id or its number.")]
    public required string Into { get; init; }

    public void Check(Faults faults) => faults.Line("/into", Into, TextRules.MaxIdentifier);
}

public sealed record LinkRequest : IChecked
{
    [Description("The other ticket: its id or its number.")]
    public required string Other { get; init; }

    [Description("How this ticket stands to the other one; there it reads the other way round.")]
    public required LinkKind Kind { get; init; }

    public void Check(Faults faults) => faults.Line("/other", Other, TextRules.MaxIdentifier);
}

public sealed record LegalHoldRequest : IChecked
{
    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}
