using System.Diagnostics;
using EventDesk.Service.Reporting;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Server;

/// <summary>The outermost door: whatever breaks inside comes out as a problem, is written down once, and never shows its trace.</summary>
public sealed partial class Guard(RequestDelegate next, Settings settings, ILogger<Guard> log)
{
    public async Task Invoke(HttpContext http)
    {
        SecurityHeaders.Set(http, tls: !settings.Development);
        try
        {
            await next(http);
            if (http.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
                await Problems.OfStatus(http.Response.StatusCode).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to tell.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Answer(http, e).ExecuteAsync(http);
        }
        catch (Exception e)
        {
            Broken(log, e, http.Request.Method, RouteOf(http));
            http.Abort();
        }
        finally
        {
            Telemetry.Describe(http);
        }
    }

    Problem Answer(HttpContext http, Exception e)
    {
        http.Response.Clear();
        SecurityHeaders.Set(http, tls: !settings.Development);
        if (e is BadHttpRequestException bad)
            return Problems.OfStatus(bad.StatusCode);
        if (e is SignIn.ProviderException)
        {
            ProviderAway(log, e.Message);
            return Problems.ProviderAway();
        }
        if (e is ReportsBusyException)
        {
            Busy(log, RouteOf(http), e.Message);
            return Problems.ReportsBusy();
        }
        if (IsUnavailable(e))
        {
            Away(log, e, RouteOf(http));
            return Problems.Unavailable();
        }
        Broken(log, e, http.Request.Method, RouteOf(http));
        return Problems.Internal(Activity.Current?.TraceId.ToHexString());
    }

    /// <summary>The database is away, shutting down, full, or was too slow: all of them pass.</summary>
    internal static bool IsUnavailable(Exception e) => e switch
    {
        StoreUnavailableException => true,
        PostgresException p => p.IsTransient || p.SqlState[..2] is "08" or "53" or "57" or "58",
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The pattern, never the address: an address may carry what nobody should read in a log.</summary>
    static string RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";

    [LoggerMessage(1, LogLevel.Error, "{Method} {Route} broke")]
    static partial void Broken(ILogger log, Exception e, string method, string route);

    [LoggerMessage(3, LogLevel.Warning, "{Reason}")]
    static partial void ProviderAway(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Route}: the database is away")]
    static partial void Away(ILogger log, Exception e, string route);

    [LoggerMessage(4, LogLevel.Warning, "{Route}: {Reason}")]
    static partial void Busy(ILogger log, string route, string reason);
}
