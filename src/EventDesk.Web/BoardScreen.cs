using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;

namespace EventDesk.Web;

/// <summary>How the board is looked at: all of it stands in the address.</summary>
/// <param name="To">Whom tickets are given to, as <see cref="BoardTarget"/> writes it; null: nobody is chosen yet.</param>
/// <param name="Given">Number of the ticket that was just given there; null: none was.</param>
/// <param name="After">Where the page before ended; null: it is the first one.</param>
public sealed record BoardLook(string? Desk = null, SupportLine? Line = null, string? To = null, string? Given = null, string? After = null)
{
    public string Address => $"/board{Query(("to", To), ("given", Given), ("after", After))}";

    /// <param name="after">Where this page ends.</param>
    public string Further(string after) => (this with { Given = null, After = after }).Address;

    public string Live => $"/board/live{Query(("to", To), ("after", After))}";

    string Query(params (string Name, string? Value)[] more) => Microsoft.AspNetCore.Http.QueryString.Create(
        new[] { ("desk", Desk), ("line", Line?.ToString().ToLowerInvariant()) }.Concat(more).Where(p => p.Item2 is not null).Select(p => KeyValuePair.Create(p.Item1, p.Item2))).ToString();
}

/// <summary>Where a ticket can be given: to an agent, to nobody, or to another desk.</summary>
public static class BoardTarget
{
    public const string Nobody = "nobody";

    public static string Agent(string handle) => $"agent:{handle}";

    public static string Desk(string desk) => $"desk:{desk}";

    /// <summary>The agent or desk of a target; null for nobody, and for what is none.</summary>
    public static (string Kind, string Name)? Read(string target) => target.Split(':', 2) is [var kind and ("agent" or "desk"), { Length: > 0 } name] ? (kind, name) : null;
}

/// <summary>The tickets of one agent on a board.</summary>
/// <param name="Agent">Null: of nobody.</param>
/// <param name="Load">Null: nobody's, or of somebody who is not in the roster.</param>
public sealed record BoardLane(string? Agent, LaneLoad? Load, IReadOnlyList<QueueRow> Rows)
{
    public string Target => Agent is null ? BoardTarget.Nobody : BoardTarget.Agent(Agent);

    /// <summary>Something can be given there: to whom the roster does not know, nothing is.</summary>
    public bool Takes => Agent is null || Load is not null;
}

/// <param name="Open">All open tickets of the agent, those of other desks too.</param>
/// <param name="AtWork">Inside the agent's own hours, or without any.</param>
public sealed record LaneLoad(int Open, int Capacity, bool Away, bool AtWork);

/// <summary>Who has what.</summary>
/// <param name="Lanes">Nobody's first.</param>
/// <param name="Desks">Within reach.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
/// <param name="Trouble">Why what was just sent did not happen; null: nothing was, or it did.</param>
public sealed record BoardScreen(BoardLook Look, IReadOnlyList<BoardLane> Lanes, IReadOnlyList<string> Desks, string? Further, FormTrouble? Trouble = null)
{
    /// <summary>Number of the ticket that was not given.</summary>
    public string? Troubled => Trouble?.Values.GetValueOrDefault("item", "").Split(':')[0];
}
