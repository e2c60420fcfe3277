using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Attending;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Tickets;
using EventDesk.Web.Controls;

namespace EventDesk.Server.Pages;

/// <summary>
/// An open ticket: that it stands at another version now (what has changed the screen fetches itself, and puts in beside what is being typed), and who
/// else has it before them. As long as the stream is open, and the screen says so now and then, others are told of it in turn.
/// </summary>
sealed class LiveTicket(string ticket) : LiveScreen
{
    Guid id;
    DeskId desk;
    long version;
    IReadOnlyList<Attendee> others = [];

    protected override async Task<Func<Spot, bool>?> Concerns(HttpContext http, CancellationToken ct)
    {
        var tickets = http.RequestServices.GetRequiredService<TicketDesk>();
        if (await tickets.Resolve(ticket, ct) is not { } found || await tickets.Find(found, http.Asker(), Operation.ReadTicket, ct) is not { } entry)
            return null;
        (id, desk) = (found, entry.Ticket.Desk);
        version = long.TryParse(http.Request.Query["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : entry.Version;
        return spot => spot.Desk == desk;
    }

    protected override IDisposable? Further(HttpContext http, DeskWatch watch)
    {
        var screen = http.Request.Query["screen"].ToString();
        return http.RequestServices.GetRequiredService<Attendance>().Join(new(id, http.Principal().Id, Place.IsScreen(screen) ? screen : ""), watch.Wake);
    }

    protected override async Task<IReadOnlyList<(string Name, string Html)>> News(HttpContext http, CancellationToken ct)
    {
        var services = http.RequestServices;
        List<(string, string)> news = [];
        if (await services.GetRequiredService<TicketDesk>().VersionOf(id, ct) is { } now && now != version)
        {
            // A ticket that has moved may be out of reach; then nothing of it is told any more.
            desk = (await services.GetRequiredService<TicketDesk>().Scope(id, http.Asker(), Operation.ReadTicket, ct) ?? throw new WatchBrokenException()).Desk;
            version = now;
            news.Add(("version", now.ToString(CultureInfo.InvariantCulture)));
        }
        var present = services.GetRequiredService<Attendance>().At(id, except: http.Principal().Id);
        if (!present.SequenceEqual(others))
        {
            others = present;
            var viewer = services.GetRequiredService<Viewers>().Of(http);
            news.Add(("presence", await Html<Attendees>(http, (nameof(Attendees.V), viewer), (nameof(Attendees.Present), present))));
        }
        return news;
    }
}
