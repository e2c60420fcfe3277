using System.Text.Json.Serialization;
using EventDesk.Domain.Organisation;

namespace EventDesk.Domain.Privacy;

/// <summary>What makes a ticket's time run out.</summary>
public enum RetentionTrigger
{
    /// <summary>So many days after it was last resolved, and after the last thing that concerned the customer.</summary>
    SinceResolved,

    /// <summary>The date set on the ticket has come.</summary>
    Expires,

    /// <summary>So many days after the customer asked to be forgotten.</summary>
    CustomerRequest,

    /// <summary>So many days after the last thing that concerned the customer, on any of their tickets.</summary>
    AccountInactive,
}

public enum RetentionAction
{
    /// <summary>Who it was goes; what was written stays.</summary>
    Anonymise,

    /// <summary>Everything that was written goes.</summary>
    Purge,
}

/// <summary>Which tickets a rule is for: each list holds the values that will do; one left out asks nothing.</summary>
/// <param name="Desks">product/language.</param>
/// <param name="Contracts">The ticket's own, or else its desk's at that moment.</param>
public sealed record RetentionScope(
    IReadOnlyList<string>? Products = null, IReadOnlyList<string>? Desks = null, IReadOnlyList<string>? Languages = null, IReadOnlyList<string>? Contracts = null)
{
    public bool Covers(string product, string language, string? contract) =>
        Allows(Products, product) && Allows(Languages, language) && Allows(Desks, DeskId.Of(product, language).Value) && Allows(Contracts, contract);

    /// <summary>The products outside of which it covers nothing; null: there are none such.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? OnlyProducts => (Products, Desks?.Select(d => d.Split('/')[0])) switch
    {
        ({ } named, { } behind) => [.. named.Intersect(behind)],
        ({ } named, null) => named,
        (null, { } behind) => [.. behind.Distinct()],
        _ => null,
    };

    static bool Allows(IReadOnlyList<string>? wanted, string? given) => wanted is null || (given is not null && wanted.Contains(given));
}

/// <param name="Id">Stands on the events it caused, for everybody who may read the log: no personal data.</param>
/// <param name="Days">Whole days of 24 hours; null for <see cref="RetentionTrigger.Expires"/>, whose date stands on the ticket.</param>
/// <param name="Scope">Null: every ticket.</param>
public sealed record RetentionRule(string Id, RetentionTrigger Trigger, RetentionAction Action, int? Days = null, RetentionScope? Scope = null)
{
    public const int MostDays = 36_500;

    internal TimeSpan Term => TimeSpan.FromDays(Days ?? 0);
}

/// <summary>When members of staff are removed.</summary>
/// <param name="InactiveDays">Whole days without signing in, counted from being let in for those who never did.</param>
public sealed record AccountRetention(int InactiveDays)
{
    /// <summary>The name on the events it caused.</summary>
    public const string RuleId = "retention/accounts";
}

/// <summary>How long what is kept is kept. It is one definition; its version is the version of each of its rules.</summary>
/// <param name="Accounts">Null: nobody is removed for not having been here.</param>
public sealed record RetentionRules(IReadOnlyList<RetentionRule> Rules, AccountRetention? Accounts = null)
{
    /// <summary>The name it is kept under.</summary>
    public const string Key = "retention";

    /// <summary>What is wrong with it, seen against the organisation it belongs to, in sentences.</summary>
    public IEnumerable<string> Faults(SupportOrganisation o)
    {
        foreach (var twice in Rules.GroupBy(r => r.Id).Where(g => g.Count() > 1))
            yield return $"Retention rule {twice.Key} is given {twice.Count()} times.";
        foreach (var rule in Rules)
            foreach (var fault in FaultsOf(rule).Concat(FaultsOf(rule.Scope ?? new(), o)))
                yield return $"Retention rule {rule.Id} {fault}";
        if (Accounts is { InactiveDays: < 1 or > RetentionRule.MostDays } accounts)
            yield return $"Accounts are removed after {accounts.InactiveDays} days; give 1 to {RetentionRule.MostDays}.";
    }

    static IEnumerable<string> FaultsOf(RetentionRule rule)
    {
        // A request may be met at once; anything else that ran out within the day would be a mistake.
        var least = rule.Trigger == RetentionTrigger.CustomerRequest ? 0 : 1;
        if (rule is { Trigger: RetentionTrigger.Expires, Days: not null })
            yield return "gives days, but the date stands on the ticket: leave them out.";
        if (rule.Trigger != RetentionTrigger.Expires && rule.Days is null)
            yield return "does not say after how many days.";
        if (rule.Trigger != RetentionTrigger.Expires && rule.Days is { } days && (days < least || days > RetentionRule.MostDays))
            yield return $"says {days} days; give {least} to {RetentionRule.MostDays}.";
    }

    static IEnumerable<string> FaultsOf(RetentionScope scope, SupportOrganisation o) =>
    [
        .. Unknown("product", scope.Products, p => o.Products.Any(x => x.Id == p)),
        .. Unknown("desk", scope.Desks, d => o.Desks.Any(x => x.Id.Value == d)),
        .. Unknown("language", scope.Languages, l => o.Languages.Any(x => x.Id == l)),
        .. Unknown("contract", scope.Contracts, c => o.FindContract(c) is not null),
    ];

    static IEnumerable<string> Unknown(string what, IReadOnlyList<string>? given, Func<string, bool> known) => given switch
    {
        null => [],
        { Count: 0 } => [$"covers nothing: its list for {what} is empty."],
        _ => given.Where(g => !known(g)).Select(g => $"names the unknown {what} \"{g}\"."),
    };
}
