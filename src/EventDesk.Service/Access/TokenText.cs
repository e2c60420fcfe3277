using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Service.Access;

/// <summary>The text of a token: <c>edk_</c> and 32 random bytes in base64url. Scanners for leaked secrets find it by its prefix.</summary>
public static class TokenText
{
    const string Prefix = "edk_";

    public static string Create() => SecretText.Create(Prefix);

    /// <summary>False when it cannot be a token at all; nobody has to look it up then.</summary>
    public static bool TryHash(ReadOnlySpan<char> token, out TokenHash hash) => SecretText.TryHash(Prefix, token, out hash);
}

/// <summary>The text of a session, which a browser keeps in a cookie: <c>eds_</c> and the same. One cannot pass for the other.</summary>
public static class SessionText
{
    const string Prefix = "eds_";

    public static string Create() => SecretText.Create(Prefix);

    /// <inheritdoc cref="TokenText.TryHash"/>
    public static bool TryHash(ReadOnlySpan<char> session, out TokenHash hash) => SecretText.TryHash(Prefix, session, out hash);
}

/// <summary>The secret of a one-time link: <c>edl_</c> and the same.</summary>
public static class LinkText
{
    const string Prefix = "edl_";

    public static string Create() => SecretText.Create(Prefix);

    /// <inheritdoc cref="TokenText.TryHash"/>
    public static bool TryHash(ReadOnlySpan<char> link, out TokenHash hash) => SecretText.TryHash(Prefix, link, out hash);
}

static class SecretText
{
    const int SecretBytes = 32, Length = 4 + 43;
    static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool TryHash(ReadOnlySpan<char> prefix, ReadOnlySpan<char> text, out TokenHash hash)
    {
        hash = default;
        if (text.Length != Length || !text.StartsWith(prefix) || text[4..].ContainsAnyExcept(Alphabet))
            return false;
        Span<byte> bytes = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(text, bytes);
        hash = TokenHash.Sha256(bytes);
        return true;
    }
}

/// <summary>
/// SHA-256 of a token, as a value. It is looked up by equality, in memory and by an index, and need not be compared in constant time: what the time of a
/// comparison tells is about the hash, and who can choose 256 random bits so that their hash begins in a given way has no use for it. Where a secret
/// itself is compared (the sign-in's state and nonce, the antiforgery value), it is done in constant time.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    public static TokenHash Of(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));

    public static TokenHash Sha256(ReadOnlySpan<byte> text)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(text, digest);
        return Of(digest);
    }

    /// <summary>A client of a sign-in provider, in the place of the hash of a text of ours; no such text can have this hash.</summary>
    public static TokenHash OfClient(string issuer, string subject) => Sha256(Encoding.UTF8.GetBytes($"client\n{issuer}\n{subject}"));

    public byte[] ToArray()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }
}
