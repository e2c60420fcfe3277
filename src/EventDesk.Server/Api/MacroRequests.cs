using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record MacroStepsRequest
{
    [Description("Added.")]
    public IReadOnlyList<string>? Tags { get; init; }

    [Description("For whom the ticket waits then: customer or thirdParty.")]
    public WaitingReason? Wait { get; init; }
    public Resolution? Resolve { get; init; }

    [Description("Whoever sends it has the ticket.")]
    public bool AssignToMe { get; init; }

    internal MacroSteps Steps => new(Tags, Wait, Resolve, AssignToMe);

    internal static MacroStepsRequest Of(MacroSteps steps) => new() { Tags = steps.Tags, Wait = steps.Wait, Resolve = steps.Resolve, AssignToMe = steps.AssignToMe };
}

public sealed record MacroDefinitionRequest : IDefinition
{
    [MaxLength(TextRules.MaxName)]
    public required string Name { get; init; }

    [Description("By language; {{ticket.number}}, {{requester.name}} and {{agent}} are filled in.")]
    public required IReadOnlyDictionary<string, string> Replies { get; init; }

    [Description("Done in one step with the reply.")]
    public MacroStepsRequest? Steps { get; init; }

    [Description("It is offered no more; what was sent with it still names it.")]
    public bool Retired { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/name", Name, TextRules.MaxName);
        if (Replies.Count > DefinitionRules.MostWords)
            faults.Add("/replies", "too_many", $"At most {DefinitionRules.MostWords} are allowed.");
        foreach (var (language, text) in Replies)
        {
            faults.Identifier($"/replies/{language}", language, TextRules.MaxIdentifier);
            if (text is null)
                faults.Add($"/replies/{language}", "required", "It must not be null.");
            faults.Text($"/replies/{language}", text, TextRules.MaxReason);
            foreach (var fault in MacroText.Faults(text ?? ""))
                faults.Add($"/replies/{language}", "placeholder", $"{char.ToUpperInvariant(fault[0])}{fault[1..]}");
        }
        if (Steps?.Tags is { Count: > TextRules.MaxTagsAtOnce })
            faults.Add("/steps/tags", "too_many", $"At most {TextRules.MaxTagsAtOnce} tags are taken at once.");
        for (var i = 0; i < Math.Min(Steps?.Tags?.Count ?? 0, TextRules.MaxTagsAtOnce); i++)
            faults.Identifier($"/steps/tags/{i}", Steps!.Tags![i] ?? "", TextRules.MaxTag);
    }
}

public sealed record MacroAnswer(
    string Id, string Name, IReadOnlyDictionary<string, string> Replies, MacroStepsRequest? Steps, bool Retired,
    [property: Description("The version to name in If-Match.")] int Version);

public sealed record MacroReplyRequest : IChecked
{
    [Description("Id of a macro of the organisation.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Macro { get; init; }

    [Description("The answer as it is sent; left out: as the macro words it in the ticket's language.")]
    [MaxLength(TextRules.MaxBody)]
    public string? Body { get; init; }

    [Description("The way the message goes.")]
    public Channel Channel { get; set; } = Channel.Api;

    [Description("False: the answer alone, without the macro's steps.")]
    public bool Steps { get; set; } = true;

    public void Check(Faults faults)
    {
        faults.Identifier("/macro", Macro, TextRules.MaxIdentifier);
        faults.Text("/body", Body, TextRules.MaxBody);
        if (Channel == Channel.Import)
            faults.Add("/channel", "not_allowed", "Imports have their own door.");
    }
}
