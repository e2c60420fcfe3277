using System.Runtime.InteropServices;

namespace EventDesk.Store.Ledger;

/// <summary>Events as the tree takes them: hashed as they are read, for twenty thousand texts would outlive the collections that happen meanwhile.</summary>
sealed class LeafHashes
{
    readonly List<byte> hashes = [];

    public List<long> Seqs { get; } = [];
    public int Count => Seqs.Count;

    public ReadOnlySpan<byte> this[int i] => CollectionsMarshal.AsSpan(hashes).Slice(i * Digests.Length, Digests.Length);

    public void RemoveFirst()
    {
        Seqs.RemoveAt(0);
        hashes.RemoveRange(0, Digests.Length);
    }

    public void Add(in Leaf leaf)
    {
        Span<byte> hash = stackalloc byte[Digests.Length];
        leaf.Hash(hash);
        Seqs.Add(leaf.Seq);
        hashes.AddRange(hash);
    }

    /// <summary>Those of another run, from one of its places on.</summary>
    public void Add(LeafHashes run, int from)
    {
        Seqs.AddRange(CollectionsMarshal.AsSpan(run.Seqs)[from..]);
        hashes.AddRange(CollectionsMarshal.AsSpan(run.hashes)[(from * Digests.Length)..]);
    }
}
