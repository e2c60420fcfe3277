using System.Security.Cryptography;
using System.Text;
using EventDesk.Store.Ledger;

namespace EventDesk.Store.Tests;

/// <summary>The tree of RFC 6962: the published vectors, and every proof for every size up to some hundreds.</summary>
public sealed class LedgerTreeTests
{
    const int Sizes = 300;

    static readonly string[] Inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    /// <summary>Leaf index and size, or two sizes, with the proof the reference implementation of Certificate Transparency gives.</summary>
    public static TheoryData<int, int, string> Inclusions => new()
    {
        { 0, 1, "" },
        { 0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" },
        { 5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
        { 2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
        { 1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b" },
    };

    public static TheoryData<int, int, string> Consistencies => new()
    {
        { 1, 1, "" },
        { 1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" },
        { 6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
        { 2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b" },
    };

    static byte[] LeafHash(ReadOnlySpan<byte> leaf)
    {
        var hash = new byte[Digests.Length];
        MerkleTree.HashLeaf(leaf, hash);
        return hash;
    }

    static byte[][] Vectors => [.. Inputs.Select(i => LeafHash(Convert.FromHexString(i)))];
    static string Hex(IEnumerable<byte[]> hashes) => string.Join(' ', hashes.Select(Convert.ToHexStringLower));

    [Fact]
    public void T2_roots_are_those_of_RFC_6962()
    {
        for (var size = 0; size <= Inputs.Length; size++)
            Convert.ToHexStringLower(MerkleTree.Root([.. Vectors.Take(size).SelectMany(h => h)])).ShouldBe(Roots[size]);
    }

    [Theory, MemberData(nameof(Inclusions))]
    public async Task T2_inclusion_proofs_are_those_of_RFC_6962(int index, int size, string proof) =>
        Hex(await new MemoryTree(Vectors).Reader().Inclusion(index, size, CancellationToken.None)).ShouldBe(proof);

    [Theory, MemberData(nameof(Consistencies))]
    public async Task T2_consistency_proofs_are_those_of_RFC_6962(int from, int to, string proof) =>
        Hex(await new MemoryTree(Vectors).Reader().Consistency(from, to, CancellationToken.None)).ShouldBe(proof);

    [Fact]
    public async Task T2_every_inclusion_proof_of_every_size_verifies_and_none_for_another_leaf_place_or_tree()
    {
        var hashes = Enumerable.Range(0, Sizes).Select(i => LeafHash(Encoding.UTF8.GetBytes($"leaf {i}"))).ToArray();
        var reader = new MemoryTree(hashes).Reader();
        for (var size = 1; size <= Sizes; size++)
        {
            var root = Naive(hashes.AsSpan(0, size));
            (await reader.Root(size, CancellationToken.None)).ShouldBe(root);
            for (var index = 0; index < size; index += size < 80 ? 1 : 7)
            {
                var proof = await reader.Inclusion(index, size, CancellationToken.None);
                MerkleTree.VerifyInclusion(index, size, hashes[index], proof, root).ShouldBeTrue($"{index} of {size}");
                MerkleTree.VerifyInclusion(index, size, LeafHash("changed"u8), proof, root).ShouldBeFalse();
                if (index + 1 < size)
                    MerkleTree.VerifyInclusion(index + 1, size, hashes[index], proof, root).ShouldBeFalse();
                if (size > 1)
                    MerkleTree.VerifyInclusion(index, size, hashes[index], [.. proof.Skip(1)], root).ShouldBeFalse();
                MerkleTree.VerifyInclusion(index, size, hashes[index], [.. proof, hashes[0]], root).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public async Task T2_every_consistency_proof_verifies_and_none_for_a_rewritten_past()
    {
        var hashes = Enumerable.Range(0, Sizes).Select(i => LeafHash(Encoding.UTF8.GetBytes($"leaf {i}"))).ToArray();
        var reader = new MemoryTree(hashes).Reader();
        for (var to = 1; to <= Sizes; to += 1 + to / 20)
        {
            var root = Naive(hashes.AsSpan(0, to));
            for (var from = 0; from <= to; from++)
            {
                var older = Naive(hashes.AsSpan(0, from));
                var proof = await reader.Consistency(from, to, CancellationToken.None);
                MerkleTree.VerifyConsistency(from, to, older, root, proof).ShouldBeTrue($"{from} to {to}");
                if (from > 0)
                    MerkleTree.VerifyConsistency(from, to, LeafHash("other"u8), root, proof).ShouldBeFalse($"{from} to {to}");
                if (from is > 0 && from < to)
                {
                    var rewritten = hashes.ToArray();
                    rewritten[from / 2] = LeafHash("rewritten"u8);
                    var forged = await new MemoryTree(rewritten).Reader().Consistency(from, to, CancellationToken.None);
                    MerkleTree.VerifyConsistency(from, to, older, Naive(rewritten.AsSpan(0, to)), forged).ShouldBeFalse($"{from} to {to}");
                }
            }
        }
    }

    [Fact]
    public void T2_a_tree_grown_in_any_steps_is_the_tree_of_all_its_leaves()
    {
        var random = new Random(6962);
        var leaves = Enumerable.Range(0, 70_000).Select(i => new Leaf(i * 3, Guid.CreateVersion7(), 1, new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), Convert.ToBase64String(SHA256.HashData(BitConverter.GetBytes(i))))).ToArray();
        var tree = new MemoryTree([]);
        for (var at = 0; at < leaves.Length;)
        {
            var step = Math.Min(leaves.Length - at, random.Next(3) == 0 ? 1 : random.Next(1, 3_000));
            tree.Grow(leaves.AsSpan(at, step));
            at += step;
            var edge = tree.Edge();
            edge.Size.ShouldBe(at);
            edge.LastSeq.ShouldBe(leaves[at - 1].Seq);
        }
        var whole = new CompactRange();
        foreach (var leaf in leaves)
            whole.Append(leaf.Hash());
        tree.Edge().Root().ShouldBe(whole.Root());
        tree.Tiles.Keys.Where(k => k.Item1 == 2).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("0/000"), InlineData("0/067.p/1"), InlineData("1/x001/x234/067"), InlineData("7/x001/000.p/255")]
    public void T2_tile_addresses_are_those_of_C2SP(string path)
    {
        TileAddress.TryParse(path, out var tile).ShouldBeTrue();
        tile.ToString().ShouldBe(path);
    }

    [Theory]
    [InlineData("0"), InlineData("0/"), InlineData("0/67"), InlineData("00/067"), InlineData("8/067"), InlineData("0/x000/067"), InlineData("0/067.p/256"), InlineData("0/067.p/0")]
    [InlineData("0/067.p/01"), InlineData("0/067.p"), InlineData("0/001/067"), InlineData("0/x01/067"), InlineData("-1/067"), InlineData("0/+67"), InlineData("0/x1234/067"), InlineData("0/067/")]
    public void T2_other_addresses_name_no_tile(string path) => TileAddress.TryParse(path, out _).ShouldBeFalse();

    [Fact]
    public void T2_a_leaf_is_the_documented_text_and_nothing_else_reads_as_one()
    {
        var leaf = new Leaf(17, new("019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a"), 3, new DateTime(2026, 8, 1, 8, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560), new string('A', 43) + "=");
        const string text = """{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","recorded":"2026-08-01T08:00:00.123456Z","seq":17,"stream":"019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a","version":3}""";
        Encoding.UTF8.GetString(leaf.ToBytes()).ShouldBe(text);
        leaf.Hash().ShouldBe(SHA256.HashData([0, .. Encoding.UTF8.GetBytes(text)]));
        Leaf.TryRead(Encoding.UTF8.GetBytes(text), out var read).ShouldBeTrue();
        read.ShouldBe(leaf);
        foreach (var other in (string[])[text.Replace(":17", ": 17"), text.Replace("17", "17.0"), text.Replace("\"version\":3", "\"version\":3,\"x\":1"), "{}", "[]", "x", text + " "])
            Leaf.TryRead(Encoding.UTF8.GetBytes(other), out _).ShouldBeFalse(other);
    }

    static byte[] Naive(ReadOnlySpan<byte[]> hashes)
    {
        if (hashes.Length == 0)
            return SHA256.HashData([]);
        if (hashes.Length == 1)
            return hashes[0];
        var k = 1;
        while (k * 2 < hashes.Length)
            k *= 2;
        return SHA256.HashData([1, .. Naive(hashes[..k]), .. Naive(hashes[k..])]);
    }
}

/// <summary>Tiles without a database.</summary>
sealed class MemoryTree
{
    public Dictionary<(int, long), StoredTile> Tiles { get; } = [];

    public MemoryTree(byte[][] hashes)
    {
        for (var (level, at) = (0, hashes); at.Length > 0; level++)
        {
            foreach (var (tile, n) in at.Chunk(TileAddress.Full).Select((t, n) => (t, n)))
                Tiles[(level, n)] = new(level, n, [.. tile.SelectMany(h => h)], null);
            at = [.. at.Chunk(TileAddress.Full).Where(t => t.Length == TileAddress.Full).Select(t => MerkleTree.Root([.. t.SelectMany(h => h)]))];
        }
    }

    public TreeReader Reader() => new((level, n, _) => ValueTask.FromResult(Tiles.GetValueOrDefault((level, n))?.Hashes));

    public TreeEdge Edge() => TreeEdge.Of([.. Tiles.Values.GroupBy(t => t.Level).OrderBy(g => g.Key).Select(g => g.MaxBy(t => t.N)!)]);

    public void Grow(ReadOnlySpan<Leaf> leaves)
    {
        var edge = Edge();
        foreach (var leaf in leaves)
            edge.Append(leaf.Seq, leaf.Hash());
        foreach (var tile in edge.Changed())
            Tiles[(tile.Level, tile.N)] = tile;
    }
}
