using System.Diagnostics;

namespace EventDesk.Store;

/// <summary>The spans of this process's last commits, by the events they stored: whoever follows the log links to them, so that a trace leads from the request to what it changed.</summary>
sealed class RecentCommits
{
    const int Kept = 256;

    readonly Lock gate = new();
    readonly Queue<(long First, long Last, ActivityContext Span)> commits = new(Kept);

    public void Keep(long first, long last, ActivityContext span)
    {
        lock (gate)
        {
            if (commits.Count == Kept)
                commits.Dequeue();
            commits.Enqueue((first, last, span));
        }
    }

    /// <summary>Those that stored an event of these numbers; what other processes stored is not among them.</summary>
    public IReadOnlyList<ActivityLink> Of(long first, long last)
    {
        lock (gate)
            return [.. commits.Where(c => c.First <= last && c.Last >= first).Select(c => new ActivityLink(c.Span))];
    }
}
