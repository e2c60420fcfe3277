using System.Text.Json.Serialization.Metadata;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.People;

namespace EventDesk.Server.Api;

/// <summary>What came of reading a definition: the part and when it is to hold, or the problem with it.</summary>
readonly record struct DefinedPart(object? Part, DateTimeOffset? From, Problem? Problem);

/// <summary>The parts requests define, under the ids of their addresses.</summary>
static class Defined
{
    /// <summary>By kind: reads a definition written in JSON as the API takes it.</summary>
    static readonly Dictionary<string, Func<string, byte[], DefinedPart>> Kinds = new()
    {
        ["product"] = Of<ProductDefinitionRequest>((id, p) => new Product(id, p.Name)),
        ["language"] = Of<LanguageDefinitionRequest>((id, l) => new Language(id, l.Name)),
        ["calendar"] = Of<CalendarDefinitionRequest>(Calendar),
        ["contract"] = Of<ContractDefinitionRequest>(Contract),
        ["desk"] = Of<DeskDefinitionRequest>((id, d) => id.Split('/') is [var product, var language] ? Desk(product, language, d) : null),
        ["team"] = Of<TeamDefinitionRequest>(Team),
        ["agent"] = Of<AgentDefinitionRequest>(Agent),
        ["routing"] = Of<RoutingDefinitionRequest>((id, r) => id == "rules" ? r.Defined : null),
        ["trainings"] = Of<RequiredTrainingsRequest>((id, t) => ExactEnum<Role>.TryParse(id, out var role) && SetAccess.Grantable.Contains(role) ? Trainings(role, t) : null),
    };

    public static bool Knows(string kind) => Kinds.ContainsKey(kind);

    /// <param name="key">Kind and id: <c>team/billing-en-l1</c>.</param>
    public static DefinedPart Read(string key, byte[] json) => key.Split('/', 2) is [var kind, { Length: > 0 } id] && Kinds.TryGetValue(kind, out var read)
        ? read(id, json)
        : new(null, null, NoSuchPart());

    public static Problem NoSuchPart() => Problems.NoSuch("part_not_found", "part of the organisation");

    public static CalendarDefinition Calendar(string id, CalendarDefinitionRequest c) => new(id, c.Zone, c.Week, c.Exceptions, c.Holidays, c.Days);

    public static Contract Contract(string id, ContractDefinitionRequest c) => new(
        id, c.Name, [.. c.Targets.Select(Targets)], c.Calendar, c.AssumedSeverity, c.WarnAtPercent, c.SecondLineActsAsFirst, c.DirectToSecondLine, c.Agent, c.Price,
        Time(c.Callback), Time(c.CallbackPromise));

    public static Desk Desk(string product, string language, DeskDefinitionRequest d) =>
        new(product, language, d.Name, d.Retired, d.FirstLineTargetPercent, d.Calendar, d.Contract, d.Channels);

    public static Team Team(string id, TeamDefinitionRequest t) => new(id, t.Desk, t.Line, t.AssignsByItself, t.Retired);

    public static RosterAgent Agent(string id, AgentDefinitionRequest a) => new(id, a.Teams, a.Capacity, a.Calendar, a.Retired);

    public static RequiredTrainings Trainings(Role role, RequiredTrainingsRequest t) => new(role, [.. t.Trainings.Distinct()]);

    static SeverityTargets Targets(SeverityTargetsRequest t) =>
        new(t.Severity, Time(t.FirstResponse), Time(t.NextResponse), Time(t.FirstPromise), Time(t.NextPromise), Time(t.Callback), Time(t.CallbackPromise));

    static AnswerTime? Time(AnswerTimeRequest? t) => t is null ? null : new AnswerTime(t.Time, t.Clock);

    static Func<string, byte[], DefinedPart> Of<T>(Func<string, T, object?> part) where T : class, IDefinition
    {
        var type = (JsonTypeInfo<T>)ApiJson.Http.GetTypeInfo(typeof(T))!;
        return (id, json) =>
        {
            var faults = new Faults();
            foreach (var word in id.Split('/'))
                faults.Identifier("id", word, TextRules.MaxIdentifier);
            if (faults.Found.Count > 0)
                return new(null, null, Problems.Invalid(faults.Found));
            var read = Body.Parse(json, type, optional: false, digest: null);
            return read.Problem is { } problem ? new(null, null, problem)
                : part(id, read.Value!) is { } made ? new(made, read.Value!.From, null)
                : new(null, null, NoSuchPart());
        };
    }
}
