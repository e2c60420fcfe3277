using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Web;

/// <summary>How a training stands with somebody.</summary>
public enum TrainingStanding { Held, Soon, Expired, Missing }

/// <param name="ValidUntil">Null: for good, or never completed.</param>
/// <param name="Required">By one of the person's roles.</param>
public sealed record TrainingState(string Training, DateTimeOffset? CompletedAt, DateTimeOffset? ValidUntil, TrainingStanding Standing, bool Required);

/// <summary>A member of staff as administrators see them.</summary>
public sealed record PersonLine
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required string Handle { get; init; }
    public required string UserName { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public required bool Active { get; init; }

    /// <summary>Their directory knows them no more; they do not come back.</summary>
    public required bool Removed { get; init; }
    public required IReadOnlyList<Role> Roles { get; init; }
    public required IReadOnlyList<string> Desks { get; init; }
    public required IReadOnlyList<SupportLine> Lines { get; init; }

    /// <summary>Those required and those held.</summary>
    public required IReadOnlyList<TrainingState> Trainings { get; init; }
    public required DateTimeOffset Created { get; init; }

    public bool Lacks => Trainings.Any(t => t.Required && t.Standing is TrainingStanding.Missing or TrainingStanding.Expired);
}

/// <summary>How the list is looked at; it stands in the address.</summary>
/// <param name="Role">Null: every role.</param>
/// <param name="Lacking">Only those who lack a training.</param>
public sealed record PeopleLook(Role? Role, bool Lacking);

/// <param name="Desks">Those there are.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
public sealed record PeopleScreen(PeopleLook Look, IReadOnlyList<PersonLine> People, int Count, int Lacking, IReadOnlyList<string> Desks, string? Further, FormReply? Reply = null);

/// <summary>Something that happened to a person's place in the house.</summary>
/// <param name="Type">As its event is called.</param>
/// <param name="What">Roles, desks, lines, or the training.</param>
public sealed record PersonStep(string Type, IReadOnlyList<Role> Roles, IReadOnlyList<string> What, DateTimeOffset? ValidUntil, string By, DateTimeOffset At);

/// <param name="Known">The trainings that anybody is required to have.</param>
/// <param name="Steps">Newest first.</param>
public sealed record PersonScreen(PersonLine Person, IReadOnlyList<string> Desks, IReadOnlyList<string> Known, IReadOnlyList<PersonStep> Steps, FormReply? Reply = null);
