using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>What customers see: their own tickets, and what can be done to one. They work without a script.</summary>
static class PortalPages
{
    const int PageSize = 25;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var portal = routes.MapGroup("/portal").ExcludeFromDescription().WithMetadata(new IsPage("/portal/sign-in"));
        PortalSignIn.Map(portal);
        var own = portal.MapGroup("").AddEndpointFilter(Customers);
        own.MapGet("", List).For(Operation.ReadTicket);
        OpeningPages.Map(own);
        own.MapGet("/tickets/{ticket}", Show).For(Operation.ReadTicket);
        AttachmentForms.Map(own);
        var forms = new TicketForms.Forms(own);
        forms.Add("customer-message", Operation.WriteAsCustomer, f => new MessageRequest { Body = f["body"], Channel = Channel.Portal },
            m => new ReceiveCustomerMessage(Guid.CreateVersion7(), m.Channel, m.Body), f => Doubt(f, "body"));
        forms.Add("reopening", Operation.Reopen, f => new ReopeningRequest { Reason = f.Text("reason") }, r => new ReopenTicket(ReopenCause.Customer, r.Reason.Sealed()), f => Doubt(f, "reason"));
        forms.Add("closing", Operation.Close, _ => new EmptyRequest(), _ => new CloseTicket(CloseCause.CustomerAcknowledged));
        forms.Add("feedback", Operation.GiveFeedback, f => new FeedbackRequest { Rating = Rating(f), Comment = f.Text("comment") },
            f => new GiveFeedback(f.Rating, f.Comment.Sealed()), f => Doubt(f, "comment"));
    }

    /// <summary>Somebody of the desk has no tickets of their own here.</summary>
    static async ValueTask<object?> Customers(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.AsCustomer() ? await next(context) : PageResults.SeeOther("/");

    static async Task<IResult> List(HttpContext http, OwnTickets tickets, Viewers viewers, CancellationToken ct)
    {
        var after = http.Request.Query["after"].ToString();
        var position = after.Length > 0 ? Cursor.TimeAndId(after) : null;
        if (after.Length > 0 && position is null)
            return Problems.Invalid([new Fault("after", "invalid_cursor", "It is not a place some page ended at.")]);
        var rows = await tickets.Page(http.Principal().Customer!.Value, position, PageSize + 1, ct);
        var further = rows.Count > PageSize ? $"/portal?after={Cursor.Of(rows[PageSize - 1].OpenedAt, rows[PageSize - 1].Id)}" : null;
        return PageResults.Of<OwnTicketsPage>(viewers.Of(http), nameof(OwnTicketsPage.Screen), new OwnTicketsScreen([.. rows.Take(PageSize)], further, IsFirst: position is null));
    }

    static async Task<IResult> Show(string ticket, HttpContext http, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
        await screens.Read(ticket, http.Asker(), null, ct) is { } screen ? TicketPages.Of(screen, viewers.Of(http)) : Problems.NoSuchTicket();

    static int Rating(FormFields form) => int.TryParse(form["rating"], NumberStyles.None, CultureInfo.InvariantCulture, out var rating) ? rating : 0;

    /// <summary>Something in a text should not be sent, and its writer has not said that it should all the same.</summary>
    static Outcome.Refused? Doubt(FormFields form, string field) =>
        form["sure"] != "yes" && Found(form[field]) is { Length: > 0 } found ? new(FormTrouble.NotToBeSent, found) : null;

    /// <summary>The kinds of what should not be sent, apart by blanks.</summary>
    public static string Found(string text) => string.Join(' ', Recognition.Find(text).Select(f => f.Kind).Distinct());
}
