using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>Through HTTP, on a desk that is never open, so that the time of day does not matter.</summary>
public sealed class OutOfHoursTests(OutOfHoursTests.ClosedDesk server) : IClassFixture<OutOfHoursTests.ClosedDesk>
{
    [Fact]
    public async Task B4_A_call_to_a_closed_desk_is_owed_a_call_back_until_somebody_was_reached()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open(language: "nn", channel: "phone");
        var path = $"/api/tickets/{opened.Ticket}";
        Types(await agent.Get($"{path}/events")).ShouldBe(["ticket_opened", "confirmation_issued", "callback_requested", "sla_target_set"]);
        (await agent.Get(path)).Json.GetProperty("callback").GetProperty("attempts").GetInt32().ShouldBe(0);
        var row = Rows(await agent.Get("/api/queues/callbacks/tickets?desk=billing/nn&limit=200")).Single(r => r.GetProperty("id").GetGuid() == opened.Ticket);
        row.GetProperty("callback").GetProperty("due").GetDateTimeOffset().ShouldBe(row.GetProperty("due").GetDateTimeOffset());
        var clocks = (await agent.Get($"{path}/clocks")).Json.GetProperty("clocks").EnumerateArray().Select(c => c.GetProperty("kind").GetString());
        clocks.ShouldBe(["firstResponse", "callback"]);
        (await agent.Get("/api/sla")).Json.GetProperty("callbacksOwed").GetInt64().ShouldBeGreaterThan(0);

