using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Views;

/// <summary>
/// What statistics know of one ticket, with what is needed to go on from there. Times are occurred times; durations are microseconds;
/// no personal data, no customer.
/// </summary>
internal sealed class TicketFact
{
    public Guid Ticket;

    /// <summary>The last event that was taken in.</summary>
    public long Version;

    /// <summary>How many events were of privacy and law alone, or left out of a fold of a moment; no figure knows of them.</summary>
    public int Administrative;

    public long Number;
    public string Product = "", Language = "";
    public string Desk => $"{Product}/{Language}";
    public string? Source;
    public Channel Channel;
    public DateTime OpenedAt, LastEventAt;
    public Standing Now;

    /// <summary>
    /// Lines as first-line figures count them: what the second line does in the first line's place is first line. The first
    /// is the one that triage chose, if the ticket came through triage.
    /// </summary>
    public SupportLine FirstLine, HighestLine;

    public bool ActingAs;
    public Severity? OpeningSeverity;

    /// <summary>The one its clocks are measured by; null where it has none.</summary>
    public string? Contract;
    public int SeverityChanges;

    /// <summary>The first public answer of staff or, if it came first, the resolution.</summary>
    public DateTime FirstAnswerAt;
    public long FirstAnswerVersion;
    public bool AnsweredByResolution;
    public int Answers;

    /// <summary>Customer messages after the latest answer.</summary>
    public int MessagesSince;

    public DateTime FirstResolvedAt;
    public long FirstResolvedVersion;

    /// <summary>Waiting before the first resolution: all of it, and for the customer alone.</summary>
    public long WaitedFirst, WaitedFirstCustomer;

    public DateTime LastResolvedAt;
    public long LastResolvedVersion;
    public string? Resolver, ResolverTeam;
    public Resolution? How;
    public int Resolutions;

    /// <summary>No resolution in the sense of statistics: spam, a duplicate, or merged into another ticket.</summary>
    public bool LeftOut;

    /// <summary>It goes on in another ticket or was purged: nobody acts on it.</summary>
    public bool Gone;

    public DateTime ClosedAt;
    public int Reopens;
    public DateTime LastReopenedAt;

    /// <summary>The shortest working time from a resolution to the reopening that undid it; null without one.</summary>
    public long? SoonestReopen;

    public int LineUps, LineDowns, SameLineTransfers;

    /// <summary>The last two different teams and lines, for returns (A-B-A).</summary>
    public string? TeamBefore, TeamLast;
    public SupportLine? LineBefore;
    public int TeamReturns, LineReturns;

    public string? LastActor;
    public int ActorChanges;

    public DateTime WaitingSince;
    public readonly int[] Waits = new int[3];
    public readonly long[] Waited = new long[3];

    /// <summary>Since when the present line has had the open ticket; none while it is not open.</summary>
    public DateTime LineSince;
    public readonly long[] OnLine = new long[4];

    public string? FirstState, State;

    /// <summary>Rows of the source that its events came from.</summary>
    public int SourceRows;
    public string? LastLabel;

    /// <summary>A hash over the labels in their order: tickets that went the same way have the same one.</summary>
    public long Variant;

    public readonly List<LabelCount> Labels = [];
    public readonly List<TicketCycle> Cycles = [];
}

/// <param name="Label">The source's label; what happened here goes under the event's own name.</param>
/// <param name="Rows">How often.</param>
/// <param name="Entries">How often with something else before.</param>
internal record struct LabelCount(string Label, int Rows, int Entries);

/// <summary>One resolution with what became of it.</summary>
internal sealed class TicketCycle
{
    public Guid Ticket;

    /// <summary>Version of the event that resolved it.</summary>
    public long Version;

    /// <summary>The domain's number of the cycle; 0 where an imported case was closed without being resolved.</summary>
    public int Cycle;
    public DateTime ResolvedAt;
    public string? Resolver, ResolverTeam;
    public SupportLine? Line;
    public Severity? Severity;
    public string? Contract;
    public Resolution? How;
    public bool Imported;

    public int? Rating;
    public string? Scale;

    /// <summary>Null without a rating and on a scale nobody described.</summary>
    public bool? Positive;
    public int Ratings;
    public DateTime FirstRatedAt, RatedAt;
    public long? RatedVersion;

    public DateTime CommentAt, ReviewedAt;
    public string? Category;

    /// <summary>The desk whose list of comments to review it stands in; null: in none. See <see cref="CommentList"/>.</summary>
    public string? ReviewDesk;

    public DateTime ReopenedAt;

    /// <summary>Working time until the reopening, microseconds.</summary>
    public long? ReopenedAfter;

    public bool Changed;
}
