using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Service.Assigning;
using EventDesk.Service.Organising;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The agents a page offers to choose from.</summary>
public sealed class AgentChoices(Roster roster, OrganisationBook organisation)
{
    /// <param name="desk">Its agents come first; else all go by their handles.</param>
    /// <param name="self">Comes before everybody.</param>
    public IReadOnlyList<AgentChoice> Within(Reach reach, DeskId? desk = null, string? self = null) =>
    [
        .. roster.Within(reach).Select(a => new AgentChoice(a.Id, [.. organisation.Now.TeamsOf(a)]))
            .OrderBy(a => a.Id != self).ThenBy(a => desk is not { } first || a.Teams.All(t => t.Desk != first.Value)).ThenBy(a => a.Id, StringComparer.Ordinal),
    ];
}
