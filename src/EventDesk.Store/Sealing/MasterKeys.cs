using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Store.Sealing;

/// <summary>
/// The keys that live outside the database: they wrap the streams' data keys and make pseudonyms.
/// Any thread may use it: each thread has its own AES instance, since making one per use costs more than the use.
/// </summary>
public sealed class MasterKeys : IDisposable
{
    const int NonceLength = 12, TagLength = 16, WrappedLength = NonceLength + StreamKey.KeyLength + TagLength;
    static readonly byte[] Purpose = "stream-key"u8.ToArray();

    readonly FrozenDictionary<int, ThreadLocal<AesGcm>> generations;
    readonly byte[] index;

    MasterKeys(MasterKeyFile file)
    {
        Current = file.Current;
        index = file.Index;
        generations = file.Keys.ToFrozenDictionary(
            k => k.Key,
            k => new ThreadLocal<AesGcm>(() => new AesGcm(k.Value, TagLength), trackAllValues: true));
    }

    /// <summary>The generation that wraps new keys.</summary>
    public int Current { get; }

    /// <summary>Reads the key file, or makes one (mode 0600) where there is none and <paramref name="mayCreate"/> allows it.</summary>
    /// <exception cref="KeyFileException">Missing, malformed, or readable by others.</exception>
    public static MasterKeys LoadOrCreate(string path, bool mayCreate)
    {
        if (!File.Exists(path))
        {
            if (!mayCreate)
                throw new KeyFileException($"There is no key file at {path}. Without it nothing sealed can be read; restore it, or allow making a new one for a new database.");
            MasterKeyFile.Create(path);
        }
        return new(MasterKeyFile.Read(path));
    }

    /// <summary>Encrypts a data key under the current generation.</summary>
    /// <param name="dataKey">32 bytes.</param>
    public WrappedKey Wrap(Guid stream, ReadOnlySpan<byte> dataKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(dataKey.Length, StreamKey.KeyLength);
        var wrapped = new byte[WrappedLength];
        var nonce = wrapped.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> about = stackalloc byte[AboutLength];
        About(stream, Current, about);
        generations[Current].Value!.Encrypt(
            nonce, dataKey, wrapped.AsSpan(NonceLength, StreamKey.KeyLength), wrapped.AsSpan(NonceLength + StreamKey.KeyLength), about);
        return new(Current, wrapped);
    }

    /// <summary>The stream's key, ready for use.</summary>
    /// <exception cref="KeyFileException">The file lacks that generation, or the wrapped key belongs to other keys or another stream.</exception>
    public StreamKey Unwrap(Guid stream, WrappedKey key)
    {
        Span<byte> dataKey = stackalloc byte[StreamKey.KeyLength];
        try
        {
            Unwrap(stream, key, dataKey);
            return new StreamKey(stream, dataKey, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    void Unwrap(Guid stream, WrappedKey key, Span<byte> dataKey)
    {
        if (!generations.TryGetValue(key.MasterId, out var generation))
            throw new KeyFileException($"The key of stream {stream} is wrapped by master key {key.MasterId}, which the key file does not hold.");
        var wrapped = key.Wrapped.Span;
        if (wrapped.Length != WrappedLength)
            throw new KeyFileException($"The stored key of stream {stream} has {wrapped.Length} bytes instead of {WrappedLength}.");
        Span<byte> about = stackalloc byte[AboutLength];
        About(stream, key.MasterId, about);
        try
        {
            generation.Value!.Decrypt(
                wrapped[..NonceLength], wrapped.Slice(NonceLength, StreamKey.KeyLength), wrapped[(NonceLength + StreamKey.KeyLength)..], dataKey, about);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new KeyFileException($"The key of stream {stream} does not open with master key {key.MasterId}: the key file belongs to another database, or the row was changed.", e);
        }
    }

    static int AboutLength => Purpose.Length + 16 + 4;

    static void About(Guid stream, int masterId, Span<byte> about)
    {
        Purpose.CopyTo(about);
        stream.TryWriteBytes(about[Purpose.Length..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(about[(Purpose.Length + 16)..], masterId);
    }

    /// <summary>The same text in the same scope always gives the same UUIDv8, and without the index key nobody can guess back.</summary>
    /// <param name="scope">What is looked up, such as <c>customer-address</c>; equal texts of two scopes are unlinkable.</param>
    /// <param name="text">Normalised by the caller.</param>
    public Guid Pseudonym(string scope, string text)
    {
        var message = Encoding.UTF8.GetBytes($"{scope}\0{text}");
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(index, message, hash);
        CryptographicOperations.ZeroMemory(message);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(index);
        foreach (var generation in generations.Values)
        {
            foreach (var aes in generation.Values)
                aes.Dispose();
            generation.Dispose();
        }
    }
}
