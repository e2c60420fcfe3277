using System.Globalization;

namespace EventDesk.Store.Ledger;

/// <summary>Where a tile stands (C2SP tlog-tiles): level 0 holds leaf hashes, level L the roots of complete subtrees of 256^L leaves.</summary>
/// <param name="Width">Hashes in it: 256, or fewer at the right edge of the tree.</param>
public readonly record struct TileAddress(int Level, long N, int Width)
{
    /// <summary>Hashes in a full tile.</summary>
    public const int Full = 256;

    /// <summary>Tree height of a full tile.</summary>
    public const int Height = 8;

    public const int MaxLevel = 7;

    /// <summary>Reads <c>0/x001/234.p/17</c>: level, number in groups of three digits, and the width of a partial tile.</summary>
    public static bool TryParse(string path, out TileAddress tile)
    {
        tile = default;
        var parts = path.Split('/');
        if (parts.Length < 2 || !Number(parts[0], 1, out var level) || level > MaxLevel)
            return false;
        var (groups, width) = (parts[1..], (long)Full);
        if (groups.Length > 1 && groups[^2].EndsWith(".p", StringComparison.Ordinal))
        {
            if (!Number(groups[^1], 3, out width) || width is 0 or >= Full)
                return false;
            groups = [.. groups[..^2], groups[^2][..^2]];
        }
        long n = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            var last = i == groups.Length - 1;
            if (groups.Length > 5 || groups[i].Length != (last ? 3 : 4) || (!last && groups[i][0] != 'x') || !long.TryParse(groups[i].AsSpan(last ? 0 : 1), NumberStyles.None, CultureInfo.InvariantCulture, out var three))
                return false;
            n = n * 1000 + three;
        }
        tile = new((int)level, n, (int)width);
        return tile.ToString() == path; // one address for each tile: no leading groups of zeros
    }

    static bool Number(string text, int digits, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && text.Length <= digits && (text.Length == 1 || text[0] != '0');

    public override string ToString()
    {
        var path = $"{N % 1000:000}";
        for (var rest = N / 1000; rest > 0; rest /= 1000)
            path = $"x{rest % 1000:000}/{path}";
        return Width == Full ? $"{Level}/{path}" : $"{Level}/{path}.p/{Width}";
    }
}

/// <summary>Roots and proofs (RFC 6962, section 2.1) out of tiles. Keeps what it has read, so that the proofs of one answer share it.</summary>
/// <param name="read">The hashes of a tile by level and number, as many as there are; fewer than are asked for mean that the tree is damaged.</param>
public sealed class TreeReader(Func<int, long, CancellationToken, ValueTask<byte[]?>> read)
{
    readonly Dictionary<(int, long), byte[]> tiles = [];

    /// <summary>The root the tree had when it held so many leaves.</summary>
    public async ValueTask<byte[]> Root(long size, CancellationToken ct) =>
        size == 0 ? MerkleTree.EmptyRoot.ToArray() : await Range(0, size, ct);

    public ValueTask<byte[]> LeafHash(long index, CancellationToken ct) => Node(0, index, ct);

    /// <summary>Proves that the leaf stands in the tree of this size.</summary>
    public async Task<IReadOnlyList<byte[]>> Inclusion(long index, long size, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        List<byte[]> proof = [];
        for (var (begin, end) = (0L, size); end - begin > 1;)
        {
            var middle = begin + Split(end - begin);
            proof.Add(index < middle ? await Range(middle, end, ct) : await Range(begin, middle, ct));
            (begin, end) = index < middle ? (begin, middle) : (middle, end);
        }
        proof.Reverse();
        return proof;
    }

    /// <summary>Proves that the tree of the smaller size is the beginning of the larger one.</summary>
    public async Task<IReadOnlyList<byte[]>> Consistency(long from, long to, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        List<byte[]> proof = [];
        if (from == 0 || from == to)
            return proof;
        var (begin, end) = (0L, to);
        while (end != from)
        {
            var middle = begin + Split(end - begin);
            proof.Add(from <= middle ? await Range(middle, end, ct) : await Range(begin, middle, ct));
            (begin, end) = from <= middle ? (begin, middle) : (middle, end);
        }
        if (begin > 0)
            proof.Add(await Range(begin, end, ct));
        proof.Reverse();
        return proof;
    }

    /// <summary>The largest power of two below n.</summary>
    static long Split(long n) => 1L << (63 - (int)long.LeadingZeroCount(n - 1));

    async ValueTask<byte[]> Range(long begin, long end, CancellationToken ct)
    {
        var leaves = end - begin;
        if (long.IsPow2(leaves))
            return await Node((int)long.TrailingZeroCount(leaves), begin / leaves, ct);
        var middle = begin + Split(leaves);
        var (left, right) = (await Range(begin, middle, ct), await Range(middle, end, ct));
        return MerkleTree.HashNode(left, right);
    }

    /// <summary>The root of the complete subtree number <paramref name="index"/> of this height.</summary>
    async ValueTask<byte[]> Node(int height, long index, CancellationToken ct)
    {
        var (level, within) = (height / TileAddress.Height, height % TileAddress.Height);
        var first = index << within;
        var n = first / TileAddress.Full;
        if (!tiles.TryGetValue((level, n), out var hashes))
            tiles[(level, n)] = hashes = await read(level, n, ct) ?? [];
        var (start, length) = ((int)(first % TileAddress.Full) * Digests.Length, Digests.Length << within);
        return start + length <= hashes.Length
            ? MerkleTree.Root(hashes.AsSpan(start, length))
            : throw new LedgerDamagedException($"Tile {new TileAddress(level, n, TileAddress.Full)} lacks hashes the tree has had.");
    }
}

/// <summary>The stored tree is not the one that was grown; <c>eventdesk verify</c> names what was changed.</summary>
public sealed class LedgerDamagedException(string message) : Exception(message);
