using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Privacy;

namespace EventDesk.Server.Api;

public sealed record RetentionScopeRequest
{
    [Description("Ids of products.")]
    public IReadOnlyList<string>? Products { get; init; }

    [Description("product/language")]
    public IReadOnlyList<string>? Desks { get; init; }

    [Description("Ids of languages.")]
    public IReadOnlyList<string>? Languages { get; init; }

    [Description("Ids of contracts: the ticket's own, or else its desk's.")]
    public IReadOnlyList<string>? Contracts { get; init; }

    internal void Check(Faults faults, string at)
    {
        faults.Words($"{at}/products", Products);
        faults.Words($"{at}/desks", Desks);
        faults.Words($"{at}/languages", Languages);
        faults.Words($"{at}/contracts", Contracts);
    }

    internal RetentionScope Scope => new(Products, Desks, Languages, Contracts);
}

public sealed record RetentionRuleRequest
{
    [Description("Stands on the events it caused: no personal data.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Id { get; init; }

    [Description("sinceResolved: days since the last resolution and the last thing that concerned the customer; expires: the date set on the ticket;"
        + " customerRequest: days since the customer asked to be forgotten; accountInactive: days since anything concerned the customer, on any ticket.")]
    public required RetentionTrigger Trigger { get; init; }

    [Description("anonymise: who it was goes, what was written stays; purge: everything that was written goes.")]
    public required RetentionAction Action { get; init; }

    [Description("Whole days; left out for expires.")]
    [Range(0, RetentionRule.MostDays)]
    public int? Days { get; init; }

    [Description("Which tickets; each list holds the values that will do. Left out: all.")]
    public RetentionScopeRequest? Scope { get; init; }
}

public sealed record AccountRetentionRequest
{
    [Description("Members of staff who have not signed in for so many whole days are removed.")]
    [Range(1, RetentionRule.MostDays)]
    public required int InactiveDays { get; init; }
}

public sealed record RetentionDefinitionRequest : IDefinition
{
    const int MostRules = 200;

    [Description("Of several that are due, one that purges wins; else the first.")]
    public required IReadOnlyList<RetentionRuleRequest> Rules { get; init; }

    [Description("Left out: nobody is removed for not having been here.")]
    public AccountRetentionRequest? Accounts { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
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
            rule.Scope?.Check(faults, $"/rules/{i}/scope");
        }
    }

    internal RetentionRules Defined => new(
        [.. Rules.Select(r => new RetentionRule(r.Id, r.Trigger, r.Action, r.Days, r.Scope?.Scope))], Accounts is { } accounts ? new(accounts.InactiveDays) : null);
}

public sealed record ExpiryRequest : IChecked
{
    [Description("The day, from whose beginning (UTC) on a rule may take the ticket; left out: no day any more.")]
    public DateOnly? ExpiresOn { get; init; }

    [MaxLength(TextRules.MaxReason)]
    public required string Reason { get; init; }

    public void Check(Faults faults) => faults.Text("/reason", Reason, TextRules.MaxReason);
}

public sealed record RetentionTotalsAnswer(
    [property: Description("Tickets whose texts go.")] long Purged,
    [property: Description("Tickets of which it goes who it was.")] long Anonymised,
    [property: Description("Due, but on legal hold: nothing is done to them.")] long Held,
    [property: Description("Due, but somebody wrote meanwhile: the next run looks again. 0 in a preview.")] long Later,
    [property: Description("Members of staff who are removed.")] long People);

public sealed record DueTicketAnswer(
    Guid Ticket, long Number,
    [property: Description("Id of the rule, as it stands on the event.")] string Rule,
    [property: Description("Version of the rules in force.")] int RuleVersion,
    RetentionAction Action,
    [property: Description("Since when it could have been done.")] DateTimeOffset Since,
    [property: Description("For people.")] string Why,
    [property: Description("On legal hold: shown, and not done.")] bool Held);

public sealed record RetentionPreviewAnswer(
    [property: Description("The instant it is told for.")] DateTimeOffset At,
    RetentionTotalsAnswer Totals,
    [property: Description("Due longest first.")] IReadOnlyList<DueTicketAnswer> Tickets,
    [property: Description("The next page; left out on the last.")] string? Next);

public sealed record ErasureRequestAnswer(Guid Customer, [property: Description("When it was written down.")] DateTimeOffset Requested, [property: Description("How many there are of this customer.")] long Version);
