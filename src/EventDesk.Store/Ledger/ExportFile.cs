using System.Text;
using System.Text.Json;

namespace EventDesk.Store.Ledger;

/// <summary>Everything of an export before its events.</summary>
sealed record ExportHead(IReadOnlyList<LedgerVerifier> Keys, IReadOnlyList<(long Size, string Note)> Notes, IReadOnlyDictionary<(int, long), byte[]> Upper)
{
    public static async Task<ExportHead> Read(string path, CancellationToken ct)
    {
        List<LedgerVerifier> keys = [];
        List<(long Size, string Note)> notes = [];
        Dictionary<(int, long), byte[]> upper = [];
        using var file = new StreamReader(path, Encoding.UTF8);
        var first = true;
        while (await file.ReadLineAsync(ct) is { } line && !line.StartsWith(ExportLeaves.Start, StringComparison.Ordinal))
        {
            var json = Line(path, line);
            if (first && !json.TryGetProperty("format", out _))
                throw new IOException($"{path} is no export of a ledger.");
            first = false;
            if (json.TryGetProperty("keys", out var given))
                keys.AddRange(given.EnumerateArray().Select(k => LedgerVerifier.Parse(k.GetString()!)).OfType<LedgerVerifier>());
            else if (json.TryGetProperty("checkpoint", out var note))
                notes.Add((json.GetProperty("size").GetInt64(), note.GetString()!));
            else if (json.TryGetProperty("hashes", out var hashes) && json.GetProperty("level").GetInt32() is > 0 and var level)
                upper[(level, json.GetProperty("n").GetInt64())] = hashes.GetBytesFromBase64();
        }
        return new(keys, [.. notes.OrderBy(n => n.Size)], upper);
    }

    internal static JsonElement Line(string path, string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} holds a line that is none of an export: {e.Message}", e);
        }
    }
}

/// <summary>The tiles of leaves out of an export.</summary>
sealed class ExportTiles(string path) : TileSource, IDisposable
{
    readonly StreamReader file = new(path, Encoding.UTF8);

    public override async ValueTask<StoredTile?> Next(CancellationToken ct)
    {
        while (await file.ReadLineAsync(ct) is { } line && !line.StartsWith(ExportLeaves.Start, StringComparison.Ordinal))
            if (line.StartsWith("{\"hashes\"", StringComparison.Ordinal) && ExportHead.Line(path, line) is var json && json.GetProperty("level").GetInt32() == 0)
                return new(0, json.GetProperty("n").GetInt64(), json.GetProperty("hashes").GetBytesFromBase64(),
                    json.TryGetProperty("seqs", out var seqs) ? [.. seqs.EnumerateArray().Select(s => s.GetInt64())] : null);
        return null;
    }

    public void Dispose() => file.Dispose();
}

/// <summary>The events of an export: their leaves for the tree and, on the way, their chains.</summary>
sealed class ExportLeaves(string path, IProgress<long>? progress) : LeafSource, IDisposable
{
    public const string Start = "{\"envelope\"";
    const int ProgressStep = 20_000;

    readonly StreamReader file = new(path, Encoding.UTF8);
    long count;

    public ExportChain Chain { get; } = new();

    public override async ValueTask<bool> Next(CancellationToken ct)
    {
        while (await file.ReadLineAsync(ct) is { } line)
        {
            if (!line.StartsWith(Start, StringComparison.Ordinal))
                continue;
            if (++count % ProgressStep == 0)
                progress?.Report(count);
            if (Chain.Take(Encoding.UTF8.GetBytes(line), count) is not { } leaf)
                continue;
            Current = leaf;
            return true;
        }
        return false;
    }

    public void Dispose() => file.Dispose();
}
