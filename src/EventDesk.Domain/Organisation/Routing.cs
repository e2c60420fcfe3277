using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Organisation;

/// <summary>
/// Where new tickets go by themselves: an ordered list, of which the first rule that matches decides. It is one definition, so that rules can
/// change places at one stroke, and its version is the version of each of its rules.
/// </summary>
/// <param name="Fields">The form's fields of choice, each with the choices there are. Rules look at these alone and never at free text.</param>
public sealed record RoutingRules(IReadOnlyList<RoutingRule> Rules, IReadOnlyDictionary<string, IReadOnlyList<string>>? Fields = null)
{
    /// <summary>The name it is kept under.</summary>
    public const string Key = "routing/rules";

    /// <summary>The rule that decides; null when none matches.</summary>
    public RoutingRule? First(FormFacts form)
    {
        // A loop, since every opening comes through here.
        for (var i = 0; i < Rules.Count; i++)
            if (Rules[i].Matches(form))
                return Rules[i];
        return null;
    }
}

/// <param name="Id">Stands on the events of the tickets it decided on, for everybody who may read the log: no personal data.</param>
/// <param name="When">Null: always.</param>
public sealed record RoutingRule(string Id, RoutingTarget To, RoutingMatch? When = null)
{
    public bool Matches(FormFacts form) => When?.Matches(form) ?? true;

    /// <summary>Whatever the other one matches, this one matches too.</summary>
    public bool Covers(RoutingRule other) => When?.Covers(other.When ?? RoutingMatch.Anything) ?? true;
}

/// <summary>What a rule may know of a ticket that is being opened. There is no subject, text or address in it, so no rule can give one away.</summary>
/// <param name="Contract">The plan it falls under, its own or its desk's.</param>
/// <param name="Fields">As the form gave them.</param>
public sealed record FormFacts(
    string Product, string Language, Channel Channel, string? Contract, CustomerId Customer, Severity? Severity = null, IReadOnlyDictionary<string, string>? Fields = null);

/// <summary>What a rule asks for: each list holds the values that will do; one left out asks nothing.</summary>
/// <param name="Customers">Pseudonyms.</param>
/// <param name="Fields">By the name of a field of choice.</param>
public sealed record RoutingMatch(
    IReadOnlyList<string>? Products = null, IReadOnlyList<string>? Languages = null, IReadOnlyList<Channel>? Channels = null, IReadOnlyList<string>? Contracts = null,
    IReadOnlyList<Guid>? Customers = null, IReadOnlyList<Severity>? Severities = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Fields = null)
{
    internal static readonly RoutingMatch Anything = new();

    public bool Matches(FormFacts form) =>
        Allows(Products, form.Product) && Allows(Languages, form.Language) && Allows(Channels, form.Channel)
        && Allows(Contracts, form.Contract) && Allows(Customers, form.Customer.Value)
        && (Severities is null || (form.Severity is { } severity && Severities.Contains(severity)))
        && (Fields is null || Fields.All(f => form.Fields?.GetValueOrDefault(f.Key) is { } given && f.Value.Contains(given)));

    internal bool Covers(RoutingMatch other) =>
        Holds(Products, other.Products) && Holds(Languages, other.Languages) && Holds(Channels, other.Channels) && Holds(Contracts, other.Contracts)
        && Holds(Customers, other.Customers) && Holds(Severities, other.Severities)
        && (Fields ?? new Dictionary<string, IReadOnlyList<string>>()).All(f => Holds(f.Value, other.Fields?.GetValueOrDefault(f.Key)));

    static bool Allows<T>(IReadOnlyList<T>? wanted, T? given) => wanted is null || wanted.Contains(given!);

    static bool Holds<T>(IReadOnlyList<T>? these, IReadOnlyList<T>? those) => these is null || (those is not null && those.All(these.Contains));
}

/// <summary>Where a rule sends a ticket. A team says line and desk by itself; with neither team, line nor agent it stays in triage.</summary>
/// <param name="Desk">Another desk than the form's; its clocks run in that desk's hours then.</param>
/// <param name="Line">L1 or L2: the way to L3 leads over a management evaluation.</param>
/// <param name="Agent">Is given the ticket while present and below capacity; otherwise it goes where the rest of the target says.</param>
public sealed record RoutingTarget(string? Desk = null, SupportLine? Line = null, string? Team = null, string? Agent = null)
{
    /// <summary>For the coordinator to decide.</summary>
    public static readonly RoutingTarget Triage = new();
}

/// <summary>What the rules decided for one ticket.</summary>
/// <param name="Desk">Null: the form's.</param>
/// <param name="Line">Null: triage, unless the agent takes it.</param>
/// <param name="Agent">Who is given it, where there is room.</param>
public sealed record Route(RuleRef Rule, Desk? Desk = null, SupportLine? Line = null, string? Team = null, AgentId? Agent = null)
{
    /// <summary>What is left of it when the agent has no room: null when it was about the agent alone.</summary>
    public Route? WithoutAgent => Agent is not null && Line is null && Desk is null ? null : this with { Agent = null };
}
