using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Assigning;

/// <summary>An agent asks for the next ticket and gets the oldest one of what the agent may work on.</summary>
public sealed class NextTicket(TicketDesk desk, OrganisationBook organisation, Seats seats, WaitingTickets waiting)
{
    /// <summary>Each time round somebody else has got a ticket: so often at most, for so many who ask at once.</summary>
    const int Attempts = 100;

    /// <param name="only">Only tickets of this desk; null: of all the agent's desks.</param>
    /// <param name="line">Only tickets on this line; null: on all the agent's lines.</param>
    /// <returns>Null when nothing waits.</returns>
    public async Task<Outcome?> For(Asker who, DeskId? only, SupportLine? line, RequestKey? key, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, Operation.TakeNext) is not { } grant)
            return new Outcome.Forbidden("Only agents take tickets.");
        if (key is not null && await desk.Replied(key, ct) is { } before)
            return before;
        await using var seat = await seats.Take(who.Principal.Id, ct);
        if (seat.Agent is not { } agent)
            return new Outcome.Refused("not_in_roster", $"The roster has no agent \"{who.Principal.Id}\".");
        if (seat.Away)
            return new Outcome.Refused("agent_away", "You are away: say that you are back before you take a ticket.");
        if (!seat.HasRoom)
            return new Outcome.Refused("at_capacity", $"You have {seat.Open} open tickets, and a capacity of {agent.Capacity}.");
        var teams = organisation.Now.TeamsOf(agent)
            .Where(t => grant.Works(new DeskId(t.Desk), t.Line) && (only is null || t.Desk == only.Value.Value) && (line is null || t.Line == line))
            .ToList();
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await waiting.Oldest(teams, organisation.Now, 1, ct) is not [var ticket])
                return null;
            var command = new AssignTicket(new AgentId(agent.Id), ticket.For(teams)[0].Id);
            var outcome = await desk.Handle(ticket.Id, Operation.TakeNext, command, ticket.Version, who, key, ct);
            if (outcome is not Outcome.Stale)
                return outcome;
        }
        return new Outcome.Refused("too_many_ask", "Others were quicker each time; ask again.");
    }
}
