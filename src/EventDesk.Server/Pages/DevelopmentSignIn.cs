using EventDesk.Domain.Access;
using EventDesk.Server.SignIn;
using EventDesk.Service.Access;
using EventDesk.Service.People;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>In development one chooses whom to be. It is not mapped anywhere else, so nothing can turn it on by mistake.</summary>
static class DevelopmentSignIn
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sign-in").ExcludeFromDescription().WithMetadata(new IsPage());
        group.MapGet("", Choose);
        group.MapPost("/development", Begin);
    }

    static IResult Choose(HttpContext http, Viewers viewers, string? returnTo) => new Page<SignInPage>(new Dictionary<string, object?>
    {
        [nameof(SignInPage.V)] = viewers.Of(http),
        [nameof(SignInPage.People)] = DevelopmentTokens.Sample.Where(s => s.Role != Role.Customer).ToList(),
        [nameof(SignInPage.ReturnTo)] = LocalPath.Of(returnTo),
    });

    static async Task<IResult> Begin(HttpContext http, PeopleDesk people, Sessions sessions, SessionCookie cookie, CrossSite crossSite, CancellationToken ct)
    {
        if (!crossSite.IsFromHere(http.Request))
            return Problems.CrossSite();
        var form = await http.Request.ReadFormAsync(ct);
        if (DevelopmentTokens.Sample.FirstOrDefault(s => s.Handle == form["handle"]) is not { Handle: { } handle, Role: var role } || await people.FindByHandle(handle, ct) is not { } person)
            return Problems.NoSuch("no_such_person", "sample person");
        var session = await sessions.Start(person.Id, new Actor(handle, role), null, ["development"], null, ct);
        cookie.Write(http, session.Text, session.Until);
        return PageResults.SeeOther(LocalPath.Of(form["returnTo"]));
    }
}
