namespace EventDesk.Store.Ledger;

/// <summary>Leaves as the events give them, in the order of their numbers.</summary>
abstract class LeafSource
{
    /// <summary>False behind the last one.</summary>
    public abstract ValueTask<bool> Next(CancellationToken ct);

    public Leaf Current { get; protected set; }
}

/// <summary>The stored tiles of level 0, in order.</summary>
abstract class TileSource
{
    /// <summary>Null behind the last one.</summary>
    public abstract ValueTask<StoredTile?> Next(CancellationToken ct);
}

/// <summary>
/// Walks the tree and the events side by side, tile by tile, and holds both against the signed checkpoints. What contradicts is kept until the end,
/// when it is known which of the contradicting sides the signatures vouch for.
/// </summary>
/// <param name="checkpoints">By size.</param>
sealed class TreeWalk(IReadOnlyDictionary<(int Level, long N), byte[]> upper, IReadOnlyList<Signed> checkpoints, LeafSource leaves)
{
    const int KeptFindings = 4096;
    const int KeptPending = 64;

    /// <summary>As stored, as the events give it, and as the upper levels say tile by tile; the last one has a tile without an upper level two ways.</summary>
    public const string ByTiles = "tiles", ByEvents = "events", ByUpper = "upper", ByUpperAndEvents = "upper, its end by events";

    readonly List<TileFinding> findings = [];
    readonly List<Leaf> pending = [];
    readonly long signedFor = checkpoints.Count > 0 ? checkpoints[^1].Size : 0;
    List<TreeVersion> versions = [new(ByTiles, checkpoints)];
    bool more;
    long lastSeq = long.MinValue;

    public IReadOnlyList<TileFinding> Findings => findings;
    public IReadOnlyList<TreeVersion> Versions => versions;

    /// <summary>The first events behind the tree.</summary>
    public IReadOnlyList<Leaf> Pending => pending;
    public long PendingCount { get; private set; }

    /// <summary>Leaves by the stored tiles alone.</summary>
    public long StoredSize { get; private set; }

    public async Task Run(TileSource tiles, CancellationToken ct)
    {
        more = await leaves.Next(ct);
        var n = 0L;
        for (var tile = await tiles.Next(ct); tile is not null; n++)
        {
            if (tile.N > n)
            {
                Take(await Lost(n, false, tile, ct));
                continue;
            }
            var next = await tiles.Next(ct);
            Take(IsWhole(tile, last: next is null) ? await Check(tile, last: next is null, ct) : await Lost(n, true, next, ct));
            tile = next;
        }
        StoredSize = versions[0].Size;
        for (; n * TileAddress.Full < signedFor && more; n++)
            Take(await Lost(n, false, null, ct));
        for (; more; more = await leaves.Next(ct))
            Wait(leaves.Current);
    }

    bool IsWhole(StoredTile tile, bool last)
    {
        if (tile.Hashes.Length % Digests.Length != 0 || tile.Width is 0 or > TileAddress.Full || (tile.Width < TileAddress.Full && !last))
            return false;
        if (tile.Seqs is not { } seqs || seqs.Length != tile.Width || seqs[0] <= lastSeq)
            return false;
        for (var i = 1; i < seqs.Length; i++)
            if (seqs[i] <= seqs[i - 1])
                return false;
        return true;
    }

    /// <summary>Hashes of this tile that were signed for.</summary>
    int SignedWidth(long n) => (int)Math.Clamp(signedFor - n * TileAddress.Full, 0, TileAddress.Full);

    async ValueTask<TileFinding> Check(StoredTile tile, bool last, CancellationToken ct)
    {
        var finding = new TileFinding(tile.N) { Stored = tile.Hashes };
        var events = new byte[tile.Hashes.Length];
        for (var i = 0; i < tile.Width; i++)
        {
            var (seq, recorded) = (tile.Seqs![i], tile.Hashes.AsMemory(i * Digests.Length, Digests.Length));
            for (; more && leaves.Current.Seq < seq; more = await leaves.Next(ct))
                finding.Add(new(leaves.Current.Seq, -1, null, leaves.Current));
            var index = tile.N * TileAddress.Full + i;
            if (!more || leaves.Current.Seq != seq)
            {
                finding.Add(new(seq, index, recorded.ToArray(), null));
                continue;
            }
            Hash(leaves.Current, events.AsSpan(i * Digests.Length, Digests.Length));
            if (!recorded.Span.SequenceEqual(events.AsSpan(i * Digests.Length, Digests.Length)))
                finding.Add(new(seq, index, recorded.ToArray(), leaves.Current));
            more = await leaves.Next(ct);
        }
        lastSeq = tile.Seqs![^1];
        if (!finding.Clean)
            await Explain(finding, events, last, ct);
        finding.Events = finding.Leaves.All(l => l.Found is not null && l.Index >= 0) ? events : null;
        return last && more && tile.Width < SignedWidth(tile.N) ? await Lengthened(finding, ct) : finding;
    }

