namespace EventDesk.Store.Ledger;

/// <summary>A leaf that its event does not bear out, or an event without one.</summary>
/// <param name="Seq">The number the tree lists the leaf under, or the event's when it has none.</param>
/// <param name="Index">Of the leaf; -1 for an event that has none.</param>
/// <param name="Recorded">The leaf's hash in the tree.</param>
/// <param name="Found">The event that stands there now; null: none.</param>
sealed record LeafFinding(long Seq, long Index, byte[]? Recorded, Leaf? Found);

/// <summary>A tile of leaves held against the events it was made of.</summary>
sealed class TileFinding(long n)
{
    readonly List<LeafFinding> leaves = [];

    public long N { get; } = n;

    /// <summary>The stored hashes; null when there is no such tile, or none that could be one.</summary>
    public byte[]? Stored { get; init; }

    public bool RowIsThere { get; init; } = true;

    /// <summary>The hashes its events give; null when some are missing.</summary>
    public byte[]? Events { get; set; }

    /// <summary>Its list of numbers is not the one the hashes were made with.</summary>
    public bool RenumberedTile { get; private set; }

    public IReadOnlyList<LeafFinding> Leaves => leaves;

    public bool Clean => Stored is not null && leaves.Count == 0 && !RenumberedTile;

    public void Add(LeafFinding leaf) => leaves.Add(leaf);

    /// <summary>An event that another leaf of the tile was made of tells that the tile's numbers were altered, not the event.</summary>
    public void MatchRenumbered(byte[] events)
    {
        foreach (var found in leaves.Where(l => l.Found is not null).ToList())
        {
            var hash = found.Found!.Value.Hash();
            if (leaves.FirstOrDefault(l => l.Recorded is not null && hash.AsSpan().SequenceEqual(l.Recorded)) is not { } meant)
                continue;
            RenumberedTile = true;
            leaves.Remove(meant);
            hash.CopyTo(events.AsSpan((int)(meant.Index % TileAddress.Full) * Digests.Length));
            if (found.Index < 0)
                leaves.Remove(found);
            else if (found != meant)
                leaves[leaves.IndexOf(found)] = found with { Found = null };
        }
    }
}
