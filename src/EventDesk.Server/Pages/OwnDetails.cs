using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>
/// A customer's name and address, neither of which a session holds: as the customer's own browser kept the address when they asked for the link, and as their newest ticket has them.
/// </summary>
public sealed class OwnDetails(OwnTickets tickets, TicketDesk desk)
{
    const string Cookie = "address", Portal = "/portal";

    const int MostLength = 320;

    public static void Keep(HttpContext http, string email) => http.Response.Cookies.Append(
        Cookie, email, new CookieOptions { Path = Portal, SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = http.Request.IsHttps, IsEssential = true });

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = Portal });

    /// <returns>Null for what is not known.</returns>
    public async Task<(string? Email, string? Name)> Of(HttpContext http, CancellationToken ct)
    {
        var (asker, own) = (http.Asker(), http.Principal().Customer!.Value);
        var newest = await tickets.Page(own, null, 1, ct);
        var last = newest is [var ticket] && await desk.Replay(ticket.Id, asker, Operation.ReadTicket, ct, version: 1) is var (_, events) ? (events[0].Event as TicketOpened)?.Requester : null;
        return (new[] { http.Request.Cookies[Cookie], last?.Email?.Text }.FirstOrDefault(e => e is { Length: > 0 and <= MostLength } && desk.CustomerOf(e) == own), last?.Name?.Text);
    }
}
