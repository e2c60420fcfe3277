using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Store.Sealing;

/// <summary>
/// One stream's data key. Any thread may use it at any time.
/// Sealed bytes are nonce(12) ‖ ciphertext ‖ tag(16); stream, version and field are bound in, so a value cannot be moved elsewhere.
/// </summary>
public sealed class StreamKey : IDisposable
{
    public const int KeyLength = Aes256Gcm.KeyLength;

    /// <summary>What sealing adds to the length of the plain bytes.</summary>
    public const int Overhead = NonceLength + TagLength;

    /// <summary>Longest field name, in UTF-8 bytes.</summary>
    public const int MaxFieldLength = 200;

    internal const int NonceLength = Aes256Gcm.NonceLength, TagLength = Aes256Gcm.TagLength;

    readonly Lock gate = new();
    readonly Aes256Gcm aes;
    byte[]? fresh;
    WrappedKey? wrapped;

    internal StreamKey(Guid stream, ReadOnlySpan<byte> dataKey, WrappedKey? wrapped = null)
    {
        Stream = stream;
        this.wrapped = wrapped;
        aes = Aes256Gcm.Of(dataKey);
        if (wrapped is null)
            fresh = dataKey.ToArray();
    }

    public Guid Stream { get; }

    /// <summary>A new random key; store <see cref="Wrapped"/> with the stream's first sealed event.</summary>
    public static StreamKey Create(Guid stream)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        RandomBytes.Fill(key);
        var made = new StreamKey(stream, key);
        CryptographicOperations.ZeroMemory(key);
        return made;
    }

    /// <summary>The form to store. The first call wraps and then forgets the raw key; later ones answer the same.</summary>
    public WrappedKey Wrapped(MasterKeys masters)
    {
        lock (gate)
        {
            if (wrapped is not null)
                return wrapped;
            ObjectDisposedException.ThrowIf(fresh is null, this);
            wrapped = masters.Wrap(Stream, fresh);
            CryptographicOperations.ZeroMemory(fresh);
            fresh = null;
            return wrapped;
        }
    }

    /// <summary>Seals into <paramref name="destination"/> and returns the length written: plain length + <see cref="Overhead"/>.</summary>
    /// <param name="version">Version of the event that carries the value.</param>
    /// <param name="field">Path of JSON property names, joined by dots: <c>requester.email</c>.</param>
    /// <exception cref="ObjectDisposedException">The stream was purged.</exception>
    public int Seal(ReadOnlySpan<byte> plain, long version, ReadOnlySpan<byte> field, Span<byte> destination)
    {
        Span<byte> about = stackalloc byte[AboutLength(field)];
        About(version, field, about);
        var nonce = destination[..NonceLength];
        RandomBytes.Fill(nonce);
        Encrypt(nonce, plain, destination.Slice(NonceLength, plain.Length + TagLength), about);
        return plain.Length + Overhead;
    }

    public int Seal(ReadOnlySpan<byte> plain, long version, string field, Span<byte> destination)
    {
        Span<byte> name = stackalloc byte[MaxFieldLength];
        return Seal(plain, version, name[..Encoding.UTF8.GetBytes(field, name)], destination);
    }

    public byte[] Seal(ReadOnlySpan<byte> plain, long version, string field)
    {
        var destination = new byte[plain.Length + Overhead];
        Seal(plain, version, field, destination);
        return destination;
    }

    /// <summary>False when the bytes, the version, the field or the stream are not those that were sealed, or the key is gone.</summary>
    /// <param name="plain">Room for the sealed length less <see cref="Overhead"/>.</param>
    public bool TryUnseal(ReadOnlySpan<byte> sealedBytes, long version, ReadOnlySpan<byte> field, Span<byte> plain, out int written)
    {
        written = 0;
        if (sealedBytes.Length < Overhead || field.Length > MaxFieldLength)
            return false;
        Span<byte> about = stackalloc byte[AboutLength(field)];
        About(version, field, about);
        var length = sealedBytes.Length - Overhead;
        if (!TryDecrypt(sealedBytes[..NonceLength], sealedBytes[NonceLength..], plain[..length], about))
            return false;
        written = length;
        return true;
    }

    public bool TryUnseal(ReadOnlySpan<byte> sealedBytes, long version, string field, Span<byte> plain, out int written)
    {
        Span<byte> name = stackalloc byte[MaxFieldLength];
        return TryUnseal(sealedBytes, version, name[..Encoding.UTF8.GetBytes(field, name)], plain, out written);
    }

    /// <summary>Null when <see cref="TryUnseal(ReadOnlySpan{byte}, long, string, Span{byte}, out int)"/> would say false.</summary>
    public byte[]? Unseal(ReadOnlySpan<byte> sealedBytes, long version, string field)
    {
        var plain = new byte[Math.Max(0, sealedBytes.Length - Overhead)];
        return TryUnseal(sealedBytes, version, field, plain, out _) ? plain : null;
    }

    /// <summary>Null when it does not open; the sealed bytes were those of a UTF-8 text.</summary>
    public string? UnsealText(ReadOnlySpan<byte> sealedBytes, long version, string field)
    {
        if (Unseal(sealedBytes, version, field) is not { } plain)
            return null;
        var text = Encoding.UTF8.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return text;
    }

    internal void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipherAndTag, ReadOnlySpan<byte> about) =>
        aes.Encrypt(nonce, plain, cipherAndTag, about);

    internal bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipherAndTag, Span<byte> plain, ReadOnlySpan<byte> about) =>
        aes.TryDecrypt(nonce, cipherAndTag, plain, about);

    static int AboutLength(ReadOnlySpan<byte> field)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(field.Length, MaxFieldLength);
        return 16 + 8 + field.Length;
    }

    void About(long version, ReadOnlySpan<byte> field, Span<byte> about)
    {
        Stream.TryWriteBytes(about, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(about[16..], version);
        field.CopyTo(about[24..]);
    }

    /// <summary>The key is gone: what it sealed reads as erased from now on.</summary>
    public void Dispose()
    {
        aes.Dispose();
        lock (gate)
        {
            CryptographicOperations.ZeroMemory(fresh);
            fresh = null;
        }
    }
}
