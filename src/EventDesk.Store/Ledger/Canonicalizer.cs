using System.Buffers.Text;
using System.Text;
using EventDesk.Store.Sealing;

namespace EventDesk.Store.Ledger;

/// <summary>Builds canonical bytes in a buffer that its thread keeps.</summary>
sealed partial class Canonicalizer
{
    const int KeptBuffer = 1 << 18;
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [ThreadStatic]
    static Canonicalizer? ofThread;

    byte[] buffer = new byte[4096];
    byte[] scratch = new byte[4096];
    int length;

    /// <summary>This thread's instance, emptied. Never keep it across an await.</summary>
    public static Canonicalizer Rent(bool checkSeals = false)
    {
        var mine = ofThread is { buffer.Length: <= KeptBuffer } kept ? kept : ofThread = new();
        mine.length = mine.count = 0;
        mine.checkSeals = checkSeals;
        mine.Seals = default;
        return mine;
    }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        length += bytes.Length;
    }

    public void Raw(byte b)
    {
        Room(1)[0] = b;
        length++;
    }

    public void Raw(Guid id)
    {
        id.TryFormat(Room(36), out _, "D");
        length += 36;
    }

    /// <summary>A JSON string with this content.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Contains((byte)0))
            throw new FormatException("U+0000 cannot be stored.");
        var room = Room(JsonText.EscapedLength(utf8) + 2);
        room[0] = (byte)'"';
        var written = JsonText.Escape(utf8, room[1..]);
        room[written + 1] = (byte)'"';
        length += written + 2;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        var most = Utf8.GetMaxByteCount(text.Length);
        if (scratch.Length < most)
            scratch = new byte[most];
        try
        {
            Text(scratch.AsSpan(0, Utf8.GetBytes(text, scratch)));
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("A lone surrogate cannot be stored.", e);
        }
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        length += written;
    }

    Span<byte> Room(int bytes)
    {
        if (buffer.Length - length < bytes)
            System.Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + bytes));
        return buffer.AsSpan(length);
    }
}
