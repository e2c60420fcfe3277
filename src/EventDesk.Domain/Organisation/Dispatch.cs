namespace EventDesk.Domain.Organisation;

/// <summary>Who is given which of the waiting tickets, where a team assigns by itself.</summary>
public static class Dispatch
{
    /// <param name="Ticket">A ticket that waits.</param>
    /// <param name="Teams">Those it may go to.</param>
    public sealed record Waiting<T>(T Ticket, IReadOnlyList<string> Teams);

    /// <param name="Teams">Those the agent works in.</param>
    /// <param name="Free">How many more tickets the agent takes.</param>
    public sealed record Hand(string Agent, IReadOnlyList<string> Teams, int Free);

    public sealed record Given<T>(T Ticket, string Agent, string Team);

    /// <summary>
    /// The oldest ticket goes first, to the agent of one of its teams with the most room; of equals to the first by handle. Nobody is given more than
    /// there is room for, and a ticket whose agents are all full holds up none of another team.
    /// </summary>
    /// <param name="waiting">In the queue's order.</param>
    public static IReadOnlyList<Given<T>> Plan<T>(IEnumerable<Waiting<T>> waiting, IEnumerable<Hand> present)
    {
        var hands = present.Where(h => h.Free > 0).OrderBy(h => h.Agent, StringComparer.Ordinal).ToList();
        List<Given<T>> given = [];
        foreach (var ticket in waiting)
        {
            if (hands.Where(h => h.Free > 0 && h.Teams.Any(ticket.Teams.Contains)).MaxBy(h => h.Free) is not { } hand)
                continue;
            given.Add(new(ticket.Ticket, hand.Agent, hand.Teams.First(ticket.Teams.Contains)));
            hands[hands.IndexOf(hand)] = hand with { Free = hand.Free - 1 };
        }
        return given;
    }
}
