using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The work list of the comments nobody has reviewed yet, and the form that reviews one: the API's requests, by their rules.</summary>
static class ReviewPages
{
    const string Address = "/reports/comments";
    const int PageSize = 25;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Address, (HttpContext http, CommentReviews reviews, Viewers viewers, CancellationToken ct) => List(http, reviews, viewers, null, StatusCodes.Status200OK, ct))
            .For(Operation.ReviewFeedback);
        pages.MapPost(Address, Review).For(Operation.ReviewFeedback);
    }

    static async Task<IResult> List(HttpContext http, CommentReviews reviews, Viewers viewers, FormTrouble? trouble, int status, CancellationToken ct)
    {
        var asked = http.Request.Query;
        var after = asked["after"].ToString();
        var position = after.Length > 0 ? Cursor.TimeAndId(after) : null;
        if (after.Length > 0 && position is null)
            return Problems.Invalid([new Fault("after", "invalid_cursor", "It is not a place some page ended at.")]);
        var page = await reviews.Page(http.Asker(), position, PageSize, ct);
        var further = page.Next is var (since, ticket) ? Address + QueryString.Create("after", Cursor.Of(since, ticket)) : null;
        long? done = long.TryParse(asked["reviewed"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return PageResults.Of<ReviewPage>(viewers.Of(http), nameof(ReviewPage.Screen), new ReviewScreen(page.Comments, page.Coverage, further, done, trouble), status);
    }

    /// <summary>Back to the list, where the next one stands; what was not taken is said there.</summary>
    static Task<IResult> Review(HttpContext http, TicketDesk desk, CommentReviews reviews, Viewers viewers, CancellationToken ct) => new TicketForm(
        "feedback-review",
        f => (f["ticket"], f["version"]),
        (_, done) => string.Create(CultureInfo.InvariantCulture, $"{Address}?reviewed={done.Number}"),
        (trouble, status) => List(http, reviews, viewers, trouble, status, ct))
        .Take(http, desk, async (form, to) =>
        {
            var asked = new FeedbackReviewRequest { Category = form["category"].Trim(), Action = form.Text("reason") };
            return TicketForm.Faulty(form, asked) is { } faulty ? faulty
                : await desk.Handle(to.Ticket, Operation.ReviewFeedback, new ReviewFeedback(asked.Category, asked.Action.Sealed()), to.Version, to.Asker, to.Key, ct);
        }, ct);
}
