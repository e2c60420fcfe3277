using System.Reflection;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Access;
using EventDesk.Service.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>The coordinator's monitor: open work at a glance, once or as it changes.</summary>
public static class MonitorEndpoints
{
    const string Tag = "Monitor";

    const string Figures =
        "Counts, the states of clocks, ages and solve times of what is within reach: agents see their desks and lines, coordinators all of their desks. ";

    internal static readonly QueryParameter[] Asked =
    [
        new("groupBy", "string", "desk (when not given), line or agent.", "desk"),
        new("desk", "string", "Only this desk, product/language.", "billing/pl"),
        new("line", "string", "Only this line: l1, l2, l3 or management.", "l2"),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/monitor", Once).Is(Operation.ReadMonitor, "readMonitor", Tag, "Read the monitor",
            Figures + "A change is in it with the answer of the command that made it.").WithMetadata(Asked);
        api.MapGet("/monitor/live", Live).Is(Operation.ReadMonitor, "watchMonitor", Tag, "Watch the monitor",
            Figures + "As server-sent events named monitor: the whole state at once, again within half a second of each change, and a comment every 15 s. "
            + "The id of an event is the number of the last event in it; a reader who comes again is given the whole state. Ends when the token does.").WithMetadata(Asked);
    }

    static async Task<Results<Ok<MonitorAnswer>, Problem>> Once(HttpContext http, DeskMonitor monitor, CancellationToken ct)
    {
        var query = new Query(http);
        var asked = Question(query);
        if (query.Problem is { } problem)
            return problem;
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(MonitorAnswer.Of(await monitor.Now(asked, GrantOf(http), ct), asked.GroupBy));
    }

    static LiveMonitor Live(HttpContext http)
    {
        var query = new Query(http);
        var asked = Question(query);
        return new LiveMonitor(asked, query.Problem);
    }

    static MonitorQuery Question(Query query) => new(
        query.OneOf<MonitorGrouping>("groupBy") ?? MonitorGrouping.Desk, query.Text("desk") is { } desk ? new DeskId(desk) : null, query.OneOf<SupportLine>("line"));

    internal static Grant GrantOf(HttpContext http) => Policy.Decide(http.Principal(), http.Operation())!;
}

/// <summary>The monitor as it changes, for as long as its reader may look on.</summary>
public sealed class LiveMonitor(MonitorQuery query, Problem? problem) : IResult, IEndpointMetadataProvider
{
    /// <summary>A screen is not told more often: nobody reads faster.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (problem is not null)
        {
            await problem.ExecuteAsync(httpContext);
            return;
        }
        var services = httpContext.RequestServices;
        using var caller = ((Caller)httpContext.User).Watch();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(caller.Ended, httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await Tell(httpContext, end.Token);
        }
        catch (Exception e) when (e is WatchBrokenException || end.IsCancellationRequested)
        {
            // The stream ends here; a reader who still may comes again by itself.
        }
    }

    async Task Tell(HttpContext http, CancellationToken ct)
    {
        var (monitor, time) = (http.RequestServices.GetRequiredService<DeskMonitor>(), http.RequestServices.GetRequiredService<TimeProvider>());
        var grant = MonitorEndpoints.GrantOf(http);
        using var watch = http.RequestServices.GetRequiredService<DeskFeed>().Watch(spot => query.Covers(spot, grant));
        var shown = await monitor.Now(query, grant, ct);
        var stream = await EventStream.Begin(http, ct);
        await Send(stream, shown);
        while (true)
        {
            var change = await watch.Next(ct);
            // Without a change too: at midnight what was solved today is nothing again.
            var page = await monitor.AsTold(query, grant, ct);
            if (page.SaysTheSameAs(shown))
            {
                if (change is null) await stream.Beat();
                continue;
            }
            await Send(stream, shown = page);
            await Task.Delay(Pace, time, ct);
        }
    }

    Task Send(EventStream stream, MonitorPage page) =>
        stream.Send("monitor", page.UpTo, MonitorAnswer.Of(page, query.GroupBy), ApiJson.Http.MonitorAnswer);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(MonitorAnswer), [EventStream.MediaType]));
}
