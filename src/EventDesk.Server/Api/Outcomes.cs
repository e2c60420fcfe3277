using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>How a command that did not succeed is told.</summary>
public static class Outcomes
{
    public static Problem Problem(Outcome outcome, Principal asker) => outcome switch
    {
        Outcome.Refused refused => Problems.Refused(refused.Code, refused.Reason),
        Outcome.NotOffered closed => Problems.ChannelNotOffered(closed),
        Outcome.Stale stale => Stale(stale, asker),
        Outcome.NotFound => Problems.NoSuchTicket(),
        Outcome.Forbidden forbidden => Problems.Forbidden(forbidden.Reason),
        Outcome.KeyReused => Problems.KeyReused(),
        _ => throw new UnreachableException($"Outcome {outcome.GetType().Name} is not a failure."),
    };

    /// <summary>Says what changed since the version the writer had seen, so that a person can decide without another question.</summary>
    static Problem Stale(Outcome.Stale stale, Principal asker) =>
        new(412, "stale_version", "The ticket has changed since you read it.", $"It stands at version {stale.ActualVersion}.")
        {
            Extension = json =>
            {
                json.WriteNumber("actualVersion"u8, stale.ActualVersion);
                json.WriteStartArray("since"u8);
                foreach (var e in stale.Since)
                    Write(json, e, asker);
                json.WriteEndArray();
            },
        };

    internal static Problem ExampleOfStale() => Stale(
        new Outcome.Stale(8, [
            new RecordedEvent(
                new NoteAdded(Guid.Empty, "Second time this month."), new EventMeta(new Actor("ann", Role.Agent), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch),
                new StoredEvent(100, Guid.Empty, Guid.Empty, 8, "note_added", null, DateTimeOffset.UnixEpoch, default, default, null, null, null)),
        ]),
        new Principal("ann", new HashSet<Role> { Role.Agent }));

    static void Write(Utf8JsonWriter json, RecordedEvent e, Principal asker)
    {
        json.WriteStartObject();
        json.WriteNumber("version"u8, e.Stored.Version);
        json.WriteString("type"u8, e.Stored.Type);
        json.WriteString("time"u8, e.Meta.Occurred.UtcDateTime);
        json.WriteStartObject("actor"u8);
        if (asker.Roles.Any(r => r != Role.Customer) || e.Meta.By.Id == asker.Id)
            json.WriteString("id"u8, e.Meta.By.Id);
        json.WriteString("role"u8, ExactEnum<Role>.Name(e.Meta.By.Role));
        json.WriteEndObject();
        if (TextOf(e.Event) is { } text)
            json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    /// <summary>What was written, by whoever wrote it; null when the event carries no text or it was erased.</summary>
    static string? TextOf(TicketEvent e) => (e switch
    {
        TicketOpened x => x.Body,
        CustomerMessageReceived x => x.Body,
        ReplySent x => x.Body,
        NoteAdded x => x.Body,
        AttachmentAdded x => x.Name,
        TicketUnassigned x => x.Reason,
        SeverityAssessed x => x.Reason,
        TicketEscalated x => x.Reason,
        TicketDeEscalated x => x.Reason,
        ManagementEvaluated x => x.Reason,
        ManagementEscalated x => x.Reason,
        WaitingStarted x => x.Note,
        TicketResolved x => x.Summary,
        TicketReopened x => x.Reason,
        CallbackReached x => x.Note,
        CallbackMissed x => x.Note,
        FeedbackGiven x => x.Comment,
        FeedbackReviewed x => x.Action,
        LegalHoldPlaced x => x.Reason,
        LegalHoldLifted x => x.Reason,
        _ => null,
    })?.Text;
}

/// <summary>A command took effect, or it was so already: the ticket, the version it stands at, and what was added.</summary>
public class Changed(Outcome.Done done) : IResult, IEndpointMetadataProvider
{
    const int MostBytes = 256;

    public long Version => done.Version;

    protected virtual int Status => StatusCodes.Status200OK;
    protected virtual string? Location => null;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.ETag = ETag.Of(done.Version);
        response.Headers.CacheControl = "no-store";
        if (Location is { } location)
            response.Headers.Location = location;
        response.ContentType = "application/json";
        var output = response.BodyWriter;
        var room = output.GetSpan(MostBytes);
        var written = 0;
        Put(room, ref written, "{\"ticket\":\""u8, done.Ticket);
        Put(room, ref written, "\",\"number\":"u8, done.Number);
        Put(room, ref written, ",\"version\":"u8, done.Version);
        if (done.Created is { } created)
        {
            Put(room, ref written, ",\"created\":\""u8, created);
            room[written++] = (byte)'"';
        }
        room[written++] = (byte)'}';
        response.ContentLength = written;
        output.Advance(written);
        return output.FlushAsync(httpContext.RequestAborted).AsTask();
    }

    static void Put<T>(Span<byte> room, ref int written, ReadOnlySpan<byte> before, T value) where T : IUtf8SpanFormattable
    {
        before.CopyTo(room[written..]);
        written += before.Length;
        value.TryFormat(room[written..], out var length, default, CultureInfo.InvariantCulture);
        written += length;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ChangeAnswer), ["application/json"]));
}

/// <summary>Something has an address of its own now.</summary>
public sealed class Created(Outcome.Done done, string location) : Changed(done), IEndpointMetadataProvider
{
    protected override int Status => StatusCodes.Status201Created;
    protected override string? Location => location;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(ChangeAnswer), ["application/json"]));
}
