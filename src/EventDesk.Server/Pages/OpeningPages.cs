using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The form by which a customer opens a ticket: fixed fields, and a word before something is sent that should not be.</summary>
static class OpeningPages
{
    public static void Map(IEndpointRouteBuilder portal)
    {
        portal.MapGet("/new", async (HttpContext http, Viewers viewers, OrganisationBook organisation, OwnDetails details, CancellationToken ct) =>
        {
            var known = await details.Of(http, ct);
            return Form(http, viewers, organisation, known.Email, new Dictionary<string, string> { ["name"] = known.Name ?? "" }, [], "");
        }).For(Operation.OpenTicket);
        portal.MapPost("/new", Open).For(Operation.OpenTicket);
    }

    static async Task<IResult> Open(HttpContext http, TicketDesk desk, OrganisationBook organisation, OwnDetails details, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form)
            return Problems.MalformedRequest(TicketForm.NotOurs);
        var asker = http.Asker();
        var request = OpeningForm.Request(form, organisation.Now, Channel.Portal);
        request.Check(form.Faults);
        if (form.Faults.Found.Count == 0 && desk.CustomerOf(request.Requester.Email) != asker.Principal.Customer)
            form.Faults.Add("/requester/email", "not_your_address", "Customers open tickets under their own address.");
        var (email, _) = await details.Of(http, ct);
        if (form.Faults.Found.Count > 0)
            return Form(http, viewers, organisation, email, form.Values, form.Faults.Found, "", StatusCodes.Status400BadRequest);
        if (form["sure"] != "yes" && PortalPages.Found($"{request.Subject}\n{request.Body}") is { Length: > 0 } found)
            return Form(http, viewers, organisation, email, form.Values, [], found, StatusCodes.Status409Conflict);
        var outcome = await desk.Open(request.Asked(), asker, OpeningForm.Key(form, asker), ct);
        return outcome switch
        {
            Outcome.Done done => PageResults.SeeOther(string.Create(CultureInfo.InvariantCulture, $"/portal/tickets/{done.Number}?opened=yes")),
            // The desk may have closed its form since this one was opened; what was typed stays.
            Outcome.NotOffered => Form(http, viewers, organisation, email, form.Values, [new Fault("/product", "desk_closed", "The desk takes no questions by this form.")], "", StatusCodes.Status409Conflict),
            Outcome.Refused refused => Form(http, viewers, organisation, email, form.Values, [new Fault("/product", refused.Code, refused.Reason)], "", StatusCodes.Status409Conflict),
            _ => Outcomes.Problem(outcome, asker.Principal),
        };
    }

    /// <param name="email">The customer's address; null: it has to be typed.</param>
    static Page<NewTicketPage> Form(
        HttpContext http, Viewers viewers, OrganisationBook organisation, string? email, IReadOnlyDictionary<string, string> values, IReadOnlyList<Fault> faults, string found, int status = 200) =>
        PageResults.Of<NewTicketPage>(
            viewers.Of(http), nameof(NewTicketPage.Screen),
            OpeningForm.Screen(organisation.Now, organisation.Now.Desks.Where(d => d.Through("portal") == Availability.Yes), values, faults, found) with { Address = email }, status);
}
