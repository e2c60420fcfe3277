namespace EventDesk.Service.Views;

/// <summary>
/// Which comments stand in the list of those to review: of each ticket that somebody can act on the oldest, under the ticket's desk. A work list and no figure, so a purge takes its ticket
/// out of it.
/// </summary>
internal static class CommentList
{
    public static bool Waits(TicketCycle c) => c.CommentAt != default && c.ReviewedAt == default;

    /// <summary>Keeps the list as it is after the event, which the facts hold already.</summary>
    public static void Keep(TicketFact f, Step e)
    {
        switch (e.Kind)
        {
            case StepKind.Merged or StepKind.Purged: f.Gone = true; break;
            case StepKind.Unmerged: f.Gone = false; break;
            case StepKind.Feedback or StepKind.FeedbackReviewed or StepKind.Moved: break;
            default: return;
        }
        var listed = f.Gone ? null : f.Cycles.Where(Waits).MinBy(c => c.Cycle);
        foreach (var cycle in f.Cycles)
        {
            var desk = ReferenceEquals(cycle, listed) ? f.Desk : null;
            if (cycle.ReviewDesk == desk) continue;
            cycle.ReviewDesk = desk;
            cycle.Changed = true;
        }
    }
}
