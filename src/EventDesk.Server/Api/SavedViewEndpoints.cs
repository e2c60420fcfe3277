using EventDesk.Domain.Access;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Saved views: a queue with its filters under a name.</summary>
public static class SavedViewEndpoints
{
    const string Tag = "Views";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/views", List).Is(Operation.ReadQueues, "listViews", Tag, "List the saved views",
            "One's own and the shared ones. What a view shows is decided anew for everybody who looks: saving or sharing one opens nothing.");
        api.MapGet("/views/{view}", Read).Is(Operation.ReadQueues, "readView", Tag, "Read a saved view", "One's own, or a shared one; with its version in the ETag.");
        api.MapPut("/views/{view}", Save).Is(Operation.ReadQueues, "saveView", Tag, "Save a view",
            "A new one under an id of the client's own with If-None-Match: *, else a further version with the one that was seen in If-Match. Coordinators and managers share views and change "
            + "shared ones; a personal one is its owner's alone.").WithMetadata(new TakesVersion(OrNew: true));
        api.MapDelete("/views/{view}", Retire).Is(Operation.ReadQueues, "retireView", Tag, "Retire a saved view",
            "It is in no list any more; what it was stays in the log.").WithMetadata(new TakesVersion());
    }

    static async Task<Ok<SavedViewList>> List(HttpContext http, SavedViewDesk views, CancellationToken ct) =>
        TypedResults.Ok(new SavedViewList([.. (await views.Visible(http.Principal(), ct)).Select(v => Answer(v, http.Principal()))]));

    static async Task<Results<Ok<SavedViewAnswer>, Problem>> Read(string view, HttpContext http, SavedViewDesk views, CancellationToken ct)
    {
        if (!Guid.TryParseExact(view, "D", out var id) || await views.Find(id, http.Principal(), ct) is not { } found)
            return NoSuch();
        http.Response.Headers.ETag = ETag.Of(found.Version);
        return TypedResults.Ok(Answer(found, http.Principal()));
    }

    static async Task<Results<Ok<SavedViewAnswer>, Created<SavedViewAnswer>, Problem>> Save(
        string view, Posted<SavedViewRequest> posted, HttpContext http, SavedViewDesk views, CancellationToken ct)
    {
        var headers = http.Request.Headers;
        if (headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
            return Problems.PartVersionRequired();
        var version = 0L;
        if (headers.IfNoneMatch.Count == 0 ? !ETag.TryParse(headers.IfMatch, out version) : headers.IfMatch.Count > 0 || headers.IfNoneMatch != "*")
            return Problems.MalformedETag();
        if (posted.Problem is { } problem)
            return problem;
        if (!Guid.TryParseExact(view, "D", out var id))
            return NoSuch();
        if (ProblemOf(await views.Save(id, posted.Body.Content, version, http.Asker(), ct)) is { } refused)
            return refused;
        var saved = Answer((await views.Find(id, http.Principal(), ct))!, http.Principal());
        http.Response.Headers.ETag = ETag.Of(saved.Version);
        return saved.Version > 1 ? TypedResults.Ok(saved) : TypedResults.Created($"/api/views/{id}", saved);
    }

    static async Task<Results<NoContent, Problem>> Retire(string view, HttpContext http, SavedViewDesk views, CancellationToken ct)
    {
        if (http.Request.Headers.IfMatch.Count == 0)
            return Problems.PartVersionRequired();
        if (!ETag.TryParse(http.Request.Headers.IfMatch, out var version))
            return Problems.MalformedETag();
        if (!Guid.TryParseExact(view, "D", out var id))
            return NoSuch();
        return ProblemOf(await views.Retire(id, version, http.Asker(), ct)) is { } refused ? refused : TypedResults.NoContent();
    }

    /// <summary>Null when it is done.</summary>
    internal static Problem? ProblemOf(Outcome outcome) => outcome switch
    {
        Outcome.Done => null,
        Outcome.NotFound => NoSuch(),
        Outcome.Stale stale => Problems.StalePart(stale.ActualVersion),
        Outcome.Refused refused => Problems.Refused(refused.Code, refused.Reason),
        Outcome.Forbidden forbidden => Problems.Forbidden(forbidden.Reason),
        _ => throw new System.Diagnostics.UnreachableException($"Saving a view does not end as {outcome.GetType().Name}."),
    };

    internal static Problem NoSuch() => Problems.NoSuch("view_not_found", "view");

    static SavedViewAnswer Answer(SavedView v, Principal to) => new(
        v.Id, v.Version, v.Content.Name, v.Content.Shared, v.Owner, v.Content.Queue, v.Content.Desk, v.Content.Line, v.Content.Agent, SavedViewDesk.MayChange(v, to));
}
