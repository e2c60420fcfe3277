using Microsoft.Extensions.Primitives;

namespace EventDesk.Server;

/// <summary>
/// What every answer says to browsers. Set before anything else runs, so that an endpoint that knows better (a page, a file, what everybody may keep)
/// says so, and one that says nothing is strict.
/// </summary>
static class SecurityHeaders
{
    // Made once: a header value that is a string would be wrapped anew for each answer.
    static readonly StringValues NoSniff = "nosniff", NoStore = "no-store", NoReferrer = "no-referrer", SameOrigin = "same-origin",
        Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        NoDevices = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
        OnlyTls = "max-age=31536000; includeSubDomains";

    /// <param name="tls">Browsers are to come by https alone from now on: everywhere but in development.</param>
    public static void Set(HttpContext http, bool tls)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = Nothing;
        headers.CacheControl = NoStore;
        headers["Referrer-Policy"] = NoReferrer;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Permissions-Policy"] = NoDevices;
        if (tls)
            headers.StrictTransportSecurity = OnlyTls;
    }
}
