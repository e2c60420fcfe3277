using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Access;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Queues;
using EventDesk.Web;
using EventDesk.Web.Controls;
using Microsoft.AspNetCore.Components;

namespace EventDesk.Server.Pages;

/// <summary>
/// A page that is told of changes for as long as its reader may look on. What is sent is how things stand, not what happened: a screen that comes again
/// after its connection broke is brought up to date by the first message.
/// </summary>
abstract class LiveScreen : IResult
{
    /// <summary>A screen is not told more often: nobody reads faster.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        using var caller = ((Caller)httpContext.User).Watch();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(caller.Ended, httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await Run(httpContext, services.GetRequiredService<TimeProvider>(), end.Token);
        }
        catch (Exception e) when (e is WatchBrokenException || end.IsCancellationRequested)
        {
            // The stream ends here; a reader who still may comes again by itself.
        }
    }

    async Task Run(HttpContext http, TimeProvider time, CancellationToken ct)
    {
        if (await Concerns(http, ct) is not { } concerns)
        {
            await Problems.NoSuchResource().ExecuteAsync(http);
            return;
        }
        using var watch = http.RequestServices.GetRequiredService<DeskFeed>().Watch(concerns);
        using var further = Further(http, watch);
        var stream = await EventStream.Begin(http, ct);
        for (long upTo = 0; ;)
        {
            if (await Tell(http, stream, upTo, ct))
                await Task.Delay(Pace, time, ct);
            DeskChange? change;
            while ((change = await watch.Next(ct)) is null)
                await stream.Beat();
            upTo = change.UpTo;
        }
    }

    /// <remarks>A method of its own: as a variable of the loop, what was told last would stay in memory for as long as nothing new is.</remarks>
    async Task<bool> Tell(HttpContext http, EventStream stream, long upTo, CancellationToken ct)
    {
        var news = await News(http, ct);
        foreach (var (name, html) in news)
            await stream.Send(name, upTo, html);
        return news.Count > 0;
    }

    /// <summary>Which changes may change the screen; null when there is no such screen.</summary>
    protected abstract Task<Func<Spot, bool>?> Concerns(HttpContext http, CancellationToken ct);

    /// <summary>What wakes the watch beside the log; null: nothing does. Ends with the stream.</summary>
    protected virtual IDisposable? Further(HttpContext http, DeskWatch watch) => null;

    /// <summary>How things stand, where that is not what the screen was told last.</summary>
    protected abstract Task<IReadOnlyList<(string Name, string Html)>> News(HttpContext http, CancellationToken ct);

    protected static Task<string> Html<T>(HttpContext http, params (string Name, object? Value)[] parameters) where T : IComponent =>
        Rendering.Html<T>(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>(), parameters.ToDictionary(p => p.Name, p => p.Value));
}

/// <summary>An open queue: the order of the tickets the screen has, the way to those behind them, and the rows it does not have as they are now.</summary>
sealed class LiveQueue(QueueLook? look, QueueStretch stretch) : LiveScreen
{
    readonly Dictionary<Guid, QueueRow> shown = [];
    string counted = "";
    string? where;
    bool told;

    protected override Task<Func<Spot, bool>?> Concerns(HttpContext http, CancellationToken ct)
    {
        var grant = Policy.Decide(http.Principal(), Operation.ReadQueues)!;
        // The counts at the side are of all that is within reach, whatever the list is narrowed to.
        return Task.FromResult<Func<Spot, bool>?>(look is null ? null : spot => grant.Reach.Desks is null || grant.Reach.Desks.Contains(spot.Desk));
    }

    protected override async Task<IReadOnlyList<(string Name, string Html)>> News(HttpContext http, CancellationToken ct)
    {
        var screen = await http.RequestServices.GetRequiredService<QueueLists>().Read(look!, stretch, http.Principal(), ct);
        var order = screen.Page.Rows.Select(r => r.Id).ToList();
        var changed = screen.Page.Rows.Where(r => !shown.TryGetValue(r.Id, out var before) || before != r).ToList();
        var counts = string.Join(' ', [.. screen.Counts.Select(c => $"{c.Key}={c.Value}"), .. screen.Views.Select(v => $"{v.View.Id}/{v.View.Version}={v.Count}")]);
        if (told && changed.Count == 0 && counts == counted && screen.Further == where && order.Count == shown.Count)
            return [];
        shown.Clear();
        foreach (var row in screen.Page.Rows)
            shown.Add(row.Id, row);
        (counted, where, told) = (counts, screen.Further, true);
        var viewer = http.RequestServices.GetRequiredService<Viewers>().Of(http);
        return [("rows", await Html<LiveRows>(
            http, (nameof(LiveRows.V), viewer), (nameof(LiveRows.Order), order), (nameof(LiveRows.Changed), changed), (nameof(LiveRows.Counts), screen.Counts), (nameof(LiveRows.Look), look),
            (nameof(LiveRows.Views), screen.Views), (nameof(LiveRows.Further), screen.Further)))];
    }
}
