using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Organisation;

/// <summary>Those who do the work of one line of a desk.</summary>
/// <param name="AssignsByItself">Tickets that wait for it are given to its agents, oldest first; otherwise agents ask for the next one.</param>
/// <param name="Retired">Takes no new tickets; what waits for it is open to the other teams of its line.</param>
public sealed record Team(string Id, string Desk, SupportLine Line, bool AssignsByItself = false, bool Retired = false)
{
    /// <summary>The rule by which it assigns.</summary>
    public static RuleRef RuleOf(InForce<Team> team) => new($"team/{team.Definition.Id}", team.Version);
}

/// <summary>A member of staff who works on tickets: a handle, never a name. Which desks and lines follows from the teams.</summary>
/// <param name="Teams">Ids of the teams the agent works in; at least one.</param>
/// <param name="Capacity">So many open tickets at once the agent is given at most; what a person assigns by hand comes on top.</param>
/// <param name="Calendar">Working hours; outside them nothing is given to the agent unasked. Null: whenever the agent is not away.</param>
/// <param name="Retired">Works here no more.</param>
public sealed record RosterAgent(string Id, IReadOnlyList<string> Teams, int Capacity, string? Calendar = null, bool Retired = false)
{
    public const int MostCapacity = 1_000;

    /// <summary>What is wrong with it by itself, in sentences.</summary>
    public IEnumerable<string> Faults()
    {
        if (Teams.Count == 0)
            yield return $"Agent {Id} is in no team.";
        if (Capacity is < 1 or > MostCapacity)
            yield return $"Agent {Id} has a capacity of {Capacity}; give 1 to {MostCapacity}.";
        foreach (var twice in Teams.GroupBy(t => t).Where(g => g.Count() > 1))
            yield return $"Agent {Id} names the team {twice.Key} {twice.Count()} times.";
    }
}
