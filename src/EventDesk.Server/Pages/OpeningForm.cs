using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Tickets;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>What the forms that open a ticket have in common, a customer's own and the desk's: they are the API's request, and what is wrong with it is said at its field.</summary>
static class OpeningForm
{
    const string OfFields = "/fields/";

    /// <param name="channel">How it came.</param>
    public static OpenRequest Request(FormFields form, SupportOrganisation organisation, Channel channel)
    {
        var desk = form["desk"].Split('/');
        return new()
        {
            Product = desk[0], Language = desk.Length == 2 ? desk[1] : "", Channel = channel,
            Requester = new() { Name = form.Text("name")?.Trim(), Email = form["email"].Trim() }, Subject = form["subject"].Trim(), Body = form["body"],
            Fields = Chosen(form, FieldsOf(organisation)),
        };
    }

    /// <summary>By which it is opened once however often it is sent.</summary>
    public static RequestKey? Key(FormFields form, Asker asker) =>
        form.Once is { } once ? IdempotencyKey.Of(once, asker.Principal.Id, nameof(Operation.OpenTicket), "", form.Digest) : null;

    /// <summary>The form, with what was typed into it and what is wrong with that.</summary>
    /// <param name="desks">Those one can choose from; retired ones are left out.</param>
    public static NewTicketScreen Screen(
        SupportOrganisation organisation, IEnumerable<Desk> desks, IReadOnlyDictionary<string, string> values, IReadOnlyList<Fault> faults, string found = "")
    {
        var choices =
            from desk in desks
            where !desk.Retired
            let product = organisation.Products.FirstOrDefault(p => p.Id == desk.Product)
            let language = organisation.Languages.FirstOrDefault(l => l.Id == desk.Language)
            where product is not null && language is not null
            select new DeskChoice(desk.Id.Value, product.Name, language.Id, language.Name);
        var wrong = faults.GroupBy(f => Named(f.Field)).ToDictionary(g => g.Key, g => g.First().Code);
        return new([.. choices], [.. FieldsOf(organisation).Select(f => new ChoiceField(f.Key, f.Value))], values, wrong, found);
    }

    /// <summary>What the organisation wants to know of every ticket; its rules look at that.</summary>
    static IReadOnlyDictionary<string, IReadOnlyList<string>> FieldsOf(SupportOrganisation organisation) => organisation.Routing?.Fields ?? new Dictionary<string, IReadOnlyList<string>>();

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

    /// <summary>The form's name for a place in the API's request.</summary>
    static string Named(string place) =>
        place is "/product" or "/language" ? "desk"
        : place.StartsWith(OfFields, StringComparison.Ordinal) ? ChoiceField.IdOf(place[OfFields.Length..])
        : place[(place.LastIndexOf('/') + 1)..];
}
