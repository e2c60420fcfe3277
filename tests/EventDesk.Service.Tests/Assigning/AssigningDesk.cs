using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Assigning;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Assigning;

/// <summary>Desks of a test's own: each test takes a desk nobody else uses, so that none sees what waits for another.</summary>
static class AssigningDesk
{
    /// <summary>Defines what is not there yet, or a further version.</summary>
    public static async Task Define(this TestDesk t, params object[] definitions)
    {
        var book = t.Get<OrganisationBook>();
        foreach (var definition in definitions)
            (await book.Define(definition, null, book.History.Versions(OrganisationHistory.KeyOf(definition)).Count, Actor.System, null, default))
                .ShouldBeOfType<Defining.Done>(string.Join(' ', definition));
    }

    /// <summary>A product with one English desk, its first-line team and the team's agents.</summary>
    public static async Task<Team> NewDesk(this TestDesk t, string product, bool assignsByItself, params (string Agent, int Capacity)[] agents)
    {
        var team = new Team($"{product}-l1", $"{product}/en", SupportLine.L1, assignsByItself);
        await t.Define(new Product(product, product), new Desk(product, "en"), team);
        foreach (var (agent, capacity) in agents)
            await t.Define(new RosterAgent(agent, [team.Id], capacity));
        return team;
    }

    public static Asker AgentCalled(string handle) => TestDesk.Someone(handle, Role.Agent);

    public static async Task<Ticket> State(this TestDesk t, Guid ticket) => (await t.Desk.Find(ticket, TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket;

    public static async Task<IReadOnlyList<RecordedEvent>> Events(this TestDesk t, Guid ticket) =>
        (await t.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value.Events;

    public static Task<Outcome?> Next(this TestDesk t, string agent, RequestKey? key = null, SupportLine? line = null) =>
        t.Get<NextTicket>().For(AgentCalled(agent), null, line, key, default);

    public static async Task<Guid> Taken(this Task<Outcome?> next) => (await next).ShouldBeOfType<Outcome.Done>().Ticket;

    public static async Task SetAway(this TestDesk t, string agent, bool away) =>
        await t.Get<Roster>().SetAway(t.Get<OrganisationBook>().Now.FindAgent(agent)!, away, new Actor(agent, Role.Agent), null, default);
}
