using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The form by which somebody of the desk opens a ticket for a customer who called, wrote or came by: the API's request, at the desks within reach.</summary>
static class DeskOpeningPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tickets/new", (HttpContext http, Viewers viewers, OrganisationBook organisation) =>
            Form(http, viewers, organisation, new Dictionary<string, string>(), [], StatusCodes.Status200OK)).For(Operation.OpenTicket);
        pages.MapPost("/tickets/new", Open).For(Operation.OpenTicket);
    }

    static async Task<IResult> Open(HttpContext http, TicketDesk desk, OrganisationBook organisation, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form)
            return Problems.MalformedRequest(TicketForm.NotOurs);
        var asker = http.Asker();
        var request = OpeningForm.Request(form, organisation.Now, form.OneOf<Channel>("channel")) with
        {
            Severity = form.Text("severity") is null ? null : form.OneOf<Severity>("severity"),
            Contract = form.Text("contract"),
        };
        request.Check(form.Faults);
        if (form.Faults.Found.Count > 0)
            return Again(StatusCodes.Status400BadRequest, form.Faults.Found);
        var outcome = await desk.Open(request.Asked(), asker, OpeningForm.Key(form, asker), ct);
        return outcome switch
        {
            Outcome.Done done => PageResults.SeeOther(string.Create(CultureInfo.InvariantCulture, $"/tickets/{done.Number}")),
            Outcome.Refused refused => Again(StatusCodes.Status409Conflict, new Fault(refused.Code == "unknown_contract" ? "/contract" : "/product", refused.Code, refused.Reason)),
            Outcome.Forbidden forbidden => Again(StatusCodes.Status403Forbidden, new Fault("/product", "forbidden", forbidden.Reason)),
            _ => Outcomes.Problem(outcome, asker.Principal),
        };

        IResult Again(int status, params IReadOnlyList<Fault> faults) => Form(http, viewers, organisation, form.Values, faults, status);
    }

    static IResult Form(HttpContext http, Viewers viewers, OrganisationBook organisation, IReadOnlyDictionary<string, string> values, IReadOnlyList<Fault> faults, int status)
    {
        var (now, reach) = (organisation.Now, Policy.Decide(http.Principal(), Operation.OpenTicket)!.Reach);
        var screen = OpeningForm.Screen(now, now.Desks.Where(d => reach.Desks is null || reach.Desks.Contains(d.Id)), values, faults);
        return PageResults.Of<OpenTicketPage>(viewers.Of(http), nameof(OpenTicketPage.Screen), screen with { Contracts = now.Contracts ?? [] }, status);
    }
}
