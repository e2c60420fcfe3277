using System.Security.Cryptography;

namespace EventDesk.Store.Ledger;

/// <summary>The tree of RFC 6962, section 2.1: SHA-256, leaves and nodes told apart by their first byte.</summary>
public static class MerkleTree
{
    /// <summary>Of a tree without leaves.</summary>
    public static ReadOnlySpan<byte> EmptyRoot => Empty;

    static readonly byte[] Empty = SHA256.HashData([]);

    public static void HashLeaf(ReadOnlySpan<byte> leaf, Span<byte> hash)
    {
        Span<byte> input = leaf.Length < 1024 ? stackalloc byte[leaf.Length + 1] : new byte[leaf.Length + 1];
        input[0] = 0;
        leaf.CopyTo(input[1..]);
        Digests.Hash(input, hash);
    }

    /// <param name="hash">May lie over either of the others.</param>
    public static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Digests.Length];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Digests.Length)..]);
        Digests.Hash(input, hash);
    }

    internal static byte[] HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var hash = new byte[Digests.Length];
        HashNode(left, right, hash);
        return hash;
    }

    /// <summary>The root over leaf hashes that lie one after the other.</summary>
    public static byte[] Root(ReadOnlySpan<byte> hashes)
    {
        var range = new CompactRange();
        for (; hashes.Length > 0; hashes = hashes[Digests.Length..])
            range.Append(hashes[..Digests.Length]);
        return range.Root();
    }

    /// <summary>True when a leaf stands at <paramref name="index"/> of the tree with this size and root (RFC 9162, section 2.1.3.2).</summary>
    public static bool VerifyInclusion(long index, long size, ReadOnlySpan<byte> leafHash, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size)
            return false;
        var (node, last) = (index, size - 1);
        var hash = leafHash.ToArray();
        foreach (var sibling in proof)
        {
            if (last == 0 || sibling.Length != Digests.Length)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                HashNode(sibling, hash, hash);
                for (; (node & 1) == 0 && node != 0; last >>= 1)
                    node >>= 1;
            }
            else
                HashNode(hash, sibling, hash);
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>True when the tree of the smaller size is the beginning of the larger one (RFC 9162, section 2.1.4.2).</summary>
    public static bool VerifyConsistency(long from, long to, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> proof)
    {
        if (from < 0 || from > to || proof.Any(p => p.Length != Digests.Length))
            return false;
        if (from == to)
            return proof.Count == 0 && fromRoot.SequenceEqual(toRoot);
        if (from == 0)
            return proof.Count == 0 && fromRoot.SequenceEqual(EmptyRoot);
        // A complete tree is a node of the larger one itself: the proof leaves it out.
        IEnumerable<byte[]> path = long.IsPow2(from) ? proof.Prepend(fromRoot.ToArray()) : proof;
        var (node, last) = (from - 1, to - 1);
        for (; (node & 1) == 1; last >>= 1)
            node >>= 1;
        byte[]? older = null, newer = null;
        foreach (var hash in path)
        {
            if (older is null || newer is null)
            {
                (older, newer) = ([.. hash], [.. hash]);
                continue;
            }
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                HashNode(hash, older, older);
                HashNode(hash, newer, newer);
                for (; (node & 1) == 0 && node != 0; last >>= 1)
                    node >>= 1;
            }
            else
                HashNode(newer, hash, newer);
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && older is not null && fromRoot.SequenceEqual(older) && toRoot.SequenceEqual(newer);
    }
}

/// <summary>The roots of the complete subtrees a growing tree consists of: all one needs to append and to know the root.</summary>
public sealed class CompactRange
{
    readonly byte[] nodes = new byte[64 * Digests.Length];
    int count;

    public CompactRange() { }

    CompactRange(CompactRange other)
    {
        other.nodes.CopyTo(nodes, 0);
        (count, Size) = (other.count, other.Size);
    }

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <param name="height">Of the complete subtree <paramref name="hash"/> is the root of; 0: a leaf. The size must be a multiple of its leaves.</param>
    public void Append(ReadOnlySpan<byte> hash, int height = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Size & ((1L << height) - 1), 0, nameof(height));
        hash.CopyTo(Node(count++));
        for (var bit = 1L << height; (Size & bit) != 0; bit <<= 1, count--)
            MerkleTree.HashNode(Node(count - 2), Node(count - 1), Node(count - 2));
        Size += 1L << height;
    }

    public byte[] Root() => Root(null) ?? MerkleTree.EmptyRoot.ToArray();

    /// <param name="right">Root of what stands to the right of this range, of lower height; null: nothing does. It is overwritten.</param>
    /// <returns>The root over both; null when there is neither.</returns>
    internal byte[]? Root(byte[]? right)
    {
        for (var i = count - 1; i >= 0; i--)
            if (right is null)
                right = Node(i).ToArray();
            else
                MerkleTree.HashNode(Node(i), right, right);
        return right;
    }

    public CompactRange Copy() => new(this);

    Span<byte> Node(int i) => nodes.AsSpan(i * Digests.Length, Digests.Length);
}
