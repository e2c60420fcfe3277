using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class FeedbackTests
{
    static readonly FeedbackGiven Rated = new(1, 4, "csat-5");
    static readonly TicketReopened Reopened = new(ReopenCause.Agent);

    [Theory]
    [InlineData(1), InlineData(5)]
    public void E1_a_resolution_is_rated_from_1_to_5(int rating) =>
        Given(Opened, Resolved).By(Customer).When(new GiveFeedback(rating, "thanks")).ThenEvents(new FeedbackGiven(1, rating, "csat-5", "thanks"));

    [Theory]
    [InlineData(0), InlineData(6), InlineData(-1)]
    public void E1_other_ratings_are_rejected(int rating) => Given(Opened, Resolved).When(new GiveFeedback(rating)).ThenRefused("rating_out_of_scale");

    [Fact]
    public void E1_an_open_ticket_is_not_rated() => Given(Opened, Resolved, Reopened).When(new GiveFeedback(4)).ThenRefused("ticket_not_resolved");

    [Fact]
    public void E1_a_closed_ticket_can_be_rated() => Given(Opened, Resolved, new TicketClosed(CloseCause.CustomerAcknowledged)).When(new GiveFeedback(4)).ThenEvents(Rated);

    [Fact]
    public void E1_the_same_value_again_is_kept_as_an_event() => Given(Opened, Resolved, Rated).When(new GiveFeedback(4)).ThenEvents(Rated);

    [Fact]
    public void E1_a_rating_changes_for_14_days_from_the_first_one() =>
        Given(Opened, Resolved).At(Morning).And(Rated).After(TimeSpan.FromDays(10)).And(Rated with { Rating = 1 })
            .At(Morning.AddDays(14)).When(new GiveFeedback(5)).ThenEvents(Rated with { Rating = 5 });

    [Fact]
    public void E1_after_14_days_the_rating_is_final() =>
        Given(Opened, Resolved).At(Morning).And(Rated).After(TimeSpan.FromDays(10)).And(Rated with { Rating = 1 })
            .At(Morning.AddDays(14).AddTicks(10)).When(new GiveFeedback(5)).ThenRefused("rating_final");

    [Fact]
    public void E1_a_new_resolution_is_a_new_survey() =>
        Given(Opened, Resolved, Rated).After(TimeSpan.FromDays(30)).And(Reopened, Resolved with { Cycle = 2 })
            .When(new GiveFeedback(2)).ThenEvents(new FeedbackGiven(2, 2, "csat-5"));

    [Fact]
    public void E2_a_comment_is_reviewed_once()
    {
        var reviewed = Given(Opened, Resolved, Rated with { Comment = "slow" }).When(new ReviewFeedback("speed", "talked to the team"))
            .ThenEvents(new FeedbackReviewed(1, "speed", "talked to the team"));
        reviewed.When(new ReviewFeedback("speed")).ThenRefused("nothing_to_review");
    }

    [Fact]
    public void E2_a_rating_without_a_comment_needs_no_review() => Given(Opened, Resolved, Rated).When(new ReviewFeedback("speed")).ThenRefused("nothing_to_review");

    [Fact]
    public void E2_every_comment_is_reviewed_under_its_own_cycle() =>
        Given(Opened, Resolved, Rated with { Comment = "slow" }, Reopened, Resolved with { Cycle = 2 }, new FeedbackGiven(2, 1, "csat-5", "worse"))
            .When(new ReviewFeedback("speed")).ThenEvents(new FeedbackReviewed(1, "speed"))
            .When(new ReviewFeedback("speed")).ThenEvents(new FeedbackReviewed(2, "speed"))
            .When(new ReviewFeedback("speed")).ThenRefused("nothing_to_review");
}
