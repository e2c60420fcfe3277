using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Tickets;

namespace EventDesk.Server;

/// <summary>Something wrong with one field of a request.</summary>
/// <param name="Field">JSON pointer into the body (<c>/requester/email</c>), or the name of a parameter or header.</param>
/// <param name="Code">Stable, snake_case.</param>
public sealed record Fault(string Field, string Code, string Detail);

/// <summary>An answer that says what is wrong: RFC 9457, its type is <c>urn:eventdesk:</c> and the code.</summary>
public sealed class Problem(int status, string code, string title, string? detail = null) : IResult
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Status => status;
    public string Code => code;
    public string Title => title;
    public string? Detail => detail;
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Seconds after which it is worth trying again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Writes members beyond those of RFC 9457.</summary>
    public Action<Utf8JsonWriter>? Extension { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<Scim.SpeaksScim>() is not null)
        {
            await Scim.ScimAnswer.Of(this).ExecuteAsync(httpContext);
            return;
        }
        if (Pages.ProblemPages.AreWanted(httpContext))
        {
            await Pages.ProblemPages.Show(this, httpContext);
            return;
        }
        var body = ToJson();
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString();
        await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }

    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
            Write(json);
        return buffer.WrittenMemory;
    }

    void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, $"urn:eventdesk:{code}");
        json.WriteString("title"u8, title);
        json.WriteNumber("status"u8, status);
        if (detail is not null)
            json.WriteString("detail"u8, detail);
        if (Faults.Count > 0)
        {
            json.WriteStartArray("errors"u8);
            foreach (var fault in Faults)
            {
                json.WriteStartObject();
                json.WriteString("field"u8, fault.Field);
                json.WriteString("code"u8, fault.Code);
                json.WriteString("detail"u8, fault.Detail);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        Extension?.Invoke(json);
        json.WriteEndObject();
    }
}

/// <summary>Every problem the service answers with.</summary>
public static class Problems
{
    public static Problem Invalid(IReadOnlyList<Fault> faults) =>
        new(400, "invalid_request", "The request has faults; nothing was done.") { Faults = faults };

    public static Problem MalformedJson(string detail) => new(400, "malformed_json", "The body is not JSON.", detail);

    public static Problem InvalidUtf8() => new(400, "invalid_utf8", "The body is not UTF-8.");

    public static Problem MalformedETag() =>
        new(400, "malformed_etag", "If-Match names no version.", "Give the ETag as it was answered, one strong tag such as \"7\".");

    public static Problem MalformedIdempotencyKey() =>
        new(400, "malformed_idempotency_key", "The Idempotency-Key cannot be used.", "A key is 1 to 255 visible ASCII characters.");

    public static Problem MalformedRequest(string detail) => new(400, "malformed_request", "The request cannot be read.", detail);

    public static Problem Unauthenticated(string detail) => new(401, "unauthenticated", "A valid token is needed.", detail);

    public static Problem Forbidden(string detail) => new(403, "forbidden", "You may not do that.", detail);

    public static Problem CrossSite() =>
        new(403, "cross_site", "The request does not come from a page of this service.", "Requests with a cookie need Sec-Fetch-Site: same-origin or our Origin, and X-CSRF-Token unless they are JSON.");

    public static Problem LacksTraining(IReadOnlyList<string> trainings) =>
        new(403, "training_required", "Trainings are missing or no longer valid.", $"Complete: {string.Join(", ", trainings)}.");

    public static Problem ProviderAway() =>
        new(503, "sign_in_provider_away", "The sign-in provider does not answer.", "Try again.") { RetryAfter = 5 };

    public static Problem NoSuchResource() => new(404, "not_found", "There is nothing at this address.");

    public static Problem NoSuchTicket() => new(404, "ticket_not_found", "There is no such ticket.");

    public static Problem NoSuch(string code, string what) => new(404, code, $"There is no such {what}.");

