using System.Collections.Concurrent;

namespace EventDesk.Service.Tickets;

/// <summary>
/// Tickets as this process left them lately. Someone who answers on a version that is at hand here need not be looked up: the append itself makes
/// sure that the stream still stands there, whoever else writes. Only what the append confirms may rest on it; a refusal never does.
/// </summary>
/// <remarks>
/// Two generations: when the younger is full it becomes the older, and the older goes. So what was put in a moment ago is still there, however much
/// comes; a cache that is emptied when full would send everybody to the database in the same moment.
/// </remarks>
/// <param name="capacity">Tickets kept at most, about a kilobyte each.</param>
sealed class RecentTickets(int capacity)
{
    readonly Lock turning = new();
    volatile ConcurrentDictionary<Guid, TicketEntry> young = new();
    volatile ConcurrentDictionary<Guid, TicketEntry> old = new();
    int count;

    public TicketEntry? At(Guid ticket, long version) =>
        (young.TryGetValue(ticket, out var entry) || old.TryGetValue(ticket, out entry)) && entry.Version == version ? entry : null;

    public void Keep(TicketEntry entry)
    {
        var now = young;
        if (!now.TryAdd(entry.Id, entry))
            now[entry.Id] = entry;
        else if (Interlocked.Increment(ref count) > capacity / 2)
            Turn(now);
    }

    void Turn(ConcurrentDictionary<Guid, TicketEntry> full)
    {
        lock (turning)
        {
            if (young != full)
                return;
            (old, young) = (full, new());
            Volatile.Write(ref count, 0);
        }
    }
}
