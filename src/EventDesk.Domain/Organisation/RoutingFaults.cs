using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Organisation;

/// <summary>What is wrong with teams, agents and rules, seen against the organisation they belong to.</summary>
static class RoutingFaults
{
    public static IEnumerable<string> Of(Team team, SupportOrganisation o)
    {
        if (!Knows(o, team.Desk))
            yield return $"Team {team.Id} names the unknown desk \"{team.Desk}\".";
    }

    public static IEnumerable<string> Of(RosterAgent agent, SupportOrganisation o)
    {
        foreach (var fault in agent.Faults())
            yield return fault;
        foreach (var team in agent.Teams.Distinct().Where(t => o.FindTeam(t) is null))
            yield return $"Agent {agent.Id} names the unknown team \"{team}\".";
        if (agent.Calendar is { } calendar && o.Calendars?.Any(c => c.Id == calendar) != true)
            yield return $"Agent {agent.Id} names the unknown calendar \"{calendar}\".";
    }

    public static IEnumerable<string> Of(RoutingRules routing, SupportOrganisation o)
    {
        foreach (var empty in (routing.Fields ?? Nothing).Where(f => f.Value.Count == 0))
            yield return $"The field {empty.Key} has no choices.";
        foreach (var (rule, i) in routing.Rules.Select((r, i) => (r, i)))
        {
            if (routing.Rules.Take(i).Any(r => r.Id == rule.Id))
                yield return $"Rule {rule.Id} is given twice.";
            foreach (var fault in OfMatch(rule.When ?? RoutingMatch.Anything, routing, o).Concat(OfTarget(rule, o)))
                yield return $"Rule {rule.Id} {fault}";
            if (routing.Rules.Take(i).FirstOrDefault(r => r.Covers(rule)) is { } before)
                yield return $"Rule {rule.Id} is reached by no ticket: {before.Id} before it matches all of its tickets.";
        }
    }

    static IEnumerable<string> OfMatch(RoutingMatch when, RoutingRules routing, SupportOrganisation o)
    {
        foreach (var fault in (IEnumerable<string>)
            [
                .. Unknown("product", when.Products, p => o.Products.Any(x => x.Id == p)),
                .. Unknown("language", when.Languages, l => o.Languages.Any(x => x.Id == l)),
                .. Unknown("contract", when.Contracts, c => o.FindContract(c) is not null),
                .. Unknown("channel", when.Channels, c => c != Channel.Import),
                .. Unknown("customer", when.Customers, _ => true),
                .. Unknown("severity", when.Severities, _ => true),
            ])
            yield return fault;
        foreach (var (name, choices) in when.Fields ?? Nothing)
        {
            if (routing.Fields?.GetValueOrDefault(name) is not { } known)
                yield return $"looks at \"{name}\", which is no field of choice; rules never look at free text.";
            else
                foreach (var fault in Unknown($"choice of {name}", choices, known.Contains))
                    yield return fault;
        }
    }

    static IEnumerable<string> OfTarget(RoutingRule rule, SupportOrganisation o)
    {
        var to = rule.To;
        var team = to.Team is null ? null : o.FindTeam(to.Team);
        var agent = to.Agent is null ? null : o.FindAgent(to.Agent);
        if (to.Desk is { } desk && !Knows(o, desk))
            yield return $"names the unknown desk \"{desk}\".";
        if (to.Team is not null && team is null)
            yield return $"names the unknown team \"{to.Team}\".";
        if (to.Agent is not null && agent is null)
            yield return $"names the unknown agent \"{to.Agent}\".";
        if ((to.Line ?? team?.Line) > SupportLine.L2)
            yield return $"sends to {to.Line ?? team?.Line}: the way above L2 leads over a management evaluation.";
        if (team is not null && to.Line is { } line && line != team.Line)
            yield return $"sends to {line}, but the team {team.Id} works on {team.Line}.";
        if (team is not null && (to.Desk ?? OnlyDesk(rule.When)) is var onDesk && onDesk != team.Desk)
            yield return $"sends to the team {team.Id} of the desk {team.Desk}: name that desk in its target, or its product and language in what it matches.";
        if (team is not null && agent is not null && !agent.Teams.Contains(team.Id))
            yield return $"sends to the agent {agent.Id}, who is not in the team {team.Id}.";
    }

    /// <summary>The one desk whose tickets match; null when there may be several.</summary>
    static string? OnlyDesk(RoutingMatch? when) => when is { Products: [var product], Languages: [var language] } ? DeskId.Of(product, language).Value : null;

    static IEnumerable<string> Unknown<T>(string what, IReadOnlyList<T>? given, Func<T, bool> known) => given switch
    {
        null => [],
        { Count: 0 } => [$"matches nothing: its list for {what} is empty."],
        _ => given.Where(g => !known(g)).Select(g => $"names the unknown {what} \"{g}\"."),
    };

    static bool Knows(SupportOrganisation o, string desk) => o.Desks.Any(d => d.Id.Value == desk);

    static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];
}
