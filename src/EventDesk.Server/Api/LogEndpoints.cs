using System.Buffers;
using System.Buffers.Binary;
using System.Reflection;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Privacy;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>The global log, for integrations.</summary>
public static class LogEndpoints
{
    const int MaxLimit = 1000;

    static readonly QueryParameter From = new("from", "date-time", "Recorded at this instant or later.", "2026-03-01T00:00:00Z");
    static readonly QueryParameter To = new("to", "date-time", "Recorded before this instant.", "2026-04-01T00:00:00Z");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/events", Page).Is(Operation.ReadLog, "readLog", "Log", "Read the global log",
            "All events of all streams in the order they were committed, as a CloudEvents 1.0 batch. Thin: sealed texts are null. Ask again with the last Link: nothing is missed and nothing comes twice.")
            .WithMetadata(QueryParameter.Limit with { Description = "Events of the page, 1 to 1000; 50 when not given." }, QueryParameter.After, From, To);

    static async Task<Results<CloudEvents, Problem>> Page(HttpContext http, EventStore store, RecordedTimes times, AccessLog access, CancellationToken ct)
    {
        var query = new Query(http);
        var (limit, after, from, to) = (query.Limit(MaxLimit), query.After(sizeof(long)), query.Instant("from"), query.Instant("to"));
        if (query.Problem is { } problem)
            return problem;
        await access.Exported(http.Principal(), Policy.Decide(http.Principal(), http.Operation())!.Role, http.Operation(), null, ct);
        var position = after.Length == 0 ? 0 : Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(after));
        var events = await times.Span(from, to, ct) is { } recorded ? await store.ReadRecorded(position, recorded, limit, ct) : await store.ReadAll(position, limit, ct);
        // The end has a Link too: a reader comes back with it later.
        Span<byte> next = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(next, events.Count > 0 ? events[^1].SeqId : position);
        Cursor.NextPage(http, System.Buffers.Text.Base64Url.EncodeToString(next));
        return new CloudEvents(events);
    }
}

/// <summary>Events in the shape of <see cref="CloudEventAnswer"/>.</summary>
public sealed class CloudEvents(IReadOnlyList<StoredEvent> events) : IResult, IEndpointMetadataProvider
{
    const string MediaType = "application/cloudevents-batch+json";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(response.BodyWriter, HistoryResult.Trusted);
        var thin = new ArrayBufferWriter<byte>(1024);
        json.WriteStartArray();
        foreach (var e in events)
            Write(json, e, thin);
        json.WriteEndArray();
        await json.FlushAsync(httpContext.RequestAborted);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    static void Write(Utf8JsonWriter json, StoredEvent e, ArrayBufferWriter<byte> thin)
    {
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, e.Id);
        json.WriteString("source"u8, "urn:eventdesk"u8);
        json.WriteString("type"u8, $"eventdesk.{e.Type}");
        json.WriteString("subject"u8, e.Stream);
        json.WriteString("time"u8, e.Timestamp.UtcDateTime);
        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WriteString("sequence"u8, e.SeqId.ToString("D20"));
        json.WriteNumber("streamversion"u8, e.Version);
        if (e.CorrelationId is not null)
            json.WriteString("correlationid"u8, e.CorrelationId);
        json.WritePropertyName("data"u8);
        thin.ResetWrittenCount();
        SealedJson.Unseal(e.Data.Span, null, e.Version, thin);
        if (Redactions.IsRedaction(e.Type))
            Redactions.WriteReadable(json, thin.WrittenMemory);
        else
            json.WriteRawValue(thin.WrittenSpan, skipInputValidation: true);
        json.WriteEndObject();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(CloudEventAnswer[]), [MediaType]));
}
