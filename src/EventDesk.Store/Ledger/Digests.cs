using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace EventDesk.Store.Ledger;

/// <summary>SHA-256 digests in their stored form, base64.</summary>
public static class Digests
{
    public const int Length = 32;
    public const int TextLength = 44;

    // Kept for each thread: the platform's one call for all makes a state and throws it away, which costs a third more on short input.
    [ThreadStatic] static IncrementalHash? kept;

    /// <summary>SHA-256 of the content, which it may lie over.</summary>
    public static void Hash(ReadOnlySpan<byte> content, Span<byte> digest)
    {
        var hash = kept ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content);
        hash.GetHashAndReset(digest);
    }

    /// <summary>False unless it is the one base64 form of 32 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> base64, Span<byte> digest)
    {
        if (base64.Length != TextLength)
            return false;
        Span<byte> decoded = stackalloc byte[Length + 1], again = stackalloc byte[TextLength];
        if (Base64.DecodeFromUtf8(base64, decoded, out _, out var written) != OperationStatus.Done || written != Length)
            return false;
        Base64.EncodeToUtf8(decoded[..Length], again, out _, out _);
        decoded[..Length].CopyTo(digest);
        return again.SequenceEqual(base64);
    }

    /// <summary>The chain digest out of an event's headers; false when there is none.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> headers, Span<byte> digest)
    {
        var json = new Utf8JsonReader(headers);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var found = json.ValueTextEquals("digest"u8);
                json.Read();
                if (found)
                    return json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && TryRead(json.ValueSpan, digest);
                json.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }
        return false;
    }
}
