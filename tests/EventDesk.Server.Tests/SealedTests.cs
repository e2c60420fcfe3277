using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>R1: what people write is nowhere in plain form but in the answers to those who may read it.</summary>
public sealed class SealedTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>Fields that hold what people write, or who they are.</summary>
    internal static readonly HashSet<string> Personal = ["subject", "body", "name", "email", "reason", "note", "summary", "comment", "action", "contract"];

    /// <summary>Words of the house: they sort tickets and say nothing about anybody. A new field has to be put in one of the two lists.</summary>
    static readonly HashSet<string> Plain =
        ["product", "language", "channel", "severity", "line", "team", "agent", "until", "reached", "resolution", "category", "add", "remove", "escalate", "rating", "passages", "everywhere", "version", "field", "for"];

    [Fact]
    public async Task R1_a_canary_sent_through_every_field_of_the_api_is_in_no_table_wal_file_log_line_or_trace()
    {
        var canary = $"Kanarienvogel{Guid.CreateVersion7():N}";
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => spans.Enqueue($"{a.DisplayName} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Events.SelectMany(e => e.Tags))} {a.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);
        var everyone = new Api(server.Http, await server.Issue(new(
            "everyone", [.. Enum.GetValues<Role>().Where(r => r != Role.System)], TimeSpan.FromDays(1), CustomerEmail: $"{canary}email@example.com")));
        var (sent, read) = (0, new StringBuilder());
        foreach (var operation in (await ApiOperation.All(server)).Where(o => o.ExampleBody() is not null || o.TakesFile).Where(o => o.Path.Contains("/tickets", StringComparison.Ordinal)))
        {
            var (ticket, version) = await Prepared(everyone, operation.Id, canary);
            var body = operation.ExampleBody();
            if (body is not null)
                Fill(body, canary, operation.Id);
            var answer = await operation.Call(everyone, ticket, version, operation.TakesFile ? JsonValue.Create(canary) : body, $"{canary}.txt", key: $"key-{operation.Id}");
            ((int)answer.Status).ShouldBeInRange(200, 299, $"{operation.Id}: {answer.Text}");
            sent++;
            if (operation.Id == "openTicket")
                ticket = answer.Ticket;
            read.Append((await everyone.Get($"/api/tickets/{ticket}/events")).Text);
            // Also what fails may carry it: a stale version, and a body that is faulty.
            await operation.Call(everyone, ticket, 1, operation.TakesFile ? JsonValue.Create(canary) : body, $"{canary}.txt");
            await everyone.Post(operation.Path.Replace("{ticket}", ticket.ToString(), StringComparison.Ordinal), new Dictionary<string, string> { [canary] = canary }, 1);
        }
        sent.ShouldBeGreaterThan(17);
        foreach (var field in Personal.Where(f => f is not ("name" or "contract")))
            read.ToString().ShouldContain(canary + field);
        (await everyone.Get("/api/queues/open/tickets?limit=200")).Text.ShouldContain(canary + "subject");

        (await InDatabase(canary)).ShouldBeEmpty();
        (await InWal(canary)).ShouldBeEmpty();
        spans.Count.ShouldBeGreaterThan(sent);
        spans.Where(s => s.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        server.LogLines.Count.ShouldBeGreaterThan(0);
        server.LogLines.Where(l => l.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    internal static void Fill(JsonNode body, string canary, string operation)
    {
        foreach (var (name, value) in body.AsObject().ToList())
        {
            if (value is JsonObject inner)
                Fill(inner, canary, operation);
            else if (operation == "startWaiting" && name == "reason")
                continue; // one of three words
            else if (operation == "changeContract" && name == "contract")
                continue; // the id of a plan
            else if (operation == "purge" && name == "reason")
                continue; // a word
            else if (name == "until")
                body[name] = "2999-01-01T00:00:00Z";
            else if (Personal.Contains(name))
                body[name] = name == "email" ? $"{canary}email@example.com" : canary + name;
            else
                Plain.ShouldContain(name, "say whether this field holds personal text");
        }
    }

    /// <summary>A ticket on which the operation succeeds.</summary>
    internal static async Task<(Guid Ticket, long Version)> Prepared(Api everyone, string operation, string canary)
    {
        if (operation == "callBack")
            await CloseADesk(everyone);
        var opened = await everyone.Open(
            channel: operation switch { "triage" => "portal", "callBack" => "phone", _ => "api" }, email: $"{canary}email@example.com",
            language: operation == "callBack" ? "nn" : "en");
        var (path, v) = ($"/api/tickets/{opened.Ticket}", opened.Version);
        async Task Step(string what, object body) => v = (await everyone.Post($"{path}/{what}", body, v)).ShouldBe(System.Net.HttpStatusCode.OK).Version;

        if (operation == "unassign")
            await Step("assignment", new { agent = "ann" });
        if (operation is "escalate" or "deEscalate" or "evaluateEscalation" or "declareUnresolvable")
            await Step("severity-assessments", new { severity = "high" });
        if (operation is "deEscalate" or "evaluateEscalation" or "declareUnresolvable")
            await Step("escalations", new { reason = "up" });
        if (operation == "declareUnresolvable")
        {
            await Step("severity-assessments", new { severity = "high" });
            await Step("management-evaluations", new { escalate = true, reason = "yes" });
            await Step("escalations", new { reason = "up" });
        }
        if (operation is "reopen" or "giveFeedback" or "reviewFeedback")
            await Step("resolution", new { resolution = "fixed" });
        if (operation == "purge")
            await Step("resolution", new { resolution = "fixed" });
        if (operation == "approveReveal")
            await everyone.Put("/api/organisation/privacy", new { revealNeedsSecondPerson = true }, 0);
        if (operation is "reveal" or "approveReveal")
            await Step("redactions", new { passages = new[] { new { version = 1, field = "body", start = 0, length = 5 } }, reason = "r" });
        if (operation == "approveReveal")
        {
            var otto = everyone.With((await everyone.Post("/api/tokens", new { name = "otto", roles = new[] { "privacyOfficer" }, expiresInDays = 1 })).Json.GetProperty("text").GetString()!);
            v = (await otto.Post($"{path}/reveals", new { version = 1, field = "body", reason = canary + "reason" }, v)).ShouldBe(System.Net.HttpStatusCode.Accepted).Version;
        }
        if (operation == "reviewFeedback")
            await Step("feedback", new { rating = 4, comment = "ok" });
        if (operation == "liftLegalHold")
            await Step("legal-holds", new { reason = "case" });
        return (opened.Ticket, v);
    }

    /// <summary>A call there is voicemail at any time of the day.</summary>
    static async Task CloseADesk(Api administrator)
    {
        if ((await administrator.Get("/api/organisation")).Text.Contains("\"never\"", StringComparison.Ordinal))
            return; // closed already
        await administrator.Put("/api/organisation/languages/nn", new { name = "Nynorsk" }, 0);
        await administrator.Put("/api/organisation/calendars/never", new { zone = "Europe/Oslo", week = new { } }, 0);
        (await administrator.Put("/api/organisation/desks/billing/nn", new { calendar = "never", contract = "standard" }, 0)).ShouldBe(System.Net.HttpStatusCode.Created);
    }

    /// <summary>The tables that show it, whatever the type of their columns.</summary>
    async Task<List<string>> InDatabase(string canary)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        List<string> tables = [], found = [];
        await using (var command = new NpgsqlCommand("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')", connection))
        await using (var row = await command.ExecuteReaderAsync())
            while (await row.ReadAsync())
                tables.Add(row.GetString(0));
        tables.Count.ShouldBeGreaterThan(8);
        var forms = Forms(canary);
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"select count(*) from {table} t where exists (select from unnest($1::text[]) f where position(lower(f) in lower(t::text)) > 0)", connection);
            command.Parameters.AddWithValue(forms);
            if ((long)(await command.ExecuteScalarAsync())! > 0)
                found.Add(table);
        }
        return found;
    }

    /// <summary>As text, as the hex of a bytea, and the three ways it can stand inside base64.</summary>
    static string[] Forms(string canary)
    {
        var bytes = Encoding.UTF8.GetBytes(canary);
        return
        [
            canary, Convert.ToHexString(bytes).ToLowerInvariant(),
            .. Enumerable.Range(0, 3).Select(shift => Convert.ToBase64String([.. new byte[shift], .. bytes]) is var text ? text[4..^4] : ""),
        ];
    }

    /// <summary>The WAL files that show it; where the server lets its files be read.</summary>
    async Task<List<string>> InWal(string canary)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select name from pg_ls_waldir() where modification > now() - interval '1 hour' and position(convert_to($1, 'UTF8') in pg_read_binary_file('pg_wal/' || name)) > 0", connection);
        command.CommandTimeout = 60;
        command.Parameters.AddWithValue(canary);
        List<string> found = [];
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add(row.GetString(0));
        return found;
    }
}
