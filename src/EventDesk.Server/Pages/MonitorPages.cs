using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Organising;
using EventDesk.Web;
using EventDesk.Web.Controls;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The coordinator's monitor in a browser.</summary>
static class MonitorPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/monitor", Show).For(Operation.ReadMonitor).WithMetadata([.. MonitorEndpoints.Asked]);
        pages.MapGet("/monitor/live", (HttpContext http) => new LiveMonitorBoard(LookOf(new Query(http)))).For(Operation.ReadMonitor).WithMetadata([.. MonitorEndpoints.Asked]);
    }

    static async Task<IResult> Show(HttpContext http, DeskMonitor monitor, OrganisationBook organisation, Viewers viewers, CancellationToken ct)
    {
        var query = new Query(http);
        var look = LookOf(query);
        if (query.Problem is { } problem)
            return problem;
        var grant = MonitorEndpoints.GrantOf(http);
        var page = await monitor.Now(QuestionOf(look), grant, ct);
        List<string> desks = [.. QueueLists.Desks(organisation, grant.Reach).Select(d => d.Value)];
        return PageResults.Of<MonitoringPage>(viewers.Of(http), nameof(MonitoringPage.Screen), new MonitorScreen(look, page, desks));
    }

    static MonitorLook LookOf(Query query) => new(query.OneOf<MonitorGrouping>("groupBy") ?? MonitorGrouping.Desk, query.Text("desk"), query.OneOf<SupportLine>("line"));

    internal static MonitorQuery QuestionOf(MonitorLook look) => new(look.GroupBy, look.Desk is { } desk ? new DeskId(desk) : null, look.Line);
}

/// <summary>An open monitor: its figures whenever they are others.</summary>
sealed class LiveMonitorBoard(MonitorLook look) : LiveScreen
{
    readonly MonitorQuery asked = MonitorPages.QuestionOf(look);
    MonitorPage? shown;

    protected override Task<Func<Spot, bool>?> Concerns(HttpContext http, CancellationToken ct)
    {
        var grant = MonitorEndpoints.GrantOf(http);
        return Task.FromResult<Func<Spot, bool>?>(spot => asked.Covers(spot, grant));
    }

    protected override async Task<IReadOnlyList<(string Name, string Html)>> News(HttpContext http, CancellationToken ct)
    {
        var (monitor, grant) = (http.RequestServices.GetRequiredService<DeskMonitor>(), MonitorEndpoints.GrantOf(http));
        var page = shown is null ? await monitor.Now(asked, grant, ct) : await monitor.AsTold(asked, grant, ct);
        if (shown is not null && page.SaysTheSameAs(shown))
            return [];
        shown = page;
        var viewer = http.RequestServices.GetRequiredService<Viewers>().Of(http);
        return [("part", await Html<MonitorBoard>(http, (nameof(MonitorBoard.V), viewer), (nameof(MonitorBoard.Look), look), (nameof(MonitorBoard.Page), page)))];
    }
}
