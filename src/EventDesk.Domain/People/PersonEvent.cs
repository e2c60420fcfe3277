using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.People;

/// <summary>Something that happened to someone's place in the house. Stored for ever: add new ones, never rename or retype one.</summary>
public abstract record PersonEvent;

/// <summary>Someone may come from now on; what they may do is granted apart.</summary>
/// <param name="Handle">The name events know them by; it never changes and is never given again.</param>
/// <param name="Subject">Pseudonym of the sign-in provider's subject, where it is known beforehand.</param>
public sealed record PersonProvisioned(string Handle, PersonDetails Details, Guid? Subject = null) : PersonEvent;

/// <summary>How they are called and reached, as a whole.</summary>
public sealed record PersonDetailsChanged(PersonDetails Details) : PersonEvent;

/// <summary>The sign-in provider's subject belongs to this person.</summary>
/// <param name="Subject">Its pseudonym.</param>
public sealed record SubjectLinked(Guid Subject) : PersonEvent;

/// <summary>Added to what was held before.</summary>
/// <param name="Desks">product/language, or <see cref="Person.AllDesks"/>.</param>
public sealed record AccessGranted(IReadOnlyList<Role> Roles, IReadOnlyList<string> Desks, IReadOnlyList<SupportLine> Lines) : PersonEvent;

/// <summary>Taken from what was held before.</summary>
public sealed record AccessWithdrawn(IReadOnlyList<Role> Roles, IReadOnlyList<string> Desks, IReadOnlyList<SupportLine> Lines) : PersonEvent;

/// <param name="ValidUntil">The first instant at which it counts no more; null: for good.</param>
public sealed record TrainingCompleted(string Training, DateTimeOffset CompletedAt, DateTimeOffset? ValidUntil = null) : PersonEvent;

/// <summary>A completion was wrong, or is to be repeated.</summary>
public sealed record TrainingRevoked(string Training) : PersonEvent;

/// <summary>Nothing opens for them any more: sessions, tokens and live connections end, and none of them comes back with a reactivation.</summary>
public sealed record PersonDeactivated : PersonEvent;

/// <summary>They may sign in again.</summary>
public sealed record PersonReactivated : PersonEvent;

/// <summary>The directory knows them no more. They are gone like a deactivated person, and their user name and account are free for others.</summary>
/// <param name="UserName">In place of the user name's pseudonym: one that no name has.</param>
public sealed record PersonRemoved(Guid UserName) : PersonEvent;

/// <summary>Whoever they were is forgotten: with this event their key is destroyed, and what was sealed under it goes.</summary>
public sealed record PersonForgotten : PersonEvent;

/// <summary>Everything that was opened until now is closed; they may sign in again at once.</summary>
public sealed record PersonSignedOut : PersonEvent;

/// <summary>How someone is called and reached. Texts are sealed under the person's own key, and found by their pseudonyms.</summary>
/// <param name="UserName">What the directory calls them; often an address.</param>
/// <param name="UserNameKey">Pseudonym of the user name; no two people have the same.</param>
/// <param name="ExternalId">The directory's own id.</param>
public sealed record PersonDetails(
    SealedText UserName, Guid UserNameKey, SealedText? Name = null, SealedText? GivenName = null, SealedText? FamilyName = null,
    SealedText? Email = null, Guid? EmailKey = null, SealedText? ExternalId = null, Guid? ExternalIdKey = null);
