using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;
using EventDesk.Service.SavedViews;
using EventDesk.Web;

namespace EventDesk.Server.Api;

public sealed record SavedViewRequest : IChecked
{
    [MaxLength(TextRules.MaxName)]
    public required string Name { get; init; }

    [Description("Everybody who may read queues finds it.")]
    public bool Shared { get; init; }

    [Description("Name of the queue, as in the console's address: open, mine, triage, at-risk, …")]
    public required string Queue { get; init; }

    [Description("Only this desk, product/language.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Desk { get; init; }

    public SupportLine? Line { get; init; }

    [Description("Only what this agent has.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Agent { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/name", Name, TextRules.MaxName);
        if (!QueueLook.Queues.Contains(Queue))
            faults.Add("/queue", "unknown_value", $"It is one of {string.Join(", ", QueueLook.Queues)}.");
        if (Desk?.Split('/') is { } parts)
        {
            if (parts.Length != 2)
                faults.Add("/desk", "unknown_value", "It is a product and a language, such as billing/en.");
            foreach (var part in parts)
                faults.Identifier("/desk", part, TextRules.MaxIdentifier);
        }
        faults.Identifier("/agent", Agent, TextRules.MaxIdentifier);
    }

    internal ViewContent Content => new(Name.Trim(), Shared, Queue, Desk, Line, Agent);
}

public sealed record SavedViewAnswer(
    Guid Id, long Version, string Name, bool Shared, [property: Description("Who made it.")] string Owner, string Queue, string? Desk, SupportLine? Line, string? Agent,
    [property: Description("The asker may change and retire it.")] bool MayChange);

public sealed record SavedViewList(IReadOnlyList<SavedViewAnswer> Views);
