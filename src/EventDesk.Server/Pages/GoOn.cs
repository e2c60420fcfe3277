using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace EventDesk.Server.Pages;

/// <summary>Which queue somebody comes from, kept by the browser until it is closed.</summary>
static class GoOn
{
    const string Cookie = "queue";

    public static void Keep(HttpContext http, QueueLook look) => http.Response.Cookies.Append(
        Cookie, look.Address, new CookieOptions { Path = "/", SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = http.Request.IsHttps, IsEssential = true });

    /// <summary>Their own queue where none is known.</summary>
    public static QueueLook From(HttpContext http)
    {
        const string queues = "/queues/";
        var (path, query) = http.Request.Cookies[Cookie]?.Split('?', 2) switch
        {
            [var only] => (only, ""),
            [var first, var rest] => (first, rest),
            _ => ("", ""),
        };
        return (path.StartsWith(queues, StringComparison.Ordinal) ? QueuePages.Look(path[queues.Length..], new QueryCollection(QueryHelpers.ParseQuery(query))) : null) ?? new QueueLook("mine");
    }

    /// <summary>Where one goes from a ticket with which nothing is to be done now; null: nowhere.</summary>
    public static async Task<WayOn?> Of(TicketScreen screen, HttpContext http, QueueLists lists, CancellationToken ct)
    {
        if (screen.IsOwn || screen.Ticket is { Status: Domain.Tickets.Status.Open, Waiting: null } || Policy.Decide(http.Principal(), Operation.ReadQueues) is null)
            return null;
        var look = From(http);
        return new WayOn(look, await lists.Next(look, screen.Entry.Id, http.Principal(), ct));
    }
}
