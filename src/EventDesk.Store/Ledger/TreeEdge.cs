namespace EventDesk.Store.Ledger;

/// <summary>A tile as stored: its hashes one after the other and, at level 0, the seq_id of each leaf.</summary>
public sealed record StoredTile(int Level, long N, byte[] Hashes, long[]? Seqs)
{
    public int Width => Hashes.Length / Digests.Length;
}

/// <summary>The right edge of the stored tree: appends leaves and knows which tiles that changes.</summary>
sealed class TreeEdge
{
    readonly List<Level> levels = [];
    readonly List<StoredTile> full = [];
    List<long> seqs = [];

    /// <summary>The tile a level goes on with, and the tree over it, of which it is one leaf of the level above when it is full.</summary>
    sealed class Level(long n)
    {
        public long N => n;
        public List<byte> Hashes { get; } = [];
        public CompactRange Range { get; } = new();
        public bool Touched { get; set; }

        public void Append(ReadOnlySpan<byte> hash)
        {
            Hashes.AddRange(hash);
            Range.Append(hash);
        }
    }

    public long Size => levels.Count == 0 ? 0 : levels[0].N * TileAddress.Full + levels[0].Range.Size;
    public long LastSeq { get; private set; }
    public byte[]? LastLeaf { get; private set; }

    public byte[] Root()
    {
        byte[]? root = null;
        foreach (var level in levels)
            root = level.Range.Root(root);
        return root ?? MerkleTree.EmptyRoot.ToArray();
    }

    /// <param name="last">The last tile of each level, lowest level first.</param>
    /// <exception cref="LedgerDamagedException">They do not fit each other.</exception>
    public static TreeEdge Of(IReadOnlyList<StoredTile> last)
    {
        var edge = new TreeEdge();
        if (last.Count == 0)
            return edge;
        var size = last[0].N * TileAddress.Full + last[0].Width;
        for (var level = 0; size >> (TileAddress.Height * level) is > 0 and var entries; level++)
            edge.levels.Add(Open(level, entries, last));
        if (last[0].Seqs is not { } seqs || seqs.Length != last[0].Width)
            throw new LedgerDamagedException($"Tile {new TileAddress(0, last[0].N, TileAddress.Full)} does not number its leaves.");
        (edge.LastSeq, edge.LastLeaf) = (seqs[^1], last[0].Hashes[^Digests.Length..]);
        if (edge.levels[0].Hashes.Count > 0)
            edge.seqs = [.. seqs];
        return edge;
    }

    /// <summary>The tile a level goes on with: its last one, or the one behind it when that is full.</summary>
    static Level Open(int level, long entries, IReadOnlyList<StoredTile> last)
    {
        var (n, width) = ((entries - 1) / TileAddress.Full, (int)((entries - 1) % TileAddress.Full) + 1);
        if (last.FirstOrDefault(t => t.Level == level) is not { } tile || tile.N != n || tile.Hashes.Length != width * Digests.Length)
            throw new LedgerDamagedException($"Tile {new TileAddress(level, n, width)} is not there.");
        if (width == TileAddress.Full)
            return new(n + 1);
        var open = new Level(n);
        for (var hashes = tile.Hashes.AsSpan(); hashes.Length > 0; hashes = hashes[Digests.Length..])
            open.Append(hashes[..Digests.Length]);
        return open;
    }

    /// <param name="hash">Of the leaf.</param>
    public void Append(long seq, ReadOnlySpan<byte> hash)
    {
        LastLeaf ??= new byte[Digests.Length];
        hash.CopyTo(LastLeaf);
        LastSeq = seq;
        seqs.Add(seq);
        Add(0, hash);
    }

    void Add(int at, ReadOnlySpan<byte> hash)
    {
        if (at == levels.Count)
            levels.Add(new(0));
        var level = levels[at];
        level.Append(hash);
        level.Touched = true;
        if (level.Range.Size < TileAddress.Full)
            return;
        var tile = new StoredTile(at, level.N, [.. level.Hashes], at == 0 ? [.. seqs] : null);
        full.Add(tile);
        levels[at] = new(level.N + 1);
        if (at == 0)
            seqs = [];
        Add(at + 1, level.Range.Root());
    }

    /// <summary>Every tile that is new or has grown.</summary>
    public IEnumerable<StoredTile> Changed() =>
        full.Concat(levels.Select((l, at) => (l, at)).Where(x => x.l.Touched && x.l.Hashes.Count > 0)
            .Select(x => new StoredTile(x.at, x.l.N, [.. x.l.Hashes], x.at == 0 ? [.. seqs] : null)));
}