        var missed = (await agent.Post($"{path}/callbacks", new { reached = false, note = "Busy." }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Get(path)).Json.GetProperty("callback").GetProperty("attempts").GetInt32().ShouldBe(1);
        var reached = (await agent.Post($"{path}/callbacks", new { reached = true }, missed.Version, key: "called")).ShouldBe(HttpStatusCode.OK);
        (await agent.Post($"{path}/callbacks", new { reached = true }, missed.Version, key: "called")).Version.ShouldBe(reached.Version);
        (await agent.Get(path)).Json.TryGetProperty("callback", out _).ShouldBeFalse();
        (await agent.Get($"{path}/clocks/2")).Json.GetProperty("stoppedBy").GetString().ShouldBe("callback");
        Rows(await agent.Get("/api/queues/callbacks/tickets?desk=billing/nn&limit=200")).ShouldNotContain(r => r.GetProperty("id").GetGuid() == opened.Ticket);
        (await agent.Post($"{path}/callbacks", new { reached = true }, reached.Version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("no_callback_owed");
    }

    [Fact]
    public async Task B4_A_call_on_a_ticket_there_is_and_mail_are_taken_the_same_way()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer, "night"));
        var opened = await agent.Open(language: "nn", email: "night@example.com", channel: "email");
        var path = $"/api/tickets/{opened.Ticket}";
        Types(await agent.Get($"{path}/events")).ShouldContain("mail_collected");
        (await customer.Get(path)).Json.TryGetProperty("collectedAt", out _).ShouldBeTrue();
        Rows(await agent.Get("/api/queues/unassigned/tickets?desk=billing/nn&limit=200")).Single(r => r.GetProperty("id").GetGuid() == opened.Ticket)
            .GetProperty("collected").GetBoolean().ShouldBeTrue();
        var called = await agent.Post($"{path}/customer-messages", new { body = "Call me.", channel = "phone" }, opened.Version);
        called.ShouldBe(HttpStatusCode.OK);
        (await customer.Get(path)).Json.GetProperty("callback").TryGetProperty("since", out _).ShouldBeTrue();
        (await customer.Post($"{path}/callbacks", new { reached = true }, called.Version)).ShouldBe(HttpStatusCode.Forbidden);
        var answered = await agent.Post($"{path}/replies", new { body = "We will call." }, called.Version);
        (await agent.Get(path)).Json.TryGetProperty("collectedAt", out _).ShouldBeFalse();
        answered.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task B4_A_call_to_an_open_desk_owes_nothing()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open(channel: "phone");
        Types(await agent.Get($"/api/tickets/{opened.Ticket}/events")).ShouldNotContain("callback_requested");
        (await agent.Get($"/api/tickets/{opened.Ticket}")).Json.TryGetProperty("callback", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task D1_The_queue_of_owed_calls_is_that_of_now_and_counted_beside_the_others()
    {
        var agent = await server.As(Role.Agent);
        (await agent.Get("/api/queues")).Json.GetProperty("queues").EnumerateArray().Select(q => q.GetProperty("queue").GetString()).ShouldContain("callbacks");
        (await agent.Get("/api/queues/callbacks/tickets?asOf=2026-03-02T09:30:00Z")).ShouldBe(HttpStatusCode.BadRequest)
            .Json.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("not_kept");
    }

    [Theory]
    [InlineData("chat", "coming soon")]
    [InlineData("portal", "not offered")]
    public async Task B1_A_way_in_the_desk_does_not_offer_is_refused_to_customers_and_the_answer_says_which_are_open(string channel, string why)
    {
        var customer = await server.As(Role.Customer, "visitor");
        var before = await server.EventCount();
        var refused = (await customer.Post("/api/tickets", Ticket(channel))).ShouldBe(HttpStatusCode.Conflict);
        refused.Code.ShouldBe("channel_not_offered");
        refused.Json.GetProperty("detail").GetString()!.ShouldContain(why);
        refused.Json.GetProperty("offered").EnumerateArray().Select(c => c.GetString()).ShouldBe(["guide", "phone", "email"]);
        (await server.EventCount()).ShouldBe(before);
        var hours = (await customer.Get("/api/hours?language=nn")).Json.GetProperty("desks")[0].GetProperty("channels");
        (hours.GetProperty("chat").GetString(), hours.GetProperty("portal").GetString(), hours.GetProperty("phone").GetString()).ShouldBe(("comingSoon", "no", "yes"));
    }

    [Fact]
    public async Task B1_What_staff_write_down_or_a_program_sends_is_taken_whatever_the_desk_offers()
    {
        var (agent, program, customer) = (await server.As(Role.Agent), await server.As(Role.System), await server.As(Role.Customer, "visitor"));
        (await agent.Post("/api/tickets", Ticket("chat"))).ShouldBe(HttpStatusCode.Created);
        (await program.Post("/api/tickets", Ticket("portal"))).ShouldBe(HttpStatusCode.Created);
        (await customer.Post("/api/tickets", Ticket("api"))).ShouldBe(HttpStatusCode.Created);
        (await customer.Post("/api/tickets", Ticket("portal", "en"))).ShouldBe(HttpStatusCode.Created);
    }

    static object Ticket(string channel, string language = "nn") =>
        new { product = "billing", language, channel, requester = new { email = "visitor@example.com" }, subject = "Invoice missing", body = "I got no invoice in May." };

    static IEnumerable<string?> Types(Answer history) =>
        history.ShouldBe(HttpStatusCode.OK).Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString());

    static IEnumerable<JsonElement> Rows(Answer page) => page.ShouldBe(HttpStatusCode.OK).Json.GetProperty("tickets").EnumerateArray();

    /// <summary>The sample organisation and a desk that is closed on every day of the week, made through the API.</summary>
    public sealed class ClosedDesk : RunningServer, IAsyncLifetime
    {
        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            var admin = await As(Role.Administrator);
            (await admin.Put("/api/organisation/languages/nn", new { name = "Nynorsk" }, 0)).ShouldBe(HttpStatusCode.Created);
            (await admin.Put("/api/organisation/calendars/never", new { zone = "Europe/Oslo", week = new { } }, 0)).ShouldBe(HttpStatusCode.Created);
            var target = new { severity = "standard", firstResponse = new { time = "8h" } };
            (await admin.Put("/api/organisation/contracts/night", new { name = "Night", targets = new[] { target }, callback = new { time = "2h" } }, 0)).ShouldBe(HttpStatusCode.Created);
            var channels = new { portal = "no", chat = "comingSoon" };
            (await admin.Put("/api/organisation/desks/billing/nn", new { calendar = "never", contract = "night", channels }, 0)).ShouldBe(HttpStatusCode.Created);
        }
    }
}
