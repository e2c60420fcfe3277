using EventDesk.Domain.Access;

namespace EventDesk.Web;

/// <summary>How the log is looked at: what was given, by its name. All of it stands in the address.</summary>
public sealed record LogLook(IReadOnlyDictionary<string, string> Asked)
{
    public string this[string name] => Asked.GetValueOrDefault(name, "");
}

/// <summary>An event of the log without what it says.</summary>
/// <param name="Kind">Of its stream.</param>
/// <param name="Number">Of the ticket whose stream it is; null: it is no ticket's, or that ticket is not there any more.</param>
public sealed record LogLine(long Sequence, string Type, Guid Stream, string Kind, long? Number, long Version, string Actor, Role Role, DateTimeOffset Occurred, DateTimeOffset Recorded)
{
    /// <summary>Where the event can be seen in what it is part of; null when it is no ticket's.</summary>
    public string? History => Kind == "ticket" ? $"/tickets/{Stream}/history?version={Version}" : null;
}

/// <summary>What was computed anew, and what came of it.</summary>
/// <param name="Young">Events younger than the newest checkpoint.</param>
/// <param name="Broken">Streams whose chain does not hold, or with an event that the signed tree does not have.</param>
public sealed record LogVerdict(long Streams, long Events, long InTree, long Young, IReadOnlyList<Guid> Broken);

/// <summary>The log from its newest event back.</summary>
/// <param name="Further">Address of the next page; null on the last one.</param>
/// <param name="Types">Of events, to choose from.</param>
/// <param name="Verdict">Null: nothing was asked to be verified.</param>
public sealed record LogScreen(LogLook Look, IReadOnlyList<LogLine> Lines, string? Further, IReadOnlyList<string> Types, LogVerdict? Verdict = null);
