using System.Globalization;
using System.Text;

namespace EventDesk.Store.Ledger;

public enum LedgerFaultKind
{
    /// <summary>An event is not the one its leaf was made of.</summary>
    EventChanged,

    /// <summary>A leaf whose event is gone.</summary>
    EventRemoved,

    /// <summary>An event with an old number that the tree does not know.</summary>
    EventInserted,

    /// <summary>An event that stands under another number than it was recorded with.</summary>
    EventMoved,

    /// <summary>Stored hashes that the signed root does not vouch for.</summary>
    TileAltered,

    TileRemoved,

    /// <summary>A checkpoint that cannot be read or whose signature is not of a key of the ledger.</summary>
    CheckpointAltered,

    /// <summary>Leaves that no checkpoint is there for any more.</summary>
    CheckpointRemoved,

    /// <summary>Events and tree fit each other, but not what was signed: all of it was computed anew.</summary>
    HistoryRewritten,

    /// <summary>Less is there than was signed for.</summary>
    HistoryCut,
}

/// <param name="Seq">The event's number, where it is about one.</param>
/// <param name="What">A sentence that names what is wrong.</param>
public sealed record LedgerFault(LedgerFaultKind Kind, long? Seq, string What);

/// <summary>A checkpoint that was kept where the database's owner cannot reach it.</summary>
/// <param name="From">Where, for the report: <c>the file x</c>.</param>
public sealed record KeptCheckpoint(SignedCheckpoint Signed, string From);

/// <summary>What the verifier brings along.</summary>
/// <param name="Keys">Public keys that may have signed; empty: signatures are not checked.</param>
/// <param name="Kept">Older checkpoints from elsewhere: what is verified must continue each of them.</param>
public sealed record LedgerTrust(IReadOnlyList<LedgerVerifier> Keys, IReadOnlyList<KeptCheckpoint> Kept)
{
    public static readonly LedgerTrust None = new([], []);
}

/// <summary>What the events' tree and its checkpoints say about them.</summary>
public sealed record LedgerReport
{
    /// <summary>Faults a report holds at most.</summary>
    public const int MaxFaults = 100;

    /// <summary>Leaves of the tree.</summary>
    public required long Size { get; init; }

    /// <summary>Events behind the last leaf: the tree has yet to take them in.</summary>
    public required long Pending { get; init; }

    /// <summary>Checkpoints whose root was computed anew and is the signed one.</summary>
    public required int Checkpoints { get; init; }

    public required bool SignaturesChecked { get; init; }

    /// <summary>The keys came with what they prove.</summary>
    public bool KeysFromExport { get; init; }

    /// <summary>At most <see cref="MaxFaults"/>.</summary>
    public required IReadOnlyList<LedgerFault> Faults { get; init; }

    public required long FaultCount { get; init; }

    public bool Intact => FaultCount == 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Ledger: {Size:N0} leaves, {Checkpoints:N0} checkpoints agree");
        if (Pending > 0)
            text.Append(CultureInfo.InvariantCulture, $", {Pending:N0} events not in the tree yet");
        text.Append('.');
        if (Size == 0 && Intact)
            return text.ToString();
        if (!SignaturesChecked)
            text.AppendLine().Append("Warning: no key was given, so signatures were not checked; anybody could have made the checkpoints.");
        if (KeysFromExport)
            text.AppendLine().Append("Warning: the keys are those the export itself brought; give --key with one you got another way.");
        foreach (var fault in Faults)
            text.AppendLine().Append("LEDGER BROKEN: ").Append(fault.What);
        if (FaultCount > Faults.Count)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  and {FaultCount - Faults.Count:N0} more");
        return text.ToString();
    }
}
