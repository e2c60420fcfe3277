using System.Buffers;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>
/// A ticket's events as JSON, in the shape of <see cref="HistoryAnswer"/>. The stored JSON is copied through with its sealed values opened on the way:
/// no event is made into an object and back, but for customers, of whose events only the public ones are copied.
/// </summary>
public sealed class HistoryResult(History history, HistoryProof? proof) : IResult, IEndpointMetadataProvider
{
    const int FlushAt = 64 * 1024;
    internal static readonly JsonWriterOptions Trusted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter, Trusted);
        json.WriteStartObject();
        json.WriteString("ticket"u8, history.Entry.Id);
        json.WriteNumber("number"u8, history.Entry.Ticket.Number);
        json.WriteNumber("version"u8, history.Events[^1].Version);
        proof?.WriteCheckpoint(json);
        json.WriteStartArray("events"u8);
        var plain = new ArrayBufferWriter<byte>(1024);
        var asked = (httpContext.User as Service.Access.Caller)?.Principal.Id;
        foreach (var e in history.Events)
        {
            if (!IsShown(e))
                continue;
            HistoryJson.Write(json, e, history, proof, asked, plain);
            if (json.BytesPending + json.BytesCommitted % FlushAt > FlushAt)
            {
                await json.FlushAsync(httpContext.RequestAborted);
                await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    bool IsShown(StoredEvent e) => history.Internal || Audience.IsPublic(history.Read(e).Event);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(HistoryAnswer), ["application/json"]));
}

static class HistoryJson
{
    /// <param name="plain">Room for an event's data, used again for the next.</param>
    public static void Write(Utf8JsonWriter json, StoredEvent e, History history, HistoryProof? proof, string? asker, ArrayBufferWriter<byte> plain)
    {
        var meta = EventMeta.Read(e.Headers.Span, e.Timestamp);
        json.WriteStartObject();
        json.WriteNumber("version"u8, e.Version);
        json.WriteString("id"u8, e.Id);
        json.WriteString("type"u8, proof is null ? e.Type : e.AsStored.Type);
        Time(json, "recorded"u8, meta.Recorded);
        Time(json, "occurred"u8, meta.Occurred);
        json.WriteStartObject("actor"u8);
        if (history.Internal || meta.By.Id == asker)
            json.WriteString("id"u8, meta.By.Id);
        json.WriteString("role"u8, ExactEnum<Role>.Name(meta.By.Role));
        json.WriteEndObject();
        // By which rules a desk works is its own business, as is who works there.
        if (history.Internal && meta.Rule is { } rule)
        {
            json.WriteStartObject("rule"u8);
            json.WriteString("id"u8, rule.Id);
            json.WriteNumber("version"u8, rule.Version);
            json.WriteEndObject();
        }
        if (history.Internal)
            ForStaff(json, e, meta);
        json.WritePropertyName("data"u8);
        if (proof is not null)
            Stored(json, e, proof);
        else
            Plain(json, e, history, plain);
        json.WriteEndObject();
    }

    static void ForStaff(Utf8JsonWriter json, StoredEvent e, EventMeta meta)
    {
        if (meta.ActingAs is { } line)
            json.WriteString("actingAs"u8, ExactEnum<SupportLine>.Name(line));
        Text(json, "correlationId"u8, e.CorrelationId);
        Text(json, "causationId"u8, e.CausationId);
        Text(json, "activity"u8, meta.Activity);
        Text(json, "state"u8, meta.SourceState);
    }

    static void Plain(Utf8JsonWriter json, StoredEvent e, History history, ArrayBufferWriter<byte> plain)
    {
        plain.ResetWrittenCount();
        SealedJson.Unseal(e.Data.Span, history.Key, e.Version, plain, history.StandIns);
        if (Redactions.IsRedaction(e.Type))
            Redactions.WriteReadable(json, plain.WrittenMemory);
        else
            json.WriteRawValue(plain.WrittenSpan, skipInputValidation: true);
    }

    static void Stored(Utf8JsonWriter json, StoredEvent e, HistoryProof proof)
    {
        json.WriteRawValue(e.AsStored.Data.Span, skipInputValidation: true);
        json.WritePropertyName("headers"u8);
        json.WriteRawValue(e.Headers.Span, skipInputValidation: true);
        json.WriteNumber("seqId"u8, e.SeqId);
        Text(json, "dotnetType"u8, e.DotnetType);
        Text(json, "userName"u8, e.UserName);
        proof.WriteLeaf(json, e);
    }

    static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset value) => json.WriteString(name, value.UtcDateTime);
}
