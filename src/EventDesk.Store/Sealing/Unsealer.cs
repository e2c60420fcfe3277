using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EventDesk.Store.Sealing;

/// <summary>One pass over an event's JSON: what is not sealed is copied byte for byte between the sealed values.</summary>
ref struct Unsealer
{
    public const int MaxDepth = 64;
    const int OnStack = 2048;

    readonly ReadOnlySpan<byte> json;
    readonly StreamKey? key;
    readonly StandIns? standIns;
    readonly long version;
    readonly IBufferWriter<byte> output;

    // The property names down to here, joined by dots, and the length of that path at each depth.
    readonly Span<byte> path;
    readonly Span<short> lengths;

    Utf8JsonReader reader;
    int depth, copied, opened, erased, broken;

    public Unsealer(
        ReadOnlySpan<byte> json, StreamKey? key, StandIns? standIns, long version, IBufferWriter<byte> output, Span<byte> path, Span<short> lengths)
    {
        this.json = json;
        this.key = key;
        this.standIns = standIns;
        this.version = version;
        this.output = output;
        this.path = path;
        this.lengths = lengths;
        reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth - 2 });
    }

    public UnsealOutcome Run()
    {
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Name();
                    break;
                case JsonTokenType.StartObject when TrySealed():
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    lengths[depth + 1] = lengths[depth];
                    depth++;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    depth--;
                    break;
            }
        }
        output.Write(json[copied..]);
        return new(opened, erased, broken);
    }

    /// <remarks>lengths[d] is the path of the value at depth d; its container's path is one above.</remarks>
    void Name()
    {
        var start = lengths[depth - 1];
        if (start + 1 + reader.ValueSpan.Length > path.Length)
        {
            // Too long for a sealed field: nothing below opens, and nothing below was sealed.
            lengths[depth] = (short)path.Length;
            return;
        }
        if (start > 0)
            path[start++] = (byte)'.';
        lengths[depth] = (short)(start + reader.CopyString(path[start..]));
    }

    /// <summary>True when the object under the reader is a sealed value; then it is written and the reader is on its end.</summary>
    bool TrySealed()
    {
        if (!MayBeSealed(json[(int)reader.BytesConsumed..]))
            return false;
        var ahead = reader;
        ReadOnlySpan<byte> text = default;
        bool hasDigest = false, hasSealed = false;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isDigest = ahead.ValueTextEquals("digest"u8);
            if (!isDigest && !ahead.ValueTextEquals("sealed"u8))
                return false;
            ahead.Read();
            if (isDigest ? ahead.TokenType != JsonTokenType.String : ahead.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                return false;
            hasDigest |= isDigest;
            hasSealed |= !isDigest;
            if (!isDigest && ahead.TokenType == JsonTokenType.String)
                text = ahead.ValueIsEscaped ? Unescaped(ref ahead) : ahead.ValueSpan;
        }
        if (!hasDigest || !hasSealed)
            return false;
        output.Write(json[copied..(int)reader.TokenStartIndex]);
        reader = ahead;
        copied = (int)reader.BytesConsumed;
        WritePlain(text);
        return true;
    }

    static ReadOnlySpan<byte> Unescaped(scoped ref Utf8JsonReader text)
    {
        var room = new byte[text.ValueSpan.Length];
        return room.AsSpan(0, text.CopyString(room));
    }

    /// <summary>A look at the first letter of the first name spares most objects the reading ahead.</summary>
    static bool MayBeSealed(ReadOnlySpan<byte> afterBrace)
    {
        var name = afterBrace.TrimStart(" \r\n\t"u8);
        return name.Length > 1 && name[1] is (byte)'d' or (byte)'s' or (byte)'\\';
    }

    void WritePlain(ReadOnlySpan<byte> base64)
    {
        if (standIns?.TryFind(version, path[..lengths[depth]], out var other) == true)
            WritePlain(key, other);
        else if (key is null || base64.IsEmpty)
            WriteErased();
        else
            WritePlain(key, base64);
    }

    void WriteErased()
    {
        erased++;
        output.Write("null"u8);
    }

    /// <summary>What stands for the value under the reader; a rare thing.</summary>
    void WritePlain(StreamKey? opener, byte[]? other)
    {
        if (other is null || opener?.Unseal(other, version, Encoding.UTF8.GetString(path[..lengths[depth]])) is not { } plain)
        {
            WriteErased();
            return;
        }
        opened++;
        WriteString(plain);
        CryptographicOperations.ZeroMemory(plain);
    }

    void WritePlain(StreamKey opener, ReadOnlySpan<byte> base64)
    {
        var most = Base64.GetMaxDecodedFromUtf8Length(base64.Length);
        byte[]? rented = null;
        Span<byte> room = most * 2 <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(most * 2);
        var plain = room[most..];
        var status = Base64.DecodeFromUtf8(base64, room, out _, out var length);
        if (status == OperationStatus.Done && opener.TryUnseal(room[..length], version, path[..lengths[depth]], plain, out var written))
        {
            opened++;
            WriteString(plain[..written]);
            CryptographicOperations.ZeroMemory(plain[..written]);
        }
        else
        {
            broken++;
            output.Write("null"u8);
        }
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    readonly void WriteString(ReadOnlySpan<byte> plain)
    {
        var room = output.GetSpan(JsonText.EscapedLength(plain) + 2);
        room[0] = (byte)'"';
        var length = JsonText.Escape(plain, room[1..]);
        room[length + 1] = (byte)'"';
        output.Advance(length + 2);
    }
}