    public static Problem Hidden(string what) => new(403, "redacted", $"The {what} is redacted.", "Who has the right may reveal it, with a reason.");

    public static Problem MethodNotAllowed() => new(405, "method_not_allowed", "The address does not take this method.");

    public static Problem Refused(string code, string reason) => new(409, code, reason);

    public static Problem ChannelNotOffered(Outcome.NotOffered closed) =>
        new(409, "channel_not_offered", $"The desk {closed.Desk} does not take questions this way.",
            $"Its {ExactEnum<Channel>.Name(closed.Channel)} is {(closed.Availability == Availability.ComingSoon ? "coming soon" : "not offered")}; {Open(closed.Offered)}.")
        {
            Extension = json =>
            {
                json.WriteStartArray("offered"u8);
                foreach (var channel in closed.Offered)
                    json.WriteStringValue(channel);
                json.WriteEndArray();
            },
        };

    static string Open(IReadOnlyList<string> offered) => offered.Count == 0 ? "no channel is open now" : $"open are {string.Join(", ", offered)}";

    public static Problem TooLarge(long most) => new(413, "body_too_large", "The body is too large.", $"At most {most} bytes are taken.");

    public static Problem UnsupportedMediaType(string wanted) =>
        new(415, "unsupported_media_type", "The body has the wrong content type.", $"Send it as {wanted}.");

    public static Problem KeyReused() =>
        new(422, "idempotency_key_reused", "The Idempotency-Key was used for another request.", "A repetition carries the same body; a new request carries a new key.");

    public static Problem VersionRequired() =>
        new(428, "precondition_required", "Say which version of the ticket you act on.", "Send If-Match with the ETag of the ticket.");

    public static Problem PartVersionRequired() =>
        new(428, "precondition_required", "Say which version the change was thought out on.", "Send If-Match with that version, or If-None-Match: * for what is new.");

    public static Problem StalePart(long actualVersion) =>
        new(412, "stale_version", "It has changed since you read it.", actualVersion == 0 ? "There is none yet." : $"It stands at version {actualVersion}.")
        {
            Extension = json => json.WriteNumber("actualVersion"u8, actualVersion),
        };

    public static Problem OrganisationAtOdds(IReadOnlyList<string> reasons) =>
        new(409, "organisation_at_odds", "The organisation cannot be so; nothing was changed.", string.Join(' ', reasons));

    public static Problem RateLimited(int seconds) =>
        new(429, "rate_limited", "Too many requests.", $"Try again in {seconds} s.") { RetryAfter = seconds };

    public static Problem Unavailable() =>
        new(503, "unavailable", "The database is away; nothing is known to be lost.", "Repeat the request, with the same Idempotency-Key if it had one.") { RetryAfter = 1 };

    public static Problem SearchNotReady() =>
        new(503, "search_not_ready", "The search reads the tickets.", "It is made anew after a crash of the database, and can be asked when it has read all of them.") { RetryAfter = 5 };

    public static Problem ReportsBusy() =>
        new(503, "reports_busy", "Too many reports as of a moment are asked for at once.", "Much is counted anew for each, so only some are made at a time. Try again.") { RetryAfter = 5 };

    public static Problem Internal(string? trace) =>
        new(500, "internal_error", "Something broke; it was written down.")
        {
            Extension = json =>
            {
                if (trace is not null)
                    json.WriteString("trace"u8, trace);
            },
        };

    /// <summary>For a status that was set without a body: routing's 404 and 405, the server's own 400 and 413.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        401 => Unauthenticated("Send Authorization: Bearer and the token."),
        403 => Forbidden("The token does not allow it."),
        404 => NoSuchResource(),
        405 => MethodNotAllowed(),
        413 => TooLarge(Body.MaxJsonBytes),
        415 => UnsupportedMediaType("application/json"),
        503 => Unavailable(),
        >= 500 => Internal(null),
        _ => new(status, "malformed_request", "The request cannot be read."),
    };
}
