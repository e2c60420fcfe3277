using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Organisation;

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
