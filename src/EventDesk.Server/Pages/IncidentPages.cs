using System.Globalization;
using System.Reflection;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The incidents, and each of them with what the API offers, as forms: publish, change the state, write down who was told.</summary>
static class IncidentPages
{
    const int MostRows = 200;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/incidents", List).For(Operation.ReadIncidents);
        pages.MapGet("/incidents/{incident}", (string incident, IncidentRoom room, CancellationToken ct) => Show(incident, room, null, ct)).For(Operation.ReadIncidents);
        Form(pages, "publication", f => new PublicationRequest { Message = f["message"] }, p => new IncidentPublished(p.Message));
        Form(pages, "state", f => new IncidentStateRequest { State = f.OneOf<IncidentState>("state") }, s => new IncidentStateChanged(s.State));
        Form(pages, "contact", f => new ContactRequest { Customer = CustomerOf(f), Channel = f.OneOf<Channel>("channel") }, c => new CustomerContacted(new CustomerId(c.Customer), c.Channel));
    }

    static async Task<IResult> List(HttpContext http, IncidentDesk incidents, OrganisationBook organisation, Viewers viewers, CancellationToken ct) =>
        PageResults.Of<IncidentsPage>(viewers.Of(http), nameof(IncidentsPage.Screen), new IncidentsScreen(
            await incidents.List(open: true, MostRows, ct), await incidents.List(open: false, MostRows, ct), organisation.Now.Products.ToDictionary(p => p.Id, p => p.Name)));

    static async Task<IResult> Show(string incident, IncidentRoom room, (FormReply Reply, int Status)? replied, CancellationToken ct)
    {
        if (!Guid.TryParseExact(incident, "D", out var id) || await room.Incidents.Find(id, ct) is not var (row, affected))
            return Problems.NoSuch("incident_not_found", "incident");
        var related = await room.Tickets.Related([.. affected.SelectMany(a => a.Tickets)], room.Http.Asker(), ct);
        var screen = new IncidentScreen(
            row, room.Organisation.Now.Products.FirstOrDefault(p => p.Id == row.Product)?.Name ?? row.Product, affected, related.ToDictionary(r => r.Id), await room.Incidents.Story(id, ct),
            replied?.Reply);
        return PageResults.Of<IncidentPage>(room.Viewers.Of(room.Http), nameof(IncidentPage.Screen), screen, replied?.Status ?? StatusCodes.Status200OK);
    }

    static void Form<T>(IEndpointRouteBuilder pages, string name, Func<FormFields, T> request, Func<T, IncidentEvent> happened) where T : IChecked =>
        pages.MapPost($"/incidents/{{incident}}/{name}", async (string incident, IncidentRoom room, CancellationToken ct) =>
        {
            if (await FormFields.Read(room.Http, ct) is not { } form || !long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                return Problems.MalformedRequest("It is no form of ours.");
            if (!Guid.TryParseExact(incident, "D", out var id))
                return Problems.NoSuch("incident_not_found", "incident");
            var asked = request(form);
            asked.Check(form.Faults);
            if (form.Faults.Found.Count > 0)
                return await Show(incident, room, FormReplied.Faulty(name, form), ct);
            return await room.Incidents.Handle(id, happened(asked), version, room.Http.Asker(), Operation.ManageIncidents, ct) switch
            {
                Outcome.Done => PageResults.SeeOther($"/incidents/{id}"),
                Outcome.NotFound => Problems.NoSuch("incident_not_found", "incident"),
                var outcome when FormReplied.Of(name, form, outcome) is { } replied => await Show(incident, room, replied, ct),
                var outcome => Outcomes.Problem(outcome, room.Http.Principal()),
            };
        }).For(Operation.ManageIncidents);

    static Guid CustomerOf(FormFields form)
    {
        if (!Guid.TryParseExact(form["customer"], "D", out var customer))
            form.Faults.Add("customer", "required", "Choose one.");
        return customer;
    }
}

/// <summary>What the page of an incident is made from.</summary>
public sealed record IncidentRoom(HttpContext Http, IncidentDesk Incidents, TicketDesk Tickets, OrganisationBook Organisation, Viewers Viewers) : IBindableFromHttpContext<IncidentRoom>
{
    public static ValueTask<IncidentRoom?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var services = context.RequestServices;
        return new(new IncidentRoom(
            context, services.GetRequiredService<IncidentDesk>(), services.GetRequiredService<TicketDesk>(), services.GetRequiredService<OrganisationBook>(),
            services.GetRequiredService<Viewers>()));
    }
}
