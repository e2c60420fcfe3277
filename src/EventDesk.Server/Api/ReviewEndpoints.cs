using System.ComponentModel;
using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>A comment that waits to be reviewed.</summary>
public sealed record WaitingCommentAnswer
{
    public required Guid Ticket { get; init; }
    public required long Number { get; init; }

    [Description("The ticket's, for the If-Match of the review.")]
    public required long Version { get; init; }

    [Description("product/language")]
    public required string Desk { get; init; }

    [Description("Which of the ticket's resolutions was rated.")]
    public required int Cycle { get; init; }

    [Description("When it was written.")]
    public required DateTimeOffset Since { get; init; }
    public required long AgeSeconds { get; init; }
    public required int Rating { get; init; }

    [Description("How ratings read, such as csat-5: 1 to 5, of which 4 and 5 are positive.")]
    public required string Scale { get; init; }

    [Description("Left out once it was erased.")]
    public string? Comment { get; init; }
}

/// <summary>The comments that wait to be reviewed, and how far all of them are.</summary>
public sealed record WaitingCommentList(
    [property: Description("Those that wait longest first; of several on one ticket the oldest, which a review is about.")] IReadOnlyList<WaitingCommentAnswer> Comments,
    [property: Description("Ratings with a comment.")] long Commented, long Reviewed, [property: Description("How many can be reviewed.")] long Waiting,
    [property: Description("Share of those reviewed; left out without comments.")] double? Coverage,
    [property: Description("Address of the next page, also in the Link header; left out on the last page.")] string? Next);

/// <summary>What customers wrote with their ratings and nobody has read yet.</summary>
public static class ReviewEndpoints
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/feedback-reviews", List).Is(Operation.ReviewFeedback, "listCommentsToReview", "Closing", "List the comments to review",
            "The comments within reach that nobody has reviewed yet, those that wait longest first, and how far all are reviewed. Each is reviewed at its ticket.")
            .WithMetadata(QueryParameter.Limit, QueryParameter.After);

    static async Task<Results<Ok<WaitingCommentList>, Problem>> List(HttpContext http, CommentReviews reviews, TimeProvider clock, CancellationToken ct)
    {
        var query = new Query(http);
        var (limit, position) = (query.Limit(), query.AfterTimeAndId());
        if (query.Problem is { } problem)
            return problem;
        var (page, now) = (await reviews.Page(http.Asker(), position, limit, ct), clock.GetUtcNow());
        return TypedResults.Ok(new WaitingCommentList(
            [.. page.Comments.Select(c => Of(c, now))], page.Coverage.Comments, page.Coverage.Reviewed, page.Coverage.Waiting, page.Coverage.Share,
            page.Next is var (since, ticket) ? Cursor.NextPage(http, Cursor.Of(since, ticket)) : null));
    }

    static WaitingCommentAnswer Of(WaitingComment c, DateTimeOffset now) => new()
    {
        Ticket = c.Ticket, Number = c.Number, Version = c.Version, Desk = c.Desk, Cycle = c.Cycle, Since = c.Since, AgeSeconds = (long)(now - c.Since).TotalSeconds,
        Rating = c.Rating, Scale = c.Scale, Comment = c.Comment,
    };
}
