using EventDesk.Domain.Organisation;

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
    public static readonly IReadOnlyList<string> Parts = ["desks", "calendars", "contracts", "teams", "agents", "routing", "trainings"];

    /// <summary>Which of them is looked at; it stands in the address.</summary>
    public required string Part { get; init; }
    public IReadOnlyList<PartOf<Desk>> Desks { get; init; } = [];
    public IReadOnlyList<PartOf<CalendarDefinition>> Calendars { get; init; } = [];
    public IReadOnlyList<PartOf<Contract>> Contracts { get; init; } = [];
    public IReadOnlyList<PartOf<Team>> Teams { get; init; } = [];
    public IReadOnlyList<PartOf<RosterAgent>> Agents { get; init; } = [];
    public IReadOnlyList<PartOf<RequiredTrainings>> Trainings { get; init; } = [];
    public PartOf<RoutingRules>? Routing { get; init; }
}

/// <summary>The form by which a part is changed.</summary>
/// <param name="Latest">The version it is thought out on; 0: it is new.</param>
/// <param name="Calendar">Null: it is no calendar, or a new one.</param>
/// <param name="Json">Its definition as the API takes it.</param>
public sealed record PartScreen(string Key, int Latest, CalendarDefinition? Calendar, string Json, PartStanding? Standing, FormReply? Reply = null)
{
    public bool IsCalendar => Key.StartsWith("calendar/", StringComparison.Ordinal);
}
