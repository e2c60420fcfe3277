using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Assigning;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The lists of what there is to do.</summary>
static class QueuePages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/queues", () => PageResults.SeeOther("/queues/open")).For(Operation.ReadQueues);
        pages.MapGet("/queues/{queue}", Show).For(Operation.ReadQueues);
        pages.MapGet("/queues/{queue}/live", IResult (string queue, HttpContext http) =>
            Stretch(http, out var stretch) is { } problem ? problem : new LiveQueue(Look(queue, http), stretch)).For(Operation.ReadQueues);
        pages.MapPost("/queues/next", TakeNext).For(Operation.TakeNext);
    }

    static async Task<IResult> Show(string queue, HttpContext http, QueueLists lists, Viewers viewers, CancellationToken ct)
    {
        if (Look(queue, http) is not { } look)
            return Problems.NoSuch("queue_not_found", "queue");
        if (Stretch(http, out var stretch) is { } problem)
            return problem;
        var screen = await lists.Read(look, stretch, http.Principal(), ct);
        GoOn.Keep(http, look);
        var refused = http.Request.Query["refused"].ToString() is { Length: > 0 } code ? code : null;
        return PageResults.Of<Web.Pages.QueuePage>(viewers.Of(http), nameof(Web.Pages.QueuePage.Screen), screen with { NotTaken = refused });
    }

    /// <summary>The oldest ticket that waits for somebody like the asker, and to its page; where there is none for them, their own queue says why.</summary>
    static async Task<IResult> TakeNext(HttpContext http, NextTicket next, CancellationToken ct) =>
        PageResults.SeeOther(await next.For(http.Asker(), null, null, null, ct) switch
        {
            Outcome.Done done => string.Create(CultureInfo.InvariantCulture, $"/tickets/{done.Number}"),
            Outcome.Refused refused => NotTaken(refused.Code),
            null => NotTaken("none_waits"),
            _ => NotTaken("other"),
        });

    static string NotTaken(string code) => "/queues/mine" + QueryString.Create("refused", code);

    /// <summary>How the address says that it is looked at; null when there is no such queue.</summary>
    static QueueLook? Look(string queue, HttpContext http) => Look(queue, http.Request.Query);

    internal static QueueLook? Look(string queue, IQueryCollection asked)
    {
        return QueueLook.Queues.Contains(queue) ? new QueueLook(queue, Text("desk"), ExactEnum<SupportLine>.TryParse(Text("line") ?? "", out var line) ? line : null, Text("agent")) : null;

        string? Text(string name) => asked[name].ToString() is { Length: > 0 and < 200 } text ? text : null;
    }

    /// <summary>Which of its tickets the address asks for; what is wrong with it otherwise.</summary>
    static Problem? Stretch(HttpContext http, out QueueStretch stretch)
    {
        stretch = new();
        if (http.Request.Query["after"].ToString() is { Length: > 0 } after)
        {
            if (Cursor.Queue(after) is null)
                return Problems.Invalid([new Fault("after", "invalid_cursor", "It is not a place some page ended at.")]);
            stretch = stretch with { After = after };
        }
        if (http.Request.Query["rows"].ToString() is { Length: > 0 } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows is < 1 or > QueueStretch.Most)
                return Problems.Invalid([new Fault("rows", "out_of_range", $"It is a whole number from 1 to {QueueStretch.Most}.")]);
            stretch = stretch with { Rows = rows };
        }
        return null;
    }
}

/// <summary>Reads a queue or a list of clocks, with the counts of all of them.</summary>
public sealed class QueueLists(TicketQueues queues, TicketClocks clocks, OrganisationBook organisation, SavedViewDesk saved, AgentChoices agents)
{
    public async Task<QueueScreen> Read(QueueLook look, QueueStretch stretch, Principal asker, CancellationToken ct)
    {
        var reach = Policy.Decide(asker, Operation.ReadQueues)!.Reach;
        var page = await Page(look, asker, reach, stretch.After is { } after ? Cursor.Queue(after)! : QueuePosition.Start, stretch.Rows, ct);
        var further = page.Next is { } next ? look.Further(Cursor.Of(next)) : null;
        var placed = await queues.Counts(reach, ct);
        var counts = await Counts(placed, asker, reach, ct);
        var views = await saved.Visible(asker, ct);
        return new(
            look, stretch, page, counts, further, Desks(organisation, reach), agents.Within(reach), reach, [.. views.Select(v => new ViewLink(v, SavedViewDesk.MayChange(v, asker), CountOf(v.Content, placed, counts)))]);
    }

