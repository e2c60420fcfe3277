using System.Net;
using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>Every way of asking wrongly we could think of: each is told exactly what is wrong, none breaks anything, none stores anything.</summary>
public sealed class BadRequestTests(BadRequestTests.WithRetiredDesk server) : IClassFixture<BadRequestTests.WithRetiredDesk>
{
    public sealed class WithRetiredDesk : RunningServer, IAsyncLifetime
    {
        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            var organisation = Services.GetRequiredService<OrganisationBook>();
            foreach (var part in new object[] { new Product("discontinued", "A product of the past"), new Desk("discontinued", "en", Retired: true) })
                (await organisation.Define(part, null, 0, Actor.System, null, CancellationToken.None)).ShouldBeOfType<Defining.Done>();
        }
    }

    /// <param name="Who">agent, l2agent, polish, customer, other, coordinator, manager, auditor, analyst, admin, none, or the token's text.</param>
    /// <param name="Expected">Status and code; for invalid_request also <c>field code</c> of the faults.</param>
    public sealed record Bad(string Name, string Who, string Method, string Path, string? Body, string Expected, string Type = "application/json", string? IfMatch = null, string? Key = null)
    {
        public override string ToString() => Name;
    }

    static readonly (string Name, string Value)[] Members =
        [("product", "\"billing\""), ("language", "\"en\""), ("requester", """{"email":"a@example.com"}"""), ("subject", "\"s\""), ("body", "\"b\"")];

    static readonly string Good = With("", "");

    const string T = "/api/tickets/{ticket}";

    static Bad Open(string name, string body, string expected, string who = "agent") => new(name, who, "POST", "/api/tickets", body, expected);
    static Bad Command(string name, string what, string? body, string expected, string who = "agent", string ifMatch = "{version}", string method = "POST", string? key = null) =>
        new(name, who, method, $"{T}/{what}", body, expected, IfMatch: ifMatch, Key: key);
    static string With(string member, string value) => $"{{{string.Join(',', Members.Select(m => $"\"{m.Name}\":{(m.Name == member ? value : m.Value)}"))}}}";
    static string Plus(string members) => Good[..^1] + "," + members + "}";
    static string Long(int length) => $"\"{new string('x', length)}\"";

    static readonly Bad[] All =
    [
        // The body as such
        Open("no body at all", "", "400 malformed_json"),
        Open("not JSON", "subject=hello", "400 malformed_json"),
        Open("JSON cut off", Good[..^1], "400 malformed_json"),
        Open("two values", Good + Good, "400 malformed_json"),
        Open("trailing comma", Good[..^1] + ",}", "400 malformed_json"),
        Open("a comment", "/* hello */" + Good, "400 malformed_json"),
        Open("a byte order mark", "\uFEFF" + Good, "400 malformed_json"),
        Open("deeper than anyone needs", With("subject", new string('[', 100) + new string(']', 100)), "400 malformed_json"),
        Open("half a surrogate pair", With("subject", "\"\\ud800\""), "400 invalid_request /subject invalid_text"),
        Open("half a surrogate pair in a name", Plus("\"\\ud800\":1"), "400 malformed_json"),
        Open("null", "null", "400 invalid_request  wrong_type"),
        Open("an array", "[]", "400 invalid_request  wrong_type"),
        Open("a string", "\"hello\"", "400 invalid_request  wrong_type"),
        Open("bytes that are no UTF-8", "latin1:" + With("subject", "\"caf\u00e9\""), "400 invalid_utf8"),
        Open("an overlong encoding of NUL", "bytes:7B22C080223A317D", "400 invalid_utf8"),
        Open("larger than 1 MiB", With("body", Long(1 << 20)), "413 body_too_large"),
        Open("larger than 1 MiB, in pieces", "chunked:" + With("body", Long(1 << 20)), "413 body_too_large"),
        new("plain text", "agent", "POST", "/api/tickets", Good, "415 unsupported_media_type", "text/plain"),
        new("no content type", "agent", "POST", "/api/tickets", Good, "415 unsupported_media_type", ""),
        new("another charset", "agent", "POST", "/api/tickets", Good, "415 unsupported_media_type", "application/json; charset=utf-16"),
        new("a form", "agent", "POST", "/api/tickets", "subject=s", "415 unsupported_media_type", "application/x-www-form-urlencoded"),

        // Its members
        Open("an empty object", "{}", "400 invalid_request /body required, /language required, /product required, /requester required, /subject required"),
        Open("an unknown field", Plus("\"priority\":1"), "400 invalid_request /priority unknown_field"),
        Open("an unknown field of a field", With("requester", """{"email":"a@example.com","phone":"1"}"""), "400 invalid_request /requester/phone unknown_field"),
        Open("a field in other letters", Good.Replace("subject", "Subject", StringComparison.Ordinal), "400 invalid_request /Subject unknown_field, /subject required"),
        Open("a field twice", Plus("\"subject\":\"t\""), "400 invalid_request /subject duplicate_field"),
        Open("a number for a text", With("subject", "7"), "400 invalid_request /subject wrong_type"),
        Open("null for a text", With("subject", "null"), "400 invalid_request /subject required"),
        Open("an object for a text", With("body", "{}"), "400 invalid_request /body wrong_type"),
        Open("a text for an object", With("requester", "\"a@example.com\""), "400 invalid_request /requester wrong_type"),
        Open("an unknown channel", Plus("\"channel\":\"fax\""), "400 invalid_request /channel unknown_value"),
        Open("a channel in other letters", Plus("\"channel\":\"Portal\""), "400 invalid_request /channel unknown_value"),
        Open("a channel by number", Plus("\"channel\":1"), "400 invalid_request /channel wrong_type"),
        Open("the import's channel", Plus("\"channel\":\"import\""), "400 invalid_request /channel not_allowed"),
        Open("a severity by number", Plus("\"severity\":1"), "400 invalid_request /severity wrong_type"),
        Open("a severity above all", Plus("\"severity\":\"apocalyptic\""), "400 invalid_request /severity unknown_value"),
        Open("several faults at once", """{"product":"billing","language":"en","requester":{"email":"nobody"},"subject":" ","body":7}""", "400 invalid_request /body wrong_type"),
        Open("several faults of content at once", """{"product":"billing","language":"en","requester":{"email":"nobody"},"subject":" ","body":"b"}""", "400 invalid_request /requester/email invalid_email, /subject blank"),

        // Its texts
        Open("an empty subject", With("subject", "\"\""), "400 invalid_request /subject blank"),
        Open("a blank body", With("body", "\" \\n\\t \""), "400 invalid_request /body blank"),
        Open("a subject of 501", With("subject", Long(501)), "400 invalid_request /subject too_long"),
        Open("a body of 100,001", With("body", Long(100_001)), "400 invalid_request /body too_long"),
        Open("a name of 201", With("requester", $$"""{"email":"a@example.com","name":{{Long(201)}}}"""), "400 invalid_request /requester/name too_long"),
        Open("NUL in a subject", With("subject", "\"a\\u0000b\""), "400 invalid_request /subject nul_character"),
        Open("NUL in a body", With("body", "\"a\\u0000b\""), "400 invalid_request /body nul_character"),
        Open("a bare NUL byte", With("subject", "\"a\0b\""), "400 malformed_json"),
        Open("a bell in a subject", With("subject", "\"a\\u0007b\""), "400 invalid_request /subject control_character"),
        Open("an escape in a body", With("body", "\"a\\u001b[31mb\""), "400 invalid_request /body control_character"),
        Open("a line break in a name", With("requester", """{"email":"a@example.com","name":"a\nb"}"""), "400 invalid_request /requester/name control_character"),
        Open("a line break in an address", With("requester", """{"email":"a@example.com\nBcc: b@example.com"}"""), "400 invalid_request /requester/email control_character, /requester/email invalid_email"),
        Open("an address without @", With("requester", """{"email":"example.com"}"""), "400 invalid_request /requester/email invalid_email"),
        Open("an address with two @", With("requester", """{"email":"a@b@example.com"}"""), "400 invalid_request /requester/email invalid_email"),
        Open("an address of 321", With("requester", $$"""{"email":"{{new string('a', 309)}}@example.com"}"""), "400 invalid_request /requester/email too_long"),
        Open("a product that is a path", With("product", "\"../billing\""), "400 invalid_request /product invalid_characters"),
        Open("51 form fields", Plus($"\"fields\":{{{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"f{i}\":\"x\""))}}}"), "400 invalid_request /fields too_many"),
        Open("a form field without text", Plus("\"fields\":{\"a\":null}"), "400 invalid_request /fields/a wrong_type"),
        Open("a form field of a number", Plus("\"fields\":{\"a\":1}"), "400 invalid_request /fields/a wrong_type"),

        // What there is not
        Open("an unknown product", With("product", "\"teapots\""), "409 unknown_desk"),
        Open("an unknown language", With("language", "\"tlh\""), "409 unknown_desk"),
        Open("a desk that was retired", With("product", "\"discontinued\""), "409 desk_retired"),
        new("an unknown ticket", "agent", "GET", "/api/tickets/019a94f0-0000-7000-8000-000000000000", null, "404 ticket_not_found"),
        new("an unknown number", "agent", "GET", "/api/tickets/99999999", null, "404 ticket_not_found"),
        new("a number beyond all numbers", "agent", "GET", "/api/tickets/99999999999999999999", null, "404 ticket_not_found"),
        new("no number at all", "agent", "GET", "/api/tickets/seventeen", null, "404 ticket_not_found"),
        new("an address with SQL in it", "agent", "GET", "/api/tickets/1%27%20or%20%271%27=%271", null, "404 ticket_not_found"),
        new("an unknown address", "agent", "GET", "/api/teapots", null, "404 not_found"),
        new("an unknown command", "agent", "POST", $"{T}/explosion", "{}", "404 not_found", IfMatch: "{version}"),
        new("an unknown queue", "agent", "GET", "/api/queues/lost/tickets", null, "404 queue_not_found"),
        new("an unknown file", "agent", "GET", $"{T}/attachments/019a94f0-0000-7000-8000-000000000000", null, "404 attachment_not_found"),
        new("an unknown token", "admin", "DELETE", "/api/tokens/019a94f0-0000-7000-8000-000000000000", null, "404 token_not_found"),
        new("a wrong method", "agent", "PUT", T, "{}", "405 method_not_allowed"),
        new("deleting a ticket", "agent", "DELETE", T, null, "405 method_not_allowed"),

        // Versions and keys
        new("no If-Match", "agent", "POST", $"{T}/notes", """{"body":"n"}""", "428 precondition_required"),
        Command("If-Match without quotes", "notes", """{"body":"n"}""", "400 malformed_etag", ifMatch: "7"),
        Command("a weak If-Match", "notes", """{"body":"n"}""", "400 malformed_etag", ifMatch: "W/\"{v}\""),
        Command("If-Match of anything", "notes", """{"body":"n"}""", "400 malformed_etag", ifMatch: "*"),
        Command("several If-Match", "notes", """{"body":"n"}""", "400 malformed_etag", ifMatch: "\"1\", \"2\""),
        Command("If-Match beyond all numbers", "notes", """{"body":"n"}""", "400 malformed_etag", ifMatch: "\"99999999999999999999\""),
        Command("version zero", "notes", """{"body":"n"}""", "400 malformed_etag", ifMatch: "\"0\""),
        Command("a version of the past", "notes", """{"body":"n"}""", "412 stale_version", ifMatch: "\"1\""),
        Command("a version of the future", "notes", """{"body":"n"}""", "412 stale_version", ifMatch: "\"9999\""),
        Command("an endless key", "notes", """{"body":"n"}""", "400 malformed_idempotency_key", key: new string('k', 256)),
        Command("a key with a blank", "notes", """{"body":"n"}""", "400 malformed_idempotency_key", key: "a b"),
        Command("a key used for another request", "notes", """{"body":"other"}""", "422 idempotency_key_reused", key: "used"),
        new("a command on an unknown ticket", "agent", "POST", "/api/tickets/99999999/notes", """{"body":"n"}""", "404 ticket_not_found", IfMatch: "\"1\""),

        // Commands' own fields and rules
        Command("a rating of 6", "feedback", """{"rating":6}""", "400 invalid_request /rating out_of_range", "customer"),
        Command("a rating of 4.5", "feedback", """{"rating":4.5}""", "400 invalid_request /rating wrong_type", "customer"),
        Command("a rating of 1e99", "feedback", """{"rating":1e99}""", "400 invalid_request /rating wrong_type", "customer"),
        Command("rating what is not resolved", "feedback", """{"rating":5}""", "409 ticket_not_resolved", "customer"),
        Command("resolving as the import does", "resolution", """{"resolution":"imported"}""", "400 invalid_request /resolution not_allowed"),
        Command("waiting for no date", "waiting", """{"reason":"plannedDate"}""", "409 until_missing"),
        Command("waiting until yesterday", "waiting", """{"reason":"plannedDate","until":"2001-01-01T00:00:00Z"}""", "409 until_past"),
        Command("waiting until some day", "waiting", """{"reason":"plannedDate","until":"some day"}""", "400 invalid_request /until wrong_type"),
        Command("no tag to add", "tags", "{}", "400 invalid_request  nothing_to_do"),
        Command("a tag that is a sentence", "tags", """{"add":["two words"]}""", "400 invalid_request /add/0 invalid_characters"),
        Command("a tag that is null", "tags", """{"add":[null]}""", "400 invalid_request /add/0 blank"),
        Command("an agent that is a sentence", "assignment", """{"agent":"ann and ben"}""", "400 invalid_request /agent invalid_characters"),
        Command("escalating to nobody", "escalations", "{}", "400 invalid_request /reason required"),
        Command("escalating without an assessment", "escalations", """{"reason":"up"}""", "409 severity_not_assessed"),
        Command("closing what is open", "closing", null, "409 ticket_not_resolved"),
        Command("sending down from the first line", "de-escalations", """{"line":"l1","reason":"down"}""", "409 not_a_lower_line"),

        // Queries
        new("an unknown parameter", "agent", "GET", T + "?verbose=true", null, "400 invalid_request verbose unknown_parameter"),
        new("a version that is a word", "agent", "GET", T + "?version=latest", null, "400 invalid_request version out_of_range"),
        new("version zero of a ticket", "agent", "GET", T + "?version=0", null, "400 invalid_request version out_of_range"),
        new("a log of no time", "auditor", "GET", "/api/events?from=yesterday&to=2026-03-02T09:30:00", null, "400 invalid_request from invalid_time, to invalid_time"),
        new("an instant without offset", "agent", "GET", T + "?asOf=2026-03-02T09:30:00", null, "400 invalid_request asOf invalid_time"),
        new("an instant that never was", "agent", "GET", T + "?asOf=2026-02-30T09:30:00Z", null, "400 invalid_request asOf invalid_time"),
        new("a version and an instant", "agent", "GET", T + "?version=1&asOf=2026-03-02T09:30:00Z", null, "400 invalid_request asOf exclusive"),
        new("a page of none", "agent", "GET", "/api/queues/open/tickets?limit=0", null, "400 invalid_request limit out_of_range"),
        new("a page of 201", "agent", "GET", "/api/queues/open/tickets?limit=201", null, "400 invalid_request limit out_of_range"),
        new("a limit twice", "agent", "GET", "/api/queues/open/tickets?limit=1&limit=2", null, "400 invalid_request limit duplicate_parameter"),
        new("a cursor made up", "agent", "GET", "/api/queues/open/tickets?after=tomorrow", null, "400 invalid_request after invalid_cursor"),
        new("a cursor of impossible times", "agent", "GET", "/api/queues/open/tickets?after=" + new string('_', 45) + "8", null, "400 invalid_request after invalid_cursor"),
        new("an unknown line", "agent", "GET", "/api/queues/open/tickets?line=l9", null, "400 invalid_request line unknown_value"),
        new("everybody's tickets", "agent", "GET", "/api/tickets", null, "400 invalid_request mine required"),

        // Who may not
        new("no token", "none", "GET", T, null, "401 unauthenticated"),
        new("a token of another kind", "Basic dXNlcjpwYXNz", "GET", T, null, "401 unauthenticated"),
        new("a token made up", "Bearer edk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "GET", T, null, "401 unauthenticated"),
        new("a token cut off", "Bearer edk_short", "GET", T, null, "401 unauthenticated"),
        Open("an analyst opening", Good, "403 forbidden", "analyst"),
        Open("a customer opening for another", Good, "400 invalid_request /requester/email not_your_address", "customer"),
        Command("a customer's note", "notes", """{"body":"n"}""", "403 forbidden", "customer"),
        Command("an auditor's reply", "replies", """{"body":"n"}""", "403 forbidden", "auditor"),
        Command("a coordinator's evaluation", "management-evaluations", """{"escalate":true,"reason":"yes"}""", "403 forbidden", "coordinator"),
        Command("a reply from another line", "replies", """{"body":"n"}""", "403 forbidden", "l2agent"),
        Command("a reply from another desk", "replies", """{"body":"n"}""", "404 ticket_not_found", "polish"),
        new("another customer's ticket", "other", "GET", T, null, "404 ticket_not_found"),
        new("another customer's history", "other", "GET", T + "/events", null, "404 ticket_not_found"),
        Command("a message on another customer's ticket", "customer-messages", """{"body":"n"}""", "404 ticket_not_found", "other"),
        new("an agent's proof", "agent", "GET", T + "/events?proof=true", null, "403 forbidden"),
        new("an agent's log", "agent", "GET", "/api/events", null, "403 forbidden"),
        new("a customer's queue", "customer", "GET", "/api/queues", null, "403 forbidden"),
        new("an agent's tokens", "agent", "GET", "/api/tokens", null, "403 forbidden"),
        new("a token for the system", "admin", "POST", "/api/tokens", """{"name":"x","roles":["system"]}""", "400 invalid_request /roles not_allowed"),
        new("a token for nothing", "admin", "POST", "/api/tokens", """{"name":"x","roles":[]}""", "400 invalid_request /roles required"),
        new("a customer's token without customer", "admin", "POST", "/api/tokens", """{"name":"x","roles":["customer"]}""", "400 invalid_request /customerEmail required"),
        new("a token for ever", "admin", "POST", "/api/tokens", """{"name":"x","roles":["agent"],"expiresInDays":36500}""", "400 invalid_request /expiresInDays out_of_range"),
        new("a token for an unknown desk", "admin", "POST", "/api/tokens", """{"name":"x","roles":["agent"],"desks":["tea/pot"]}""", "409 unknown_desk"),

        // Files
        new("a file without a name", "agent", "POST", T + "/attachments", "x", "400 invalid_request Content-Disposition required", "text/plain", "{version}"),
        new("a file without a type", "agent", "POST", T + "/attachments", "x", "415 unsupported_media_type", "", "{version}"),
    ];

    public static TheoryData<Bad> Table => [.. All];

    [Fact]
    public void The_table_has_at_least_sixty_rows_and_no_name_twice()
    {
        All.Length.ShouldBeGreaterThanOrEqualTo(60);
        All.Select(b => b.Name).Distinct().Count().ShouldBe(All.Length);
    }

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public async Task F8_a_bad_request_is_told_exactly_what_is_wrong_and_stores_nothing(Bad bad)
    {
        var agent = await server.As(Role.Agent);
        var ticket = await agent.Open();
        var path = $"/api/tickets/{ticket.Ticket}";
        var version = (await agent.Post($"{path}/notes", new { body = "first use" }, ticket.Version, "used")).Version;
        var sender = await Sender(bad.Who);
        var before = await server.EventCount();

        var answer = await sender.Send(
            new HttpMethod(bad.Method), bad.Path.Replace("{ticket}", ticket.Ticket.ToString(), StringComparison.Ordinal), Content(bad), Headers(bad, version));

        Told(answer).ShouldBe(bad.Expected, answer.Text);
        answer.Headers["Content-Type"].ShouldBe("application/problem+json");
        answer.Json.GetProperty("status").GetInt32().ShouldBe((int)answer.Status);
        answer.Text.ShouldNotContain("   at ");
        answer.Text.ShouldNotContain("EventDesk.");
        (answer.Status == HttpStatusCode.Unauthorized).ShouldBe(answer.Headers.ContainsKey("WWW-Authenticate"));
        (await server.EventCount()).ShouldBe(before);
    }

    static string Told(Answer answer)
    {
        var faults = answer.Json.TryGetProperty("errors", out var errors)
            ? errors.EnumerateArray().Select(e => $"{e.GetProperty("field").GetString()} {e.GetProperty("code").GetString()}").Order(StringComparer.Ordinal).ToList() : [];
        return $"{(int)answer.Status} {answer.Code} {string.Join(", ", faults)}".TrimEnd();
    }

    async Task<Api> Sender(string who) => who switch
    {
        "none" => new Api(server.Http, null),
        "agent" => await server.As(Role.Agent),
        "l2agent" => await server.As(Role.Agent, "lou", lines: [SupportLine.L2]),
        "polish" => await server.As(Role.Agent, "ola", ["billing/pl"]),
        "customer" => await server.As(Role.Customer),
        "other" => await server.As(Role.Customer, "other"),
        "coordinator" => await server.As(Role.Coordinator),
        "auditor" => await server.As(Role.Auditor),
        "analyst" => await server.As(Role.Analyst),
        "admin" => await server.As(Role.Administrator),
        _ => Api.WithHeader(server.Http, who),
    };

    static ByteArrayContent? Content(Bad bad)
    {
        if (bad.Body is not { } body)
            return null;
        var bytes = body switch
        {
            _ when body.StartsWith("latin1:", StringComparison.Ordinal) => Encoding.Latin1.GetBytes(body[7..]),
            _ when body.StartsWith("bytes:", StringComparison.Ordinal) => Convert.FromHexString(body[6..]),
            _ when body.StartsWith("chunked:", StringComparison.Ordinal) => Encoding.UTF8.GetBytes(body[8..]),
            _ => Encoding.UTF8.GetBytes(body),
        };
        var content = body.StartsWith("chunked:", StringComparison.Ordinal) ? new Chunked(bytes) : new ByteArrayContent(bytes);
        if (bad.Type.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", bad.Type);
        return content;
    }

    static (string, string)[] Headers(Bad bad, long version)
    {
        List<(string, string)> headers = [];
        if (bad.IfMatch is { } tag)
            headers.Add(("If-Match", tag.Replace("{version}", $"\"{version}\"", StringComparison.Ordinal).Replace("{v}", $"{version}", StringComparison.Ordinal)));
        if (bad.Key is { } key)
            headers.Add(("Idempotency-Key", key));
        return [.. headers];
    }

    /// <summary>Bytes whose number is not announced.</summary>
    sealed class Chunked(byte[] bytes) : ByteArrayContent(bytes)
    {
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
