namespace EventDesk.Domain.Sla;

/// <summary>Whether all time counts against a target, or only opening hours.</summary>
public enum TimeCounted { Calendar, Working }

/// <summary>What one clock is measured against, as it was when the clock started or changed: later versions of a contract do not reach it.</summary>
/// <param name="Seconds">The budget; null: none, the clock only has a promise.</param>
/// <param name="Hours">Whose opening hours count, <c>desk/billing/pl</c> or <c>contract/vip</c>; null: all time counts.</param>
/// <param name="WarnSeconds">The clock warns when so much has passed; null: never.</param>
/// <param name="PromiseSeconds">What was promised beside the contract; it never breaches.</param>
/// <param name="PromiseHours">Whose opening hours the promise counts; null: all time.</param>
public sealed record ClockTarget(long? Seconds, string? Hours = null, long? WarnSeconds = null, long? PromiseSeconds = null, string? PromiseHours = null);
