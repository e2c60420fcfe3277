namespace EventDesk.Store.Ledger;

/// <summary>Decides, by what was signed, which side of each contradiction was tampered with, and names it.</summary>
/// <param name="checkpoints">Those that are trusted, by size.</param>
sealed class TreeJudge(TreeWalk walk, IReadOnlyDictionary<(int Level, long N), byte[]> upper, IReadOnlyList<Signed> checkpoints)
{
    /// <summary>Leaves compared with each other at most, to tell moved events from changed ones.</summary>
    const int Compared = 128;

    readonly List<LedgerFault> faults = [];
    long count;
    TreeVersion authentic = null!;

    public LedgerReport Report(bool signaturesChecked, IEnumerable<LedgerFault> found)
    {
        foreach (var fault in found)
            Add(fault);
        authentic = Authentic();
        foreach (var finding in walk.Findings)
            Tile(finding);
        Events();
        UpperTiles();
        Checkpoints();
        return new()
        {
            Size = authentic.Size, Pending = walk.PendingCount, Checkpoints = checkpoints.Count(authentic.Agrees), SignaturesChecked = signaturesChecked,
            Faults = faults, FaultCount = count,
        };
    }

    /// <summary>The version the newest trustworthy checkpoint was signed over; if there is none, the one most were.</summary>
    TreeVersion Authentic()
    {
        var newest = checkpoints.Count > 0 ? checkpoints[^1] : null;
        return walk.Versions.FirstOrDefault(v => newest is not null && v.Agrees(newest)) ?? walk.Versions.MaxBy(v => checkpoints.Count(v.Agrees))!;
    }

    /// <summary>True when the version that holds has the tile's hashes from the events: what is stored was altered.</summary>
    bool EventsHold(TileFinding tile)
    {
        if (tile.Events is null || tile.Stored is null)
            return tile.Stored is null;
        if (tile.N < authentic.Tiles.Count)
            return authentic.Tiles[(int)tile.N].AsSpan().SequenceEqual(MerkleTree.Root(tile.Events));
        return authentic.Name is TreeWalk.ByEvents or TreeWalk.ByUpperAndEvents;
    }

    readonly List<LeafFinding> suspects = [];

    void Tile(TileFinding tile)
    {
        var name = $"tile {new TileAddress(0, tile.N, TileAddress.Full)}";
        var gone = !tile.RowIsThere;
        if (tile.Stored is null && tile.Events is null)
            Add(new(LedgerFaultKind.HistoryCut, null, $"{name} is {(gone ? "gone" : "no tile any more")}, and so are events it was made of"));
        else if (gone)
            Add(new(LedgerFaultKind.TileRemoved, null, $"{name} was removed; its events are as they were signed for"));
        else if (EventsHold(tile) || tile.RenumberedTile)
            Add(new(LedgerFaultKind.TileAltered, null, $"{name} was altered; its events are as they were signed for"));
        if (!EventsHold(tile))
            suspects.AddRange(tile.Leaves);
    }

    void Events()
    {
        var moved = Moved();
        foreach (var leaf in suspects)
        {
            var place = leaf.Index >= 0 ? $"event {leaf.Seq} (leaf {leaf.Index})" : $"event {leaf.Seq}";
            if (moved.TryGetValue(leaf, out var what))
                Add(new(LedgerFaultKind.EventMoved, leaf.Seq, $"{place} {what}"));
            else if (leaf.Index < 0)
                Add(new(LedgerFaultKind.EventInserted, leaf.Seq, $"{place}, version {leaf.Found!.Value.Version} of stream {leaf.Found.Value.Stream}, was inserted: the tree does not know it"));
            else if (leaf.Found is { } found)
                Add(new(LedgerFaultKind.EventChanged, leaf.Seq, $"{place}, version {found.Version} of stream {found.Stream}, was changed: it is not what the tree was grown from"));
            else
                Add(new(LedgerFaultKind.EventRemoved, leaf.Seq, $"{place} was removed"));
        }
    }

