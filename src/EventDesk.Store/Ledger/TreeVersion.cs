namespace EventDesk.Store.Ledger;

/// <summary>A checkpoint the tree is held against; its signature is well.</summary>
/// <param name="From">Whose it is, for the report.</param>
sealed record Signed(SignedCheckpoint Note, string From)
{
    public long Size => Note.Size;
}

/// <summary>
/// One way the tree may have been. While hashes and events agree there is only one; where they do not, the signed roots decide which of several is the
/// tree that was grown.
/// </summary>
/// <param name="checkpoints">By size.</param>
sealed class TreeVersion(string name, IReadOnlyList<Signed> checkpoints)
{
    readonly CompactRange range = new();
    readonly List<byte[]> tiles = [];
    readonly HashSet<Signed> agreeing = [];
    int next;

    TreeVersion(string name, TreeVersion other) : this(name, other.checkpoints)
    {
        range = other.range.Copy();
        tiles = [.. other.tiles];
        agreeing = [.. other.agreeing];
        (next, Alive) = (other.next, other.Alive);
    }

    readonly IReadOnlyList<Signed> checkpoints = checkpoints;

    public string Name { get; } = name;

    /// <summary>False once a tile could not be had in this version.</summary>
    public bool Alive { get; private set; } = true;

    public long Size => range.Size;

    /// <summary>The roots of its full tiles.</summary>
    public IReadOnlyList<byte[]> Tiles => tiles;

    public bool Agrees(Signed with) => agreeing.Contains(with);

    public TreeVersion Fork(string to) => new(to, this);

    /// <param name="hashes">Of the next tile's leaves; null: they are lost.</param>
    public void Append(ReadOnlySpan<byte> hashes)
    {
        Alive &= hashes.Length > 0;
        if (!Alive)
            return;
        var full = hashes.Length == TileAddress.Full * Digests.Length;
        if (full)
            tiles.Add(MerkleTree.Root(hashes));
        if (full && !Within(range.Size + TileAddress.Full))
        {
            range.Append(tiles[^1], TileAddress.Height);
            Compare();
            return;
        }
        for (; hashes.Length > 0; hashes = hashes[Digests.Length..])
        {
            Compare();
            range.Append(hashes[..Digests.Length]);
        }
        Compare();
    }

    /// <summary>True when a checkpoint stands before this size.</summary>
    bool Within(long size)
    {
        while (next < checkpoints.Count && checkpoints[next].Size < range.Size)
            next++;
        return next < checkpoints.Count && checkpoints[next].Size < size;
    }

    void Compare()
    {
        for (; next < checkpoints.Count && checkpoints[next].Size <= range.Size; next++)
            if (checkpoints[next].Size == range.Size && checkpoints[next].Note.Checkpoint.Root.Span.SequenceEqual(range.Root()))
                agreeing.Add(checkpoints[next]);
    }
}
