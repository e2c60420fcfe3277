using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;

namespace EventDesk.Service.Reporting;

/// <summary>A comment that nobody has reviewed yet; of several on one ticket the oldest, which a review is about.</summary>
/// <param name="Version">The ticket's, on which it can be reviewed.</param>
/// <param name="Cycle">The resolution it is about.</param>
/// <param name="Since">When it was written.</param>
/// <param name="Rating">The cycle's last one.</param>
/// <param name="Comment">The last one of the cycle; null: it was erased.</param>
public sealed record WaitingComment(Guid Ticket, long Number, long Version, string Desk, int Cycle, DateTimeOffset Since, int Rating, string Scale, string? Comment);

/// <summary>How far comments are reviewed, counted as the report on satisfaction does.</summary>
/// <param name="Comments">Ratings with a comment.</param>
/// <param name="Waiting">Those that can be reviewed: neither the ticket was purged nor does it go on in another.</param>
/// <param name="Categories">The words of the house that were used so far.</param>
public sealed record CommentCoverage(long Comments, long Reviewed, long Waiting, DateTimeOffset? OldestSince, IReadOnlyList<string> Categories)
{
    /// <summary><see cref="Reviewed"/> ÷ <see cref="Comments"/>; null without comments.</summary>
    public double? Share => Reporting.Share.Of(Reviewed, Comments);
}

/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record WaitingComments(IReadOnlyList<WaitingComment> Comments, CommentCoverage Coverage, (DateTimeOffset Since, Guid Ticket)? Next);

/// <summary>The comments that wait to be reviewed, those that wait longest first.</summary>
public sealed class CommentReviews(EventStore store, TicketDesk desk)
{
    /// <param name="after">The last comment of the page before; null: from the oldest.</param>
    /// <returns>Of what the asker may review.</returns>
    public async Task<WaitingComments> Page(Asker who, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        var reach = Policy.Decide(who.Principal, Operation.ReviewFeedback)!.Reach;
        var (coverage, found) = await CommentRows.AtOneMoment(store, reach, after, limit + 1, ct);
        List<WaitingComment> comments = [];
        foreach (var (ticket, cycle, since) in found.Take(limit))
        {
            if (await desk.History(ticket, who, Operation.ReviewFeedback, ct) is not { } history)
                continue;
            // The facts follow: what happened a moment ago is taken into account here already.
            var t = history.Entry.Ticket;
            if (t.Status == Status.Purged || t.MergedInto is not null)
                coverage = coverage with { Waiting = coverage.Waiting - 1 };
            else if (t.CommentsToReview.Contains(cycle))
                comments.Add(Of(history, cycle, since));
            else
                coverage = coverage with { Reviewed = coverage.Reviewed + 1, Waiting = coverage.Waiting - 1 };
        }
        if (after is null)
            coverage = coverage with { OldestSince = comments.Count > 0 ? comments[0].Since : null };
        return new(comments, coverage, found.Count > limit ? (found[limit - 1].Since, found[limit - 1].Ticket) : null);
    }

    static WaitingComment Of(History h, int cycle, DateTimeOffset since)
    {
        var given = h.Events.Where(e => e.Type == "feedback_given").Select(e => (FeedbackGiven)h.Read(e).Event).Where(f => f.Cycle == cycle).ToList();
        var t = h.Entry.Ticket;
        return new(h.Entry.Id, t.Number, h.Entry.Version, t.Desk.Value, cycle, since, given[^1].Rating, given[^1].Scale, given.FindLast(f => f.Comment is not null)?.Comment?.Text);
    }
}
