using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Server.Api;
using EventDesk.Service.People;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>Who works here, and each of them with the forms that change what they may. The forms go the way of the API's requests.</summary>
static class PeoplePages
{
    const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/people", (House house, Viewers viewers, CancellationToken ct) => List(house, viewers, null, ct)).For(Operation.ManagePeople);
        pages.MapPost("/people", Add).For(Operation.ManagePeople);
        pages.MapGet("/people/{person}", (string person, House house, Viewers viewers, CancellationToken ct) => Show(person, house, viewers, null, ct)).For(Operation.ManagePeople);
        Form(pages, "access", Access);
        Form(pages, "training", Training);
        Form(pages, "training-revocation", f => new RevokeTraining(f["training"]));
        Form(pages, "deactivation", _ => new Deactivate());
        Form(pages, "reactivation", _ => new Reactivate());
        Form(pages, "sign-out", _ => new SignOutEverywhere());
    }

    static async Task<IResult> List(House house, Viewers viewers, (FormReply Reply, int Status)? replied, CancellationToken ct)
    {
        var query = house.Http.Request.Query;
        var look = new PeopleLook(ExactEnum<Role>.TryParse(query["role"].ToString(), out var role) ? role : null, query["lacking"] == "yes");
        List<PersonLine> everybody = [.. (await house.People.All(ct)).Where(p => p.State.Forgotten != true).Select(p => PeopleScreens.Line(p, house)).OrderBy(p => p.Handle, StringComparer.Ordinal)];
        List<PersonLine> found = [.. everybody.Where(p => (look.Role is not { } wanted || p.Roles.Contains(wanted)) && (!look.Lacking || (p.Active && p.Lacks)))];
        var rest = Guid.TryParseExact(query["after"].ToString(), "D", out var after) ? found.SkipWhile(p => p.Id != after).Skip(1).ToList() : found;
        var further = rest.Count <= PageSize ? null : "/people" + QueryString.Create(new Dictionary<string, string?>
        {
            ["role"] = look.Role?.AsWritten() ?? "", ["lacking"] = look.Lacking ? "yes" : "", ["after"] = rest[PageSize - 1].Id.ToString(),
        });
        var screen = new PeopleScreen(look, [.. rest.Take(PageSize)], found.Count, everybody.Count(p => p.Active && p.Lacks), PeopleScreens.Desks(house), further, replied?.Reply);
        return PageResults.Of<PeoplePage>(viewers.Of(house.Http), nameof(PeoplePage.Screen), screen, replied?.Status ?? StatusCodes.Status200OK);
    }

    static async Task<IResult> Add(House house, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(house.Http, ct) is not { } form)
            return Problems.MalformedRequest("It is no form of ours.");
        var ask = new PersonRequest { UserName = form["userName"].Trim(), Name = form.Text("name")?.Trim(), Email = form.Text("email")?.Trim(), Handle = form.Text("handle")?.Trim(), Access = Access(form) };
        ask.Check(form.Faults);
        if (form.Faults.Found.Count > 0)
            return await List(house, viewers, FormReplied.Faulty("add", form), ct);
        if (PeopleEndpoints.UnknownDesk(ask.Access, house.Organisation) is { } unknown)
            return await List(house, viewers, FormReplied.Of("add", form, unknown), ct);
        var person = new NewPerson(ask.Handle, new PersonTexts(ask.UserName, ask.Name, Email: ask.Email), null, ask.Access!.ToCommand());
        var outcome = await house.People.Provision(person, PeopleEndpoints.By(house.Http), PeopleEndpoints.Trace(), ct);
        return outcome is Outcome.Done done ? PageResults.SeeOther($"/people/{done.Ticket}") : await List(house, viewers, FormReplied.Of("add", form, outcome), ct);
    }

    static async Task<IResult> Show(string person, House house, Viewers viewers, (FormReply Reply, int Status)? replied, CancellationToken ct)
    {
        if (!Guid.TryParseExact(person, "D", out var id) || await house.People.Find(id, ct) is not { } found)
            return Problems.NoSuch("person_not_found", "person");
        var steps = (await house.People.HistoryOf(id, ct)).Select(s => PeopleScreens.Step(s.Happened, s.Meta)).Reverse();
        var known = (house.Organisation.Now.Trainings ?? []).SelectMany(t => t.Trainings).Distinct().Order(StringComparer.Ordinal);
        var screen = new PersonScreen(PeopleScreens.Line(found, house), PeopleScreens.Desks(house), [.. known], [.. steps], replied?.Reply);
        return PageResults.Of<PersonPage>(viewers.Of(house.Http), nameof(PersonPage.Screen), screen, replied?.Status ?? StatusCodes.Status200OK);
    }

    static PersonAccessRequest Access(FormFields form) =>
        new() { Roles = form.Ticked<Role>("roles"), Desks = [.. form.Words("desks")], Lines = form.Ticked<Domain.Tickets.SupportLine>("lines") };

    static void Form(IEndpointRouteBuilder pages, string name, Func<FormFields, PersonCommand> command) =>
        Form(pages, name, (form, _) => (command(form), null));

    static void Form(IEndpointRouteBuilder pages, string name, Func<FormFields, House, (PersonCommand? Command, Problem? Problem)> request) =>
        pages.MapPost($"/people/{{person}}/{name}", async (string person, House house, Viewers viewers, CancellationToken ct) =>
        {
            if (await FormFields.Read(house.Http, ct) is not { } form)
                return Problems.MalformedRequest("It is no form of ours.");
            if (!Guid.TryParseExact(person, "D", out var id))
                return Problems.NoSuch("person_not_found", "person");
            var (command, problem) = request(form, house);
            if (form.Faults.Found.Count > 0)
                return await Show(person, house, viewers, FormReplied.Faulty(Shown(name), form), ct);
            if (problem is not null)
                return await Show(person, house, viewers, FormReplied.Of(Shown(name), form, problem), ct);
            long? seen = form.Text("version") is { } text ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0 : null;
            return await house.People.Handle(id, command!, seen, PeopleEndpoints.By(house.Http), PeopleEndpoints.Trace(), ct) switch
            {
                Outcome.Done => PageResults.SeeOther($"/people/{id}"),
                Outcome.NotFound => Problems.NoSuch("person_not_found", "person"),
                var outcome => await Show(person, house, viewers, FormReplied.Of(Shown(name), form, outcome), ct),
            };
        }).For(Operation.ManagePeople);

    /// <summary>Where on the page it is said why a form was not taken: forms of a single button have no place of their own.</summary>
    static string Shown(string form) => form is "access" or "training" ? form : "state";

    static (PersonCommand? Command, Problem? Problem) Access(FormFields form, House house)
    {
        if (form.Text("version") is null)
            form.Faults.Add("version", "required", "The version one has seen is missing.");
        var ask = Access(form);
        ask.Check(form.Faults);
        return (ask.ToCommand(), PeopleEndpoints.UnknownDesk(ask, house.Organisation));
    }

    static (PersonCommand? Command, Problem? Problem) Training(FormFields form, House house)
    {
        var ask = new TrainingRequest { Training = form["training"].Trim(), CompletedAt = form.Day("completed"), ValidUntil = form.Day("until") };
        ask.Check(form.Faults);
        return (new CompleteTraining(ask.Training, PeopleEndpoints.Micro(ask.CompletedAt ?? house.Clock.GetUtcNow()), ask.ValidUntil), null);
    }
}
