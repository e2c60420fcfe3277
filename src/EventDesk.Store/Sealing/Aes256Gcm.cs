using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventDesk.Store.Sealing;

/// <summary>
/// AES-256-GCM (NIST SP 800-38D) under one key, with nonces of 12 bytes and tags of 16. Any thread may use it at any time. libsodium's, where the processor
/// has instructions for it: a short text costs it a tenth of what it costs the platform's, and a key at hand a third of the memory. Both make the same bytes.
/// </summary>
abstract partial class Aes256Gcm : IDisposable
{
    public const int KeyLength = 32, NonceLength = 12, TagLength = 16;

    public static Aes256Gcm Of(ReadOnlySpan<byte> key) => Sodium.IsAvailable ? new Sodium(key) : OfPlatform(key);

    internal static Aes256Gcm OfPlatform(ReadOnlySpan<byte> key) => new Platform(key);

    /// <summary>Guards the key against being taken away while it is in use; held for a microsecond.</summary>
    readonly Lock gate = new();
    bool gone;

    /// <param name="cipherAndTag">Room for the plain length and <see cref="TagLength"/>.</param>
    /// <exception cref="ObjectDisposedException">The key is gone.</exception>
    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipherAndTag, ReadOnlySpan<byte> about)
    {
        Check(nonce, plain, cipherAndTag);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(gone, this);
            Seal(nonce, plain, cipherAndTag[..plain.Length], cipherAndTag[plain.Length..], about);
        }
    }

    /// <summary>False when it is not what was encrypted under this key, with this nonce, about this; or the key is gone.</summary>
    /// <param name="plain">Room for the length of <paramref name="cipherAndTag"/> less <see cref="TagLength"/>.</param>
    public bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipherAndTag, Span<byte> plain, ReadOnlySpan<byte> about)
    {
        Check(nonce, plain, cipherAndTag);
        lock (gate)
            return !gone && TryOpen(nonce, cipherAndTag[..plain.Length], cipherAndTag[plain.Length..], plain, about);
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (!gone)
                Forget();
            gone = true;
        }
    }

    static void Check(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> cipherAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cipherAndTag.Length, plain.Length + TagLength);
    }

    protected abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> about);
    protected abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> about);
    protected abstract void Forget();

    sealed class Platform(ReadOnlySpan<byte> key) : Aes256Gcm
    {
        readonly AesGcm aes = new(key, TagLength);

        protected override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> about) =>
            aes.Encrypt(nonce, plain, cipher, tag, about);

        protected override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> about)
        {
            try
            {
                aes.Decrypt(nonce, cipher, tag, plain, about);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        protected override void Forget() => aes.Dispose();
    }

    sealed unsafe partial class Sodium : Aes256Gcm
    {
        const string Library = "libsodium";

        readonly ExpandedKey expanded = new();

        public static bool IsAvailable { get; } = Probe();

        public Sodium(ReadOnlySpan<byte> key)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
            _ = crypto_aead_aes256gcm_beforenm(expanded, key);
        }

        protected override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> about) =>
            _ = crypto_aead_aes256gcm_encrypt_detached_afternm(cipher, tag, null, plain, (ulong)plain.Length, about, (ulong)about.Length, null, nonce, expanded);

        protected override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> about) =>
            crypto_aead_aes256gcm_decrypt_detached_afternm(plain, null, cipher, (ulong)cipher.Length, tag, about, (ulong)about.Length, nonce, expanded) == 0;

        protected override void Forget() => expanded.Dispose();

        static bool Probe()
        {
            try
            {
                return sodium_init() >= 0 && crypto_aead_aes256gcm_is_available() != 0;
            }
            catch (DllNotFoundException)
            {
                return false;
            }
        }

        /// <summary>Lies outside the collector's reach, and is cleared when nobody holds it any more.</summary>
        sealed class ExpandedKey : SafeHandle
        {
            const int Alignment = 16;
            static readonly nuint Length = crypto_aead_aes256gcm_statebytes();

            public ExpandedKey() : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AlignedAlloc(Length, Alignment));

            public override bool IsInvalid => handle == 0;

            protected override bool ReleaseHandle()
            {
                NativeMemory.Clear((void*)handle, Length);
                NativeMemory.AlignedFree((void*)handle);
                return true;
            }
        }

        [LibraryImport(Library)]
        private static partial int sodium_init();

        [LibraryImport(Library)]
        private static partial int crypto_aead_aes256gcm_is_available();

        [LibraryImport(Library)]
        private static partial nuint crypto_aead_aes256gcm_statebytes();

        [LibraryImport(Library)]
        private static partial int crypto_aead_aes256gcm_beforenm(ExpandedKey state, ReadOnlySpan<byte> key);

        [LibraryImport(Library)]
        private static partial int crypto_aead_aes256gcm_encrypt_detached_afternm(
            Span<byte> cipher, Span<byte> tag, ulong* tagLength, ReadOnlySpan<byte> plain, ulong plainLength, ReadOnlySpan<byte> about, ulong aboutLength,
            void* unused, ReadOnlySpan<byte> nonce, ExpandedKey state);

        [LibraryImport(Library)]
        private static partial int crypto_aead_aes256gcm_decrypt_detached_afternm(
            Span<byte> plain, void* unused, ReadOnlySpan<byte> cipher, ulong cipherLength, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> about, ulong aboutLength,
            ReadOnlySpan<byte> nonce, ExpandedKey state);
    }
}
