using EventDesk.Server.SignIn;
using EventDesk.Service.Access;
using EventDesk.Web;
using NodaTime;

namespace EventDesk.Server.Pages;

/// <summary>Finds out for whom a page is made. Language, theme and zone are the browser's own choice and stand in cookies of it.</summary>
public sealed class Viewers(SessionCookie cookie, TimeProvider time)
{
    public const string Language = "language", Theme = "theme", Zone = "zone";

    static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public Viewer Of(HttpContext http)
    {
        var chosen = http.Request.Cookies;
        var words = chosen[Language] is { } language ? Words.In(language) : Words.Asked(http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.Value ?? ""));
        var zone = chosen[Zone] is { Length: < 64 } id ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) : null;
        var caller = http.User as Caller;
        var antiforgery = caller?.Kind == CredentialKind.Session && cookie.Read(http) is { } session ? SessionCookie.Antiforgery(session) : null;
        var viewer = new Viewer(
            caller?.Principal, words, zone ?? DateTimeZone.Utc, Instant.FromDateTimeOffset(time.GetUtcNow()), antiforgery,
            http.Request.Path + http.Request.QueryString, chosen[Theme] is "light" or "dark" ? chosen[Theme]! : "auto");
        return Words.OfPortal.Contains(words.Language) && !viewer.IsOutside ? viewer with { Words = Words.In("en") } : viewer;
    }

    /// <summary>Where language and theme are chosen by a link, without a script.</summary>
    public static IResult Choose(HttpContext http, string? language, string? theme, string? back)
    {
        if (language is not null && Words.Languages.Contains(language))
            Keep(http, Language, language);
        if (theme is "auto" or "light" or "dark")
            Keep(http, Theme, theme);
        return PageResults.SeeOther(LocalPath.Of(back));
    }

    static void Keep(HttpContext http, string name, string value) => http.Response.Cookies.Append(
        name, value, new CookieOptions { MaxAge = Kept, Path = "/", SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = http.Request.IsHttps, IsEssential = true });
}
