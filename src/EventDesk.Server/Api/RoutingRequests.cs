using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record RoutingMatchRequest
{
    [Description("Ids of products.")]
    public IReadOnlyList<string>? Products { get; init; }

    [Description("Ids of languages.")]
    public IReadOnlyList<string>? Languages { get; init; }

    public IReadOnlyList<Channel>? Channels { get; init; }

    [Description("Ids of contracts: the customer's own, or the desk's.")]
    public IReadOnlyList<string>? Contracts { get; init; }

    [Description("Pseudonyms of customers, as tickets show them.")]
    public IReadOnlyList<Guid>? Customers { get; init; }

    [Description("As the form gave it; without a severity none of them matches.")]
    public IReadOnlyList<Severity>? Severities { get; init; }

    [Description("By the name of a field of choice: the choices that match.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Fields { get; init; }

    internal void Check(Faults faults, string at)
    {
        faults.Words($"{at}/products", Products);
        faults.Words($"{at}/languages", Languages);
        faults.Words($"{at}/contracts", Contracts);
        faults.WordsByName($"{at}/fields", Fields);
    }

    internal RoutingMatch Match => new(Products, Languages, Channels, Contracts, Customers, Severities, Fields);
}

public sealed record RoutingTargetRequest
{
    [Description("Another desk than the form's, product/language.")]
    [MaxLength(TextRules.MaxName)]
    public string? Desk { get; init; }

    [Description("l1 or l2: the way above leads over a management evaluation.")]
    public SupportLine? Line { get; init; }

    [Description("Id of a team; it says desk and line by itself.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Team { get; init; }

    [Description("Handle of an agent, who is given the ticket while present and below capacity; otherwise it goes where the rest says.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Agent { get; init; }

    internal void Check(Faults faults, string at)
    {
        faults.Line($"{at}/desk", Desk, TextRules.MaxName);
        faults.Identifier($"{at}/team", Team, TextRules.MaxIdentifier);
        faults.Identifier($"{at}/agent", Agent, TextRules.MaxIdentifier);
    }

    internal RoutingTarget Target => new(Desk, Line, Team, Agent);
}

public sealed record RoutingRuleRequest
{
    [Description("Stands on the events of the tickets it decided on: no personal data.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Id { get; init; }

    [Description("What must be so; each list holds the values that will do, one left out asks nothing. Left out: always.")]
    public RoutingMatchRequest? When { get; init; }

    [Description("Where it goes; {} leaves it in triage, for the coordinator.")]
    public required RoutingTargetRequest To { get; init; }
}

public sealed record RoutingDefinitionRequest : IDefinition
{
    const int MostRules = 500;

    [Description("In order: the first one that matches decides.")]
    public required IReadOnlyList<RoutingRuleRequest> Rules { get; init; }

    [Description("The form's fields of choice, each with its choices. Rules look at these alone, never at free text.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Fields { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.WordsByName("/fields", Fields);
        if (Rules.Count > MostRules)
            faults.Add("/rules", "too_many", $"At most {MostRules} are allowed.");
        for (var i = 0; i < Rules.Count; i++)
        {
            if (Rules[i] is not { } rule)
            {
                faults.Add($"/rules/{i}", "required", "It must not be null.");
                continue;
            }
            faults.Identifier($"/rules/{i}/id", rule.Id, TextRules.MaxIdentifier);
            rule.When?.Check(faults, $"/rules/{i}/when");
            rule.To.Check(faults, $"/rules/{i}/to");
        }
    }

    internal RoutingRules Defined => new([.. Rules.Select(r => new RoutingRule(r.Id, r.To.Target, r.When?.Match))], Fields);
}
