using EventDesk.Service.Access;

namespace EventDesk.Server.SignIn;

/// <summary>
/// Server-sent events that last as long as their reader's standing: an open page learns at once that it is signed out. Whatever else stays open for
/// somebody does it the same way: it watches its caller and stops when the caller ends.
/// </summary>
static class SessionStream
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    public static async Task Run(HttpContext http, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        using var watch = ((Caller)http.User).Watch();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(watch.Ended, http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await Write(http, "event: open\ndata: {}\n\n");
        try
        {
            while (true)
            {
                await Task.Delay(Beat, time, stop.Token);
                await Write(http, ": still here\n\n");
            }
        }
        catch (OperationCanceledException) when (watch.Ended.IsCancellationRequested)
        {
            await Write(http, "event: ended\ndata: {}\n\n");
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the process stops.
        }
    }

    static async Task Write(HttpContext http, string text)
    {
        await http.Response.WriteAsync(text, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
