using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Bulk;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The same done to many tickets: chosen in a list, looked at, then done. What is chosen stands in the address.</summary>
static class BulkPages
{
    /// <summary>Fields of the forms that are no content of an action.</summary>
    static readonly string[] Own = ["t", "item", "action"];

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/bulk", Look).For(Operation.Bulk);
        pages.MapPost("/bulk", Run).For(Operation.Bulk);
    }

    static async Task<IResult> Look(HttpContext http, TicketDesk desk, BulkDesk bulk, AgentChoices agents, Viewers viewers, CancellationToken ct)
    {
        var form = FormFields.OfAddress(http);
        string[] tickets = [.. form.Words("t").Distinct().Take(BulkDesk.MostItems)];
        var screen = new BulkScreen(tickets, form.Text("action"), Fields(form))
        {
            Agents = Policy.Decide(http.Principal(), Operation.Assign) is { } grant ? agents.Within(grant.Reach, self: http.Principal().Id) : [],
        };
        if (screen.Action is not null && tickets.Length > 0)
            screen = await Chosen(form, desk, ct) switch
            {
                (null, var trouble) => screen with { Trouble = trouble },
                ({ } action, _) => screen with { Items = await bulk.Preview([.. (await bulk.Resolve(tickets, ct)).OfType<Guid>()], action, http.Asker(), ct) },
            };
        return Page(http, viewers, screen);
    }

    static async Task<IResult> Run(HttpContext http, TicketDesk desk, BulkDesk bulk, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || Items(form) is not { Count: > 0 and <= BulkDesk.MostItems } items)
            return Problems.MalformedRequest("It is no form of ours.");
        var asker = http.Asker();
        var screen = new BulkScreen([], form.Text("action"), Fields(form), Done: true);
        var (action, trouble) = await Chosen(form, desk, ct);
        if (action is null)
            return Page(http, viewers, screen with { Trouble = trouble }, StatusCodes.Status409Conflict);
        return Page(http, viewers, screen with
        {
            Items = await bulk.Run(
                items, action, asker,
                ticket => form.Once is { } once ? IdempotencyKey.Of(once, asker.Principal.Id, http.Operation().ToString(), ticket.ToString(), form.Digest) : null, ct),
        });
    }

    static Page<BulkPage> Page(HttpContext http, Viewers viewers, BulkScreen screen, int status = StatusCodes.Status200OK) =>
        PageResults.Of<BulkPage>(viewers.Of(http), nameof(BulkPage.Screen), screen, status);

    static Dictionary<string, string> Fields(FormFields form) => form.Values.Where(v => !Own.Contains(v.Key)).ToDictionary(v => v.Key, v => v.Value);

    /// <summary>Ticket and version of each, as the preview wrote them; null when one is not as it wrote them.</summary>
    static Dictionary<Guid, long>? Items(FormFields form)
    {
        Dictionary<Guid, long> items = [];
        foreach (var word in form.Words("item"))
            if (word.Split(':') is [var id, var at] && Guid.TryParseExact(id, "D", out var ticket)
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
                items[ticket] = version;
            else
                return null;
        return items;
    }

    /// <summary>The action as the API takes it, checked by its rules.</summary>
    static async Task<(BulkAction? Action, (string Code, string Reason)? Trouble)> Chosen(FormFields form, TicketDesk desk, CancellationToken ct)
    {
        var faults = form.Faults;
        var asked = Request(form);
        asked.Check(faults);
        if (faults.Found is [var fault, ..])
            return (null, (fault.Code, $"{fault.Field.Split('/')[^1]}: {fault.Detail}"));
        return await BulkActions.Of(asked, desk, ct) is { } action ? (action, null) : (null, (BulkActions.NoTarget.Code, BulkActions.NoTarget.Title));
    }

    static BulkActionRequest Request(FormFields f) => f["action"] switch
    {
        "assign" => new() { Assign = new() { Agent = f["agent"].Trim() } },
        "triage" => new() { Triage = new() { Line = f.OneOf<SupportLine>("line"), Team = f.Text("team") } },
        "tag" => new() { Tag = new() { Add = [.. f.Words("add")], Remove = [.. f.Words("remove")] } },
        "severity" => new() { Severity = new() { Severity = f.OneOf<Severity>("severity"), Reason = f.Text("reason") } },
        "wait" => new() { Wait = new() { Reason = f.OneOf<WaitingReason>("for"), Until = f.Day("until"), Note = f.Text("reason") } },
        "resolve" => new() { Resolve = new() { Resolution = f.OneOf<Resolution>("how"), Summary = f.Text("reason") } },
        "close" => new() { Close = new() },
        "merge" => new() { Merge = new() { Into = f["into"].Trim() } },
        _ => new(),
    };
}
