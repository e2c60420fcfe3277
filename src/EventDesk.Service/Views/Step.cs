using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Views;

/// <summary>The events that statistics tell apart; <see cref="Other"/> happened too, but only counts.</summary>
internal enum StepKind : byte
{
    Other, Opened, Confirmed, CustomerMessage, Reply, Attachment, Triaged, Assigned, Unassigned, Transferred, Moved, SeverityChanged,
    Escalated, DeEscalated, ManagementEscalated, WaitingStarted, WaitingEnded, Resolved, Reopened, Closed, Feedback, FeedbackReviewed,
    Merged, Unmerged, Purged, CalledBack, TargetSet,

    /// <summary>Of privacy and law alone: no figure knows of it.</summary>
    Administrative,
}

/// <summary>
/// What statistics read of an event. Sealed values are never looked at, so a purge changes no figure.
/// One instance is used again for every event: a fold takes what it needs and keeps nothing of it.
/// </summary>
internal sealed class Step
{
    public Guid Ticket;
    public Guid Id;
    public long SeqId;
    public long Version;
    public string Type = "";
    public StepKind Kind;

    /// <summary>Occurred time, UTC.</summary>
    public DateTime At;

    /// <summary>Recorded time, UTC.</summary>
    public DateTime Recorded;

    public Role Role;

    /// <summary>Handle of staff or name of a rule's job; null for customers, whose ids no statistic holds.</summary>
    public string? Actor;

    /// <summary>The second line stood in for the first.</summary>
    public bool ActingAsFirstLine;

    /// <summary>The source's own words for what was done and where the case stood then (imports).</summary>
    public string? Activity, State;

    /// <summary>The first of the events that one row of the source became.</summary>
    public bool StartsRow;

    /// <summary>It happened elsewhere and was brought here.</summary>
    public bool Imported;

    public long Number;
    public string? Product, Language, Source, Team, Agent, Scale, Category, Contract;
    public Channel Channel;
    public SupportLine? Line;
    public Severity? Severity;
    public bool Triage, Automated, Internal, HasComment;
    public WaitingReason? Reason;
    public DateTime Until;
    public Resolution How;
    public int Cycle, Rating;

    public bool IsStaff => Role is not (Role.Customer or Role.System);

    public void Clear()
    {
        Kind = StepKind.Other;
        Role = Role.Customer;
        Actor = Activity = State = Product = Language = Source = Team = Agent = Scale = Category = Contract = null;
        ActingAsFirstLine = StartsRow = Imported = Triage = Automated = Internal = HasComment = false;
        Number = 0;
        Channel = default;
        Line = null;
        Severity = null;
        Reason = null;
        Until = default;
        How = default;
        Cycle = Rating = 0;
    }
}
