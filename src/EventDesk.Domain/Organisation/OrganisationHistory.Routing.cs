using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Organisation;

public sealed partial class OrganisationHistory
{
    /// <summary>
    /// Where a new ticket goes by the rules in force: first what its contract has promised, then the organisation's list. Null: no rule says anything,
    /// or what the one that matches names is gone; the ticket then goes where tickets without rules go.
    /// </summary>
    /// <param name="form">Its contract: the customer's own; null: the desk's.</param>
    public Route? RouteOf(FormFacts form, DateTimeOffset at)
    {
        var now = Instant.FromDateTimeOffset(at);
        var plan = Contract(form.Contract, DeskId.Of(form.Product, form.Language), at);
        if (plan is not null && Promised(plan, now) is { } promised)
            return promised;
        if (Part<RoutingRules>(RoutingRules.Key, now) is not var (version, _, rules) || rules.First(form with { Contract = plan?.Definition.Id }) is not { } rule)
            return null;
        return Resolve(new RuleRef($"routing/{rule.Id}", version), rule.To, DeskId.Of(form.Product, form.Language), now);
    }

    /// <summary>A contract is a rule too: it sends its customers to the second line, or to an agent of their own.</summary>
    Route? Promised(InForce<Contract> plan, Instant now)
    {
        var agent = Working(plan.Definition.Agent, now);
        return plan.Definition.DirectToSecondLine || agent is not null
            ? new Route(new RuleRef($"contract/{plan.Definition.Id}", plan.Version), Line: plan.Definition.DirectToSecondLine ? SupportLine.L2 : null, Agent: agent)
            : null;
    }

    Route? Resolve(RuleRef rule, RoutingTarget to, DeskId from, Instant now)
    {
        var team = to.Team is null ? null : Part<Team>($"team/{to.Team}", now)?.Definition;
        var wanted = to.Desk ?? team?.Desk ?? from.Value;
        var desk = wanted == from.Value ? null : Part<Desk>($"desk/{wanted}", now)?.Definition;
        var agent = Working(to.Agent, now);
        var gone = (to.Team is not null && team is not { Retired: false })
            || (wanted != from.Value && desk is not { Retired: false })
            || (to is { Line: null, Team: null, Agent: not null } && agent is null);
        return gone ? null : new Route(rule, desk, to.Line ?? team?.Line, team?.Id, agent);
    }

    /// <summary>Inside the agent's own hours; whose hours are unknown is not counted on.</summary>
    public bool IsAtWork(RosterAgent agent, Instant now)
    {
        if (agent.Calendar is null)
            return true;
        var (hours, next) = (Hours($"agent/{agent.Id}"), now + Duration.Epsilon);
        return hours is not null && hours.IsKnown(now, next) && hours.Elapsed(now, next) > Duration.Zero;
    }

    AgentId? Working(string? agent, Instant now) =>
        agent is not null && Part<RosterAgent>($"agent/{agent}", now) is { Definition.Retired: false } ? new AgentId(agent) : null;
}
