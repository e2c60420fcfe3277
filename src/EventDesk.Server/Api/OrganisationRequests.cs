using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

/// <summary>A part of the organisation as it is to be; its id is in the address. What is at odds with the other parts is found where they are known.</summary>
public interface IDefinition : IChecked
{
    DateTimeOffset? From { get; }
}

public sealed record ProductDefinitionRequest : IDefinition
{
    [MaxLength(TextRules.MaxName)]
    public required string Name { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults) => faults.Line("/name", Name, TextRules.MaxName);
}

public sealed record LanguageDefinitionRequest : IDefinition
{
    [Description("In the language itself.")]
    [MaxLength(TextRules.MaxName)]
    public required string Name { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults) => faults.Line("/name", Name, TextRules.MaxName);
}

public sealed record ContractHolderRequest : IDefinition
{
    [Description("Id of a contract.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Contract { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults) => faults.Identifier("/contract", Contract, TextRules.MaxIdentifier);
}

public sealed record CalendarDefinitionRequest : IDefinition
{
    [Description("An IANA time zone such as Europe/Warsaw, or a fixed offset such as UTC+02:00.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Zone { get; init; }

    [Description("Intervals such as 08:00-16:00 by day (monday …); they may end at 24:00. A day left out is closed. Without a week the hours are unknown.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Week { get; init; }

    [Description("Dates such as 2026-12-24 with hours of their own; without an interval the date is closed. They win over holidays.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Exceptions { get; init; }

    [Description("Dates closed all day.")]
    public IReadOnlyList<string>? Holidays { get; init; }

    [Description("Where the hours are unknown: the days on which it is open at all, for people to read.")]
    public IReadOnlyList<string>? Days { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/zone", Zone, TextRules.MaxIdentifier);
        faults.WordsByName("/week", Week);
        faults.WordsByName("/exceptions", Exceptions);
        faults.Words("/holidays", Holidays);
        faults.Words("/days", Days);
    }
}

public sealed record AnswerTimeRequest
{
    [Description("A number and m (minutes), h (hours) or wd (working days): 30m, 4h, 2wd.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Time { get; init; }

    [Description("calendar: all time counts. working: opening hours alone, as working days always do.")]
    public TimeCounted Clock { get; set; } = TimeCounted.Calendar;
}

public sealed record SeverityTargetsRequest
{
    public required Severity Severity { get; init; }

    [Description("Left out: no target, no breach.")]
    public AnswerTimeRequest? FirstResponse { get; init; }

    [Description("Left out: no target, no breach.")]
    public AnswerTimeRequest? NextResponse { get; init; }

    [Description("Softer than the target: it is reported apart and never breached.")]
    public AnswerTimeRequest? FirstPromise { get; init; }

    [Description("Softer than the target: it is reported apart and never breached.")]
    public AnswerTimeRequest? NextPromise { get; init; }
}

public sealed record ContractDefinitionRequest : IDefinition
{
    [MaxLength(TextRules.MaxName)]
    public required string Name { get; init; }

    [Description("By severity; a severity left out has no clock.")]
    public required IReadOnlyList<SeverityTargetsRequest> Targets { get; init; }

    [Description("Id of the calendar of dedicated hours; left out: the hours of the ticket's desk.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Calendar { get; init; }

    [Description("What counts until someone has assessed the severity.")]
    public Severity AssumedSeverity { get; set; } = Severity.Standard;

    [Description("A clock warns when so much of its target has passed; 100: never before the breach.")]
    [Range(1, 100)]
    public int WarnAtPercent { get; set; } = 80;

    [Description("Outside the first line's hours the second line does its work.")]
    public bool SecondLineActsAsFirst { get; init; }

    [Description("Tickets go straight to the second line.")]
    public bool DirectToSecondLine { get; init; }

    [Description("Handle of the customers' named agent.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Agent { get; init; }

    [Description("As agreed; nothing is computed from it.")]
    [MaxLength(TextRules.MaxName)]
    public string? Price { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/name", Name, TextRules.MaxName);
        faults.Identifier("/calendar", Calendar, TextRules.MaxIdentifier);
        faults.Identifier("/agent", Agent, TextRules.MaxIdentifier);
        faults.Line("/price", Price, TextRules.MaxName);
        if (WarnAtPercent is < 1 or > 100)
            faults.Add("/warnAtPercent", "out_of_range", "It is a whole number from 1 to 100.");
        if (Targets.Count > DefinitionRules.MostWords)
            faults.Add("/targets", "too_many", $"At most {DefinitionRules.MostWords} are allowed.");
        for (var i = 0; i < Targets.Count; i++)
            Check(faults, $"/targets/{i}", Targets[i]);
    }

    static void Check(Faults faults, string at, SeverityTargetsRequest? targets)
    {
        if (targets is null)
            faults.Add(at, "required", "It must not be null.");
        faults.Line($"{at}/firstResponse/time", targets?.FirstResponse?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/nextResponse/time", targets?.NextResponse?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/firstPromise/time", targets?.FirstPromise?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/nextPromise/time", targets?.NextPromise?.Time, TextRules.MaxIdentifier);
    }
}

public sealed record DeskDefinitionRequest : IDefinition
{
    [MaxLength(TextRules.MaxName)]
    public string? Name { get; init; }

    [Description("It takes no new tickets; the old ones keep it.")]
    public bool Retired { get; init; }

    [Description("The share of tickets its first line is to solve by itself, of those that were not sent past it.")]
    [Range(0, 100)]
    public int? FirstLineTargetPercent { get; init; }

    [Description("Id of its calendar; left out: its hours are unknown.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Calendar { get; init; }

    [Description("Id of the plan of tickets whose customer has none; left out: they have no clocks.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Contract { get; init; }

    [Description("By guide, portal, chat, phone and email: yes, no, or comingSoon. A channel left out is open.")]
    public IReadOnlyDictionary<string, Availability>? Channels { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/name", Name, TextRules.MaxName);
        if (FirstLineTargetPercent is < 0 or > 100)
            faults.Add("/firstLineTargetPercent", "out_of_range", "It is a whole number from 0 to 100.");
        faults.Identifier("/calendar", Calendar, TextRules.MaxIdentifier);
        faults.Identifier("/contract", Contract, TextRules.MaxIdentifier);
        foreach (var channel in Channels?.Keys ?? [])
            faults.Identifier($"/channels/{channel}", channel, TextRules.MaxIdentifier);
    }
}

/// <summary>What definitions have in common.</summary>
static class DefinitionRules
{
    public const string From = "When it comes into force, not before now; left out: at once.";

    /// <summary>Dates, or intervals of a day: more than anybody means.</summary>
    public const int MostWords = 1_000;

    /// <summary>Words by a name: intervals by day, choices by field.</summary>
    public static void WordsByName(this Faults faults, string field, IReadOnlyDictionary<string, IReadOnlyList<string>>? given)
    {
        if (given is { Count: > MostWords })
            faults.Add(field, "too_many", $"At most {MostWords} are allowed.");
        foreach (var (name, words) in given ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            faults.Identifier($"{field}/{name}", name, TextRules.MaxIdentifier);
            if (words is null)
                faults.Add($"{field}/{name}", "required", "It must not be null.");
            faults.Words($"{field}/{name}", words);
        }
    }

    /// <summary>Words in a list: the types do not say that none of them is null.</summary>
    public static void Words(this Faults faults, string field, IReadOnlyList<string?>? given)
    {
        if (given is { Count: > MostWords })
            faults.Add(field, "too_many", $"At most {MostWords} are allowed.");
        for (var i = 0; i < (given?.Count ?? 0); i++)
        {
            if (given![i] is null)
                faults.Add($"{field}/{i}", "required", "It must not be null.");
            faults.Line($"{field}/{i}", given[i], TextRules.MaxIdentifier);
        }
    }
}
