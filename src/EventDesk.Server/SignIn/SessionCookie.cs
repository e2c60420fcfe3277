using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Server.SignIn;

/// <summary>
/// The two cookies there are: the session's, and one by which a browser that comes back from the provider is known to be the one that was sent.
/// Scripts cannot read them; over https no other host can have set them (<c>__Host-</c>).
/// </summary>
public sealed class SessionCookie(SignInSettings settings)
{
    readonly string prefix = settings.SecureCookies ? "__Host-" : "";

    string Session => $"{prefix}eventdesk";
    string Browser => $"{prefix}eventdesk-sign-in";

    /// <summary>The session's text as the browser shows it; null when it shows none.</summary>
    public string? Read(HttpContext http) => http.Request.Cookies[Session] is { Length: > 0 } text ? text : null;

    public void Write(HttpContext http, string text, DateTimeOffset until) => http.Response.Cookies.Append(Session, text, Options(until));

    public void Clear(HttpContext http) => http.Response.Cookies.Append(Session, "", Options(DateTimeOffset.UnixEpoch));

    public string? ReadBrowser(HttpContext http) => http.Request.Cookies[Browser] is { Length: > 0 } text ? text : null;

    public void WriteBrowser(HttpContext http, string text) => http.Response.Cookies.Append(Browser, text, Options(null));

    CookieOptions Options(DateTimeOffset? expires) => new()
    {
        HttpOnly = true, Secure = settings.SecureCookies, SameSite = SameSiteMode.Lax, Path = "/", Expires = expires, IsEssential = true,
    };

    /// <summary>What a form or a script of ours sends along, and no other site can know: made of the session's text, which it cannot read either.</summary>
    public static string Antiforgery(string session) =>
        System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(session), "eventdesk antiforgery"u8));
}
