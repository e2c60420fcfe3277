using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Incidents;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Demo;

/// <summary>A product does not work: several customers write, the first ticket of severity 1 opens an incident, and it stands on the status page until it is over.</summary>
/// <param name="last">How far it has come by the end of the sample.</param>
sealed class OutageLife(TicketDesk desk, IncidentDesk incidents, Cast cast, DemoClock clock, Chance chance, string product, IncidentState last, CancellationToken ct)
{
    static readonly string[] Customers = ["Alice Hart", "Henry Pike", "Nora Webb", "Sam Field", "Lucy Shaw", "Paul Marsh"];

    DateTimeOffset Now => clock.GetUtcNow();

    readonly List<(Guid Ticket, string Agent)> concerned = [];

    public async IAsyncEnumerable<DateTimeOffset> Live()
    {
        foreach (var customer in Customers)
        {
            if (await desk.Open(
                new NewTicket(product, "en", Channel.Email, customer, cast.MailOf(customer), "Nothing answers any more", "Since a few minutes ago nothing answers. Others see it, too."),
                cast.Customer(customer), null, ct) is not Outcome.Done { Ticket: var ticket })
                continue;
            await Do(ticket, cast.Coordinator, Operation.Tag, new TagTicket([Simulation.Tag, "outage"], []));
            yield return Now + TimeSpan.FromMinutes(chance.Between(1, 4));
            await Do(ticket, cast.Coordinator, Operation.Triage, new TriageTicket(SupportLine.L2));
            var agent = cast.AgentFor(DeskId.Of(product, "en"), SupportLine.L2, chance);
            await Do(ticket, Cast.Agent(agent), Operation.Assign, new AssignTicket(new AgentId(agent)));
            await Do(ticket, Cast.Agent(agent), Operation.AssessSeverity, new AssessSeverity(Severity.Critical, "Nobody can work."));
            concerned.Add((ticket, agent));
            yield return Now + TimeSpan.FromMinutes(chance.Between(2, 7));
            await Do(ticket, Cast.Agent(agent), Operation.Reply, new SendReply(Guid.CreateVersion7(Now), Channel.Email, "We see it and are at it. The status page tells how far we are."));
        }
        if ((await incidents.List(open: true, 20, ct)).FirstOrDefault(i => i.Product == product) is not { } incident)
            yield break;
        var version = incident.Version;
        foreach (var (step, after) in Steps())
        {
            await Say(step);
            yield return Now + after;
        }
        if (last == IncidentState.Resolved)
            foreach (var (ticket, agent) in concerned)
                await Do(ticket, Cast.Agent(agent), Operation.Resolve, new ResolveTicket(Resolution.Fixed, "All machines answer again."));

        async Task Say(IncidentEvent step) =>
            version = await incidents.Handle(incident.Id, step, version, cast.Coordinator, Operation.ManageIncidents, ct) is Outcome.Done done ? done.Version : version;
    }

    IEnumerable<(IncidentEvent Step, TimeSpan After)> Steps() => new (IncidentEvent, TimeSpan)[]
    {
        (new IncidentPublished("Some machines do not answer. We are looking for the cause."), TimeSpan.FromMinutes(25)),
        (new CustomerContacted(desk.CustomerOf(cast.MailOf(Customers[0])), Channel.Phone), TimeSpan.FromMinutes(5)),
        (new IncidentStateChanged(IncidentState.Identified), TimeSpan.FromMinutes(35)),
        (new IncidentStateChanged(IncidentState.Monitoring), TimeSpan.FromMinutes(40)),
        (new IncidentStateChanged(IncidentState.Resolved), TimeSpan.Zero),
    }.Where(s => s.Item1 is not IncidentStateChanged { State: var state } || state <= last);

    Task<Outcome> Do(Guid ticket, Asker who, Operation operation, TicketCommand command) => desk.Handle(ticket, operation, command, null, who, null, ct);
}
