using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>What joins a ticket to another one: merges and links.</summary>
public static class PairEndpoints
{
    const string Tag = "Pairs";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/merges", Merge).Is(Operation.Merge, "merge", Tag, "Merge a ticket into another",
            "The ticket is closed and goes on in the other one, an open ticket of the same customer. No message is copied: the other ticket shows them, and what the "
            + "customer writes to this one from then on is kept there; the answer names it. The version is that of the ticket that is merged.");
        api.MapDelete("/tickets/{ticket}/merges", Unmerge).Is(Operation.Merge, "unmerge", Tag, "Take a merge back",
            "The ticket is open again, in its line and with its agent. What was written to the other ticket meanwhile stays there.");
        api.MapPost("/tickets/{ticket}/links", Link).Is(Operation.Link, "linkTicket", Tag, "Link two tickets",
            "Both say so: what duplicates one is duplicated by the other, what is caused by one causes the other.");
        api.MapDelete("/tickets/{ticket}/links", Unlink).Is(Operation.Link, "unlinkTicket", Tag, "Take a link back",
            "On both sides; the link stands in the body as it was made, or as it reads from this ticket.");
    }

    static Task<Results<Changed, Problem>> Merge(Command<MergeRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, (m, to) => Pairs.Handle(desk, to, Operation.Merge, m.Into, id => new MergeTicket(id), ct), ct);

    static Task<Results<Changed, Problem>> Unmerge(Command<EmptyRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, _ => new UnmergeTicket(), ct);

    static Task<Results<Changed, Problem>> Link(Command<LinkRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, (l, to) => Pairs.Handle(desk, to, Operation.Link, l.Other, id => new LinkTicket(id, l.Kind), ct), ct);

    static Task<Results<Changed, Problem>> Unlink(Command<LinkRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, (l, to) => Pairs.Handle(desk, to, Operation.Link, l.Other, id => new UnlinkTicket(id, l.Kind), ct), ct);
}

/// <summary>Commands that name a second ticket as people do.</summary>
static class Pairs
{
    /// <param name="other">Its id, or its number with or without #.</param>
    public static async Task<Outcome> Handle(
        TicketDesk desk, Addressed to, Operation operation, string other, Func<TicketId, TicketCommand> command, CancellationToken ct) =>
        await desk.Resolve(other.Trim(), ct) is { } id
            ? await desk.Handle(to.Ticket, operation, command(new TicketId(id)), to.Version, to.Asker, to.Key, ct)
            : new Outcome.Refused("no_such_other_ticket", "There is no such other ticket within your reach.");
}
