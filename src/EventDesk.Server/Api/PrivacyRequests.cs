using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

/// <summary>A part of one of a ticket's texts, as the asker sees it.</summary>
public sealed record PassageRequest
{
    [Description("Version of the event that carries the text.")]
    public required long Version { get; init; }

    [Description("Path of the text within the event's data: subject, body, fields.order, requester.name, name (of a file); content is a whole file.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Field { get; init; }

    [Description("Unicode code points before it, in the text as it is shown; 0 for a file.")]
    [Range(0, int.MaxValue)]
    public int Start { get; init; }

    [Description("In Unicode code points; 0 for a file.")]
    [Range(0, int.MaxValue)]
    public int Length { get; init; }

    internal Passage Passage => new(Version, Field, Start, Length);

    internal static void Check(Faults faults, IReadOnlyList<PassageRequest> passages)
    {
        if (passages.Count is < 1 or > Most)
            faults.Add("/passages", "out_of_range", $"Name 1 to {Most} passages.");
        else
            for (var i = 0; i < passages.Count; i++)
                passages[i].Check(faults, $"/passages/{i}");
    }

    const int Most = 200;

    void Check(Faults faults, string at)
    {
        faults.Line($"{at}/field", Field, TextRules.MaxIdentifier + "fields.".Length);
        if (Version < 1)
            faults.Add($"{at}/version", "out_of_range", "Versions begin with 1.");
        if (Start < 0)
            faults.Add($"{at}/start", "out_of_range", "It must not be negative.");
        if (Field != Passage.Content && Length < 1)
            faults.Add($"{at}/length", "out_of_range", "A passage has at least one character.");
    }
}

public sealed record PassagesRequest : IChecked
{
    public required IReadOnlyList<PassageRequest> Passages { get; init; }

    public void Check(Faults faults) => PassageRequest.Check(faults, Passages);
}

public sealed record RedactionRequest : IChecked
{
    public required IReadOnlyList<PassageRequest> Passages { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    [Description("The same words are redacted wherever else they stand on the ticket: other messages, quotes, names and texts of files.")]
    public bool Everywhere { get; init; }

    [Description("When the passages are erased for good; left out: they stay hidden.")]
    public DateTimeOffset? Until { get; init; }

    public void Check(Faults faults)
    {
        PassageRequest.Check(faults, Passages);
        faults.Text("/reason", Reason, TextRules.MaxReason);
    }
}

public sealed record ErasureRequest : IChecked
{
    public required IReadOnlyList<PassageRequest> Passages { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    [Description("The same words are erased wherever else they stand on the ticket.")]
    public bool Everywhere { get; init; }

    public void Check(Faults faults)
    {
        PassageRequest.Check(faults, Passages);
        faults.Text("/reason", Reason, TextRules.MaxReason);
    }
}

public sealed record RevealRequest : IChecked
{
    [Description("Version of the event that carries the text.")]
    public required long Version { get; init; }

    [MaxLength(TextRules.MaxIdentifier)]
    public required string Field { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/field", Field, TextRules.MaxIdentifier + "fields.".Length);
        faults.Text("/reason", Reason, TextRules.MaxReason);
    }
}

public sealed record RevealApprovalRequest : IChecked
{
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Field { get; init; }

    [Description("Handle of the person who asked.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string For { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/field", Field, TextRules.MaxIdentifier + "fields.".Length);
        faults.Line("/for", For, TextRules.MaxIdentifier);
    }
}

public sealed record PurgeRequest : IChecked
{
    [Description("A word, not free text: it outlives the ticket.")]
    public required PurgeReason Reason { get; init; }

    public void Check(Faults faults) { }
}

public sealed record PassageAnswer(long Version, string Field, int Start, int Length);

public sealed record PassageList([property: Description("Where the same words stand besides, as the texts are shown now.")] IReadOnlyList<PassageAnswer> Passages);

public sealed record RevealWaitsAnswer(
    [property: Description("Who asked; another person approves it for them.")] string For, [property: Description("The ticket's version now.")] long Version);

public sealed record RevealedAnswer(
    [property: Description("The original; null for a file, which may be downloaded by the same person for ten minutes.")] string? Text,
    [property: Description("The ticket's version now.")] long Version);