    /// <summary>The first ticket of a queue that is not this one; null: there is no other.</summary>
    public async Task<QueueRow?> Next(QueueLook look, Guid ticket, Principal asker, CancellationToken ct)
    {
        var page = await Page(look, asker, Policy.Decide(asker, Operation.ReadQueues)!.Reach, QueuePosition.Start, 2, ct);
        return page.Rows.FirstOrDefault(r => r.Id != ticket);
    }

    async Task<QueuePage> Page(QueueLook look, Principal asker, Reach reach, QueuePosition after, int limit, CancellationToken ct)
    {
        var (desk, agent) = (look.Desk is null ? (DeskId?)null : new DeskId(look.Desk), look.Agent is null ? (AgentId?)null : new AgentId(look.Agent));
        if (StateOf(look.Queue) is { } state)
            return await clocks.Page(new ClockFilter(state, desk, look.Line, agent), reach, after, limit, ct);
        IReadOnlyList<Place> places = Enum.TryParse<Place>(look.Queue, ignoreCase: true, out var place) ? [place] : [];
        var whose = look.Queue == "mine" ? new AgentId(asker.Id) : agent;
        return await queues.Page(new QueueFilter(places, desk, look.Line, whose, look.Queue == "callbacks"), reach, after, limit, ct);
    }

    /// <summary>Exact, or none: a view of one agent, or of some of the clocks, is not counted.</summary>
    static long? CountOf(ViewContent view, IReadOnlyList<QueueCount> placed, Dictionary<string, long> counts)
    {
        if (view is { Desk: null, Line: null, Agent: null })
            return counts.TryGetValue(view.Queue, out var all) ? all : null;
        var isPlace = Enum.TryParse<Place>(view.Queue, ignoreCase: true, out var place);
        return view.Agent is not null || !isPlace && view.Queue != "open"
            ? null
            : placed.Where(c => (view.Desk is null || c.Desk.Value == view.Desk) && (view.Line is null || c.Line == view.Line) && (!isPlace || c.Place == place)).Sum(c => c.Count);
    }

    async Task<Dictionary<string, long>> Counts(IReadOnlyList<QueueCount> placed, Principal asker, Reach reach, CancellationToken ct)
    {
        var (mine, callbacks) = await queues.FurtherCounts(new AgentId(asker.Id), reach, ct);
        var (timed, _) = await clocks.Counts(reach, ct);
        var counts = Enum.GetValues<Place>().ToDictionary(p => p.ToString().ToLowerInvariant(), p => placed.Where(c => c.Place == p).Sum(c => c.Count));
        (counts["open"], counts["mine"], counts["callbacks"]) = (placed.Sum(c => c.Count), mine, callbacks);
        foreach (var (state, n) in timed)
            counts[NameOf(state)] = n;
        return counts;
    }

    /// <summary>Within reach, those that take tickets.</summary>
    internal static List<DeskId> Desks(OrganisationBook organisation, Reach reach) =>
        [.. organisation.Now.Desks.Where(d => !d.Retired).Select(d => DeskId.Of(d.Product, d.Language)).Where(d => reach.Desks is null || reach.Desks.Contains(d))];

    static string NameOf(ClockState state) => state == ClockState.AtRisk ? "at-risk" : state.ToString().ToLowerInvariant();

    static ClockState? StateOf(string queue) => Enum.GetValues<ClockState>().Where(s => s != ClockState.Running && NameOf(s) == queue).Cast<ClockState?>().FirstOrDefault();
}
