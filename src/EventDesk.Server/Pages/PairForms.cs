using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>The forms of a ticket's page that name a second ticket.</summary>
static class PairForms
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        Add(pages, "merge", Operation.Merge, f => new MergeRequest { Into = f["into"] }, (m, other) => new MergeTicket(other), m => m.Into);
        Add(pages, "unmerge", Operation.Merge, _ => new EmptyRequest(), (_, _) => new UnmergeTicket(), _ => null);
        Add(pages, "link", Operation.Link, Link, (l, other) => new LinkTicket(other, l.Kind), l => l.Other);
        Add(pages, "unlink", Operation.Link, Link, (l, other) => new UnlinkTicket(other, l.Kind), l => l.Other);
    }

    static LinkRequest Link(FormFields form) => new() { Other = form["other"], Kind = form.OneOf<LinkKind>("kind") };

    /// <param name="other">The ticket that is named; null: none.</param>
    static void Add<T>(
        IEndpointRouteBuilder pages, string name, Operation operation, Func<FormFields, T> request, Func<T, TicketId, TicketCommand> command, Func<T, string?> other) where T : IChecked =>
        pages.MapPost($"/tickets/{{ticket}}/{name}", (string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
            TicketForms.Take(new TicketForms.Sent(name, ticket, http, screens, viewers), desk, async (form, to) =>
            {
                var asked = request(form);
                if (TicketForm.Faulty(form, asked) is { } faulty)
                    return faulty;
                return other(asked) is { } named
                    ? await Pairs.Handle(desk, to, operation, named, id => command(asked, id), ct)
                    : await desk.Handle(to.Ticket, operation, command(asked, default), to.Version, to.Asker, to.Key, ct);
            }, ct)).For(operation);
}
