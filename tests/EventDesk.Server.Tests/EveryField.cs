using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>Sends a canary through every field of the API, and looks for it in every table.</summary>
static class EveryField
{
    /// <summary>Fields that hold what people write, or who they are.</summary>
    public static readonly HashSet<string> Personal = ["subject", "body", "name", "email", "reason", "note", "summary", "comment", "action", "contract"];

    /// <summary>Words of the house: they sort tickets and say nothing about anybody. A new field has to be put in one of the two lists.</summary>
    static readonly HashSet<string> Plain =
        ["product", "language", "channel", "severity", "line", "team", "agent", "until", "reached", "resolution", "category", "add", "remove", "escalate", "rating", "passages", "everywhere", "version", "field", "expiresOn", "for", "into", "other", "kind", "macro", "steps", "writing", "screen"];

    /// <summary>Calls every operation on tickets that takes a body or a file, each on a ticket of its own, with the canary wherever people write.</summary>
    /// <param name="sent">What is to be done after each call: the operation, its body, the ticket.</param>
    public static async Task<int> Send(IEnumerable<ApiOperation> operations, Api everyone, string canary, Func<ApiOperation, JsonNode?, Guid, Task> sent)
    {
        var calls = 0;
        foreach (var operation in operations.Where(o => o.ExampleBody() is not null || o.TakesFile).Where(o => o.Path.Contains("/tickets", StringComparison.Ordinal)))
        {
            var (ticket, version) = await Prepared(everyone, operation.Id, canary);
            var body = operation.ExampleBody();
            if (body is not null)
                Fill(body, canary, operation.Id);
            foreach (var named in new[] { "into", "other" }.Where(n => body?.AsObject().ContainsKey(n) == true))
                body![named] = (await everyone.Open(email: $"{canary}email@example.com")).Ticket.ToString();
            body = operation.TakesFile ? JsonValue.Create(canary) : body;
            var answer = await operation.Call(everyone, ticket, version, body, $"{canary}.txt", key: $"key-{Guid.CreateVersion7():N}");
            ((int)answer.Status).ShouldBeInRange(200, 299, $"{operation.Id}: {answer.Text}");
            calls++;
            await sent(operation, body, operation.Id == "openTicket" ? answer.Ticket : ticket);
        }
        return calls;
    }

    static void Fill(JsonNode body, string canary, string operation)
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
    static async Task<(Guid Ticket, long Version)> Prepared(Api everyone, string operation, string canary)
    {
        if (operation == "callBack")
            await CloseADesk(everyone);
        var opened = await everyone.Open(
            channel: operation switch { "triage" => "portal", "callBack" => "phone", _ => "api" }, email: $"{canary}email@example.com",
            language: operation == "callBack" ? "nn" : "en");
        var (path, v) = ($"/api/tickets/{opened.Ticket}", opened.Version);
        async Task Step(string what, object body) => v = (await everyone.Post($"{path}/{what}", body, v)).ShouldBe(HttpStatusCode.OK).Version;

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
            v = (await otto.Post($"{path}/reveals", new { version = 1, field = "body", reason = canary + "reason" }, v)).ShouldBe(HttpStatusCode.Accepted).Version;
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
        (await administrator.Put("/api/organisation/desks/billing/nn", new { calendar = "never", contract = "standard" }, 0)).ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>The tables that show it, whatever the type of their columns.</summary>
    public static async Task<List<string>> InTables(string connectionString, string canary)
    {
        await using var connection = new NpgsqlConnection(connectionString);
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
    public static string[] Forms(string canary)
    {
        var bytes = Encoding.UTF8.GetBytes(canary);
        return
        [
            canary, Convert.ToHexString(bytes).ToLowerInvariant(),
            .. Enumerable.Range(0, 3).Select(shift => Convert.ToBase64String([.. new byte[shift], .. bytes]) is var text ? text[4..^4] : ""),
        ];
    }
}
