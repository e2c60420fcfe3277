using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The board of what coordinators send to a line.</summary>
static class TriagePages
{
    const int PageSize = 60;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/triage", Show).For(Operation.Triage);
        pages.MapPost("/triage", Send).For(Operation.Triage);
    }

    static async Task<IResult> Show(HttpContext http, TicketQueues queues, OrganisationBook organisation, Viewers viewers, CancellationToken ct) =>
        await Board(http, Text(http.Request.Query["desk"]), null, queues, organisation, viewers, StatusCodes.Status200OK, ct);

    static async Task<IResult> Board(
        HttpContext http, string? desk, FormTrouble? trouble, TicketQueues queues, OrganisationBook organisation, Viewers viewers, int status, CancellationToken ct)
    {
        var reach = Policy.Decide(http.Principal(), Operation.Triage)!.Reach;
        var after = Cursor.Queue(http.Request.Query["after"].ToString()) ?? QueuePosition.Start;
        var page = await queues.Page(new QueueFilter([Place.Triage], desk is null ? null : new DeskId(desk)), reach, after, PageSize, ct);
        var counts = (await queues.Counts(reach, ct)).Where(c => c.Place == Place.Triage).GroupBy(c => c.Desk.Value).ToDictionary(g => g.Key, g => g.Sum(c => c.Count));
        var further = page.Next is { } next ? "/triage" + QueryString.Create(new Dictionary<string, string?> { ["desk"] = desk ?? "", ["after"] = Cursor.Of(next) }) : null;
        return PageResults.Of<TriagePage>(
            viewers.Of(http), nameof(TriagePage.Screen), new TriageScreen(desk, page.Rows, counts, Teams(organisation, reach), further, trouble), status);
    }

    /// <summary>Of each desk within reach.</summary>
    static Dictionary<string, IReadOnlyList<string>> Teams(OrganisationBook organisation, Reach reach) => organisation.Now.Desks
        .Where(d => !d.Retired && (reach.Desks is null || reach.Desks.Contains(d.Id)))
        .ToDictionary(d => d.Id.Value, d => (IReadOnlyList<string>)[.. (organisation.Now.Teams ?? []).Where(t => !t.Retired && t.Desk == d.Id.Value).Select(t => t.Id)]);

    /// <summary>Back to the board, where the next one stands; what was not taken is said there.</summary>
    static Task<IResult> Send(HttpContext http, TicketDesk tickets, TicketQueues queues, OrganisationBook organisation, Viewers viewers, CancellationToken ct) => new TicketForm(
        "triage",
        f => (f["ticket"], f["version"]),
        (f, _) => "/triage" + (f.Text("desk") is { } desk ? QueryString.Create("desk", desk) : ""),
        (trouble, status) => Board(http, trouble.Values.GetValueOrDefault("desk") is { Length: > 0 } desk ? desk : null, trouble, queues, organisation, viewers, status, ct))
        .Take(http, tickets, async (form, to) =>
        {
            var asked = new TriageRequest { Line = form.OneOf<SupportLine>("line"), Team = form.Text("team") };
            return TicketForm.Faulty(form, asked) is { } faulty ? faulty : await tickets.Handle(to.Ticket, Operation.Triage, new TriageTicket(asked.Line, asked.Team), to.Version, to.Asker, to.Key, ct);
        }, ct);

    static string? Text(Microsoft.Extensions.Primitives.StringValues given) => given.ToString() is { Length: > 0 and < 200 } text ? text : null;
}
