using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventDesk.Benchmarks.Load;

/// <summary>One answer; the spans live until the connection's next request.</summary>
readonly ref struct Answer
{
    public required int Status { get; init; }
    public required ReadOnlySpan<byte> Head { get; init; }

    /// <summary>As received: a chunked body still has its frames.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A header's value, or an empty span. <paramref name="name"/> as Kestrel writes it.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var at = Head.IndexOf(name);
        if (at < 0) return [];
        var value = Head[(at + name.Length)..];
        return value[..value.IndexOf((byte)'\r')].TrimStart(": "u8);
    }
}

/// <summary>
/// HTTP/1.1 with keep-alive on a blocking socket: two system calls a request and no more parsing than finding the end of
/// the answer. It shares the processors with the server under test, so it has to be cheap, like pgbench.
/// </summary>
sealed class Connection : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
    byte[] buffer = new byte[32 * 1024];
    int held;

    public Connection(IPEndPoint server) => socket.Connect(server);

    /// <summary>Bytes of the last answer's body without its transfer framing.</summary>
    public int ContentBytes { get; private set; }

    public Answer Ask(ReadOnlySpan<byte> request)
    {
        while (request.Length > 0)
            request = request[socket.Send(request)..];
        held = 0;
        var head = ReadHead();
        var headers = buffer.AsSpan(0, head);
        var status = (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + (buffer[11] - '0');
        var length = Length(headers);
        var end = status == 204 ? head : length >= 0 ? ReadTo(head + length) : ReadChunks(head);
        if (length >= 0) ContentBytes = length;
        return new Answer { Status = status, Head = buffer.AsSpan(0, head), Body = buffer.AsSpan(head, end - head) };
    }

    int ReadHead()
    {
        while (true)
        {
            var at = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8);
            if (at >= 0) return at + 4;
            Receive();
        }
    }

    int ReadTo(int end)
    {
        while (held < end) Receive();
        return end;
    }

    /// <summary>Walks the chunks to the empty one; the content stays in its frames.</summary>
    int ReadChunks(int at)
    {
        ContentBytes = 0;
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(at, held - at).IndexOf("\r\n"u8)) < 0) Receive();
            var size = Hex(buffer.AsSpan(at, line));
            at = ReadTo(at + line + 2 + size + 2);
            if (size == 0) return at;
            ContentBytes += size;
        }
    }

    void Receive()
    {
        if (held == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var n = socket.Receive(buffer.AsSpan(held));
        if (n == 0) throw new IOException("The server closed the connection.");
        held += n;
    }

    /// <summary>-1: the body is chunked.</summary>
    static int Length(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) return head.IndexOf("Transfer-Encoding: chunked"u8) >= 0 ? -1 : 0;
        var length = 0;
        for (var i = at + 16; head[i] is >= (byte)'0' and <= (byte)'9'; i++) length = length * 10 + (head[i] - '0');
        return length;
    }

    static int Hex(ReadOnlySpan<byte> digits)
    {
        var n = 0;
        foreach (var c in digits) n = n * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        return n;
    }

    public void Dispose() => socket.Dispose();
}