    /// <summary>The last tile lists less than was signed for: if there are events for the rest, it was cut short; if not, so was the log.</summary>
    async ValueTask<TileFinding> Lengthened(TileFinding finding, CancellationToken ct)
    {
        var events = new List<byte>(finding.Events ?? []);
        List<Leaf> further = [];
        for (var room = SignedWidth(finding.N) - finding.Stored!.Length / Digests.Length; more && further.Count < room; more = await leaves.Next(ct))
        {
            further.Add(leaves.Current);
            events.AddRange(leaves.Current.Hash());
        }
        if (finding.Events is not null && events.Count == SignedWidth(finding.N) * Digests.Length)
            return new(finding.N) { Events = [.. events] };
        foreach (var leaf in further)
            Wait(leaf);
        return finding;
    }

    /// <summary>The last tile's numbers may have been altered to lie before its last event.</summary>
    async ValueTask Explain(TileFinding finding, byte[] events, bool last, CancellationToken ct)
    {
        for (; last && more && finding.Leaves.Any(l => l.Found is null && l.Recorded.AsSpan().SequenceEqual(leaves.Current.Hash())); more = await leaves.Next(ct))
            finding.Add(new(leaves.Current.Seq, -1, null, leaves.Current));
        finding.MatchRenumbered(events);
    }

    /// <summary>A tile that is not there, or cannot have been one: its leaves are the events up to the next one that can.</summary>
    async ValueTask<TileFinding> Lost(long n, bool rowIsThere, StoredTile? next, CancellationToken ct)
    {
        var finding = new TileFinding(n) { RowIsThere = rowIsThere };
        var room = next is not null ? TileAddress.Full : SignedWidth(n);
        var end = next is { Seqs: { Length: > 0 } seqs } ? seqs[0] : long.MaxValue;
        var events = new byte[room * Digests.Length];
        var taken = 0;
        for (; more && taken < room && leaves.Current.Seq < end; more = await leaves.Next(ct))
        {
            lastSeq = leaves.Current.Seq;
            Hash(leaves.Current, events.AsSpan(taken++ * Digests.Length, Digests.Length));
        }
        finding.Events = taken == room && room > 0 ? events : null;
        return finding;
    }

    static void Hash(in Leaf leaf, Span<byte> to)
    {
        if (leaf.Digest.Length == Digests.TextLength)
            leaf.Hash().CopyTo(to);
        else
            to.Clear(); // an event without a digest was never a leaf
    }

    void Take(TileFinding finding)
    {
        var full = (finding.Stored ?? finding.Events)?.Length == TileAddress.Full * Digests.Length;
        if (!finding.Clean)
        {
            if (findings.Count < KeptFindings)
                findings.Add(finding);
            if (versions.Count == 1)
                versions = [versions[0], versions[0].Fork(ByUpper), versions[0].Fork(ByUpperAndEvents), versions[0].Fork(ByEvents)];
        }
        foreach (var version in versions)
            version.Append(version.Name switch
            {
                ByTiles => finding.Stored ?? finding.Events,
                ByEvents => finding.Events ?? finding.Stored,
                _ when full => ByUpperLevel(finding),
                ByUpper => finding.Stored ?? finding.Events,
                _ => finding.Events ?? finding.Stored,
            });
    }

    /// <summary>Whichever side the tile above vouches for.</summary>
    byte[]? ByUpperLevel(TileFinding finding)
    {
        if (finding.Clean || finding.Events is null || finding.Stored is null)
            return finding.Stored ?? finding.Events;
        var (n, at) = (finding.N / TileAddress.Full, (int)(finding.N % TileAddress.Full) * Digests.Length);
        var vouched = upper.GetValueOrDefault((1, n)) is { } above && above.Length >= at + Digests.Length ? above.AsSpan(at, Digests.Length) : default;
        return vouched.SequenceEqual(MerkleTree.Root(finding.Events)) ? finding.Events : finding.Stored;
    }

    void Wait(in Leaf leaf)
    {
        PendingCount++;
        if (pending.Count < KeptPending)
            pending.Add(leaf);
    }
}
