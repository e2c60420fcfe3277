using System.Text;
using EventDesk.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Primitives;

namespace EventDesk.Server.Pages;

/// <summary>Marks endpoints that browsers open: who is not signed in is sent to do so, and what goes wrong is said in words.</summary>
/// <param name="SignIn">Where one signs in who comes to it.</param>
public sealed record IsPage(string SignIn = "/sign-in");

/// <summary>A page, made of one component whose parameters are all it shows.</summary>
public sealed class Page<T>(IReadOnlyDictionary<string, object?> parameters, int status = StatusCodes.Status200OK) : IResult where T : IComponent
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var html = await Rendering.Html<T>(services, services.GetRequiredService<ILoggerFactory>(), parameters);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = PageHeaders.Policy;
        // Without a referrer a form would name no origin either, and be taken for somebody else's.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.Vary = "Cookie, Accept-Language";
        await response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(html), httpContext.RequestAborted);
    }
}

static class PageHeaders
{
    /// <summary>Our own files and nothing else; what a ticket says can start nothing and load nothing.</summary>
    public static readonly StringValues Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

static class PageResults
{
    /// <summary>The component with the viewer and one more parameter.</summary>
    public static Page<T> Of<T>(Viewer viewer, string name, object? value, int status = StatusCodes.Status200OK) where T : IComponent =>
        new(new Dictionary<string, object?> { ["V"] = viewer, [name] = value }, status);

    /// <summary>After a form: the browser asks for the page anew, so that going back or reloading sends nothing twice.</summary>
    public static IResult SeeOther(string address) => new SeeOther(address);
}

/// <param name="address">A path of ours.</param>
sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
