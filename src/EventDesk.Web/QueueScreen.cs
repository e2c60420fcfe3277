using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;
using EventDesk.Service.SavedViews;

namespace EventDesk.Web;

/// <summary>How a queue is looked at: all of it stands in the address.</summary>
public sealed record QueueLook(string Queue, string? Desk = null, SupportLine? Line = null, string? Agent = null)
{
    /// <summary>The queues in the order of the screen; the last ones are lists of clocks that need someone.</summary>
    public static readonly IReadOnlyList<string> Queues = ["mine", "open", "triage", "unassigned", "assigned", "waiting", "callbacks", "at-risk", "breached", "paused", "undetermined"];

    public static QueueLook Of(ViewContent view) => new(view.Queue, view.Desk, view.Line, view.Agent);

    public string Address => $"/queues/{Queue}{Query()}";

    /// <param name="after">Where this page ends.</param>
    public string Further(string after) => $"/queues/{Queue}{Query(("after", after))}";

    public string Live(QueueStretch shown) => $"/queues/{Queue}/live{Query(("after", shown.After), ("rows", shown.Rows.ToString(CultureInfo.InvariantCulture)))}";

    string Query(params (string Name, string? Value)[] more) => Microsoft.AspNetCore.Http.QueryString.Create(
        new[] { ("desk", Desk), ("line", Line?.ToString().ToLowerInvariant()), ("agent", Agent) }.Concat(more)
            .Where(p => p.Item2 is not null).Select(p => KeyValuePair.Create(p.Item1, p.Item2))).ToString();
}

/// <summary>Which of a queue's tickets the screen has: so many of them behind a place. It grows while one reads on, and all of it is kept up to date.</summary>
/// <param name="After">Where the page before ended; null: from the beginning.</param>
public sealed record QueueStretch(string? After = null, int Rows = QueueStretch.Page)
{
    /// <summary>So many more at once, and so many at most, as many as can be worked on together: whoever reads further goes on on the next page.</summary>
    public const int Page = 50, Most = 500;
}

/// <summary>Where one goes on who is done with a ticket.</summary>
/// <param name="Queue">One came from.</param>
/// <param name="Next">Its first ticket but this one; null: there is no other.</param>
public sealed record WayOn(QueueLook Queue, QueueRow? Next);

/// <summary>A saved view in the list at the side.</summary>
/// <param name="Count">How many tickets it shows; null: that was not counted.</param>
public sealed record ViewLink(SavedView View, bool MayChange, long? Count)
{
    public QueueLook Look { get; } = QueueLook.Of(View.Content);
}

/// <summary>Why a view was not saved, and what was typed.</summary>
public sealed record ViewTrouble(string Code, string Reason, string Name, bool Shared);

/// <summary>A queue as it stands: its page, the counts of all queues, and what one can narrow it to.</summary>
/// <param name="Counts">By queue; those that were not counted are missing.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
public sealed record QueueScreen(
    QueueLook Look, QueueStretch Stretch, QueuePage Page, IReadOnlyDictionary<string, long> Counts, string? Further, IReadOnlyList<DeskId> Desks, IReadOnlyList<AgentChoice> Agents, Reach Reach,
    IReadOnlyList<ViewLink> Views, ViewTrouble? Trouble = null)
{
    /// <summary>Code of why no next ticket was taken; null: none was asked for.</summary>
    public string? NotTaken { get; init; }
}
