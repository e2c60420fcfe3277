using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Domain.Privacy;
using EventDesk.Service.People;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Retention;

/// <summary>How many tickets and people something is done to.</summary>
/// <param name="Held">Due, and not done: on legal hold.</param>
/// <param name="Later">Due, and not done: somebody wrote meanwhile; the next run looks again. Always 0 in a preview.</param>
/// <param name="People">Members of staff who are removed.</param>
public sealed record RetentionTotals(long Purged, long Anonymised, long Held, long Later, long People);

/// <summary>A page of what is due, oldest first, and how much there is in all.</summary>
/// <param name="More">There are further ones behind the last.</param>
public sealed record RetentionPreview(IReadOnlyList<DueTicket> Tickets, bool More, RetentionTotals Totals);

/// <summary>Shows what the retention rules say, and does it.</summary>
public sealed class RetentionDesk(RetentionFinder finder, TicketPrivacy privacy, PeopleDesk people, TimeProvider clock)
{
    /// <summary>Tickets under way at once: each takes a place in the writers' batches, and nobody waits for it.</summary>
    const int AtOnce = 8;

    /// <summary>What would be done at an instant if nothing happened until then.</summary>
    /// <param name="after">Where the page before ended; null: from the oldest.</param>
    public async Task<RetentionPreview> Preview(DateTimeOffset at, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        // All that is due is counted, but only one page of it kept.
        var page = new SortedSet<DueTicket>(Order);
        var (purged, anonymised, held) = (0L, 0L, 0L);
        await foreach (var due in finder.Find(at, ct))
        {
            if (due.Due.Held) held++;
            else if (due.Due.Action == RetentionAction.Purge) purged++;
            else anonymised++;
            if (after is { } seen && (due.Due.Since, due.Ticket).CompareTo(seen) <= 0)
                continue;
            page.Add(due);
            if (page.Count > limit + 1)
                page.Remove(page.Max!);
        }
        var totals = new RetentionTotals(purged, anonymised, held, 0, (await finder.FindPeople(at, ct)).Count);
        return new([.. page.Take(limit)], page.Count > limit, totals);
    }

    static readonly Comparer<DueTicket> Order = Comparer<DueTicket>.Create((a, b) => (a.Due.Since, a.Ticket).CompareTo((b.Due.Since, b.Ticket)));

    /// <summary>Does what is due now. Two who do it at once do each thing once.</summary>
    /// <param name="withPeople">Members of staff too.</param>
    public async Task<RetentionTotals> Run(bool withPeople, string? correlation, CancellationToken ct)
    {
        var now = clock.Now();
        var (purged, anonymised, held, later, removed) = (0L, 0L, 0L, 0L, 0L);
        List<Guid> due = [];
        await foreach (var found in finder.Find(now, ct))
            if (found.Due.Held) held++;
            else due.Add(found.Ticket);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (ticket, stop) =>
        {
            switch (await Execute(ticket, now, Asker.System with { CorrelationId = correlation }, stop))
            {
                case RetentionAction.Purge: Interlocked.Increment(ref purged); break;
                case RetentionAction.Anonymise: Interlocked.Increment(ref anonymised); break;
                default: Interlocked.Increment(ref later); break;
            }
        });
        foreach (var (person, rule) in withPeople ? await finder.FindPeople(now, ct) : [])
            if (await people.Handle(person, new Forget(person), null, Actor.System, correlation, ct, rule) is Outcome.Done)
                removed++;
        // One destruction of master keys for all of them: each wraps the keys of a share of the other tickets anew.
        if (purged + anonymised + removed > 0)
            await privacy.ShredAll(ct);
        return new(purged, anonymised, held, later, removed);
    }

    /// <summary>Decides anew on the ticket as it stands, and does it at that version or not at all.</summary>
    /// <returns>What was done; null: nothing, since something else has happened meanwhile.</returns>
    async Task<RetentionAction?> Execute(Guid ticket, DateTimeOffset now, Asker who, CancellationToken ct)
    {
        if (await finder.Decide(ticket, now, ct) is not var (due, version) || due.Held)
            return null;
        var outcome = due.Action == RetentionAction.Purge
            ? await privacy.PurgeOnly(ticket, due.PurgeReason, due.Rule, version, who, null, ct)
            : await privacy.Anonymise(ticket, due.Rule, version, who, ct);
        return outcome is Outcome.Done done && done.Version > version ? due.Action : null;
    }

    /// <summary>Removes a member of staff who asked for it, with all that tells who they were.</summary>
    public async Task<Outcome> Forget(Guid person, Actor by, string? correlation, CancellationToken ct)
    {
        var outcome = await people.Handle(person, new Forget(person), null, by, correlation, ct);
        if (outcome is Outcome.Done)
            await privacy.ShredAll(ct);
        return outcome;
    }
}
