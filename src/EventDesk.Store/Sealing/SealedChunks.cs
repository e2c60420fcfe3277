using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Store.Sealing;

/// <summary>
/// Seals long content piece by piece: a header, then chunks of <see cref="PlainLength"/> bytes, each ciphertext ‖ tag. The nonce is the header's
/// random bytes ‖ the chunk's number, and the last chunk says that it is, so pieces cannot be cut off, swapped or moved to another name.
/// </summary>
public sealed class SealedChunks
{
    /// <summary>Every chunk but the last has exactly so many plain bytes; the last has at most as many, and none when there is no content.</summary>
    public const int PlainLength = 64 * 1024;

    /// <summary>Length of a full chunk once sealed.</summary>
    public const int SealedLength = PlainLength + StreamKey.TagLength;

    public const int HeaderLength = StreamKey.NonceLength - 4;

    // Fields of events count from version 1: no chunk can ever pass for one.
    const long ChunkMark = long.MinValue;

    readonly StreamKey key;
    readonly byte[] header, about;

    SealedChunks(StreamKey key, string name, byte[] header)
    {
        this.key = key;
        this.header = header;
        about = new byte[16 + 8 + 1 + Encoding.UTF8.GetByteCount(name)];
        key.Stream.TryWriteBytes(about, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(about.AsSpan(16), ChunkMark);
        Encoding.UTF8.GetBytes(name, about.AsSpan(25));
    }

    /// <summary>New content.</summary>
    /// <param name="name">What the content is bound to, such as the attachment's id.</param>
    public static SealedChunks Create(StreamKey key, string name) => new(key, name, RandomNumberGenerator.GetBytes(HeaderLength));

    /// <summary>Content that was sealed before.</summary>
    public static SealedChunks Open(StreamKey key, string name, ReadOnlySpan<byte> header)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, HeaderLength);
        return new(key, name, header.ToArray());
    }

    /// <summary>Goes before the first chunk.</summary>
    public ReadOnlyMemory<byte> Header => header;

    /// <summary>Length of the whole, header and all, for so many plain bytes.</summary>
    public static long TotalLength(long plainLength) =>
        HeaderLength + plainLength + (Math.Max(1, (plainLength + PlainLength - 1) / PlainLength) * StreamKey.TagLength);

    /// <returns>The length written: that of <paramref name="plain"/> and a tag.</returns>
    public int Seal(uint number, bool last, ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[StreamKey.NonceLength], bound = stackalloc byte[about.Length];
        Bind(number, last, nonce, bound);
        var length = plain.Length + StreamKey.TagLength;
        key.Encrypt(nonce, plain, destination[..length], bound);
        return length;
    }

    /// <summary>False when this is not chunk <paramref name="number"/> as it was sealed, or the key is gone.</summary>
    public bool TryUnseal(uint number, bool last, ReadOnlySpan<byte> chunk, Span<byte> plain, out int written)
    {
        written = Math.Max(0, chunk.Length - StreamKey.TagLength);
        Span<byte> nonce = stackalloc byte[StreamKey.NonceLength], bound = stackalloc byte[about.Length];
        Bind(number, last, nonce, bound);
        return chunk.Length >= StreamKey.TagLength && key.TryDecrypt(nonce, chunk, plain[..written], bound);
    }

    void Bind(uint number, bool last, Span<byte> nonce, Span<byte> bound)
    {
        header.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[HeaderLength..], number);
        about.CopyTo(bound);
        bound[24] = last ? (byte)1 : (byte)0;
    }
}
