using EventDesk.Domain.Organisation;

namespace EventDesk.Web;

/// <summary>An agent one can choose, and the teams that say what for.</summary>
public sealed record AgentChoice(string Id, IReadOnlyList<Team> Teams);
