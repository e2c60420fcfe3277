using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Tickets;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The forms by which a queue is saved under a name. What is not taken comes back with the queue, the reason and what was typed.</summary>
static class SavedViewPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapPost("/views", (HttpContext http, SavedViewDesk views, QueueLists lists, Viewers viewers, CancellationToken ct) => Save(null, http, views, lists, viewers, ct))
            .For(Operation.ReadQueues);
        pages.MapPost("/views/{view}", (string view, HttpContext http, SavedViewDesk views, QueueLists lists, Viewers viewers, CancellationToken ct) => Save(view, http, views, lists, viewers, ct))
            .For(Operation.ReadQueues);
        pages.MapPost("/views/{view}/retire", Retire).For(Operation.ReadQueues);
    }

    /// <param name="view">Null: a new one, under the id that the form was made with.</param>
    static async Task<IResult> Save(string? view, HttpContext http, SavedViewDesk views, QueueLists lists, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || !Guid.TryParse(view ?? form["id"], out var id) || !Version(form, out var version) || version == 0 != view is null)
            return Problems.MalformedRequest("It is no form of ours.");
        var request = new SavedViewRequest
        {
            Name = form["name"], Shared = form["shared"] == "yes", Queue = form["queue"], Desk = form.Text("desk"), Agent = form.Text("agent"),
            Line = Enum.TryParse<SupportLine>(form["line"], out var line) ? line : null,
        };
        request.Check(form.Faults);
        var look = new QueueLook(request.Queue, request.Desk, request.Line, request.Agent);
        if (form.Faults.Found.FirstOrDefault(f => f.Field != "/name") is not null)
            return Problems.Invalid(form.Faults.Found);
        if (form.Faults.Found is [var fault, ..])
            return await Again(fault.Code, fault.Detail, StatusCodes.Status409Conflict);
        return await views.Save(id, request.Content, version, http.Asker(), ct) switch
        {
            // A new one that is there already is this form, sent twice.
            Outcome.Done or Outcome.Stale when version == 0 => PageResults.SeeOther(look.Address),
            Outcome.Done => PageResults.SeeOther(look.Address),
            Outcome.Stale => await Again("stale_view", "It was changed meanwhile: look at it as it is now.", StatusCodes.Status412PreconditionFailed),
            Outcome.Refused refused => await Again(refused.Code, refused.Reason, StatusCodes.Status409Conflict),
            var other => SavedViewEndpoints.ProblemOf(other)!,
        };

        async Task<IResult> Again(string code, string reason, int status)
        {
            var screen = await lists.Read(look, new QueueStretch(), http.Principal(), ct);
            return PageResults.Of<Web.Pages.QueuePage>(
                viewers.Of(http), nameof(Web.Pages.QueuePage.Screen), screen with { Trouble = new(code, reason, request.Name, request.Shared) }, status);
        }
    }

    static async Task<IResult> Retire(string view, HttpContext http, SavedViewDesk views, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || !Version(form, out var version))
            return Problems.MalformedRequest("It is no form of ours.");
        if (!Guid.TryParse(view, out var id))
            return SavedViewEndpoints.NoSuch();
        return SavedViewEndpoints.ProblemOf(await views.Retire(id, version, http.Asker(), ct)) is { } problem
            ? problem
            : PageResults.SeeOther(QueueLook.Queues.Contains(form["queue"]) ? $"/queues/{form["queue"]}" : "/queues");
    }

    static bool Version(FormFields form, out long version) => long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out version);
}
