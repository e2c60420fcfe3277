using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.People;

/// <summary>What is to be done about a person, with its rule. It answers with events, with none where it is so already, or with a refusal.</summary>
public abstract record PersonCommand
{
    public abstract PersonDecision Decide(Person p, DateTimeOffset now);
}

/// <summary>What came of a command: events, possibly none, or why not.</summary>
public sealed record PersonDecision(IReadOnlyList<PersonEvent> Events, string? Code = null, string? Reason = null)
{
    public static readonly PersonDecision Nothing = new([]);

    public static PersonDecision Refuse(string code, string reason) => new([], code, reason);

    public static implicit operator PersonDecision(PersonEvent e) => new([e]);

    public static PersonDecision When(bool change, PersonEvent e) => change ? e : Nothing;
}

public sealed record ChangeDetails(PersonDetails Details) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) => p.Forgotten == true
        ? PersonDecision.Refuse("person_removed", "Who was removed is let in anew.")
        : new PersonDetailsChanged(Details);
}

/// <summary>Ties the person to a subject of the sign-in provider, once and for all: an account that is taken cannot be claimed by another.</summary>
public sealed record LinkSubject(Guid Subject) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) =>
        p.Subject is { } linked && linked != Subject
            ? PersonDecision.Refuse("subject_taken", "The person is tied to another account of the sign-in provider.")
            : PersonDecision.When(p.Subject is null, new SubjectLinked(Subject));
}

/// <summary>What the person holds from now on, as a whole; what they hold beyond it is withdrawn.</summary>
public sealed record SetAccess(IReadOnlyList<Role> Roles, IReadOnlyList<string> Desks, IReadOnlyList<SupportLine> Lines) : PersonCommand
{
    /// <summary>What people can be given. Customers are known by their address, programs by their tokens.</summary>
    public static readonly IReadOnlyList<Role> Grantable =
        [Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.Analyst, Role.PrivacyOfficer, Role.Administrator];

    public override PersonDecision Decide(Person p, DateTimeOffset now)
    {
        if (Roles.Except(Grantable).Any())
            return PersonDecision.Refuse("role_not_for_people", "That role is not given to people.");
        var granted = new AccessGranted([.. Roles.Except(p.Roles).Order()], [.. Desks.Except(p.Desks).Order(StringComparer.Ordinal)], [.. Lines.Except(p.Lines).Order()]);
        var withdrawn = new AccessWithdrawn([.. p.Roles.Except(Roles)], [.. p.Desks.Except(Desks)], [.. p.Lines.Except(Lines)]);
        List<PersonEvent> events = [];
        if (withdrawn.Roles.Count + withdrawn.Desks.Count + withdrawn.Lines.Count > 0)
            events.Add(withdrawn);
        if (granted.Roles.Count + granted.Desks.Count + granted.Lines.Count > 0)
            events.Add(granted);
        return new(events);
    }
}

/// <summary>Adds or takes single things, whatever else is held: what a directory's group says of its member.</summary>
public sealed record ChangeAccess(bool Grant, IReadOnlyList<Role> Roles, IReadOnlyList<string> Desks, IReadOnlyList<SupportLine> Lines) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) => (Grant
        ? new SetAccess([.. p.Roles.Union(Roles)], [.. p.Desks.Union(Desks)], [.. p.Lines.Union(Lines)])
        : new SetAccess([.. p.Roles.Except(Roles)], [.. p.Desks.Except(Desks)], [.. p.Lines.Except(Lines)])).Decide(p, now);
}

public sealed record CompleteTraining(string Training, DateTimeOffset CompletedAt, DateTimeOffset? ValidUntil) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) =>
        CompletedAt > now ? PersonDecision.Refuse("training_not_yet", "A training that lies ahead is not completed.")
        : ValidUntil <= CompletedAt ? PersonDecision.Refuse("training_never_valid", "A training is valid from its completion to a later instant.")
        : PersonDecision.When(!p.Trainings.Contains(new HeldTraining(Training, CompletedAt, ValidUntil)), new TrainingCompleted(Training, CompletedAt, ValidUntil));
}

public sealed record RevokeTraining(string Training) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) =>
        PersonDecision.When(p.Trainings.Any(t => t.Training == Training), new TrainingRevoked(Training));
}

public sealed record Deactivate : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) => PersonDecision.When(p.Active, new PersonDeactivated());
}

/// <param name="UserName">A pseudonym that no name has.</param>
public sealed record Remove(Guid UserName) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) => PersonDecision.When(!p.Removed, new PersonRemoved(UserName));
}

/// <summary>Removes the person as their directory would, and destroys what tells who they were.</summary>
/// <param name="UserName">A pseudonym that no name has.</param>
public sealed record Forget(Guid UserName) : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) =>
        p.Forgotten == true ? PersonDecision.Nothing : new([.. new Remove(UserName).Decide(p, now).Events, new PersonForgotten()]);
}

public sealed record Reactivate : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) =>
        p.Removed ? PersonDecision.Refuse("person_removed", "Who was removed is let in anew.") : PersonDecision.When(!p.Active, new PersonReactivated());
}

/// <summary>Ends what is open, also when nothing is known to be: a session may have begun in this very moment.</summary>
public sealed record SignOutEverywhere : PersonCommand
{
    public override PersonDecision Decide(Person p, DateTimeOffset now) => new PersonSignedOut();
}
