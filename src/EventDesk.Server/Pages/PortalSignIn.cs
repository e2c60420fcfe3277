using System.Diagnostics;
using EventDesk.Server.Api;
using EventDesk.Server.SignIn;
using EventDesk.Service.Access;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>
/// Customers come by a link that is sent to their address. Following it shows a button, and only the button signs in: what looks at mail before its
/// reader does follows links, and would use this one up.
/// </summary>
static class PortalSignIn
{
    const string Start = "/portal";

    public static void Map(IEndpointRouteBuilder portal)
    {
        portal.MapGet("/sign-in", (HttpContext http, Viewers viewers, string? returnTo) => Page(http, viewers, new(LinkStep.Ask, ReturnTo: returnTo)));
        portal.MapPost("/sign-in", Send);
        portal.MapGet("/link", (HttpContext http, Viewers viewers, string? key, string? to) => Page(http, viewers, new(LinkStep.Follow, Key: key, ReturnTo: to)));
        portal.MapPost("/link", Enter);
    }

    /// <summary>The answer is the same whoever asks, for whatever address, and whether or not another link was sent.</summary>
    static async Task<IResult> Send(
        HttpContext http, Viewers viewers, SignInSettings settings, CrossSite crossSite, RequestRates rates, TicketDesk desk, SignInLinks links, ISignInLinkDelivery delivery, CancellationToken ct)
    {
        if (await Hindrance(http, crossSite, rates, ct) is { } problem)
            return problem;
        var (email, to) = (Field(http, "email").Trim(), Field(http, "returnTo"));
        var faults = new Faults();
        faults.Email("email", email);
        if (email.Length == 0 || faults.Found.Count > 0)
            return Page(http, viewers, new(LinkStep.Ask, Typed: email, Wrong: true, ReturnTo: to), StatusCodes.Status400BadRequest);
        // Where browsers find us is never taken from a request, but in development, where nobody has said it.
        var here = settings.PublicUrl ?? (settings.Development ? new Uri($"{http.Request.Scheme}://{http.Request.Host}") : null);
        if (here is null)
            return Problems.NoSuchResource();
        Uri? link = null;
        if (await links.Make(desk.CustomerOf(email), ct) is { } key)
        {
            link = new Uri(here, $"/portal/link{QueryString.Create("key", key).Add("to", LocalPath.Of(to) is var path && path != "/" ? path : Start)}");
            OwnDetails.Keep(http, email);
            await delivery.Deliver(email, link, viewers.Of(http).Words.Language, ct);
        }
        return Page(http, viewers, new(LinkStep.Sent, Key: settings.Development ? link?.PathAndQuery : null));
    }

    static async Task<IResult> Enter(
        HttpContext http, Viewers viewers, SessionCookie cookie, CrossSite crossSite, RequestRates rates, SignInLinks links, Sessions sessions, CancellationToken ct)
    {
        if (await Hindrance(http, crossSite, rates, ct) is { } problem)
            return problem;
        if (await links.Take(Field(http, "key"), ct) is not { } customer)
            return Page(http, viewers, new(LinkStep.Over, ReturnTo: Field(http, "to")), StatusCodes.Status403Forbidden);
        var session = await sessions.StartOf(customer, ["link"], Activity.Current?.TraceId.ToHexString(), ct);
        cookie.Write(http, session.Text, session.Until);
        return PageResults.SeeOther(LocalPath.Of(Field(http, "to")) is var to && to != "/" ? to : Start);
    }

    static async Task<Problem?> Hindrance(HttpContext http, CrossSite crossSite, RequestRates rates, CancellationToken ct)
    {
        if (!crossSite.IsFromHere(http.Request))
            return Problems.CrossSite();
        if (rates.Exceeded(http.Connection.RemoteIpAddress) is { } seconds)
            return Problems.RateLimited(seconds);
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > Body.MaxJsonBytes)
            return Problems.MalformedRequest("It is no form of ours.");
        await http.Request.ReadFormAsync(ct);
        return null;
    }

    static string Field(HttpContext http, string name) => http.Request.Form[name].ToString();

    static Page<LinkPage> Page(HttpContext http, Viewers viewers, LinkScreen screen, int status = StatusCodes.Status200OK) =>
        PageResults.Of<LinkPage>(viewers.Of(http), nameof(LinkPage.Screen), screen, status);
}
