using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Store.Sealing;

/// <summary>
/// The keys that live outside the database: they wrap the streams' data keys and make pseudonyms. Each wraps the data keys of a share of the streams, so
/// that one of them can be destroyed (<see cref="KeyShredder"/>) without wrapping everything anew. Any thread may use it.
/// </summary>
public sealed class MasterKeys : IDisposable
{
    /// <summary>SQLSTATE of the refusal to store a data key that is wrapped by a destroyed master key: <see cref="Reload"/> and wrap again.</summary>
    public const string Destroyed = "ED001";

    const int NonceLength = Aes256Gcm.NonceLength, WrappedLength = StreamKey.KeyLength + StreamKey.Overhead;
    static readonly byte[] Purpose = "stream-key"u8.ToArray();

    readonly string path;
    readonly RewrappedKeys rewrapped;
    readonly byte[] index;
    readonly Lock changing = new();
    volatile Ring ring;

    MasterKeys(string path)
    {
        this.path = path;
        var file = MasterKeyFile.Read(path);
        index = file.Index;
        ring = new Ring(file);
        rewrapped = new RewrappedKeys(path);
    }

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
        return new(path);
    }

    /// <summary>Encrypts a data key under the key that is current for the stream's share.</summary>
    /// <param name="dataKey">32 bytes.</param>
    public WrappedKey Wrap(Guid stream, ReadOnlySpan<byte> dataKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(dataKey.Length, StreamKey.KeyLength);
        var master = ring.CurrentOf(stream);
        var wrapped = new byte[WrappedLength];
        var nonce = wrapped.AsSpan(0, NonceLength);
        RandomBytes.Fill(nonce);
        Span<byte> about = stackalloc byte[AboutLength];
        About(stream, master.Id, about);
        master.Aes.Encrypt(nonce, dataKey, wrapped.AsSpan(NonceLength), about);
        return new(master.Id, wrapped);
    }

    /// <summary>The stream's key, ready for use; null when the master key that wrapped it was destroyed: what it sealed is erased.</summary>
    /// <exception cref="KeyFileException">The file never held that key, or the wrapped key belongs to other keys or another stream.</exception>
    public StreamKey? Unwrap(Guid stream, WrappedKey key)
    {
        Span<byte> dataKey = stackalloc byte[StreamKey.KeyLength];
        try
        {
            return TryUnwrap(stream, ref key, dataKey) ? new StreamKey(stream, dataKey, key) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>The same data key under the key that is current for its stream; null as in <see cref="Unwrap(Guid, WrappedKey)"/>.</summary>
    internal WrappedKey? Rewrap(Guid stream, WrappedKey key)
    {
        Span<byte> dataKey = stackalloc byte[StreamKey.KeyLength];
        try
        {
            return TryUnwrap(stream, ref key, dataKey) ? Wrap(stream, dataKey) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <param name="key">A key from a copy of the database that is older than a destruction becomes the one that was wrapped anew then.</param>
    bool TryUnwrap(Guid stream, ref WrappedKey key, Span<byte> dataKey)
    {
        if (Find(key.MasterId) is not { } master)
        {
            if (!ring.Destroyed.Contains(key.MasterId))
                throw new KeyFileException($"The key of stream {stream} is wrapped by master key {key.MasterId}, which the key file does not hold.");
            if (rewrapped.Find(stream) is not { } later || Find(later.MasterId) is not { } its)
                return false;
            (key, master) = (later, its);
        }
        Unwrap(stream, key, master, dataKey);
        return true;
    }

    /// <summary>The key with this number, read again from the file when another process may have made it.</summary>
    Master? Find(int id)
    {
        if (ring.ById.TryGetValue(id, out var master))
            return master;
        if (ring.Destroyed.Contains(id))
            return null;
        Reload();
        return ring.ById.GetValueOrDefault(id);
    }

    static void Unwrap(Guid stream, WrappedKey key, Master master, Span<byte> dataKey)
    {
        var wrapped = key.Wrapped.Span;
        if (wrapped.Length != WrappedLength)
            throw new KeyFileException($"The stored key of stream {stream} has {wrapped.Length} bytes instead of {WrappedLength}.");
        Span<byte> about = stackalloc byte[AboutLength];
        About(stream, key.MasterId, about);
        if (!master.Aes.TryDecrypt(wrapped[..NonceLength], wrapped[NonceLength..], dataKey, about))
            throw new KeyFileException($"The key of stream {stream} does not open with master key {key.MasterId}: the key file belongs to another database, or the row was changed.");
    }

    static int AboutLength => Purpose.Length + 16 + 4;

    static void About(Guid stream, int masterId, Span<byte> about)
    {
        Purpose.CopyTo(about);
        stream.TryWriteBytes(about[Purpose.Length..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(about[(Purpose.Length + 16)..], masterId);
    }

    /// <summary>Takes up what other processes did to the file.</summary>
    public void Reload()
    {
        lock (changing)
            ring = new Ring(MasterKeyFile.Read(path));
    }

    /// <summary>Puts new keys in the place of those of <paramref name="ids"/> that are current; the old ones stay until <see cref="Destroy"/>.</summary>
    /// <remarks>One process at a time: the caller holds the lock of the database.</remarks>
    internal void Renew(IReadOnlyCollection<int> ids)
    {
        lock (changing)
            Change(MasterKeyFile.Read(path).Renewed(ids));
    }

    /// <summary>Takes the keys out of the file and out of memory: what they wrapped can never be opened again.</summary>
    /// <inheritdoc cref="Renew" path="/remarks"/>
    internal void Destroy(IReadOnlyCollection<int> ids)
    {
        lock (changing)
            Change(MasterKeyFile.Read(path).Without(ids));
    }

    /// <summary>The current keys that took the place of others and whose data keys are not kept beside the file yet.</summary>
    internal IReadOnlyList<int> NotKept() => [.. ring.Renewed.Where(id => !rewrapped.Has(id))];

    /// <summary>Keeps data keys that were wrapped anew beside the key file: copies of the database that are older hold them in a form that no longer opens.</summary>
    internal void KeepRewrapped(int master, IReadOnlyCollection<(Guid Stream, WrappedKey Key)> keys) => rewrapped.Write(master, keys);

    void Change(MasterKeyFile file)
    {
        file.Replace(path);
        ring = new Ring(file);
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
        foreach (var master in ring.ById.Values)
            master.Aes.Dispose();
    }

    sealed class Master(int id, byte[] key)
    {
        public int Id => id;
        public Aes256Gcm Aes { get; } = Aes256Gcm.Of(key);
    }

    /// <summary>What the file held when it was read.</summary>
    sealed class Ring
    {
        readonly Master[] current;

        public Ring(MasterKeyFile file)
        {
            ById = file.Keys.ToFrozenDictionary(k => k.Key, k => new Master(k.Key, k.Value));
            current = [.. file.Current.Select(id => ById[id])];
            Destroyed = file.Destroyed.ToFrozenSet();
            foreach (var key in file.Keys.Values)
                CryptographicOperations.ZeroMemory(key);
        }

        /// <summary>A new file numbers its keys from 1; what is current and numbered higher came in the place of another.</summary>
        public IEnumerable<int> Renewed => current.Select(m => m.Id).Where(id => id > current.Length);

        public FrozenDictionary<int, Master> ById { get; }
        public FrozenSet<int> Destroyed { get; }

        /// <summary>By the last bytes of the stream's id, which are random.</summary>
        public Master CurrentOf(Guid stream)
        {
            Span<byte> bytes = stackalloc byte[16];
            stream.TryWriteBytes(bytes, bigEndian: true, out _);
            return current[BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) % (uint)current.Length];
        }
    }
}
