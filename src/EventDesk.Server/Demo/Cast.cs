using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using NodaTime;

namespace EventDesk.Server.Demo;

/// <summary>Who plays in the sample, and when they are at work.</summary>
sealed class Cast(TicketDesk desk, OrganisationBook organisation, IReadOnlyDictionary<string, string> mails)
{
    public Asker Coordinator { get; } = Someone("cora", Role.Coordinator);
    public Asker Manager { get; } = Someone("mia", Role.Manager);

    public static Asker Agent(string handle) => Someone(handle, Role.Agent);

    public Asker Customer(string name) =>
        new(new Principal(mails[name], new HashSet<Role> { Role.Customer }, Customer: desk.CustomerOf(mails[name])));

    public string MailOf(string name) => mails[name];

    /// <summary>One who works on this line of the desk; where the roster knows nobody, somebody who helps out.</summary>
    public string AgentFor(DeskId at, SupportLine line, Chance chance)
    {
        var teams = (organisation.Now.Teams ?? []).Where(t => t.Desk == at.Value && t.Line == line && !t.Retired).Select(t => t.Id).ToHashSet();
        var agents = (organisation.Now.Agents ?? []).Where(a => !a.Retired && a.Teams.Any(teams.Contains)).Select(a => a.Id).ToList();
        return agents.Count > 0 ? chance.Of(agents) : "ben";
    }

    /// <summary>The instant after so much working time of the desk; hours that nobody knows never close.</summary>
    public DateTimeOffset Worked(DeskId at, DateTimeOffset from, TimeSpan work) =>
        organisation.History.Hours($"desk/{at}")?.Due(Instant.FromDateTimeOffset(from), Duration.FromTimeSpan(work))?.ToDateTimeOffset() ?? from + work;

    static Asker Someone(string id, Role role) => new(new Principal(id, new HashSet<Role> { role }));
}
