using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventDesk.Server.Api;

/// <summary>Server-sent events. Each carries the whole state, so a reader who comes again misses nothing, wherever it left off.</summary>
sealed class EventStream
{
    public const string MediaType = "text/event-stream";

    const int RetryMilliseconds = 1_000;

    static readonly byte[] StillHere = ": still here\n\n"u8.ToArray();

    readonly HttpResponse response;
    readonly CancellationToken ct;

    EventStream(HttpResponse response, CancellationToken ct) => (this.response, this.ct) = (response, ct);

    public static async Task<EventStream> Begin(HttpContext http, CancellationToken ct)
    {
        http.Response.ContentType = MediaType;
        var headers = http.Response.Headers;
        (headers.CacheControl, headers.Vary) = ("no-store", "Authorization");
        headers["X-Accel-Buffering"] = "no"; // nginx would hold the events back
        var stream = new EventStream(http.Response, ct);
        await stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {RetryMilliseconds}\n\n")));
        return stream;
    }

    /// <param name="id">What the reader names in Last-Event-ID when it comes again.</param>
    public async Task Send<T>(string name, long id, T data, JsonTypeInfo<T> json)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        message.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {id}\ndata: ")));
        using (var writer = new Utf8JsonWriter(message))
            JsonSerializer.Serialize(writer, data, json);
        message.Write("\n\n"u8);
        await Write(message.WrittenMemory);
    }

    /// <summary>The same for text, which may have several lines.</summary>
    public Task Send(string name, long id, string text)
    {
        var message = new StringBuilder().Append(CultureInfo.InvariantCulture, $"event: {name}\nid: {id}\n");
        foreach (var line in text.AsSpan().EnumerateLines())
            message.Append("data: ").Append(line).Append('\n');
        return Write(Encoding.UTF8.GetBytes(message.Append('\n').ToString()));
    }

    /// <summary>Says nothing, on a connection that would be silent otherwise.</summary>
    public Task Beat() => Write(StillHere);

    async Task Write(ReadOnlyMemory<byte> bytes)
    {
        await response.BodyWriter.WriteAsync(bytes, ct);
        await response.BodyWriter.FlushAsync(ct);
    }
}
