using System.Buffers;
using System.Data;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace EventDesk.Store.Ledger;

/// <summary>
/// The ledger as a file that is verified without a database: lines of JSON, first the keys, then the checkpoints, the tiles, and each event as
/// <c>{"envelope":…,"kind":…,"leaf":…}</c>. Envelope and leaf stand in the very bytes that were hashed (RFC 8785): a leaf's hash is SHA-256 of 0x00 and its
/// bytes; its digest is SHA-256 of the digest before it in its stream and the envelope's bytes; the first of a stream (which alone has a kind) follows on
/// SHA-256 of <c>eventdesk:kind:stream</c>. Sealed texts stand in the envelope as their digests alone.
/// </summary>
public static class LedgerExport
{
    const string Format = "eventdesk-ledger/1";
    const int FlushAt = 1 << 16;

    static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes what is in the tree, from one snapshot.</summary>
    /// <param name="keys">Public keys to put into the file, for readers who have none.</param>
    /// <returns>Events written.</returns>
    public static async Task<long> Write(NpgsqlDataSource database, IReadOnlyList<LedgerVerifier> keys, Stream file, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using (var settings = new NpgsqlCommand("set local statement_timeout = 0", connection))
            await settings.ExecuteNonQueryAsync(ct);
        var lines = new ArrayBufferWriter<byte>(FlushAt * 2);
        Line(lines, json => Keys(json, keys));
        foreach (var (size, note) in await LedgerRows.Notes(connection, ct))
            Line(lines, json => Checkpoint(json, size, note));
        foreach (var ((level, n), hashes) in (await LedgerRows.Upper(connection, ct)).OrderBy(t => t.Key))
            Line(lines, json => Tile(json, new(level, n, hashes, null)));
        var last = long.MinValue;
        var tiles = new LedgerRows.Tiles(connection);
        while (await tiles.Next(ct) is { } tile)
        {
            Line(lines, json => Tile(json, tile));
            last = tile.Seqs is { Length: > 0 } seqs ? Math.Max(last, seqs[^1]) : last;
            await Flush(lines, file, ct);
        }
        var events = await Events(connection, last, lines, file, ct);
        await Flush(lines, file, ct, all: true);
        return events;
    }

    static async Task<long> Events(NpgsqlConnection connection, long last, ArrayBufferWriter<byte> lines, Stream file, CancellationToken ct)
    {
        var count = 0L;
        var sql = $"copy ({EventRows.Select} where e.seq_id <= {last.ToString(CultureInfo.InvariantCulture)} order by e.seq_id) to stdout (format binary)";
        await using var copy = await connection.BeginRawBinaryCopyAsync(sql, ct);
        var rows = new CopyRows(copy);
        for (; await rows.Next(ct); count++)
        {
            Event(rows, lines);
            await Flush(lines, file, ct);
        }
        return count;
    }

    static void Event(CopyRows row, ArrayBufferWriter<byte> lines)
    {
        var e = EventRows.Read(row);
        var canonical = Canonicalizer.Rent();
        canonical.Raw("{\"envelope\":"u8);
        e.Envelope.Write(canonical);
        if (e.Envelope.Version == 1)
        {
            canonical.Raw(",\"kind\":"u8);
            canonical.Text(e.StreamType);
        }
        canonical.Raw(",\"leaf\":"u8);
        Span<byte> digest = stackalloc byte[Digests.Length];
        var text = Digests.TryReadHeader(e.Envelope.Headers, digest) ? Convert.ToBase64String(digest) : "";
        canonical.Raw(new Leaf(e.SeqId, e.Envelope.Stream, e.Envelope.Version, e.Envelope.Recorded, text).ToBytes());
        canonical.Raw("}\n"u8);
        lines.Write(canonical.Written);
    }

    static void Keys(Utf8JsonWriter json, IReadOnlyList<LedgerVerifier> keys)
    {
        json.WriteString("format"u8, Format);
        json.WriteStartArray("keys"u8);
        foreach (var key in keys)
            json.WriteStringValue(key.ToString());
        json.WriteEndArray();
    }

    static void Checkpoint(Utf8JsonWriter json, long size, string note)
    {
        json.WriteString("checkpoint"u8, note);
        json.WriteNumber("size"u8, size);
    }

    static void Tile(Utf8JsonWriter json, StoredTile tile)
    {
        json.WriteBase64String("hashes"u8, tile.Hashes);
        json.WriteNumber("level"u8, tile.Level);
        json.WriteNumber("n"u8, tile.N);
        if (tile.Seqs is null)
            return;
        json.WriteStartArray("seqs"u8);
        foreach (var seq in tile.Seqs)
            json.WriteNumberValue(seq);
        json.WriteEndArray();
    }

    static void Line(ArrayBufferWriter<byte> lines, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(lines, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        lines.Write("\n"u8);
    }

    static async ValueTask Flush(ArrayBufferWriter<byte> lines, Stream file, CancellationToken ct, bool all = false)
    {
        if (!all && lines.WrittenCount < FlushAt)
            return;
        await file.WriteAsync(lines.WrittenMemory, ct);
        lines.ResetWrittenCount();
    }

    /// <summary>Proves an export as <see cref="Ledger.Verify.Database(NpgsqlDataSource, LedgerTrust, IProgress{long}?, CancellationToken)"/> proves a database.</summary>
    /// <param name="trust">Without keys those of the file are taken, and the report says so.</param>
    /// <exception cref="IOException">The file cannot be read, or is no export.</exception>
    public static async Task<VerifyReport> Verify(string path, LedgerTrust trust, IProgress<long>? progress, CancellationToken ct)
    {
        var head = await ExportHead.Read(path, ct);
        var own = trust.Keys.Count == 0;
        if (own)
            trust = trust with { Keys = head.Keys };
        using var tiles = new ExportTiles(path);
        using var leaves = new ExportLeaves(path, progress);
        var ledger = await new LedgerProof(head.Upper, head.Notes, trust).Run(tiles, leaves, ct);
        return leaves.Chain.Report() with { Ledger = ledger with { KeysFromExport = own && trust.Keys.Count > 0 } };
    }
}
