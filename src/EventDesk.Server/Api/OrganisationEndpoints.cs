using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Service.Organising;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>What is supported, in which languages, by which desks, when, and what is promised; and how that is changed.</summary>
public static class OrganisationEndpoints
{
    const string Tag = "Organisation";

    const string How = " A further version holds from now or from an instant to come; what was before stays as it was."
        + " If-Match names the version it was thought out on, If-None-Match: * says that it is new.";

    static readonly string[] ForStaff = ["contract/", "customer/", "team/", "agent/", "routing/", "trainings/", RetentionRules.Key, Macro.Prefix];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organisation", Read).Is(Operation.ReadOrganisation, "readOrganisation", Tag, "Read the organisation",
            "Products, languages, the desks made of them, calendars and contracts, and for staff teams, agents, macros, routing and retention rules, as they stand now. Each with the version a change has to name.");
        api.MapGet("/organisation/versions", Versions).Is(Operation.ReadOrganisation, "listOrganisationVersions", Tag, "Read every version of a part",
            "Since when which definition of a part is in force. Contracts, teams, agents, routing, privacy and retention rules, trainings and macros are for staff.")
            .WithMetadata(new QueryParameter("of", "string", "Kind and id: product/billing, language/pl, calendar/pl, contract/vip, desk/billing/pl, team/billing-pl-l1, agent/ann, routing/rules, privacy/rules, trainings/agent, retention, macro/refund.", "calendar/pl"))
            .Produces<ProblemAnswer>(StatusCodes.Status404NotFound, "application/problem+json");
        api.MapPut("/organisation/products/{id}", DefineProduct).Is(Operation.ManageOrganisation, "defineProduct", Tag, "Define a product",
            "What is supported." + How);
        api.MapPut("/organisation/languages/{id}", DefineLanguage).Is(Operation.ManageOrganisation, "defineLanguage", Tag, "Define a language",
            "In which language; its id is BCP 47." + How);
        api.MapPut("/organisation/calendars/{id}", DefineCalendar).Is(Operation.ManageOrganisation, "defineCalendar", Tag, "Define a calendar",
            "Opening hours, or that they are unknown." + How);
        api.MapPut("/organisation/contracts/{id}", DefineContract).Is(Operation.ManageOrganisation, "defineContract", Tag, "Define a contract",
            "A plan and its targets. Clocks that run keep theirs." + How);
        api.MapPut("/organisation/trainings/{role}", DefineTrainings).Is(Operation.ManageOrganisation, "defineTrainings", Tag, "Say which trainings a role requires",
            "Whoever holds the role and lacks one of them has no access as staff, from the moment it is in force." + How);
        api.MapPut("/organisation/desks/{product}/{language}", DefineDesk).Is(Operation.ManageOrganisation, "defineDesk", Tag, "Define a desk",
            "Product and language must be there." + How);
        api.MapPut("/organisation/customers/{id}", DefineHolder).Is(Operation.ManageOrganisation, "defineContractHolder", Tag, "Give a customer a plan of their own",
            "By the customer's pseudonym, as tickets show it: the organisation holds no address. It counts for tickets opened from then on." + How);
        api.MapPut("/organisation/teams/{id}", DefineTeam).Is(Operation.ManageOrganisation, "defineTeam", Tag, "Define a team",
            "Those who do the work of one line of a desk; its agents name it." + How);
        api.MapPut("/organisation/agents/{id}", DefineAgent).Is(Operation.ManageOrganisation, "defineAgent", Tag, "Define an agent of the roster",
            "By handle: no name is kept." + How);
        api.MapPut("/organisation/privacy", DefinePrivacy).Is(Operation.ManageOrganisation, "definePrivacy", Tag, "Define the rules of privacy",
            "Whether looking at a hidden passage needs a second person." + How);
        api.MapPut("/organisation/routing", DefineRouting).Is(Operation.ManageOrganisation, "defineRouting", Tag, "Define the routing rules",
            "An ordered list, of which the first that matches a new ticket decides. Tickets there are stay where they are." + How);
    }

    static Ok<OrganisationAnswer> Read(HttpContext http, OrganisationBook book)
    {
        var (organisation, history) = (book.Now, book.History);
        var answer = new OrganisationAnswer(
            [.. organisation.Products.Select(p => new NamedAnswer(p.Id, p.Name, Version(p)))],
            [.. organisation.Languages.Select(l => new NamedAnswer(l.Id, l.Name, Version(l)))],
            [.. organisation.Desks.Select(d => Answer(d, Version(d)))],
            [.. (organisation.Calendars ?? []).Select(c => new CalendarAnswer(c.Id, c.Zone, c.Week is not null, Version(c)))],
            [.. (organisation.Contracts ?? []).Select(c => new NamedAnswer(c.Id, c.Name, Version(c)))]);
        // Who works where, and by which rules, is no business of customers.
        return TypedResults.Ok(http.AsCustomer() ? answer : answer with
        {
            Teams = [.. (organisation.Teams ?? []).Select(t => Answer(t, organisation, Version(t)))],
            Agents = [.. (organisation.Agents ?? []).Select(a => new AgentAnswer { Id = a.Id, Teams = a.Teams, Capacity = a.Capacity, Calendar = a.Calendar, Retired = a.Retired, Version = Version(a) })],
            Trainings = [.. (organisation.Trainings ?? []).Select(t => new RequiredTrainingsAnswer(t.Role, t.Trainings, Version(t)))],
            Routing = organisation.Routing is { } routing ? Answer(routing, Version(routing)) : null,
            Macros = [.. (organisation.Macros ?? []).Select(m => new MacroAnswer(m.Id, m.Name, m.Replies, m.Steps is null ? null : MacroStepsRequest.Of(m.Steps), m.Retired, Version(m)))],
            Retention = organisation.Retention is { } retention ? new(Written(retention), Version(retention)) : null,
        });

        int Version(object part) => history.Versions(OrganisationHistory.KeyOf(part)).Count;
    }

    static DeskAnswer Answer(Desk d, int version) => new()
    {
        Id = d.Id.Value, Product = d.Product, Language = d.Language, Name = d.Name, Retired = d.Retired, Calendar = d.Calendar, Contract = d.Contract,
        FirstLineTargetPercent = d.FirstLineTargetPercent, Channels = Channels(d), Version = version,
    };

    static TeamAnswer Answer(Team t, SupportOrganisation organisation, int version) => new()
    {
        Id = t.Id, Desk = t.Desk, Line = t.Line, AssignsByItself = t.AssignsByItself, Retired = t.Retired, Version = version,
        Agents = [.. (organisation.Agents ?? []).Where(a => !a.Retired && a.Teams.Contains(t.Id)).Select(a => a.Id)],
    };

    static RoutingAnswer Answer(RoutingRules routing, int version) =>
        new([.. routing.Rules.Select(Written)], routing.Fields ?? new Dictionary<string, IReadOnlyList<string>>(), version);

    /// <summary>All of them, also those the desk says nothing of.</summary>
    internal static IReadOnlyDictionary<string, Availability> Channels(Desk desk) => SupportOrganisation.KnownChannels.ToDictionary(c => c, desk.Through);

    static Results<Ok<PartVersionsAnswer>, Problem> Versions(HttpContext http, OrganisationBook book)
    {
        var query = new Query(http);
        var of = query.Text("of") ?? "";
        if (of.Length == 0)
            query.Fault("of", "required", "Say of what: calendar/pl, desk/billing/pl.");
        if (query.Problem is { } problem)
            return problem;
        var versions = book.History.Versions(of);
        // What is agreed with some is no business of the others.
        var hidden = http.AsCustomer() && ForStaff.Any(kind => of.StartsWith(kind, StringComparison.Ordinal));
        return versions.Count == 0 || hidden
            ? Problems.NoSuch("part_not_found", "part of the organisation")
            : TypedResults.Ok(new PartVersionsAnswer(of, [.. versions.Select(v => new PartVersionAnswer(v.Version, v.From.ToDateTimeOffset(), Written(v.Definition)))]));
    }

    /// <summary>A definition as the organisation's file writes it.</summary>
    internal static Dictionary<string, object> Written(object definition) =>
        JsonSerializer.SerializeToElement(definition, OrganisationJson.Default.GetTypeInfo(definition.GetType())!)
            .EnumerateObject().ToDictionary(m => m.Name, m => (object)m.Value);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineProduct(
        string id, Definition<ProductDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, p => Defined.Product(id, p), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineLanguage(
        string id, Definition<LanguageDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, l => Defined.Language(id, l), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineCalendar(
        string id, Definition<CalendarDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, c => Defined.Calendar(id, c), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineContract(
        string id, Definition<ContractDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, c => Defined.Contract(id, c), ct);

    static async Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineTrainings(
        string role, Definition<RequiredTrainingsRequest> definition, OrganisationBook book, CancellationToken ct) =>
        Defined.RoleOf(role) is { } known
            ? await definition.Send(book, t => Defined.Trainings(known, t), ct)
            : Problems.NoSuch("role_not_found", "role of people");

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineDesk(
        string product, string language, Definition<DeskDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, d => Defined.Desk(product, language, d), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineTeam(
        string id, Definition<TeamDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, t => Defined.Team(id, t), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineAgent(
        string id, Definition<AgentDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, a => Defined.Agent(id, a), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefinePrivacy(
        Definition<PrivacyDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, p => new PrivacyRules(p.RevealNeedsSecondPerson), ct);

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineRouting(
        Definition<RoutingDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, r => r.Defined, ct);

    static async Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> DefineHolder(
        string id, Definition<ContractHolderRequest> definition, OrganisationBook book, CancellationToken ct) =>
        Guid.TryParseExact(id, "D", out var customer)
            ? await definition.Send(book, h => new ContractHolder(customer, h.Contract), ct)
            : Problems.NoSuch("customer_not_found", "customer");
}
