using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EventDesk.Store.Ledger;

/// <summary>
/// What the tree holds of an event: <c>{"digest":"…","recorded":"2026-08-01T08:00:00.123456Z","seq":17,"stream":"…","version":3}</c>, in exactly these
/// bytes (RFC 8785). The digest vouches for everything else in the event, so that erasing a sealed text changes no leaf.
/// </summary>
/// <param name="Recorded">UTC, whole microseconds.</param>
/// <param name="Digest">The event's chain digest in base64, as it stands in its headers.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Leaf(long Seq, Guid Stream, long Version, DateTime Recorded, string Digest)
{
    /// <summary>Longer than any leaf whose digest is one.</summary>
    public const int MaxLength = 256;

    public byte[] ToBytes()
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        return bytes[..Write(bytes)].ToArray();
    }

    public byte[] Hash()
    {
        var hash = new byte[Digests.Length];
        Hash(hash);
        return hash;
    }

    /// <param name="hash">Room for 32 bytes.</param>
    public void Hash(Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        MerkleTree.HashLeaf(bytes[..Write(bytes)], hash);
    }

    /// <summary>False for anything that is not a leaf's very bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Leaf leaf)
    {
        leaf = default;
        try
        {
            var json = new Utf8JsonReader(bytes);
            string? digest = null, recorded = null, stream = null;
            long seq = 0, version = 0;
            for (json.Read(); json.Read() && json.TokenType == JsonTokenType.PropertyName;)
            {
                var name = json.GetString();
                json.Read();
                switch (name)
                {
                    case "digest": digest = json.GetString(); break;
                    case "recorded": recorded = json.GetString(); break;
                    case "stream": stream = json.GetString(); break;
                    case "seq": seq = json.GetInt64(); break;
                    case "version": version = json.GetInt64(); break;
                    default: return false;
                }
            }
            if (digest?.Length != Digests.TextLength || !Guid.TryParseExact(stream, "D", out var id)
                || !DateTime.TryParseExact(recorded, Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
                return false;
            leaf = new(seq, id, version, at, digest);
            return bytes.SequenceEqual(leaf.ToBytes());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    internal const string Time = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    int Write(Span<byte> to)
    {
        var at = 0;
        Put(to, "{\"digest\":\""u8, ref at);
        at += System.Text.Encoding.UTF8.GetBytes(Digest, to[at..]);
        Put(to, "\",\"recorded\":\""u8, ref at);
        Recorded.TryFormat(to[at..], out var written, Time, CultureInfo.InvariantCulture);
        at += written;
        Put(to, "\",\"seq\":"u8, ref at);
        Utf8Formatter.TryFormat(Seq, to[at..], out written);
        at += written;
        Put(to, ",\"stream\":\""u8, ref at);
        Utf8Formatter.TryFormat(Stream, to[at..], out written);
        at += written;
        Put(to, "\",\"version\":"u8, ref at);
        Utf8Formatter.TryFormat(Version, to[at..], out written);
        at += written;
        Put(to, "}"u8, ref at);
        return at;
    }

    static void Put(Span<byte> to, ReadOnlySpan<byte> bytes, ref int at)
    {
        bytes.CopyTo(to[at..]);
        at += bytes.Length;
    }
}
