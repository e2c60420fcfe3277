using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Store;

namespace EventDesk.Service.Tickets;

public sealed partial class TicketDesk
{
    /// <summary>A ticket of two, and what was decided on it.</summary>
    sealed record Side(Loaded Loaded, IReadOnlyList<Decided> Events);

    /// <summary>Decides on the other ticket too and stores both sides in one step: of two merges that would meet, exactly one is stored.</summary>
    async Task<Outcome> HandleBoth(
        Side own, PairCommand command, TicketId other, DateTimeOffset now, Asking asked, SupportLine? actingAs, CancellationToken ct)
    {
        var (entry, by) = (own.Loaded.Entry, new By(asked.Who, asked.Grant, actingAs));
        if (other.Value == entry.Id)
            return new Outcome.Refused("same_ticket", "That is the ticket itself; name another one.");
        var (loaded, _) = await Load(other.Value, null, ct);
        if (loaded is null || (command.NeedsOther && !by.Grant.Reach.Covers(loaded.Entry.Scope)))
            return command.NeedsOther
                ? new Outcome.Refused("no_such_other_ticket", "There is no such other ticket within your reach.")
                : await Ended(own, null, now, by, asked, ct);
        if (command is MergeTicket && loaded.Entry.Ticket.MergedInto is { } further)
            return new Outcome.Refused(
                "target_merged", $"#{loaded.Entry.Ticket.Number} was itself merged, into #{await LastOf(further, ct)}: merge into that one.");
        var there = command.OnOther(new TicketId(entry.Id), entry.Ticket);
        return there.Handle(loaded.Entry.Ticket, await CircumstancesOf(there, loaded.Entry.Ticket.Product, now, by.Who, by.Grant, ct)) switch
        {
            Decision.Refused refused when command.NeedsOther => new Outcome.Refused(refused.Code, refused.Reason),
            Decision.Accepted accepted => await Ended(own, new Side(loaded, accepted.Events), now, by, asked, ct),
            _ => await Ended(own, null, now, by, asked, ct),
        };
    }

    async Task<Outcome> Ended(Side own, Side? other, DateTimeOffset now, By by, Asking asked, CancellationToken ct)
    {
        var entry = own.Loaded.Entry;
        if (asked.Foreseen)
            return new Outcome.Done(entry.Id, entry.Ticket.Number, entry.Version);
        var there = other is null ? null : Prepare(new Draft(other.Loaded.Entry, other.Loaded.Key, null), other.Events, now, by with { ActingAs = null }, null, null);
        var here = Prepare(new Draft(entry, own.Loaded.Key, null), own.Events, now, by, asked.Key, null, there?.Append);
        switch (await store.Append(here.Append, ct))
        {
            case AppendResult.Appended a:
                Keep(here);
                if (there is not null)
                    Keep(there);
                return new Outcome.Done(entry.Id, entry.Ticket.Number, a.Version);
            case AppendResult.Repeated r:
                return Replies.Repeat(r.Request, r.Reply, asked.Key);
            // Nobody was asked which version of the other ticket they had seen: it is decided anew on what it is now.
            case AppendResult.Conflict { OfOther: true }:
                return new Outcome.Stale(entry.Version, [], Outdated: false);
            case AppendResult.Conflict c:
                return await StaleSince(entry.Id, entry.Version, c.ActualVersion, by.Grant, ct);
            case var unknown:
                throw new InvalidOperationException($"Unknown end of an append: {unknown}.");
        }
    }

    /// <summary>The number of the ticket that a chain of merges ends in.</summary>
    async Task<long> LastOf(TicketId ticket, CancellationToken ct)
    {
        while (true)
        {
            var (loaded, _) = await Load(ticket.Value, null, ct);
            if (loaded?.Entry.Ticket.MergedInto is not { } further)
                return loaded?.Entry.Ticket.Number ?? 0;
            ticket = further;
        }
    }
}
