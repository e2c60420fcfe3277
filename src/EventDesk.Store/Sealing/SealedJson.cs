using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventDesk.Store.Ledger;

namespace EventDesk.Store.Sealing;

/// <summary>How an event's sealed values came out.</summary>
/// <param name="Opened">Written as plain text.</param>
/// <param name="Erased">Written as null: the ciphertext or the key is gone.</param>
/// <param name="Broken">Written as null: the ciphertext is not what was sealed here.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UnsealOutcome(int Opened, int Erased, int Broken);

/// <summary>
/// The stored form of a sealed text: <c>{"digest":"base64 SHA-256 of the sealed bytes","sealed":"base64"}</c>, where <c>sealed</c> becomes null on erasure.
/// The field a value is bound to is its path of property names joined by dots; arrays add nothing to it.
/// </summary>
public static class SealedJson
{
    const int OnStack = 1024;

    /// <summary>Seals <paramref name="text"/> and writes the stored form as the current value.</summary>
    public static void Write(Utf8JsonWriter json, StreamKey key, long version, string field, ReadOnlySpan<char> text)
    {
        var plainLength = Encoding.UTF8.GetByteCount(text);
        var total = plainLength * 2 + StreamKey.Overhead;
        byte[]? rented = null;
        Span<byte> room = total <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(total);
        var plain = room[..plainLength];
        Encoding.UTF8.GetBytes(text, plain);
        var sealedBytes = room.Slice(plainLength, plainLength + StreamKey.Overhead);
        key.Seal(plain, version, field, sealedBytes);
        CryptographicOperations.ZeroMemory(plain);
        WriteSealed(json, sealedBytes);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Writes the stored form of bytes that are sealed already.</summary>
    public static void WriteSealed(Utf8JsonWriter json, ReadOnlySpan<byte> sealedBytes)
    {
        Span<byte> digest = stackalloc byte[32];
        Digests.Hash(sealedBytes, digest);
        json.WriteStartObject();
        json.WriteBase64String("digest"u8, digest);
        json.WriteBase64String("sealed"u8, sealedBytes);
        json.WriteEndObject();
    }

    /// <summary>Reads the stored form, with the reader on its opening brace, and leaves it on the closing one.</summary>
    /// <returns>The sealed bytes, null when they were erased.</returns>
    /// <exception cref="JsonException">Not the stored form.</exception>
    public static byte[]? ReadSealed(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A sealed value is an object with the members digest and sealed.");
        byte[]? sealedBytes = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isSealed = json.ValueTextEquals("sealed"u8);
            json.Read();
            if (isSealed && json.TokenType == JsonTokenType.String)
                sealedBytes = json.GetBytesFromBase64();
            else
                json.Skip();
        }
        return sealedBytes;
    }

    /// <summary>The plain text of the stored form under the reader, or of what stands for it; null when it is erased or does not open.</summary>
    public static string? Read(ref Utf8JsonReader json, StreamKey? key, long version, string field, StandIns? standIns = null)
    {
        var sealedBytes = ReadSealed(ref json);
        if (standIns?.TryFind(version, field, out var other) == true)
            sealedBytes = other;
        return sealedBytes is null ? null : key?.UnsealText(sealedBytes, version, field);
    }

    /// <summary>Copies a stored event's JSON, every sealed value replaced by its plain text as a JSON string, or by null.</summary>
    /// <param name="key">Null: the stream has no key any more, all its sealed values come out as null.</param>
    /// <param name="version">Version of the event.</param>
    /// <param name="standIns">Values to open in the place of those in the JSON; null: none.</param>
    public static UnsealOutcome Unseal(ReadOnlySpan<byte> json, StreamKey? key, long version, IBufferWriter<byte> output, StandIns? standIns = null) =>
        new Unsealer(json, key, standIns, version, output, stackalloc byte[StreamKey.MaxFieldLength], stackalloc short[Unsealer.MaxDepth]).Run();
}
