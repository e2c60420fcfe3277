using System.Diagnostics;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;

namespace EventDesk.Server.SignIn;

/// <summary>
/// Where browsers sign in and out, and where the provider ends sessions. They are for browsers and providers, not for programs, and so no part of the
/// API's document. Customers come by one-time links instead: <see cref="Pages.PortalSignIn"/>.
/// </summary>
public static class SignInEndpoints
{
    /// <param name="localSignIn">In the place of a provider's, in development.</param>
    public static void Map(IEndpointRouteBuilder routes, bool localSignIn)
    {
        var group = routes.MapGroup("/sign-in").ExcludeFromDescription();
        if (localSignIn)
            Pages.DevelopmentSignIn.Map(routes);
        else
            group.MapGet("", Begin);
        group.MapGet("/callback", Callback);
        group.MapPost("/back-channel-logout", EndFromProvider);
        group.MapGet("/session", Session).WithMetadata(new AsksWho());
        group.MapGet("/session/events", SessionStream.Run).WithMetadata(new AsksWho());
        routes.MapPost("/sign-out", SignOut).WithMetadata(new AsksWho()).ExcludeFromDescription();
    }

    static async Task<IResult> Begin(HttpContext http, SignInSettings settings, SessionCookie cookie, RequestRates rates, CancellationToken ct)
    {
        if (Hindrance(http, settings, rates) is { } problem)
            return problem;
        var (location, browser) = await http.RequestServices.GetRequiredService<SignInFlow>().Begin(cookie.ReadBrowser(http), http.Request.Query["returnTo"], ct);
        cookie.WriteBrowser(http, browser);
        return Redirect(http, location.AbsoluteUri);
    }

    static async Task<IResult> Callback(HttpContext http, SignInSettings settings, SessionCookie cookie, RequestRates rates, CancellationToken ct)
    {
        if (Hindrance(http, settings, rates) is { } problem)
            return problem;
        switch (await http.RequestServices.GetRequiredService<SignInFlow>().Complete(http.Request.Query, cookie.ReadBrowser(http), ct))
        {
            case SignInResult.SignedIn signedIn:
                cookie.Write(http, signedIn.Session.Text, signedIn.Session.Until);
                return Redirect(http, signedIn.ReturnTo);
            case SignInResult.Refused refused:
                return new Problem(403, refused.Code, "You are not signed in.", refused.Detail);
            case var other:
                throw new UnreachableException($"A sign-in ended in {other}.");
        }
    }

    static async Task<IResult> EndFromProvider(HttpContext http, SignInSettings settings, RequestRates rates, CancellationToken ct)
    {
        if (Hindrance(http, settings, rates) is { } problem)
            return problem;
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > SignedTokens.MostLetters * 2)
            return Problems.UnsupportedMediaType("application/x-www-form-urlencoded");
        var token = (await http.Request.ReadFormAsync(ct))["logout_token"];
        return await http.RequestServices.GetRequiredService<BackChannelLogout>().Take(token is [{ } only] ? only : null, ct) is { } fault
            ? new Problem(400, "invalid_logout_token", "Nobody was signed out.", fault)
            : TypedResults.Ok();
    }

    /// <summary>Who one is, what one may, and what one lacks; and what forms have to carry.</summary>
    static IResult Session(HttpContext http, SessionCookie cookie)
    {
        var caller = (Caller)http.User;
        http.Response.Headers.CacheControl = "no-store";
        return new JsonResult(json =>
        {
            json.WriteString("handle"u8, caller.Principal.Id);
            Texts(json, "roles", caller.Principal.Roles.Order().Select(Api.ExactEnum<Role>.Name));
            Texts(json, "lacksTraining", caller.Principal.LacksTraining);
            if (caller.Kind == CredentialKind.Session && cookie.Read(http) is { } text)
                json.WriteString("csrf"u8, SessionCookie.Antiforgery(text));
        });
    }

    static async Task<IResult> SignOut(HttpContext http, SessionCookie cookie, Sessions sessions, CancellationToken ct)
    {
        var caller = (Caller)http.User;
        if (caller.Kind != CredentialKind.Session)
            return Problems.Refused("no_session", "Only a browser's session is signed out; a token is revoked.");
        await sessions.End(caller.Id, "signed_out", caller.Principal.Acting, Activity.Current?.TraceId.ToHexString(), ct);
        cookie.Clear(http);
        Pages.OwnDetails.Forget(http);
        return Redirect(http, caller.Principal.Customer is null ? "/" : "/portal/sign-in", StatusCodes.Status303SeeOther);
    }

    static Problem? Hindrance(HttpContext http, SignInSettings settings, RequestRates rates) =>
        settings.Provider is null ? Problems.NoSuchResource()
        : rates.Exceeded(http.Connection.RemoteIpAddress) is { } seconds ? Problems.RateLimited(seconds)
        : null;

    /// <param name="location">Of the provider, or a path of ours that was checked: never as it came.</param>
    static Redirection Redirect(HttpContext http, string location, int status = StatusCodes.Status302Found)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return new(location, status);
    }

    static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    sealed class Redirection(string location, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }

    sealed class JsonResult(Action<Utf8JsonWriter> members) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
            await json.FlushAsync(httpContext.RequestAborted);
        }
    }
}
