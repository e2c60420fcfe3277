namespace EventDesk.Store.Ledger;

/// <summary>Proves a ledger, wherever its tiles, checkpoints and leaves are read from.</summary>
/// <param name="notes">The ledger's own checkpoints, each with the size it is kept under; by size.</param>
sealed class LedgerProof(IReadOnlyDictionary<(int Level, long N), byte[]> upper, IReadOnlyList<(long Size, string Note)> notes, LedgerTrust trust)
{
    readonly List<LedgerFault> faults = [];

    public async Task<LedgerReport> Run(TileSource tiles, LeafSource leaves, CancellationToken ct)
    {
        var signed = Own().Concat(Kept()).OrderBy(s => s.Size).ToList();
        var walk = new TreeWalk(upper, signed, leaves);
        await walk.Run(tiles, ct);
        var newest = notes.Count > 0 ? notes[^1].Size : 0;
        if (walk.StoredSize > newest)
            faults.Add(new(LedgerFaultKind.CheckpointRemoved, null, $"no checkpoint is there for the leaves from {newest} to {walk.StoredSize - 1}: it was removed, or the tree was lengthened"));
        return new TreeJudge(walk, upper, signed).Report(trust.Keys.Count > 0, faults);
    }

    /// <summary>Those that are what they were when they were signed; of the others a fault is told.</summary>
    List<Signed> Own()
    {
        List<Signed> own = [];
        foreach (var (size, text) in notes)
        {
            var note = SignedCheckpoint.Parse(text);
            if (note is null || note.Size != size)
                Altered($"the checkpoint of {size} leaves was altered: {(note is null ? "it is no checkpoint" : $"it says {note.Size}")}");
            else if (!IsTrusted(note))
                Altered($"the checkpoint of {size} leaves was altered: no key of this ledger has signed it");
            else
                own.Add(new(note, "a checkpoint"));
        }
        return own;
    }

    List<Signed> Kept()
    {
        List<Signed> kept = [];
        foreach (var (note, from) in trust.Kept)
            if (IsTrusted(note))
                kept.Add(new(note, from));
            else
                Altered($"{from} holds a checkpoint that no key of this ledger has signed");
        return kept;
    }

    void Altered(string what) => faults.Add(new(LedgerFaultKind.CheckpointAltered, null, what));

    bool IsTrusted(SignedCheckpoint note) => trust.Keys.Count == 0 || note.IsSignedBy(trust.Keys);
}
