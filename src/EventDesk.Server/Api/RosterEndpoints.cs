using System.Diagnostics;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Assigning;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Who works here, who is there, and who takes what next.</summary>
public static class RosterEndpoints
{
    const string Tag = "Roster";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/roster", List).Is(Operation.ReadQueues, "readRoster", Tag, "Read the roster",
            "The agents of the desks within reach: their teams, whether they are there, how many open tickets each has and takes at most.");
        api.MapPut("/roster/{agent}/presence", SetPresence).Is(Operation.SetPresence, "setPresence", Tag, "Say that an agent is away, or back",
            "Agents say it of themselves, coordinators and managers of others too. Nothing new comes to who is away; the tickets one has stay.");
        api.MapPost("/roster/{agent}/return", GiveBack).Is(Operation.ReturnTickets, "returnTickets", Tag, "Give an agent's open tickets back to the team",
            "Each waits in its team's queue again, at the place its age gives it. Says of each ticket how it ended.");
        api.MapPost("/queues/unassigned/next", Next).Is(Operation.TakeNext, "takeNext", Tag, "Take the next ticket",
            "Assigns to you the oldest unassigned ticket of your teams, in the queue's order; 204 when none waits. Not above your capacity, and two who ask at once get two tickets.")
            .WithMetadata(new Repeatable());
    }

    static async Task<Ok<RosterAnswer>> List(HttpContext http, Roster roster, OrganisationBook book, CancellationToken ct)
    {
        var agents = roster.Within(Grant(http).Reach);
        var loads = await roster.Loads(agents, ct);
        return TypedResults.Ok(new RosterAnswer([.. agents.Select(a => Answer(a, loads[a.Id], book.Now))]));
    }

    static async Task<Results<Ok<RosterAgentAnswer>, Problem>> SetPresence(
        string agent, Posted<PresenceRequest> posted, HttpContext http, Roster roster, OrganisationBook book, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        var grant = Grant(http);
        if (!grant.SpeaksFor(agent, http.Principal()))
            return Problems.Forbidden("Agents say of themselves whether they are there.");
        if (roster.Find(agent, grant.Reach) is not { } found)
            return Problems.NoSuch("agent_not_found", "agent");
        await roster.SetAway(found, posted.Body.Away, new Actor(http.Principal().Id, grant.Role), Activity.Current?.TraceId.ToHexString(), ct);
        return TypedResults.Ok(Answer(found, (await roster.Loads([found], ct))[agent], book.Now));
    }

    static async Task<Results<Ok<ReturnAnswer>, Problem>> GiveBack(
        string agent, Posted<ReturnRequest> posted, HttpContext http, Roster roster, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        var reach = Grant(http).Reach;
        if (roster.Find(agent, reach) is not { } found)
            return Problems.NoSuch("agent_not_found", "agent");
        var given = await roster.GiveBack(found, posted.Body.Reason.Sealed(), http.Asker(), reach, ct);
        return TypedResults.Ok(new ReturnAnswer(
            [.. given.Select(g => g.Outcome).OfType<Outcome.Done>().Select(d => new ChangeAnswer(d.Ticket, d.Number, d.Version, null))],
            [.. given.Where(g => g.Outcome is not Outcome.Done).Select(g => new NotReturnedAnswer(g.Ticket, Outcomes.Problem(g.Outcome, http.Principal()).Code))]));
    }

    static async Task<Results<Changed, NoContent, Problem>> Next(Posted<NextRequest> posted, HttpContext http, NextTicket next, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        var ask = posted.Body;
        return await next.For(http.Asker(), ask.Desk is null ? null : new DeskId(ask.Desk), ask.Line, posted.Key(""), ct) switch
        {
            null => TypedResults.NoContent(),
            Outcome.Done done => new Changed(done),
            var refused => Outcomes.Problem(refused, http.Principal()),
        };
    }

    static RosterAgentAnswer Answer(RosterAgent a, AgentLoad load, SupportOrganisation now) => new()
    {
        Agent = a.Id, Teams = a.Teams, Capacity = a.Capacity, Open = load.Open, Away = load.Away, Since = load.Since, AtWork = load.AtWork,
        Desks = [.. now.TeamsOf(a).Select(t => t.Desk).Distinct()], Lines = [.. now.TeamsOf(a).Select(t => t.Line).Distinct().Order()],
    };

    static Grant Grant(HttpContext http) => Policy.Decide(http.Principal(), http.Operation())!;
}
