using EventDesk.Domain.Privacy;
using NodaTime;

namespace EventDesk.Domain.Organisation;

public sealed partial class OrganisationHistory
{
    /// <summary>The rules by which things are forgotten, as they are in force at an instant; null: everything is kept.</summary>
    public InForce<RetentionRules>? RetentionAt(DateTimeOffset at) => Part<RetentionRules>(RetentionRules.Key, Instant.FromDateTimeOffset(at));

    /// <summary>What is due on a ticket at an instant; null: nothing.</summary>
    /// <param name="activeAt">The last thing that concerned its customer, on any of their tickets.</param>
    public RetentionDue? DueOn(RetentionFacts t, DateTimeOffset? activeAt, DateTimeOffset at) => RetentionAt(at) is { } rules
        ? Retention.Decide(t, activeAt, rules, t.Contract ?? Part<Desk>($"desk/{DeskId.Of(t.Product, t.Language)}", Instant.FromDateTimeOffset(at))?.Definition.Contract, at)
        : null;

    /// <summary>The rule by which a member of staff is removed for not having been here; null: none says so.</summary>
    /// <param name="seenAt">The last sign-in, or else when they were let in.</param>
    public RuleRef? RemovalOf(DateTimeOffset seenAt, DateTimeOffset at) => RetentionAt(at) is { } rules ? Retention.Decide(seenAt, rules, at) : null;
}
