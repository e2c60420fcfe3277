using System.Text;

namespace EventDesk.Benchmarks.Load;

/// <summary>Request bytes, and where in them something changes from one request to the next.</summary>
sealed class HttpRequest
{
    /// <summary>Stands in a template for a part that is patched later.</summary>
    public const char Blank = '\u0001';

    readonly byte[] bytes;
    readonly List<Range> blanks = [];

    /// <param name="headers">Lines without their ends.</param>
    /// <param name="body">JSON, or null.</param>
    public HttpRequest(string method, string path, IEnumerable<string> headers, string? body = null)
    {
        var content = body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        var head = string.Concat(headers.Select(h => h + "\r\n"));
        bytes = Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{head}{content}\r\n{body}");
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != Blank) continue;
            var end = i;
            while (end < bytes.Length && bytes[end] == Blank) end++;
            blanks.Add(i..end);
            i = end;
        }
    }

    public static string Hole(int length) => new(Blank, length);

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The n-th hole, in the order of the text.</summary>
    public Span<byte> this[int hole] => bytes.AsSpan(blanks[hole]);
}
