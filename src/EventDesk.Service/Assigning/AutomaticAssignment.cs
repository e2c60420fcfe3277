using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;
using NodaTime;

namespace EventDesk.Service.Assigning;

/// <summary>
/// Gives what waits to those who have room, for teams that are set to it. One process does it at a time; each ticket is given on the version it was seen
/// at and under its agent's seat, so that a process that comes too late gives nothing twice and nobody more than there is room for.
/// </summary>
public sealed class AutomaticAssignment(
    TicketDesk desk, OrganisationBook organisation, WaitingTickets waiting, Roster roster, Seats seats, Leases leases, TimeProvider clock) : BackgroundService
{
    const string LeaseName = "assignment";
    const int PageSize = 200;

    /// <summary>A ticket that could be given waits this much longer at most; a look costs one probe of an index for each desk and line.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);

    /// <summary>One look: gives what can be given.</summary>
    /// <returns>How many tickets were given.</returns>
    public async Task<int> Pass(CancellationToken ct)
    {
        var (now, history) = (organisation.Now, organisation.History);
        var teams = (now.Teams ?? []).Where(t => t is { AssignsByItself: true, Retired: false }).ToList();
        if (teams.Count == 0)
            return 0;
        var hands = await Hands(now, teams, ct);
        if (hands.Count == 0)
            return 0;
        // Only lines on which somebody has room: a long queue of one team must not hide the short one of another.
        var staffed = teams.Where(t => hands.Any(h => h.Teams.Contains(t.Id))).ToList();
        var oldest = await waiting.Oldest(staffed, now, PageSize, ct);
        var plan = Dispatch.Plan(oldest.Select(w => new Dispatch.Waiting<WaitingTicket>(w, [.. w.For(staffed).Select(t => t.Id)])), hands);
        var given = 0;
        foreach (var (ticket, agent, team) in plan)
            if (await Give(ticket, agent, team, history, ct))
                given++;
        return given;
    }

    /// <summary>Who of these teams is there and has room.</summary>
    async Task<List<Dispatch.Hand>> Hands(SupportOrganisation now, List<Team> teams, CancellationToken ct)
    {
        var members = (now.Agents ?? []).Where(a => !a.Retired && a.Teams.Any(id => teams.Exists(t => t.Id == id))).ToList();
        var loads = await roster.Loads(members, ct);
        return
        [
            .. from member in members
               let load = loads[member.Id]
               where !load.Away && load.AtWork && load.Open < member.Capacity
               select new Dispatch.Hand(member.Id, member.Teams, member.Capacity - load.Open),
        ];
    }

    async Task<bool> Give(WaitingTicket ticket, string agent, string team, OrganisationHistory history, CancellationToken ct)
    {
        if (history.Part<Team>($"team/{team}", Instant.FromDateTimeOffset(clock.GetUtcNow())) is not { } rule)
            return false;
        await using var seat = await seats.Take(agent, ct);
        if (!seat.TakesMore)
            return false; // since the plan was made; the next look sees how it is then
        var command = new AssignTicket(new AgentId(agent), team, Team.RuleOf(rule));
        return await desk.Handle(ticket.Id, Operation.Assign, command, ticket.Version, Asker.System, null, ct) is Outcome.Done done && done.Version > ticket.Version;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leases.Keep(LeaseName, Run, AfterTrouble, stoppingToken);

    async Task Run(CancellationToken ct)
    {
        while (true)
            if (await Pass(ct) < PageSize)
                await Task.Delay(Look, clock, ct);
    }
}
