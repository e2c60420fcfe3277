using System.ComponentModel;
using System.Text;
using EventDesk.Store.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Proofs are SHA-256 hashes in base64, in the order RFC 9162 uses them.</summary>
public sealed record LedgerProofAnswer
{
    [Description("Leaves of the tree the proof leads to.")]
    public required long Size { get; init; }
    public required string Root { get; init; }

    [Description("Index of the leaf whose inclusion is proved.")]
    public long? Leaf { get; init; }
    public string? LeafHash { get; init; }

    [Description("Leaves of the older tree that this one is proved to continue.")]
    public long? From { get; init; }
    public string? FromRoot { get; init; }
    public required IReadOnlyList<string> Proof { get; init; }
}

/// <summary>
/// The ledger for whoever wants to watch it (C2SP tlog-tiles). It holds hashes of digests and tells nothing of an event but that there is one, so it is
/// open to all. The leaves themselves say when which ticket changed: they are in an auditor's history of a ticket and in an export, not here.
/// </summary>
public static class LedgerEndpoints
{
    const string Tag = "Ledger";
    const string Mutable = "public, max-age=1";
    const string Immutable = "public, max-age=31536000, immutable";

    static readonly QueryParameter LeafIndex = new("leaf", "integer", "Prove that this leaf stands in the tree.", "17");
    static readonly QueryParameter OlderSize = new("older", "integer", "Prove that the tree of this size is the beginning of the tree.", "100");
    static readonly QueryParameter TreeSize = new("size", "integer", "Leaves of the tree to prove to; the newest checkpoint's when not given.", "307");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ledger/checkpoint", Checkpoint).WithName("readCheckpoint").WithTags(Tag).WithSummary("Read the newest signed checkpoint")
            .WithDescription("Origin, size and root of the tree over all events, and who signed it (C2SP tlog-checkpoint). Tiles are at /ledger/tile/{L}/{N}[.p/{W}] (C2SP tlog-tiles).")
            .WithMetadata(new GivesText("eventdesk/7f3a90c2d1e4b586\n307\n4hRcV0kX9fCbXG1mFbPqQ7s8Yk2y5hK3v1nq0o8w6Zs=\n\n— eventdesk/7f3a90c2d1e4b586 kVTFpw…\n"))
            .Produces<ProblemAnswer>(StatusCodes.Status404NotFound, "application/problem+json");
        routes.MapGet("/ledger/key", Key).WithName("readLedgerKeys").WithTags(Tag).WithSummary("Read the ledger's public keys")
            .WithDescription("One a line in C2SP's form, name+hash+base64, the newest first; all that ever signed. Compare them with those you got another way.")
            .WithMetadata(new GivesText("eventdesk/7f3a90c2d1e4b586+9154c5a7+AU3kKbsCVMJKDRl7TdZSp1PVXTPkkhlqZ+3VIUwvWkYz\n"))
            .Produces<ProblemAnswer>(StatusCodes.Status404NotFound, "application/problem+json");
        routes.MapGet("/ledger/proof", Proof).WithName("readLedgerProof").WithTags(Tag).WithSummary("Read a proof")
            .WithDescription("Of one leaf's inclusion (leaf) or of the tree's consistency with an older one (older), as RFC 9162 defines them.")
            .WithMetadata(LeafIndex, OlderSize, TreeSize)
            .Produces<ProblemAnswer>(StatusCodes.Status404NotFound, "application/problem+json");
        // A tile's number spans several segments, which no OpenAPI path can say.
        routes.MapGet("/ledger/tile/{**tile}", Tile).ExcludeFromDescription();
    }

    static async Task<Results<ContentHttpResult, Problem>> Checkpoint(HttpContext http, LedgerTables ledger, CancellationToken ct)
    {
        if (await ledger.Last(ct) is not { } last)
            return Problems.NoSuch("no_checkpoint", "checkpoint yet");
        http.Response.Headers.CacheControl = Mutable;
        return TypedResults.Text(last.Text, "text/plain", Encoding.UTF8);
    }

    static Results<ContentHttpResult, Problem> Key(HttpContext http, Settings settings)
    {
        using var keys = LedgerKeys.Load(settings.LedgerKeyFile);
        if (keys is null)
            return Problems.NoSuch("no_ledger_key", "key yet");
        http.Response.Headers.CacheControl = Mutable;
        return TypedResults.Text(string.Concat(keys.Verifiers.Select(v => $"{v}\n")), "text/plain", Encoding.UTF8);
    }

    static async Task<Results<FileContentHttpResult, Problem>> Tile(string tile, HttpContext http, LedgerTables ledger, CancellationToken ct)
    {
        if (!TileAddress.TryParse(tile, out var address) || await ledger.Tile(address.Level, address.N, ct) is not { } hashes || hashes.Length < address.Width * Digests.Length)
            return Problems.NoSuch("no_such_tile", "tile");
        http.Response.Headers.CacheControl = Immutable;
        // A partial tile's hashes stay the first ones of the tile it grows into.
        return TypedResults.Bytes(hashes[..(address.Width * Digests.Length)], "application/octet-stream");
    }

    static async Task<Results<Ok<LedgerProofAnswer>, Problem>> Proof(HttpContext http, LedgerTables ledger, CancellationToken ct)
    {
        var query = new Query(http);
        var (leaf, older, asked) = (query.Whole("leaf"), query.Whole("older"), query.Whole("size"));
        if (leaf is null == older is null)
            query.Fault("leaf", "exclusive", "Give a leaf or an older size, one of them.");
        if (query.Problem is { } problem)
            return problem;
        if (await ledger.Last(ct) is not { } last)
            return Problems.NoSuch("no_checkpoint", "checkpoint yet");
        var size = asked ?? last.Size;
        if (size < 1 || size > last.Size)
            query.Fault("size", "out_of_range", $"It is a whole number from 1 to {last.Size}, the newest checkpoint's.");
        if (leaf >= size || older < 1 || older > size)
            query.Fault(leaf is null ? "older" : "leaf", "out_of_range", leaf is null ? $"It is a whole number from 1 to {size}." : $"It is a whole number below {size}.");
        if (query.Problem is { } outside)
            return outside;
        var tree = ledger.Tree();
        var answer = new LedgerProofAnswer { Size = size, Root = Convert.ToBase64String(await tree.Root(size, ct)), Proof = [] };
        http.Response.Headers.CacheControl = asked is null ? Mutable : Immutable;
        return TypedResults.Ok(leaf is { } index
            ? answer with { Leaf = index, LeafHash = Convert.ToBase64String(await tree.LeafHash(index, ct)), Proof = Base64(await tree.Inclusion(index, size, ct)) }
            : answer with { From = older, FromRoot = Convert.ToBase64String(await tree.Root(older!.Value, ct)), Proof = Base64(await tree.Consistency(older.Value, size, ct)) });
    }

    internal static IReadOnlyList<string> Base64(IReadOnlyList<byte[]> hashes) => [.. hashes.Select(Convert.ToBase64String)];
}
