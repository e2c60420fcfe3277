namespace EventDesk.Domain.Tickets;

/// <summary>The customer rates the resolution. One survey per resolution; the last value counts, all are kept.</summary>
/// <param name="Rating">1 (worst) to 5 (best) on the scale <c>csat-5</c>.</param>
public sealed record GiveFeedback(int Rating, SealedText? Comment = null) : TicketCommand
{
    public const string Scale = "csat-5";

    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        _ when Rating is < 1 or > 5 => Decision.Refuse("rating_out_of_scale", "A rating is a whole number from 1 to 5."),
        { Status: Status.Open } => Decision.Refuse("ticket_not_resolved", "Only a resolved ticket can be rated."),
        _ when c.Now - t.RatedAt > c.Rules.RatingWindow =>
            Decision.Refuse("rating_final", $"A rating can be changed for {c.Rules.RatingWindow.TotalDays:0.##} days."),
        _ => new FeedbackGiven(t.Cycle, Rating, Scale, Comment),
    };
}

/// <summary>Someone read the customer's comment and says what follows from it; of several, the oldest comes first.</summary>
public sealed record ReviewFeedback(string Category, SealedText? Action = null) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t.CommentsToReview is [var cycle, ..]
        ? new FeedbackReviewed(cycle, Category, Action)
        : Decision.Refuse("nothing_to_review", "There is no unreviewed comment on this ticket.");
}
