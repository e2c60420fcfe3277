using System.Buffers;

namespace EventDesk.Store.Sealing;

/// <summary>The inside of a JSON string as RFC 8785 writes it: only what must be escaped is.</summary>
static class JsonText
{
    static readonly SearchValues<byte> MustEscape = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <summary>Bytes that <see cref="Escape"/> will write.</summary>
    public static int EscapedLength(ReadOnlySpan<byte> utf8)
    {
        var length = utf8.Length;
        for (var at = utf8.IndexOfAny(MustEscape); at >= 0; at = utf8.IndexOfAny(MustEscape))
        {
            length += ShortForm(utf8[at]) == 0 ? 5 : 1;
            utf8 = utf8[(at + 1)..];
        }
        return length;
    }

    public static int Escape(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        var written = 0;
        for (var at = utf8.IndexOfAny(MustEscape); at >= 0; at = utf8.IndexOfAny(MustEscape))
        {
            utf8[..at].CopyTo(destination[written..]);
            written += at;
            written += EscapeOne(utf8[at], destination[written..]);
            utf8 = utf8[(at + 1)..];
        }
        utf8.CopyTo(destination[written..]);
        return written + utf8.Length;
    }

    static int EscapeOne(byte b, Span<byte> destination)
    {
        destination[0] = (byte)'\\';
        if (ShortForm(b) is var s and not 0)
        {
            destination[1] = s;
            return 2;
        }
        "u00"u8.CopyTo(destination[1..]);
        destination[4] = "0123456789abcdef"u8[b >> 4];
        destination[5] = "0123456789abcdef"u8[b & 15];
        return 6;
    }

    static byte ShortForm(byte b) => b switch
    {
        (byte)'"' or (byte)'\\' => b,
        8 => (byte)'b',
        9 => (byte)'t',
        10 => (byte)'n',
        12 => (byte)'f',
        13 => (byte)'r',
        _ => 0,
    };
}
