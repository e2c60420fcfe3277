using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>The texts that are sent to something that is no ticket: which of them are sealed, and which stand in the open by design.</summary>
static class FieldsElsewhere
{
    const string Word = "A word of the house, a handle, a number or a time: letters, digits and a few signs, by which tickets, people and rules are sorted; the API takes nothing else there, or nothing that it does not know.";
    const string House = "How the organisation works, as it tells its staff and its customers. Its managers write it, about nobody; it is published, or offered to all of them.";
    const string Told = "Written to be read by everybody, on the status page; its form says so.";
    const string Program = "A program's id at the sign-in provider, by which its tokens are known.";

    /// <summary>Encrypted where they are kept, kept as a pseudonym, or kept nowhere. By operation, as the API describes them.</summary>
    public static readonly IReadOnlySet<string> Sealed = new HashSet<string>
    {
        "provisionPerson.userName", "provisionPerson.name", "provisionPerson.email", "provisionPerson.subject", "changePerson.userName", "changePerson.name", "changePerson.email",
        "issueToken.customerEmail", "recognise.text", "returnTickets.reason", "saveView.name",
        "previewBulk.action.severity.reason", "previewBulk.action.wait.note", "previewBulk.action.resolve.summary",
        "runBulk.action.severity.reason", "runBulk.action.wait.note", "runBulk.action.resolve.summary",
    };

    /// <summary>Readable by whoever reads the database, each with the reason why it may be.</summary>
    public static readonly IReadOnlyDictionary<string, string> Open = new Dictionary<string, string[]>
    {
        [Told] = ["publishIncident.message"],
        [Program] = ["issueToken.subject"],
        [House] =
        [
            "defineProduct.name", "defineLanguage.name", "defineContract.name", "defineContract.price", "defineDesk.name", "defineMacro.name", "defineMacro.replies",
            "defineRouting.fields", "defineRouting.rules.when.fields",
        ],
        [Word] =
        [
            "saveView.queue", "saveView.desk", "saveView.agent", "takeNext.desk", "issueToken.name", "issueToken.desks", "provisionPerson.handle", "provisionPerson.access.desks", "setAccess.desks",
            "completeTraining.training", "defineTrainings.trainings", "defineContractHolder.contract", "defineTeam.desk", "defineAgent.teams", "defineAgent.calendar",
            "previewBulk.tickets", "previewBulk.queue.queue", "previewBulk.queue.desk", "previewBulk.queue.agent",
            .. new[] { "previewBulk", "runBulk" }.SelectMany(bulk => new[] { "assign.agent", "assign.team", "triage.team", "tag.add", "tag.remove", "merge.into" }.Select(field => $"{bulk}.action.{field}")),
            "defineCalendar.zone", "defineCalendar.week", "defineCalendar.week (keys)", "defineCalendar.exceptions", "defineCalendar.exceptions (keys)", "defineCalendar.holidays", "defineCalendar.days",
            .. new[] { "firstResponse", "nextResponse", "firstPromise", "nextPromise", "callback", "callbackPromise" }.Select(kind => $"defineContract.targets.{kind}.time"),
            "defineContract.callback.time", "defineContract.callbackPromise.time", "defineContract.calendar", "defineContract.agent", "defineDesk.calendar", "defineDesk.contract", "defineDesk.channels (keys)",
            "defineRouting.rules.id", "defineRouting.rules.when.products", "defineRouting.rules.when.languages", "defineRouting.rules.when.contracts", "defineRouting.rules.when.fields (keys)",
            "defineRouting.rules.to.desk", "defineRouting.rules.to.team", "defineRouting.rules.to.agent", "defineRouting.fields (keys)",
            "defineRetention.rules.id", "defineRetention.rules.scope.products", "defineRetention.rules.scope.desks", "defineRetention.rules.scope.languages", "defineRetention.rules.scope.contracts",
            "defineMacro.replies (keys)", "defineMacro.steps.tags",
        ],
    }.SelectMany(reason => reason.Value.Select(field => (field, reason.Key))).ToDictionary();