    /// <summary>An event that would be another leaf under that leaf's number was moved.</summary>
    Dictionary<LeafFinding, string> Moved()
    {
        var moved = new Dictionary<LeafFinding, string>();
        var places = suspects.Where(s => s.Recorded is not null).Take(Compared).ToList();
        var behind = walk.Pending.Select(p => new LeafFinding(p.Seq, -1, null, p));
        foreach (var here in suspects.Where(s => s.Found is not null).Take(Compared).Concat(places.Count > 0 ? behind : []))
            if (places.FirstOrDefault(p => p.Seq != here.Found!.Value.Seq && (here.Found.Value with { Seq = p.Seq }).Hash().AsSpan().SequenceEqual(p.Recorded)) is { } from)
            {
                moved[here] = $"was reordered: it was recorded as event {from.Seq}";
                moved.TryAdd(from, $"was reordered: it stands as event {here.Seq} now");
            }
        return moved;
    }

    /// <summary>Each level above is made of the roots of the full tiles below.</summary>
    void UpperTiles()
    {
        var expected = new HashSet<(int, long)>();
        var below = authentic.Tiles;
        for (var level = 1; below.Count > 0; level++)
        {
            List<byte[]> roots = [];
            foreach (var (chunk, n) in below.Chunk(TileAddress.Full).Select((c, n) => (c, n)))
            {
                byte[] hashes = [.. chunk.SelectMany(h => h)];
                expected.Add((level, n));
                var name = $"tile {new TileAddress(level, n, chunk.Length)}";
                if (!upper.TryGetValue((level, n), out var stored))
                    Add(new(LedgerFaultKind.TileRemoved, null, $"{name} was removed"));
                else if (!stored.AsSpan().SequenceEqual(hashes))
                    Add(new(LedgerFaultKind.TileAltered, null, Altered(name, level, n, stored, hashes)));
                if (chunk.Length == TileAddress.Full)
                    roots.Add(MerkleTree.Root(hashes));
            }
            below = roots;
        }
        foreach (var (level, n) in upper.Keys.Where(k => !expected.Contains(k)))
            Add(new(LedgerFaultKind.TileAltered, null, $"tile {new TileAddress(level, n, TileAddress.Full)} belongs to no tree of {authentic.Size} leaves"));
    }

    /// <summary>Where nothing is as it was signed, it may be what lies below that was altered.</summary>
    string Altered(string name, int level, long n, byte[] stored, byte[] hashes)
    {
        if (checkpoints.Count == 0 || authentic.Agrees(checkpoints[^1]))
            return $"{name} was altered";
        var same = stored.AsSpan().CommonPrefixLength(hashes) / Digests.Length;
        return $"{name} does not fit tile {new TileAddress(level - 1, n * TileAddress.Full + same, TileAddress.Full)} below it";
    }

    void Checkpoints()
    {
        foreach (var beyond in checkpoints.Where(c => c.Size > authentic.Size))
            Add(new(LedgerFaultKind.HistoryCut, null, $"{beyond.From} was signed for {beyond.Size} leaves, {authentic.Size} are there: the end was cut off"));
        var wrong = checkpoints.Where(c => c.Size <= authentic.Size && !authentic.Agrees(c)).ToList();
        foreach (var group in wrong.GroupBy(w => w.From))
        {
            var first = group.First();
            var since = checkpoints.Where(c => c.Size < first.Size && authentic.Agrees(c)).Select(c => c.Size).DefaultIfEmpty(0).Max();
            var further = group.Count() > 1 ? $" ({group.Count() - 1} later ones disagree as well)" : "";
            Add(new(LedgerFaultKind.HistoryRewritten, null,
                $"{first.From} of {first.Size} leaves was signed over another history{further}: it was rewritten between leaf {since} and leaf {first.Size - 1}"));
        }
    }

    void Add(LedgerFault fault)
    {
        count++;
        if (faults.Count < LedgerReport.MaxFaults)
            faults.Add(fault);
    }
}
