using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>The answer of a ticket's page that a canned reply began.</summary>
static class MacroForms
{
    public static void Map(IEndpointRouteBuilder pages) => pages.MapPost("/tickets/{ticket}/macro", Send).For(Operation.Reply);

    static Task<IResult> Send(
        string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, OrganisationBook book, TimeProvider clock, CancellationToken ct) =>
        TicketForms.Take(new TicketForms.Sent("macro", ticket, http, screens, viewers), desk, async (form, to) =>
        {
            var asked = new MacroReplyRequest { Macro = form["macro"], Body = form["body"], Channel = form.OneOf<Channel>("channel"), Steps = form["steps"] == "yes" };
            return TicketForm.Faulty(form, asked) is { } faulty ? faulty : await Macros.Send(asked, to, desk, book.History, clock.GetUtcNow(), ct);
        }, ct);
}
