using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;

namespace EventDesk.Web;

/// <summary>Which of its versions a part is in, and since when; <paramref name="Next"/> waits for its time.</summary>
/// <param name="Latest">The newest version there is: a change has to name it.</param>
/// <param name="Since">Null: it has always been so, or it has yet to begin.</param>
/// <param name="Next">When the newest version comes into force; null: it is.</param>
public sealed record PartStanding(int Version, int Latest, DateTimeOffset? Since, DateTimeOffset? Next);

/// <summary>A part of the organisation with its versions.</summary>
/// <param name="Key">Kind and id: <c>calendar/pl</c>.</param>
public sealed record PartOf<T>(string Key, T Is, PartStanding Standing);

/// <summary>The organisation, one sort of part at a time.</summary>
public sealed record OrganisationScreen
{
    /// <summary>The parts one can look at, in the order in which they are offered, each with the kind of what stands there.</summary>
    static readonly IReadOnlyList<(string Part, string Kind)> Kinds =
    [
        ("desks", "desk"), ("products", "product"), ("languages", "language"), ("calendars", "calendar"), ("contracts", "contract"), ("customers", "customer"), ("teams", "team"), ("agents", "agent"),
        ("routing", "routing"), ("trainings", "trainings"), ("retention", "retention"), ("privacy", "privacy"),
    ];

    public static readonly IReadOnlyList<string> Parts = [.. Kinds.Select(k => k.Part)];

    /// <summary>Where a part is seen.</summary>
    /// <param name="key">Kind and id.</param>
    public static string PartOf(string key) => Kinds.First(k => k.Kind == key.Split('/')[0]).Part;

    public string Kind => Kinds.First(k => k.Part == Part).Kind;

    /// <summary>Which of them is looked at; it stands in the address.</summary>
    public required string Part { get; init; }

    /// <summary>What new parts are made of.</summary>
    public required SupportOrganisation Among { get; init; }
    public IReadOnlyList<PartOf<Desk>> Desks { get; init; } = [];
    public IReadOnlyList<PartOf<Product>> Products { get; init; } = [];
    public IReadOnlyList<PartOf<Language>> Languages { get; init; } = [];
    public IReadOnlyList<PartOf<CalendarDefinition>> Calendars { get; init; } = [];
    public IReadOnlyList<PartOf<Contract>> Contracts { get; init; } = [];

    /// <summary>Those who have a plan of their own.</summary>
    public IReadOnlyList<PartOf<ContractHolder>> Customers { get; init; } = [];
    public IReadOnlyList<PartOf<Team>> Teams { get; init; } = [];
    public IReadOnlyList<PartOf<RosterAgent>> Agents { get; init; } = [];
    public IReadOnlyList<PartOf<RequiredTrainings>> Trainings { get; init; } = [];
    public PartOf<RoutingRules>? Routing { get; init; }

    /// <summary>Null: everything is kept.</summary>
    public PartOf<RetentionRules>? Retention { get; init; }

    /// <summary>Null: nobody has said anything.</summary>
    public PartOf<PrivacyRules>? Privacy { get; init; }
}

/// <summary>A version of a part.</summary>
/// <param name="From">Null: it has always been so.</param>
/// <param name="Json">Its definition as the API takes it.</param>
public sealed record PartVersion(int Version, DateTimeOffset? From, string Json);

/// <summary>The form by which a part is changed.</summary>
/// <param name="Stands">As the newest version defines it; null: it is new.</param>
public sealed record PartScreen(string Key, object? Stands, FormReply? Reply = null)
{
    public string Kind => Key.Split('/')[0];

    /// <summary>The version it is thought out on; 0: it is new.</summary>
    public int Latest => Versions.Count;

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<PartVersion> Versions { get; init; }

    /// <summary>Null: it is new.</summary>
    public required PartStanding? Standing { get; init; }

    /// <summary>What it can name.</summary>
    public required SupportOrganisation Among { get; init; }
}

/// <summary>A row of a list in a part's form, by its number.</summary>
public static class PartRow
{
    /// <summary>The lists there are: rules, and fields of choice.</summary>
    public const string Rule = "rule", Field = "field";

    /// <summary>What the names of its fields begin with; a field of this name says that it is there.</summary>
    public static string Of(string list, int row) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{list}-{row}");

    /// <summary>What the name of a box begins with by which a rule wants a choice; the field's name and the choice follow, parted by a slash.</summary>
    public static string Choice(int row) => $"{Of(Rule, row)}-is-";

    /// <summary>How many rows a form has: as many as were sent, however many the list has become meanwhile, so that none of what was typed is lost; else those there are and some to fill in.</summary>
    public static int Count(FormReply? said, string list, int stood, int more) =>
        said is null ? stood + more : Enumerable.Range(0, said.Values.Count).TakeWhile(row => said.Values.ContainsKey(Of(list, row))).Count();
}
