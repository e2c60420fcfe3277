using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventDesk.Service.Importing;

/// <summary>
/// How one family of logs becomes tickets, as written in a mapping file. The language is explained in <c>ops/mappings/README.md</c>;
/// <see cref="Mapping"/> is its checked and executable form.
/// </summary>
public sealed record MappingFile
{
    /// <summary>Names the log's origin. Cases are known by source and case id, so two renderings of one log share it.</summary>
    public required string Source { get; init; }

    /// <summary>For people; never read.</summary>
    public string? About { get; init; }

    public required LogFormat Format { get; init; }

    /// <summary>CSV only; a byte order mark wins.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>CSV only.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Values that stand for "nothing known".</summary>
    public IReadOnlyList<string> Missing { get; init; } = [""];

    public RowOrder Order { get; init; } = RowOrder.Time;
    public Duplicates Duplicates { get; init; } = Duplicates.Keep;
    public BadRows BadRows { get; init; } = BadRows.Refuse;

    /// <summary>When the row happened.</summary>
    public required TimeSpec Time { get; init; }

    /// <summary>When the ticket was opened, where the first row tells it apart from its own time.</summary>
    public TimeSpec? Opened { get; init; }

    /// <summary>What the rows tell; the names are those of <see cref="FieldNames"/>.</summary>
    public required IReadOnlyDictionary<string, FieldSpec> Fields { get; init; }

    /// <summary>Columns whose values tag the ticket at its opening.</summary>
    public IReadOnlyList<FieldSpec> Tags { get; init; } = [];

    /// <summary>Actors that are programs: what they do is nobody's work and they are assigned nothing.</summary>
    public IReadOnlyList<string> SystemActors { get; init; } = [];

    public IReadOnlyList<RuleSpec> Rules { get; init; } = [];

    /// <exception cref="MappingException">Not JSON, or not of this shape.</exception>
    public static MappingFile Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<MappingFile>(json, Json) ?? throw new MappingException("The mapping file holds null.");
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"line {line + 1}" : "the file";
            throw new MappingException($"The mapping cannot be read at {place}{(e.Path is { Length: > 0 } path ? $" ({path})" : "")}: {e.Message}", e);
        }
    }

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new FieldSpecConverter(), new ConditionConverter(), new EmitsConverter() },
    };
}

public enum LogFormat { Csv, Xes }

/// <summary>How the rows of a case follow each other; equal times keep the order of the file.</summary>
public enum RowOrder { Time, File }

/// <summary>What becomes of a row that says exactly what the row before it says, its time included.</summary>
public enum Duplicates { Keep, Skip }

/// <summary>What becomes of a row without case or readable time.</summary>
public enum BadRows { Refuse, Skip }

/// <param name="Column">Where the time stands.</param>
/// <param name="Formats"><c>iso</c>, <c>unix</c>, <c>unixMs</c> or .NET format strings such as <c>d/M/yyyy HH:mm</c>; the first that fits is taken.</param>
/// <param name="Zone">For times without offset: <c>UTC</c>, <c>+01:00</c>, an IANA name, or <c>value</c> where every value must bring its own.</param>
/// <param name="IgnoreOffset">The digits are right and the offset beside them is wrong: read the digits in <paramref name="Zone"/>.</param>
public sealed record TimeSpec(string Column, IReadOnlyList<string>? Formats = null, string Zone = "value", bool IgnoreOffset = false);

/// <summary>Where a value comes from and what is done to it, in the order of the members. A bare string is a column.</summary>
public sealed record FieldSpec
{
    public string? Column { get; init; }

    /// <summary>The same for every row.</summary>
    public string? Value { get; init; }

    /// <summary>Text with <c>{column}</c> in it.</summary>
    public string? Template { get; init; }

    /// <summary>Only rows that meet this tell the value.</summary>
    public Condition? When { get; init; }

    public RepairSpec? Repair { get; init; }

    /// <summary>In place of the mapping's own marks.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    public IReadOnlyList<ReplaceSpec> Replace { get; init; } = [];

    /// <summary>Exact texts and what they mean.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>Patterns and what they mean, asked in order.</summary>
    public IReadOnlyList<MatchSpec>? Match { get; init; }

    /// <summary>What everything means that neither map nor match knows. Without it such a value is reported and left out.</summary>
    public string? Otherwise { get; init; }

    /// <summary>For <c>agent</c>: a row without one says that nobody has the ticket.</summary>
    public bool MissingClears { get; init; }
}

/// <summary>Undoes a wrong decoding: the text's bytes in <paramref name="ReadAs"/> are decoded as <paramref name="Was"/>, where that works.</summary>
public sealed record RepairSpec(string ReadAs, string Was);

public sealed record ReplaceSpec(string Pattern, string With);

public sealed record MatchSpec(string Pattern, string Is);

/// <summary>What rows mean. Of the phases (working, ongoing, waiting, resolved, closed) the first rule that matches decides; everything else adds up.</summary>
/// <param name="When">Null: always.</param>
/// <param name="Line">For <see cref="Emit.Line"/>.</param>
/// <param name="Reason">For <see cref="Emit.Waiting"/> (default customer) and <see cref="Emit.Skip"/>.</param>
/// <param name="Text">For messages.</param>
public sealed record RuleSpec(IReadOnlyList<Emit> Emit, Condition? When = null, string? Line = null, string? Reason = null, FieldSpec? Text = null);

/// <summary>What a rule can say about a row.</summary>
public enum Emit
{
    /// <summary>Work goes on: a wait ends, and what was finished is reopened.</summary>
    Working,

    /// <summary>Work goes on, and what was finished stays finished.</summary>
    Ongoing,
    Waiting,
    Resolved,
    Closed,

    /// <summary>The ticket is on this line from now on.</summary>
    Line,

    /// <summary>It was handed on, also when the team reads the same.</summary>
    Transferred,
    Unassigned,

    /// <summary>The severity was judged, also when it stays.</summary>
    Assessed,
    CustomerMessage,
    Reply,
    Note,

    /// <summary>The row is known and means nothing to our rules.</summary>
    Nothing,

    /// <summary>The row is left out and counted.</summary>
    Skip,
}

/// <summary>The fields a mapping may define.</summary>
public static class FieldNames
{
    public const string Case = "case", Activity = "activity", State = "state", Actor = "actor", Agent = "agent", Team = "team", Line = "line",
        Severity = "severity", Product = "product", Language = "language", Requester = "requester", RequesterName = "requesterName",
        RequesterEmail = "requesterEmail", Subject = "subject", Body = "body";

    public static readonly IReadOnlyList<string> All =
    [
        Case, Activity, State, Actor, Agent, Team, Line, Severity, Product, Language, Requester, RequesterName, RequesterEmail, Subject, Body,
    ];
}

/// <summary>The mapping file is wrong; the message says where and what.</summary>
public sealed class MappingException(string message, Exception? inner = null) : Exception(message, inner);
