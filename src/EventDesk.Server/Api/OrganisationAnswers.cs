using System.ComponentModel;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;

namespace EventDesk.Server.Api;

public sealed record NamedAnswer(string Id, string Name, [property: Description("The version to name in If-Match.")] int Version);

public sealed record CalendarAnswer(
    string Id, string Zone, [property: Description("False: its hours are unknown.")] bool Known, [property: Description("The version to name in If-Match.")] int Version);

public sealed record DeskAnswer
{
    [Description("product/language")]
    public required string Id { get; init; }
    public required string Product { get; init; }
    public required string Language { get; init; }
    public string? Name { get; init; }

    [Description("Takes no new tickets.")]
    public required bool Retired { get; init; }

    [Description("Id of its calendar; left out: its hours are unknown.")]
    public string? Calendar { get; init; }

    [Description("Id of the plan of tickets whose customer has none.")]
    public string? Contract { get; init; }
    public int? FirstLineTargetPercent { get; init; }

    [Description("By channel: yes, no, or comingSoon.")]
    public required IReadOnlyDictionary<string, Availability> Channels { get; init; }

    [Description("The version to name in If-Match.")]
    public required int Version { get; init; }
}

public sealed record RequiredTrainingsAnswer(Role Role, IReadOnlyList<string> Trainings, [property: Description("The version to name in If-Match.")] int Version);

public sealed record OrganisationAnswer(
    IReadOnlyList<NamedAnswer> Products, IReadOnlyList<NamedAnswer> Languages, IReadOnlyList<DeskAnswer> Desks,
    IReadOnlyList<CalendarAnswer> Calendars, IReadOnlyList<NamedAnswer> Contracts)
{
    [Description("For staff.")]
    public IReadOnlyList<TeamAnswer>? Teams { get; init; }

    [Description("For staff.")]
    public IReadOnlyList<AgentAnswer>? Agents { get; init; }

    [Description("For staff: what each role has to be taught.")]
    public IReadOnlyList<RequiredTrainingsAnswer>? Trainings { get; init; }

    [Description("For staff; left out while there are no rules.")]
    public RoutingAnswer? Routing { get; init; }

    [Description("For staff: canned replies.")]
    public IReadOnlyList<MacroAnswer>? Macros { get; init; }

    [Description("For staff; left out while everything is kept.")]
    public RetentionAnswer? Retention { get; init; }
}

public sealed record RetentionAnswer(
    [property: Description("As the organisation's file writes them.")] Dictionary<string, object> Rules, [property: Description("The version to name in If-Match.")] int Version);

/// <summary>What defining a part answers.</summary>
public sealed record PartAnswer(
    [property: Description("Kind and id: calendar/pl, desk/billing/pl.")] string Part, [property: Description("The same as in the ETag.")] long Version,
    [property: Description("When it comes into force.")] DateTimeOffset From);

public sealed record PartVersionAnswer(
    int Version, [property: Description("When it came or comes into force.")] DateTimeOffset From,
    [property: Description("As the organisation's file writes it.")] Dictionary<string, object> Definition);

public sealed record PartVersionsAnswer(
    [property: Description("Kind and id: calendar/pl, desk/billing/pl.")] string Part,
    [property: Description("Oldest first; the last may not be in force yet.")] IReadOnlyList<PartVersionAnswer> Versions);

public sealed record SpecialDateAnswer(
    string Date, [property: Description("Intervals such as 08:00-12:00; none: closed all day.")] IReadOnlyList<string> Open);

public sealed record DeskHoursAnswer
{
    [Description("product/language")]
    public required string Desk { get; init; }
    public required string Product { get; init; }
    public required string Language { get; init; }
    public string? Name { get; init; }
    public required string ProductName { get; init; }
    public required string LanguageName { get; init; }

    [Description("Unknown hours are neither closed nor open round the clock.")]
    public required OpeningState State { get; init; }

    [Description("While closed: the next opening; left out when none is known.")]
    public DateTimeOffset? OpensAt { get; init; }

    [Description("While open: the next closing; left out when none is known.")]
    public DateTimeOffset? ClosesAt { get; init; }

    [Description("The zone of the intervals; left out where the desk has no calendar.")]
    public string? Zone { get; init; }

    [Description("Intervals such as 08:00-16:00 by day, monday first; left out when the hours are unknown.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Week { get; init; }

    [Description("When the hours are unknown: the days on which it is known to be open at all.")]
    public IReadOnlyList<string>? Days { get; init; }

    [Description("The dates of the next 60 days that do not follow the week.")]
    public required IReadOnlyList<SpecialDateAnswer> Dates { get; init; }

    [Description("By channel: yes, no, or comingSoon.")]
    public required IReadOnlyDictionary<string, Availability> Channels { get; init; }
}

public sealed record HoursAnswer([property: Description("The instant the states are told for.")] DateTimeOffset At, IReadOnlyList<DeskHoursAnswer> Desks);
