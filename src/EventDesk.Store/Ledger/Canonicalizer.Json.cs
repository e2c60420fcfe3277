using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace EventDesk.Store.Ledger;

/// <remarks>The reading half: members are written as they come and put in order when their object ends.</remarks>
sealed partial class Canonicalizer : IComparer<Canonicalizer.Member>
{
    const long Safe = (1L << 53) - 1;

    Member[] members = new Member[64];
    int count;
    bool checkSeals;

    public SealCounts Seals;

    /// <summary>A whole JSON value.</summary>
    /// <param name="without">A member of the outermost object to leave out; empty: none.</param>
    public void Json(ReadOnlySpan<byte> json, ReadOnlySpan<byte> without = default)
    {
        try
        {
            if (!System.Text.Unicode.Utf8.IsValid(json))
                throw new FormatException("Not UTF-8.");
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
                Object(ref reader, without);
            else
                Value(ref reader);
            if (reader.Read())
                throw new FormatException("More than one JSON value.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader answers lone surrogates with InvalidOperationException.
            throw new FormatException($"Not canonical JSON: {e.Message}", e);
        }
    }

    void Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: Object(ref reader, default); break;
            case JsonTokenType.StartArray: Array(ref reader); break;
            case JsonTokenType.String: String(ref reader); break;
            case JsonTokenType.Number: Integer(reader.ValueSpan); break;
            default: Raw(reader.ValueSpan); break;
        }
    }

    void Array(ref Utf8JsonReader reader)
    {
        Raw((byte)'[');
        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
                Raw((byte)',');
            Value(ref reader);
        }
        Raw((byte)']');
    }

    void Object(ref Utf8JsonReader reader, ReadOnlySpan<byte> without)
    {
        var first = count;
        var inOrder = true;
        Raw((byte)'{');
        var start = length;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!without.IsEmpty && reader.ValueTextEquals(without))
            {
                reader.Skip();
                continue;
            }
            if (count > first)
                Raw((byte)',');
            Add(ref reader);
            inOrder = inOrder && (count - first < 2 || InOrder(members[count - 2], members[count - 1]));
        }
        if (!inOrder)
            Sort(start, members.AsSpan(first..count));
        if (count - first == 2)
            EraseSealed(members[first], members[first + 1]);
        Raw((byte)'}');
        count = first;
    }

    void Add(ref Utf8JsonReader reader)
    {
        var start = length;
        String(ref reader);
        var nameEnd = length;
        Raw((byte)':');
        reader.Read();
        Value(ref reader);
        if (count == members.Length)
            System.Array.Resize(ref members, count * 2);
        members[count++] = new(start, nameEnd, length);
    }

    void String(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            var plain = reader.ValueSpan;
            var room = Room(plain.Length + 2);
            room[0] = (byte)'"';
            plain.CopyTo(room[1..]);
            room[plain.Length + 1] = (byte)'"';
            length += plain.Length + 2;
            return;
        }
        if (scratch.Length < reader.ValueSpan.Length)
            scratch = new byte[reader.ValueSpan.Length];
        Text(scratch.AsSpan(0, reader.CopyString(scratch)));
    }

    void Integer(ReadOnlySpan<byte> digits)
    {
        if (!Utf8Parser.TryParse(digits, out long value, out var read) || read != digits.Length || value is > Safe or < -Safe)
            throw new FormatException($"{Encoding.UTF8.GetString(digits)} is not an integer within ±(2^53 - 1).");
        Number(value);
    }

    /// <summary>With both members of an object in order: digest and sealed, a text and a text or null, make a sealed value.</summary>
    void EraseSealed(Member digest, Member ciphertext)
    {
        if (!Name(digest).SequenceEqual("\"digest\""u8) || !Name(ciphertext).SequenceEqual("\"sealed\""u8) || buffer[digest.NameEnd + 1] != (byte)'"')
            return;
        var stored = buffer.AsSpan((ciphertext.NameEnd + 1)..ciphertext.End);
        if (stored.SequenceEqual("null"u8))
            Seals.Erased++;
        else if (stored[0] == (byte)'"')
        {
            Seals.Present++;
            if (checkSeals && !Matches(stored[1..^1], buffer.AsSpan((digest.NameEnd + 2)..(digest.End - 1))))
                Seals.Broken++;
            length = ciphertext.NameEnd + 1;
            Raw("null"u8);
        }
    }

    bool Matches(ReadOnlySpan<byte> base64, ReadOnlySpan<byte> digest)
    {
        if (scratch.Length < base64.Length)
            scratch = new byte[base64.Length];
        Span<byte> expected = stackalloc byte[32], actual = stackalloc byte[32];
        if (!Digests.TryRead(digest, expected)
            || Base64.DecodeFromUtf8(base64, scratch, out _, out var written) != OperationStatus.Done)
            return false;
        Digests.Hash(scratch.AsSpan(0, written), actual);
        return actual.SequenceEqual(expected);
    }

    void Sort(int start, Span<Member> unordered)
    {
        unordered.Sort(this);
        var total = length - start;
        if (scratch.Length < total)
            scratch = new byte[total];
        buffer.AsSpan(start, total).CopyTo(scratch);
        length = start;
        for (var i = 0; i < unordered.Length; i++)
        {
            var from = unordered[i];
            if (i > 0)
                Raw((byte)',');
            unordered[i] = new(length, length + from.NameEnd - from.Start, length + from.End - from.Start);
            Raw(scratch.AsSpan(from.Start - start, from.End - from.Start));
            if (i > 0)
                InOrder(unordered[i - 1], unordered[i]);
        }
    }

    bool InOrder(Member a, Member b) => Compare(a, b) switch
    {
        < 0 => true,
        > 0 => false,
        _ => throw new FormatException($"The name {Encoding.UTF8.GetString(Name(a))} stands twice in one object."),
    };

    ReadOnlySpan<byte> Name(Member member) => buffer.AsSpan(member.Start..member.NameEnd);

    /// <remarks>The order is that of UTF-16 code units, which for unescaped ASCII is that of the bytes (without the closing quote).</remarks>
    public int Compare(Member a, Member b)
    {
        ReadOnlySpan<byte> x = Name(a)[1..^1], y = Name(b)[1..^1];
        return Plain(x) && Plain(y)
            ? x.SequenceCompareTo(y)
            : string.CompareOrdinal(Decoded(Name(a)), Decoded(Name(b)));
    }

    static bool Plain(ReadOnlySpan<byte> name) => Ascii.IsValid(name) && !name.Contains((byte)'\\');

    static string Decoded(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Where a member stands in the buffer: its quoted name, then its value.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Member(int Start, int NameEnd, int End);
}
