using System.Collections.Concurrent;

namespace EventDesk.Service.Tickets;

/// <summary>
/// Tickets as this process left them lately. Someone who answers on a version that is at hand here need not be looked up: the append itself makes
/// sure that the stream still stands there, whoever else writes. Only what the append confirms may rest on it; a refusal never does.
/// </summary>
/// <param name="capacity">Tickets kept at most, about a kilobyte each.</param>
sealed class RecentTickets(int capacity)
{
    readonly ConcurrentDictionary<Guid, TicketEntry> kept = new();
    int count;

    public TicketEntry? At(Guid ticket, long version) => kept.TryGetValue(ticket, out var entry) && entry.Version == version ? entry : null;

    public void Keep(TicketEntry entry)
    {
        if (kept.TryAdd(entry.Id, entry))
        {
            if (Interlocked.Increment(ref count) > capacity)
                Clear();
        }
        else
            kept[entry.Id] = entry;
    }

    void Clear()
    {
        kept.Clear();
        Volatile.Write(ref count, 0);
    }
}
