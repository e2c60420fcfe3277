using System.ComponentModel;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

/// <summary>How many tickets there are of each; a ticket with two clocks counts where the one that needs someone most stands.</summary>
public sealed record ClockCountsAnswer(
    long AtRisk, long Breached, long Paused, long Undetermined,
    [property: Description("Tickets on which a call back is owed, whatever its clock.")] long CallbacksOwed);

/// <summary>A piece of a clock's time.</summary>
public sealed record ClockSegmentAnswer(
    DateTimeOffset From, DateTimeOffset To, [property: Description("Only running time counts.")] ClockSegmentKind Kind,
    [property: Description("The calendar that decided; left out where all time counts.")] string? Calendar,
    [property: Description("The version of the calendar in force then.")] int? Version,
    [property: Description("What it adds to the elapsed time.")] double CountedSeconds);

/// <summary>A response clock, and where its time went.</summary>
public sealed record ClockAnswer
{
    [Description("Its number in the ticket's life, from 1.")]
    public required int Clock { get; init; }
    public required SlaClockKind Kind { get; init; }
    public required DateTimeOffset Started { get; init; }
    public DateTimeOffset? Stopped { get; init; }

    [Description("A resolution without an answer stops a clock too and is told apart.")]
    public ClockEnd? StoppedBy { get; init; }

    [Description("Left out once it has stopped.")]
    public ClockState? State { get; init; }

    [Description("The budget; left out where the contract has no target, only a promise.")]
    public long? TargetSeconds { get; init; }

    [Description("Whose opening hours count; left out where all time counts.")]
    public string? Hours { get; init; }
    public required double ElapsedSeconds { get; init; }

    [Description("While it runs: the first instant with elapsed ≥ target, as far as is known today.")]
    public DateTimeOffset? Due { get; init; }
    public required bool Warned { get; init; }
    public required bool Breached { get; init; }

    [Description("Softer than the target: it never breaches.")]
    public long? PromiseSeconds { get; init; }
    public double? PromiseElapsedSeconds { get; init; }
    public required IReadOnlyList<ClockSegmentAnswer> Segments { get; init; }
}

public sealed record ClockList(IReadOnlyList<ClockAnswer> Clocks);
