using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record TeamDefinitionRequest : IDefinition
{
    [Description("Its desk, product/language.")]
    [MaxLength(TextRules.MaxName)]
    public required string Desk { get; init; }

    public required SupportLine Line { get; init; }

    [Description("What waits for the team is given to its agents, oldest first. Otherwise they ask for the next ticket.")]
    public bool AssignsByItself { get; init; }

    [Description("It takes no new tickets; those that wait for it are open to the other teams of its line.")]
    public bool Retired { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults) => faults.Line("/desk", Desk, TextRules.MaxName);
}

public sealed record AgentDefinitionRequest : IDefinition
{
    [Description("Ids of the teams the agent works in; they say on which desks and lines.")]
    public required IReadOnlyList<string> Teams { get; init; }

    [Description("So many open tickets at once the agent is given at most.")]
    [Range(1, RosterAgent.MostCapacity)]
    public required int Capacity { get; init; }

    [Description("Id of the calendar of the agent's working hours; left out: always, unless away.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Calendar { get; init; }

    [Description("Works here no more.")]
    public bool Retired { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.Words("/teams", Teams);
        if (Capacity is < 1 or > RosterAgent.MostCapacity)
            faults.Add("/capacity", "out_of_range", $"It is a whole number from 1 to {RosterAgent.MostCapacity}.");
        faults.Identifier("/calendar", Calendar, TextRules.MaxIdentifier);
    }
}

public sealed record PresenceRequest : IChecked
{
    [Description("True: nothing new comes until it is false again; the tickets one has stay.")]
    public required bool Away { get; init; }

    public void Check(Faults faults) { }
}

public sealed record ReturnRequest : IChecked
{
    [MaxLength(TextRules.MaxReason)]
    public string? Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}

public sealed record NextRequest : IChecked
{
    [Description("Only a ticket of this desk, product/language.")]
    [MaxLength(TextRules.MaxName)]
    public string? Desk { get; init; }

    [Description("Only a ticket on this line.")]
    public SupportLine? Line { get; init; }

    public void Check(Faults faults) => faults.Line("/desk", Desk, TextRules.MaxName);
}
