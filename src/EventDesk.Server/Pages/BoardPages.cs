using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Assigning;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Controls;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The board on which those who see to the work of others hand tickets over.</summary>
static class BoardPages
{
    internal const int PageSize = 120;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/board", (HttpContext http, BoardLists lists, Viewers viewers, CancellationToken ct) => Show(http, Look(http), null, lists, viewers, StatusCodes.Status200OK, ct))
            .For(Operation.ReturnTickets);
        pages.MapGet("/board/live", IResult (HttpContext http) => BoardLists.Begin(Look(http)) is null ? NoSuchPlace() : new LiveBoard(Look(http))).For(Operation.ReturnTickets);
        pages.MapPost("/board", Give).For(Operation.ReturnTickets);
    }

    static async Task<IResult> Show(HttpContext http, BoardLook look, FormTrouble? trouble, BoardLists lists, Viewers viewers, int status, CancellationToken ct)
    {
        if (BoardLists.Begin(look) is null)
            return NoSuchPlace();
        var screen = await lists.Read(look, http.Principal(), PageSize, ct);
        return PageResults.Of<BoardPage>(viewers.Of(http), nameof(BoardPage.Screen), screen with { Trouble = trouble }, status);
    }

    static Problem NoSuchPlace() => Problems.Invalid([new Fault("after", "invalid_cursor", "It is not a place some page ended at.")]);

    static Task<IResult> Give(HttpContext http, BoardLists lists, TicketDesk desk, OrganisationBook organisation, Viewers viewers, CancellationToken ct) => new TicketForm(
        "give",
        f => f["item"].Split(':', 2) is [var ticket, var version] ? (ticket, version) : ("", ""),
        (f, done) => string.Create(CultureInfo.InvariantCulture, $"{(Look(f.Values) with { Given = $"{done.Number}" }).Address}#t-{done.Number}"),
        (trouble, status) => Show(http, Look(trouble.Values), trouble, lists, viewers, status, ct))
        .Take(http, desk, async (form, to) =>
        {
            // The button of another ticket is another request, and so is another choice on the same page.
            var key = to.Key is null ? null : IdempotencyKey.Of(form.Once!, to.Asker.Principal.Id, $"board {form["to"]}", to.Ticket.ToString(), form.Digest);
            var (operation, asked, command) = Asked(form);
            return TicketForm.Faulty(form, asked) is { } faulty ? faulty
                : asked is MoveRequest move && WorkEndpoints.Unknown(move, organisation.Now) is { } unknown ? unknown
                : await desk.Handle(to.Ticket, operation, command, to.Version, to.Asker, key, ct);
        }, ct);

    static (Operation, IChecked, TicketCommand) Asked(FormFields form)
    {
        if (form["to"] == BoardTarget.Nobody)
            return (Operation.Assign, new UnassignmentRequest(), new UnassignTicket());
        var (kind, name) = BoardTarget.Read(form["to"]) ?? default;
        if (kind == "desk")
        {
            var desk = name.Split('/', 2);
            return (Operation.Move, new MoveRequest { Product = desk[0], Language = desk[^1] }, new MoveTicket(desk[0], desk[^1]));
        }
        if (kind is null)
            form.Faults.Add("to", "required", "Choose one.");
        return (Operation.Assign, new AssignmentRequest { Agent = name ?? "" }, new AssignTicket(new AgentId(name ?? "")));
    }

    static BoardLook Look(HttpContext http) => Look(http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString())) with
    {
        Given = http.Request.Query["given"].ToString() is { Length: > 0 and < 20 } given && given.All(char.IsAsciiDigit) ? given : null,
    };

    static BoardLook Look(IReadOnlyDictionary<string, string> asked)
    {
        return new(Text("desk"), ExactEnum<SupportLine>.TryParse(Text("line") ?? "", out var line) ? line : null, Text("to"), After: Text("after"));

        string? Text(string name) => asked.GetValueOrDefault(name) is { Length: > 0 and < 200 } text ? text : null;
    }
}

/// <summary>Reads who has what.</summary>
public sealed class BoardLists(TicketQueues queues, Roster roster, OrganisationBook organisation)
{
    /// <summary>Where the page that is looked at begins; null: nowhere any page ended.</summary>
    internal static QueuePosition? Begin(BoardLook look) => look.After is { } after ? Cursor.Queue(after) : QueuePosition.Start;

    public async Task<BoardScreen> Read(BoardLook look, Principal asker, int limit, CancellationToken ct)
    {
        var reach = Policy.Decide(asker, Operation.ReturnTickets)!.Reach;
        var page = await queues.Page(new QueueFilter([], look.Desk is null ? null : new DeskId(look.Desk), look.Line), reach, Begin(look)!, limit, ct);
        var rows = page.Rows.ToLookup(r => r.Agent);
        var agents = roster.Within(reach).Where(a => organisation.Now.TeamsOf(a).Any(t => (look.Desk is null || t.Desk == look.Desk) && (look.Line is null || t.Line == look.Line))).ToList();
        var known = roster.Within(reach).Where(a => agents.Contains(a) || rows.Contains(a.Id)).ToList();
        var loads = await roster.Loads(known, ct);
        return new(
            look,
            [
                new BoardLane(null, null, [.. rows[null]]),
                .. known.Select(a => new BoardLane(a.Id, new(loads[a.Id].Open, a.Capacity, loads[a.Id].Away, loads[a.Id].AtWork), [.. rows[a.Id]])).OrderBy(l => l.Agent, StringComparer.Ordinal),
                .. rows.Where(g => g.Key is { } agent && !loads.ContainsKey(agent)).Select(g => new BoardLane(g.Key, null, [.. g])),
            ],
            [.. QueueLists.Desks(organisation, reach).Select(d => d.Value)], page.Next is { } next ? look.Further(Cursor.Of(next)) : null);
    }
}

/// <summary>An open board, whichever of its pages: its lanes whenever they are others. A further page costs what the first does, for the index begins at its place.</summary>
sealed class LiveBoard(BoardLook look) : LiveScreen
{
    (IReadOnlyList<BoardLane> Lanes, string? Further)? shown;

    protected override Task<Func<Spot, bool>?> Concerns(HttpContext http, CancellationToken ct)
    {
        // The load of an agent is of all desks, whatever the board is narrowed to.
        var reach = Policy.Decide(http.Principal(), Operation.ReturnTickets)!.Reach;
        return Task.FromResult<Func<Spot, bool>?>(spot => reach.Desks is null || reach.Desks.Contains(spot.Desk));
    }

    protected override async Task<IReadOnlyList<(string Name, string Html)>> News(HttpContext http, CancellationToken ct)
    {
        var screen = await http.RequestServices.GetRequiredService<BoardLists>().Read(look, http.Principal(), BoardPages.PageSize, ct);
        var (lanes, further) = (screen.Lanes, screen.Further);
        if (shown is var (before, where) && where == further && before.Count == lanes.Count
            && before.Zip(lanes).All(p => p.First.Agent == p.Second.Agent && p.First.Load == p.Second.Load && p.First.Rows.SequenceEqual(p.Second.Rows)))
            return [];
        shown = (lanes, further);
        var viewer = http.RequestServices.GetRequiredService<Viewers>().Of(http);
        return [("part", await Html<Lanes>(http, (nameof(Lanes.V), viewer), (nameof(Lanes.Of), lanes), (nameof(Lanes.Further), further)))];
    }
}
