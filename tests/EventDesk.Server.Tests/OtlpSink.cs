using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EventDesk.Server.Tests;

/// <summary>A span as it arrived.</summary>
public sealed record SeenSpan(
    string Name, string Source, string Trace, string Span, string Parent, string Raw, IReadOnlyList<string> Links, IReadOnlyDictionary<string, string> Tags);

/// <summary>A collector that takes OTLP over HTTP and keeps what the tests look at, read straight from the protobuf.</summary>
public sealed class OtlpSink : IAsyncDisposable
{
    readonly WebApplication app;

    OtlpSink(WebApplication app) => this.app = app;

    public ConcurrentQueue<SeenSpan> Spans { get; } = new();

    /// <summary>With the names of the tags their points had.</summary>
    public ConcurrentDictionary<string, IReadOnlySet<string>> Metrics { get; } = new();

    public ConcurrentQueue<string> Logs { get; } = new();
    public Uri Address => new(app.Urls.First());

    public static async Task<OtlpSink> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var sink = new OtlpSink(builder.Build());
        sink.app.Run(sink.Take);
        await sink.app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var message = body.ToArray();
        switch (http.Request.Path.Value)
        {
            case "/v1/traces": ReadSpans(message); break;
            case "/v1/metrics": ReadMetrics(message); break;
            case "/v1/logs": Logs.Enqueue(Encoding.UTF8.GetString(message)); break;
            default: http.Response.StatusCode = 404; return;
        }
        http.Response.ContentType = "application/x-protobuf";
    }

    // ExportTraceServiceRequest.resource_spans=1 → ResourceSpans.scope_spans=2 → ScopeSpans{scope=1 {name=1}, spans=2}
    // Span{trace_id=1, span_id=2, parent_span_id=4, name=5, attributes=9 {key=1, value=2 {string_value=1}}, links=13 {trace_id=1, span_id=2}}
    void ReadSpans(byte[] message)
    {
        foreach (var scope in Fields(message, 1).SelectMany(r => Fields(r, 2)))
        {
            var source = Fields(scope, 1).SelectMany(s => Fields(s, 1)).Select(Encoding.UTF8.GetString).FirstOrDefault() ?? "";
            foreach (var span in Fields(scope, 2))
                Spans.Enqueue(new(
                    Encoding.UTF8.GetString(One(span, 5)), source, Hex(One(span, 1)), Hex(One(span, 2)), Hex(One(span, 4)), Encoding.UTF8.GetString(span),
                    [.. Fields(span, 13).Select(l => Hex(One(l, 2)))], Fields(span, 9).ToDictionary(KeyOf, a => Encoding.UTF8.GetString(One(One(a, 2), 1)))));
        }
    }

    // ExportMetricsServiceRequest.resource_metrics=1 → scope_metrics=2 → metrics=2 → name=1, gauge=5 | sum=7 | histogram=9 → data_points=1 → attributes=7, of a histogram 9
    void ReadMetrics(byte[] message)
    {
        foreach (var metric in Fields(message, 1).SelectMany(r => Fields(r, 2)).SelectMany(s => Fields(s, 2)))
        {
            var numbers = Fields(metric, 5).Concat(Fields(metric, 7)).SelectMany(d => Fields(d, 1)).SelectMany(p => Fields(p, 7));
            var spread = Fields(metric, 9).SelectMany(d => Fields(d, 1)).SelectMany(p => Fields(p, 9));
            Metrics.AddOrUpdate(
                Encoding.UTF8.GetString(One(metric, 1)), _ => numbers.Concat(spread).Select(KeyOf).ToHashSet(), (_, seen) => numbers.Concat(spread).Select(KeyOf).Union(seen).ToHashSet());
        }
    }

    static string KeyOf(byte[] attribute) => Encoding.UTF8.GetString(One(attribute, 1));

    static byte[] One(byte[] message, int field) => Fields(message, field).FirstOrDefault() ?? [];
    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>The length-delimited fields with this number.</summary>
    static List<byte[]> Fields(byte[] message, int wanted)
    {
        List<byte[]> found = [];
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == wanted)
                        found.Add(message[at..(at + length)]);
                    at += length;
                    break;
                default: throw new InvalidDataException("Not protobuf.");
            }
        }
        return found;
    }

    static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
