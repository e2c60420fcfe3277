using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>A9: canned replies through HTTP.</summary>
public sealed class MacroTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly Dictionary<string, string> Texts = new() { ["en"] = "Hello {{requester.name}}, about {{ticket.number}}. {{agent}}" };

    async Task<string> Define(object? steps = null, bool retired = false)
    {
        var id = $"m{Guid.CreateVersion7():N}";
        (await (await server.As(Role.Administrator)).Put($"/api/organisation/macros/{id}", new { name = "A macro", replies = Texts, steps, retired }, 0)).ShouldBe(HttpStatusCode.Created);
        return id;
    }

    static async Task<JsonElement[]> Events(Api who, Answer opened) =>
        [.. (await who.Get($"/api/tickets/{opened.Ticket}/events")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("events").EnumerateArray()];

    [Fact]
    public async Task A9_A_macro_answers_in_the_tickets_words_and_its_id_and_version_stand_on_the_events()
    {
        var agent = await server.As(Role.Agent);
        var id = await Define(new { tags = new[] { "canned" }, resolve = "answered" });
        (await (await server.As(Role.Administrator)).Put($"/api/organisation/macros/{id}", new { name = "Renamed", replies = Texts, steps = new { tags = new[] { "canned" }, resolve = "answered" } }, 1)).ShouldBe(HttpStatusCode.OK);
        var opened = await agent.Open();
        var sent = (await agent.Post($"/api/tickets/{opened.Ticket}/macros", new { macro = id }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var number = sent.Json.GetProperty("number").GetInt64();
        var events = (await Events(agent, opened)).Where(e => e.GetProperty("version").GetInt64() > opened.Version).ToArray();
        events.Select(e => e.GetProperty("type").GetString()).ShouldBe(["reply_sent", "ticket_tagged", "ticket_resolved"]);
        events[0].GetProperty("data").GetProperty("body").GetString().ShouldBe($"Hello, about #{number}. agent");
        events.ShouldAllBe(e => e.GetProperty("rule").GetProperty("id").GetString() == $"macro/{id}" && e.GetProperty("rule").GetProperty("version").GetInt32() == 2);
        events[0].GetProperty("actor").GetProperty("id").GetString().ShouldBe("agent");
    }

    [Fact]
    public async Task A9_The_answer_may_be_changed_and_sent_without_the_steps()
    {
        var agent = await server.As(Role.Agent);
        var id = await Define(new { resolve = "answered" });
        var opened = await agent.Open();
        (await agent.Post($"/api/tickets/{opened.Ticket}/macros", new { macro = id, body = "In my own words.", steps = false }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var events = await Events(agent, opened);
        (events[^1].GetProperty("type").GetString(), events[^1].GetProperty("data").GetProperty("body").GetString()).ShouldBe(("reply_sent", "In my own words."));
    }

    [Fact]
    public async Task S2_A_macro_does_nothing_that_its_sender_may_not()
    {
        var (agent, manager) = (await server.As(Role.Agent), await server.As(Role.Manager));
        var id = await Define(new { tags = new[] { "x" } });
        var opened = await agent.Open();
        (await manager.Post($"/api/tickets/{opened.Ticket}/macros", new { macro = id }, opened.Version)).ShouldBe(HttpStatusCode.Forbidden);
        (await manager.Post($"/api/tickets/{opened.Ticket}/macros", new { macro = id, steps = false }, opened.Version)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A9_A_retired_or_unknown_macro_is_refused_and_customers_see_none()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer, "kim"));
        var opened = await agent.Open();
        async Task<string?> Send(string macro) => (await agent.Post($"/api/tickets/{opened.Ticket}/macros", new { macro }, opened.Version)).ShouldBe(HttpStatusCode.Conflict).Code;
        var id = await Define(retired: true);
        (await Send(id), await Send("nothing-like-it")).ShouldBe(("macro_retired", "unknown_macro"));
        (await agent.Get("/api/organisation")).Json.GetProperty("macros").EnumerateArray().ShouldContain(m => m.GetProperty("id").GetString() == id);
        (await customer.Get("/api/organisation")).Json.TryGetProperty("macros", out _).ShouldBeFalse();
        (await customer.Get($"/api/organisation/versions?of=macro/{id}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A9_A_placeholder_that_nobody_knows_is_refused_by_name()
    {
        var admin = await server.As(Role.Administrator);
        var refused = await admin.Put("/api/organisation/macros/odd", new { name = "Odd", replies = new { en = "Dear {{customer}}" } }, 0);
        var fault = refused.ShouldBe(HttpStatusCode.BadRequest).Json.GetProperty("errors")[0];
        (fault.GetProperty("field").GetString(), fault.GetProperty("detail").GetString()).ShouldBe(
            ("/replies/en", "The placeholder {{customer}} is unknown; there are {{ticket.number}}, {{requester.name}}, {{agent}}."));
        (await admin.Put("/api/organisation/macros/odd", new { name = "Odd", replies = new { xx = "Hi" } }, 0)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("organisation_at_odds");
    }
}
