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
    const int SecretBytes = 32, Length = 4 + 43;
    static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>False when it cannot be a token at all; nobody has to look it up then.</summary>
    public static bool TryHash(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        if (token.Length != Length || !token.StartsWith(Prefix) || token[4..].ContainsAnyExcept(Alphabet))
            return false;
        Span<byte> bytes = stackalloc byte[Length], digest = stackalloc byte[32];
        Encoding.ASCII.GetBytes(token, bytes);
        SHA256.HashData(bytes, digest);
        hash = TokenHash.Of(digest);
        return true;
    }
}

/// <summary>SHA-256 of a token, as a value. It is looked up by equality: what the time of a comparison tells is about the hash, never the token.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    public static TokenHash Of(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));

    public byte[] ToArray()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }
}