    /// <summary>Every text of every body, as the OpenAPI document describes it; what can only be one of some words, an id or a time is none.</summary>
    public static IEnumerable<string> Texts(ApiOperation operation, JsonElement document) =>
        operation.Described.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json)
            ? Texts(json.GetProperty("schema"), document, operation.Id) : [];

    static IEnumerable<string> Texts(JsonElement schema, JsonElement document, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Texts(document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), document, path);
        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
            if (schema.TryGetProperty(choice, out var choices))
                return choices.EnumerateArray().SelectMany(c => Texts(c, document, path));
        if (schema.TryGetProperty("properties", out var properties))
            return properties.EnumerateObject().SelectMany(p => Texts(p.Value, document, $"{path}.{p.Name}"));
        if (schema.TryGetProperty("items", out var items))
            return Texts(items, document, path);
        if (schema.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object)
            return Texts(values, document, path).Append($"{path} (keys)");
        return IsText(schema) ? [path] : [];
    }

    static bool IsText(JsonElement schema) =>
        schema.TryGetProperty("type", out var type) && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(t => t.GetString() == "string") : type.GetString() == "string")
        && !schema.TryGetProperty("enum", out _) && !schema.TryGetProperty("format", out _);

    /// <summary>Sends the canary through all that are sealed, through what is asked for in addresses, and through what fails.</summary>
    public static async Task Send(RunningServer server, Api everyone, string canary)
    {
        foreach (var operation in (await ApiOperation.All(server)).Where(o => o.Described.TryGetProperty("requestBody", out _) && !o.Path.Contains("/tickets", StringComparison.Ordinal)))
            await operation.Call(everyone, Guid.CreateVersion7(), 1, new System.Text.Json.Nodes.JsonObject { [canary] = canary });
        await SendPeople(server, everyone, canary);
        (await everyone.Post("/api/privacy/recognition", new { text = $"{canary} 4111 1111 1111 1111" })).ShouldBe(HttpStatusCode.OK);
        (await everyone.Post("/api/tokens", new { name = "kims", roles = new[] { "customer" }, customerEmail = $"{canary}email@example.com", expiresInDays = 1 })).ShouldBe(HttpStatusCode.Created);
        (await everyone.Send(HttpMethod.Put, $"/api/views/{Guid.CreateVersion7()}", JsonContent.Create(new { name = $"{canary}view", queue = "open" }), ("If-None-Match", "*"))).ShouldBe(HttpStatusCode.Created).Text.ShouldContain($"{canary}view");
        (await everyone.Post("/api/roster/ann/return", new { reason = $"{canary}reason" })).ShouldBe(HttpStatusCode.OK);
        await SendBulk(everyone, new { severity = new { severity = "high", reason = $"{canary}reason" } });
        await SendBulk(everyone, new { wait = new { reason = "customer", note = $"{canary}note" } });
        await SendBulk(everyone, new { resolve = new { resolution = "answered", summary = $"{canary}summary" } });
        foreach (var address in new[] { $"/api/search?q={canary}", $"/api/search?q={canary}&before={canary}", $"/api/queues/open/tickets?agent={canary}", $"/api/reports/csat?agent={canary}",
            $"/api/reports/csat?groupBy={canary}", $"/api/events?after={canary}", $"/api/people?after={canary}", $"/search?q={canary}", $"/queues/open?agent={canary}", $"/subjects?email={canary}%40example.com" })
            await everyone.Get(address);
    }

    static async Task SendPeople(RunningServer server, Api everyone, string canary)
    {
        var details = new { userName = $"{canary}email@example.com", name = $"{canary}name", email = $"{canary}email@example.com" };
        var made = (await everyone.Post("/api/people", details)).ShouldBe(HttpStatusCode.Created);
        made.Text.ShouldContain($"{canary}name");
        (await everyone.Post("/api/people", details)).ShouldBe(HttpStatusCode.Conflict);
        (await everyone.Post("/api/people", new { userName = $"{canary}other@example.com", subject = canary })).ShouldBe(HttpStatusCode.Conflict); // nobody's subject where there is no provider
        (await everyone.Put($"/api/people/{made.Json.GetProperty("id").GetString()}", details with { name = $"{canary}other" }, 1)).ShouldBe(HttpStatusCode.OK).Text.ShouldContain($"{canary}other");
        var directory = await server.As(Role.Provisioner, "directory");
        var user = JsonSerializer.Serialize(new
        {
            schemas = new[] { "urn:ietf:params:scim:schemas:core:2.0:User" }, userName = $"{canary}scim@example.com", externalId = $"{canary}external", displayName = $"{canary}display",
            name = new { givenName = $"{canary}given", familyName = $"{canary}family" }, emails = new[] { new { value = $"{canary}scim@example.com", primary = true } }, active = true, title = canary,
        });
        (await directory.Send(HttpMethod.Post, "/scim/v2/Users", new StringContent(user, null, "application/scim+json"))).ShouldBe(HttpStatusCode.Created);
        (await directory.Send(HttpMethod.Post, "/scim/v2/Users", new StringContent(user, null, "application/scim+json"))).ShouldBe(HttpStatusCode.Conflict);
        await directory.Get($"/scim/v2/Users?filter={Uri.EscapeDataString($"userName eq \"{canary}scim@example.com\"")}");
    }

    static async Task SendBulk(Api everyone, object action)
    {
        var opened = await everyone.Open();
        (await everyone.Post("/api/bulk/preview", new { tickets = new[] { opened.Ticket.ToString() }, action })).ShouldBe(HttpStatusCode.OK);
        (await everyone.Post("/api/bulk", new { items = new[] { new { ticket = opened.Ticket, version = opened.Version } }, action })).ShouldBe(HttpStatusCode.OK).Text.ShouldContain("\"taken\"");
    }
}
