using System.Security.Cryptography;
using System.Text;
using EventDesk.Server.Pages;

namespace EventDesk.Server.SignIn;

/// <summary>
/// A browser sends the session's cookie with whatever a page asks for, whoever wrote the page. So what changes something must come from a page of ours,
/// by what the browser says of its origin; and where a foreign form could look the same, it must carry what only our pages know.
/// </summary>
public sealed class CrossSite(SignInSettings settings, SessionCookie cookie)
{
    public const string Header = "X-CSRF-Token", Field = "csrf";
    const int MostFormBytes = 512 * 1024;

    /// <summary>True when the request may be taken as the user's own. Only for requests that are known by their cookie.</summary>
    public async ValueTask<bool> IsOwn(HttpContext http)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
            return true;
        return IsFromHere(http.Request) && (IsJson(http.Request.ContentType) || await CarriesToken(http));
    }

    internal bool IsFromHere(HttpRequest request)
    {
        var (headers, origin) = (request.Headers, request.Headers.Origin);
        // In development nobody has said where browsers find us.
        var ours = settings.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? (settings.Development ? $"{request.Scheme}://{request.Host}" : null);
        var own = origin is [{ } only] && only == ours;
        return headers["Sec-Fetch-Site"] is { Count: > 0 } site ? site is ["same-origin"] && (origin.Count == 0 || own) : own;
    }

    /// <summary>No form can send it, and a script elsewhere is not allowed to.</summary>
    static bool IsJson(string? contentType) => contentType is not null && contentType.AsSpan().TrimStart().StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    async ValueTask<bool> CarriesToken(HttpContext http)
    {
        if (cookie.Read(http) is not { } session)
            return false;
        string? shown = http.Request.Headers[Header];
        if (shown is null && http.GetEndpoint()?.Metadata.GetMetadata<TakesFileForm>() is not null)
            shown = (await FileForm.Of(http))?.Fields.GetValueOrDefault(Field);
        else if (shown is null && http.Request is { HasFormContentType: true, ContentLength: > 0 and <= MostFormBytes })
            shown = (await http.Request.ReadFormAsync(http.RequestAborted))[Field];
        return shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(SessionCookie.Antiforgery(session)));
    }
}
