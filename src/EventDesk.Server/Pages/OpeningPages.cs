using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>The form by which a customer opens a ticket: fixed fields, and a word before something is sent that should not be.</summary>
static class OpeningPages
{
    const string OfFields = "/fields/";

    public static void Map(IEndpointRouteBuilder portal)
    {
        portal.MapGet("/new", (HttpContext http, Viewers viewers, OrganisationBook organisation) =>
            Form(http, viewers, organisation, new Dictionary<string, string>(), [], "")).For(Operation.OpenTicket);
        portal.MapPost("/new", Open).For(Operation.OpenTicket);
    }

    static async Task<IResult> Open(HttpContext http, TicketDesk desk, OrganisationBook organisation, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form)
            return Problems.MalformedRequest("It is no form of ours.");
        var asker = http.Asker();
        var request = Request(form, FieldsOf(organisation));
        request.Check(form.Faults);
        if (form.Faults.Found.Count == 0 && desk.CustomerOf(request.Requester.Email) != asker.Principal.Customer)
            form.Faults.Add("/requester/email", "not_your_address", "Customers open tickets under their own address.");
        if (form.Faults.Found.Count > 0)
            return Form(http, viewers, organisation, form.Values, form.Faults.Found, "", StatusCodes.Status400BadRequest);
        if (form["sure"] != "yes" && PortalPages.Found($"{request.Subject}\n{request.Body}") is { Length: > 0 } found)
            return Form(http, viewers, organisation, form.Values, [], found, StatusCodes.Status409Conflict);
        var key = form.Once is { } once ? IdempotencyKey.Of(once, asker.Principal.Id, nameof(Operation.OpenTicket), "", form.Digest) : null;
        var outcome = await desk.Open(
            new NewTicket(request.Product, request.Language, Channel.Portal, request.Requester.Name, request.Requester.Email, request.Subject, request.Body,
                Fields: request.Fields), asker, key, ct);
        return outcome switch
        {
            Outcome.Done done => PageResults.SeeOther(string.Create(CultureInfo.InvariantCulture, $"/portal/tickets/{done.Number}?opened=yes")),
            // The desk may have closed its form since this one was opened; what was typed stays.
            Outcome.NotOffered => Form(http, viewers, organisation, form.Values, [new Fault("/product", "desk_closed", "The desk takes no questions by this form.")], "", StatusCodes.Status409Conflict),
            Outcome.Refused refused => Form(http, viewers, organisation, form.Values, [new Fault("/product", refused.Code, refused.Reason)], "", StatusCodes.Status409Conflict),
            _ => Outcomes.Problem(outcome, asker.Principal),
        };
    }

    /// <summary>What the organisation wants to know of every ticket; its rules look at that.</summary>
    static IReadOnlyDictionary<string, IReadOnlyList<string>> FieldsOf(OrganisationBook organisation) => organisation.Now.Routing?.Fields ?? new Dictionary<string, IReadOnlyList<string>>();

    static OpenRequest Request(FormFields form, IReadOnlyDictionary<string, IReadOnlyList<string>> fields)
    {
        var desk = form["desk"].Split('/');
        return new()
        {
            Product = desk[0], Language = desk.Length == 2 ? desk[1] : "", Channel = Channel.Portal,
            Requester = new() { Name = form.Text("name")?.Trim(), Email = form["email"].Trim() }, Subject = form["subject"].Trim(), Body = form["body"],
            Fields = Chosen(form, fields),
        };
    }

    /// <summary>What was chosen in the fields of choice. Only what can be chosen is taken: the choices may have changed since the form was opened.</summary>
    static Dictionary<string, string>? Chosen(FormFields form, IReadOnlyDictionary<string, IReadOnlyList<string>> fields)
    {
        Dictionary<string, string> chosen = [];
        foreach (var (name, choices) in fields)
            if (form.Text(ChoiceField.IdOf(name)) is { } choice)
            {
                if (choices.Contains(choice))
                    chosen.Add(name, choice);
                else
                    form.Faults.Add($"{OfFields}{name}", "unknown_choice", $"It is one of {string.Join(", ", choices)}.");
            }
        return chosen.Count > 0 ? chosen : null;
    }

    static IResult Form(
        HttpContext http, Viewers viewers, OrganisationBook organisation, IReadOnlyDictionary<string, string> values, IReadOnlyList<Fault> faults, string found, int status = 200)
    {
        var now = organisation.Now;
        var desks =
            from desk in now.Desks
            where !desk.Retired && desk.Through("portal") == Availability.Yes
            let product = now.Products.FirstOrDefault(p => p.Id == desk.Product)
            let language = now.Languages.FirstOrDefault(l => l.Id == desk.Language)
            where product is not null && language is not null
            select new DeskChoice(desk.Id.Value, product.Name, language.Id, language.Name);
        var wrong = faults.GroupBy(f => Named(f.Field)).ToDictionary(g => g.Key, g => g.First().Code);
        var fields = FieldsOf(organisation).Select(f => new ChoiceField(f.Key, f.Value));
        return PageResults.Of<NewTicketPage>(viewers.Of(http), nameof(NewTicketPage.Screen), new NewTicketScreen([.. desks], [.. fields], values, wrong, found), status);
    }

    /// <summary>The form's name for a place in the API's request.</summary>
    static string Named(string place) =>
        place is "/product" or "/language" ? "desk"
        : place.StartsWith(OfFields, StringComparison.Ordinal) ? ChoiceField.IdOf(place[OfFields.Length..])
        : place[(place.LastIndexOf('/') + 1)..];
}
