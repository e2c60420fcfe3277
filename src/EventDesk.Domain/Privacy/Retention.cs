using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Privacy;

/// <summary>What is to be done to a ticket because its time has run out.</summary>
/// <param name="Rule">With the version that is in force.</param>
/// <param name="Since">From when it could have been done; never before the rule's version came into force.</param>
/// <param name="Held">On legal hold: it is shown, and not done.</param>
public sealed record RetentionDue(RuleRef Rule, RetentionTrigger Trigger, RetentionAction Action, DateTimeOffset Since, RetentionWhy Why, bool Held)
{
    /// <summary>The word that stays on the tombstone of a purged ticket.</summary>
    public PurgeReason PurgeReason => Trigger switch
    {
        RetentionTrigger.CustomerRequest => PurgeReason.CustomerRequest,
        RetentionTrigger.AccountInactive => PurgeReason.AccountRemoved,
        _ => PurgeReason.RetentionExpired,
    };
}

/// <summary>Decides what has to be forgotten. The preview and the execution both ask here and nowhere else.</summary>
public static class Retention
{
    /// <summary>What is due on a ticket at an instant, by the rules in force then; null: nothing.</summary>
    /// <param name="activeAt">The last thing that concerned its customer, on any of their tickets; null: nothing is known of them.</param>
    /// <param name="contract">The plan it falls under: its own, or its desk's.</param>
    public static RetentionDue? Decide(RetentionFacts t, DateTimeOffset? activeAt, InForce<RetentionRules> rules, string? contract, DateTimeOffset now)
    {
        if (t.ClockAt is null)
            return null;
        RetentionDue? found = null;
        foreach (var rule in rules.Definition.Rules)
        {
            if (rule.Action == RetentionAction.Anonymise && (t.Anonymised || found is not null))
                continue;
            if (rule.Scope?.Covers(t.Product, t.Language, contract) == false || RunsOut(rule, t, activeAt) is not { } runsOut)
                continue;
            var since = Latest(runsOut, t.EndedAt!.Value, InstantOf(rules.From));
            if (since > now)
                continue;
            found = new(new RuleRef($"retention/{rule.Id}", rules.Version), rule.Trigger, rule.Action, since, Why(rule, t, activeAt), t.Held);
            if (rule.Action == RetentionAction.Purge)
                break; // wins over whatever anonymises
        }
        return found;
    }

    /// <summary>Whether a member of staff is removed for not having been here; null: no.</summary>
    /// <param name="seenAt">The last sign-in, or else when they were let in.</param>
    public static RuleRef? Decide(DateTimeOffset seenAt, InForce<RetentionRules> rules, DateTimeOffset now) =>
        rules.Definition.Accounts is { } accounts && Latest(After(seenAt, TimeSpan.FromDays(accounts.InactiveDays)), InstantOf(rules.From)) <= now
            ? new RuleRef(AccountRetention.RuleId, rules.Version)
            : null;

    /// <summary>When the time a rule gives has passed; null: it does not run.</summary>
    static DateTimeOffset? RunsOut(RetentionRule rule, RetentionFacts t, DateTimeOffset? activeAt) => rule.Trigger switch
    {
        RetentionTrigger.SinceResolved => After(t.ClockAt!.Value, rule.Term),
        RetentionTrigger.Expires => t.ExpiresOn is { } day ? new DateTimeOffset(day, default, TimeSpan.Zero) : null,
        RetentionTrigger.CustomerRequest => t.RequestedAt is { } asked ? After(asked, rule.Term) : null,
        RetentionTrigger.AccountInactive => t.Customer is not null && activeAt is { } active ? After(active, rule.Term) : null,
        _ => null,
    };

    static RetentionWhy Why(RetentionRule rule, RetentionFacts t, DateTimeOffset? activeAt) => rule.Trigger switch
    {
        RetentionTrigger.SinceResolved => t.RelevantAt > t.EndedAt
            ? new(RetentionReason.LastConcerned, Day(t.EndedAt.Value), rule.Days, Day(t.RelevantAt))
            : new(RetentionReason.Ended, Day(t.EndedAt!.Value), rule.Days),
        RetentionTrigger.Expires => new(RetentionReason.KeptUntil, t.ExpiresOn!.Value),
        RetentionTrigger.CustomerRequest => new(RetentionReason.Asked, Day(t.RequestedAt!.Value), rule.Days),
        _ => new(RetentionReason.Inactive, Day(activeAt!.Value), rule.Days),
    };

    static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>A rule that has always been so counts from the beginning of time.</summary>
    static DateTimeOffset InstantOf(Instant from) => from < Instant.FromDateTimeOffset(DateTimeOffset.MinValue) ? DateTimeOffset.MinValue : from.ToDateTimeOffset();

    static DateTimeOffset After(DateTimeOffset at, TimeSpan term) => at > DateTimeOffset.MaxValue - term ? DateTimeOffset.MaxValue : at + term;

    static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var latest = times[0];
        foreach (var time in times)
            latest = time > latest ? time : latest;
        return latest;
    }
}
