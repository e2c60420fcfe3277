using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.People;

namespace EventDesk.Server.Api;

/// <summary>The parts requests define, under the ids of their addresses.</summary>
static class Defined
{
    public static Problem NoSuchPart() => Problems.NoSuch("part_not_found", "part of the organisation");

    /// <summary>The role whose trainings an address names; null: no person can be given one of that name.</summary>
    public static Role? RoleOf(string name) => ExactEnum<Role>.TryParse(name, out var role) && SetAccess.Grantable.Contains(role) ? role : null;

    public static Product Product(string id, ProductDefinitionRequest p) => new(id, p.Name);

    public static Language Language(string id, LanguageDefinitionRequest l) => new(id, l.Name);

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
}
