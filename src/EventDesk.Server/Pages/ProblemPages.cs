using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>What goes wrong on the way of a browser, as a page.</summary>
static class ProblemPages
{
    /// <summary>A page was asked for, or something that is nowhere by somebody who reads HTML.</summary>
    public static bool AreWanted(HttpContext http) =>
        http.GetEndpoint() is { } endpoint ? endpoint.Metadata.GetMetadata<IsPage>() is not null
        : HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static Task Show(Problem problem, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var viewer = http.RequestServices.GetRequiredService<Viewers>().Of(http);
        var known = $"problem.{problem.Code}";
        return new Page<ProblemPage>(
            new Dictionary<string, object?>
            {
                [nameof(ProblemPage.V)] = viewer,
                [nameof(ProblemPage.Status)] = problem.Status,
                [nameof(ProblemPage.Title)] = viewer[known] is var title && title != known ? title : viewer.Why(problem.Code, problem.Title),
                [nameof(ProblemPage.Detail)] = problem.Faults is [var first, ..] ? first.Detail : problem.Detail,
            },
            problem.Status).ExecuteAsync(http);
    }
}
