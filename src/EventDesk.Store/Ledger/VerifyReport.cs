using System.Globalization;
using System.Text;

namespace EventDesk.Store.Ledger;

public enum BreakKind
{
    /// <summary>Content, headers, time, type, ids or the digest itself are not those that were recorded.</summary>
    Changed,

    /// <summary>Versions are missing before this event.</summary>
    Removed,

    /// <summary>Events of the stream stand in another order than they were recorded in.</summary>
    Reordered,

    /// <summary>Two events claim one version.</summary>
    Duplicate,

    /// <summary>An event that no EventDesk wrote: it has no digest, or a version below 1.</summary>
    Inserted,

    /// <summary>The ciphertext of a sealed value is not the one its digest was made of.</summary>
    SealChanged,

    /// <summary>The stream once had more events.</summary>
    TailCut,

    /// <summary>The stream row says less than its events.</summary>
    StreamRowChanged,

    /// <summary>Events whose stream row is gone.</summary>
    StreamRowRemoved,

    /// <summary>A stream row whose events are all gone.</summary>
    EventsRemoved,
}

/// <summary>Where a stream's chain breaks for the first time.</summary>
/// <param name="Version">Of the event that is wrong or missing.</param>
/// <param name="SeqId">Of that event or, when it is missing, of its neighbour; null when there is none.</param>
public sealed record ChainBreak(BreakKind Kind, Guid Stream, long Version, long? SeqId, string What)
{
    public override string ToString() => $"event {Version} of stream {Stream} (seq_id {SeqId?.ToString(CultureInfo.InvariantCulture) ?? "none"}): {What}";
}

/// <summary>What a walk over the chain found.</summary>
public sealed record VerifyReport
{
    public required long Events { get; init; }
    public required long Streams { get; init; }

    /// <summary>Sealed values whose ciphertext is there and matches its digest.</summary>
    public required long Sealed { get; init; }

    /// <summary>Sealed values whose ciphertext was erased.</summary>
    public required long Erased { get; init; }

    public required long BrokenStreams { get; init; }

    /// <summary>One per broken stream, lowest seq_id first, at most <see cref="ChainWalk.MaxBreaks"/>.</summary>
    public required IReadOnlyList<ChainBreak> Breaks { get; init; }

    /// <summary>Events recorded earlier than the event before them in their stream: a clock was set back. No break.</summary>
    public required long ClockSteps { get; init; }

    /// <summary>Null where there is no ledger: a database from before it.</summary>
    public LedgerReport? Ledger { get; init; }

    public bool Intact => BrokenStreams == 0 && Ledger is not { Intact: false };
    public ChainBreak? First => Breaks.Count > 0 ? Breaks[0] : null;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Events:N0} events in {Streams:N0} streams checked; {Sealed:N0} sealed values are as recorded, {Erased:N0} erased.");
        if (ClockSteps > 0)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"Warning: {ClockSteps:N0} events were recorded earlier than the one before them; a clock was set back.");
        if (Ledger is not null)
            text.AppendLine().Append(Ledger);
        if (Intact)
            return text.AppendLine().Append("Intact: nothing was changed, removed, reordered or inserted.").ToString();
        if (BrokenStreams == 0)
            return text.ToString();
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"BROKEN: {BrokenStreams:N0} of the streams. First, {First}");
        foreach (var further in Breaks.Skip(1))
            text.AppendLine().Append("  also ").Append(further);
        if (BrokenStreams > Breaks.Count)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  and {BrokenStreams - Breaks.Count:N0} more");
        return text.ToString();
    }
}
