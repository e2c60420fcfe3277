using System.Diagnostics;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.People;

/// <summary>A training as it was last completed.</summary>
/// <param name="ValidUntil">The first instant at which it counts no more; null: for good.</param>
public sealed record HeldTraining(string Training, DateTimeOffset CompletedAt, DateTimeOffset? ValidUntil);

/// <summary>A member of staff as their events tell it. Holds no personal data: names and addresses stay sealed in the events.</summary>
public sealed record Person
{
    /// <summary>In place of desks: every one there is or will be. None at all is no desk.</summary>
    public const string AllDesks = "*";

    public static readonly Person None = new();

    public string Handle { get; init; } = "";
    public bool Active { get; init; }

    /// <summary>Their directory knows them no more; only what they did still names them.</summary>
    public bool Removed { get; init; }

    /// <summary>Their key is destroyed; nothing tells any more how they were called. Null, not false: it stands in the rows of few.</summary>
    public bool? Forgotten { get; init; }
    public Guid? Subject { get; init; }
    public Guid UserName { get; init; }
    public Guid? Email { get; init; }
    public Guid? ExternalId { get; init; }

    /// <summary>Sorted, like the desks, the lines and the trainings.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = [];
    public IReadOnlyList<string> Desks { get; init; } = [];
    public IReadOnlyList<SupportLine> Lines { get; init; } = [];
    public IReadOnlyList<HeldTraining> Trainings { get; init; } = [];

    /// <summary>Tokens and sessions made up to this instant open nothing.</summary>
    public DateTimeOffset? CredentialsEndedAt { get; init; }

    /// <param name="at">When it was recorded.</param>
    public static Person Evolve(Person p, PersonEvent e, DateTimeOffset at) => e switch
    {
        PersonProvisioned x => With(p, x.Details) with { Handle = x.Handle, Active = true, Subject = x.Subject },
        PersonDetailsChanged x => With(p, x.Details),
        SubjectLinked x => p with { Subject = x.Subject },
        AccessGranted x => p with
        {
            Roles = [.. p.Roles.Union(x.Roles).Order()],
            Desks = [.. p.Desks.Union(x.Desks).Order(StringComparer.Ordinal)],
            Lines = [.. p.Lines.Union(x.Lines).Order()],
        },
        AccessWithdrawn x => p with { Roles = [.. p.Roles.Except(x.Roles)], Desks = [.. p.Desks.Except(x.Desks)], Lines = [.. p.Lines.Except(x.Lines)] },
        TrainingCompleted x => p with
        {
            Trainings = [.. Without(p, x.Training).Append(new HeldTraining(x.Training, x.CompletedAt, x.ValidUntil)).OrderBy(t => t.Training, StringComparer.Ordinal)],
        },
        TrainingRevoked x => p with { Trainings = [.. Without(p, x.Training)] },
        PersonDeactivated => p with { Active = false, CredentialsEndedAt = at },
        PersonRemoved x => p with
        {
            Active = false,
            Removed = true,
            CredentialsEndedAt = at,
            UserName = x.UserName,
            Email = null,
            ExternalId = null,
            Subject = null,
        },
        PersonForgotten => p with { Forgotten = true },
        PersonReactivated => p with { Active = true },
        PersonSignedOut => p with { CredentialsEndedAt = at },
        _ => throw new UnreachableException($"Person.Evolve has no case for {e.GetType().Name}"),
    };

    /// <summary>There is always somebody who does; see the view of people.</summary>
    public bool Administers => Active && Roles.Contains(Role.Administrator);

    /// <summary>The trainings that a person with these roles has to hold and does not hold at this instant.</summary>
    public IReadOnlyList<string> Lacks(SupportOrganisation organisation, DateTimeOffset now) =>
    [
        .. organisation.TrainingsOf(Roles).Where(required => !Trainings.Any(held => held.Training == required && (held.ValidUntil is not { } end || now < end))),
    ];

    /// <summary>When the next of the trainings held expires; null: none will.</summary>
    public DateTimeOffset? NextExpiry(DateTimeOffset now) => Trainings.Where(t => t.ValidUntil > now).Min(t => t.ValidUntil);

    /// <summary>Who they are for the policy, at this instant.</summary>
    public Principal ToPrincipal(SupportOrganisation organisation, DateTimeOffset now) => new(
        Handle, Active ? Roles.ToHashSet() : [], Desks.Contains(AllDesks) ? null : Desks.Select(d => new DeskId(d)).ToHashSet(), Lines.ToHashSet())
    {
        LacksTraining = Lacks(organisation, now),
    };

    /// <summary>For what they do about themselves, such as signing in.</summary>
    public Actor Acting => new(Handle, Roles.Count == 0 ? Role.Customer : Roles.Min());

    static Person With(Person p, PersonDetails d) => p with { UserName = d.UserNameKey, Email = d.EmailKey, ExternalId = d.ExternalIdKey };

    static IEnumerable<HeldTraining> Without(Person p, string training) => p.Trainings.Where(t => t.Training != training);
}
