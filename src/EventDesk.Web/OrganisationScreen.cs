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
    /// <summary>The parts one can look at, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<string> Parts = ["desks", "calendars", "contracts", "teams", "agents", "routing", "trainings", "retention", "privacy"];

    /// <summary>Which of them is looked at; it stands in the address.</summary>
    public required string Part { get; init; }
    public IReadOnlyList<PartOf<Desk>> Desks { get; init; } = [];
    public IReadOnlyList<PartOf<CalendarDefinition>> Calendars { get; init; } = [];
    public IReadOnlyList<PartOf<Contract>> Contracts { get; init; } = [];
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

    public CalendarDefinition? Calendar => Stands as CalendarDefinition;

    /// <summary>The version it is thought out on; 0: it is new.</summary>
    public int Latest => Versions.Count;

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<PartVersion> Versions { get; init; }

    /// <summary>Null: it is new.</summary>
    public required PartStanding? Standing { get; init; }

    /// <summary>Ids of those a contract can have.</summary>
    public required IReadOnlyList<string> Calendars { get; init; }
}

/// <summary>A row of the form of retention rules, by its number.</summary>
public static class RetentionRow
{
    /// <summary>What can be filled in.</summary>
    public static readonly IReadOnlyList<string> Fields = ["id", "trigger", "action", "days", "products", "desks", "languages", "contracts"];

    /// <summary>What the names of its fields begin with; a field of this name says that it is there.</summary>
    public static string Of(int row) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rule-{row}");
}
