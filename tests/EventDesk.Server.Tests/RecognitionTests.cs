using System.Net;
using System.Text;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

public sealed class RecognitionTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string Path = "/api/privacy/recognition";

    [Fact]
    public async Task R2_a_form_is_told_while_typing_what_not_to_send()
    {
        var customer = await server.As(Role.Customer);
        var answer = (await customer.Post(Path, new { text = "🙂 My card is 4111 1111 1111 1111, PESEL 44051401359, hasło: Kotek12" })).ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe("""
            {"findings":[{"kind":"paymentCard","start":13,"length":19,"hint":"do_not_send_card_number"},{"kind":"pesel","start":40,"length":11,"hint":"do_not_send_national_id"},{"kind":"password","start":60,"length":7,"hint":"do_not_send_password"}]}
            """);
        (await customer.Post(Path, new { text = "" })).ShouldBe(HttpStatusCode.OK).Json.GetProperty("findings").GetArrayLength().ShouldBe(0);
        (await new Api(server.Http, null).Post(Path, new { text = "x" })).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task R2_the_text_of_a_form_is_nowhere_afterwards()
    {
        var canary = $"Kanarienvogel{Guid.CreateVersion7():N}";
        var (customer, before) = (await server.As(Role.Customer), await server.EventCount());
        (await customer.Post(Path, new { text = $"password: {canary}1!" })).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("Kanarienvogel");
        (await customer.Post(Path, new { text = 17, canary })).ShouldBe(HttpStatusCode.BadRequest);
        (await server.EventCount()).ShouldBe(before);
        server.LogLines.ShouldNotBeEmpty();
        server.LogLines.Where(l => l.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task R2_a_long_text_is_refused_by_its_size()
    {
        var customer = await server.As(Role.Customer);
        (await customer.Post(Path, new { text = new string('x', 20_000) })).ShouldBe(HttpStatusCode.OK);
        (await customer.Post(Path, new { text = new string('x', 20_001) })).ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("too_long");
        (await customer.Post(Path, new { text = new string('x', 21_000) })).ShouldBe(HttpStatusCode.RequestEntityTooLarge).Text.ShouldContain("20480");
        // Without a length said beforehand, too.
        var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 21_000)}\"}}"))) { Headers = { { "Content-Type", "application/json" } } };
        (await customer.Send(HttpMethod.Post, Path, chunked, ("Transfer-Encoding", "chunked"))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task R2_staff_see_what_to_redact_and_where_and_only_who_may_read_the_ticket()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer));
        var opened = await agent.Open(subject: "Refund to DE89 3704 0044 0532 0130 00");
        var path = $"/api/tickets/{opened.Ticket}";
        var replied = await agent.Post($"{path}/replies", new { body = "🙂🙂 Your password is Sommer2024!" }, opened.Version);
        var noted = await agent.Post($"{path}/notes", new { body = "Order 4111111111111111 is on its way." }, replied.Version);

        var hints = (await agent.Get($"{path}/hints")).ShouldBe(HttpStatusCode.OK);
        hints.Json.GetProperty("hints").EnumerateArray().Select(h =>
            $"{h.GetProperty("version")} {h.GetProperty("field")} {h.GetProperty("kind")} {h.GetProperty("start")}+{h.GetProperty("length")} {h.GetProperty("hint")}")
            .ShouldBe(["1 subject iban 10+27 do_not_send_bank_account", $"{replied.Version} body password 20+11 do_not_send_password"]);
        hints.Text.ShouldNotContain("Sommer");

        (await customer.Get($"{path}/hints")).ShouldBe(HttpStatusCode.Forbidden);
        (await (await server.As(Role.Agent, "ola", ["mobile/pl"])).Get($"{path}/hints")).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("ticket_not_found");
        (await (await server.As(Role.PrivacyOfficer)).Get($"/api/tickets/{opened.Json.GetProperty("number")}/hints")).ShouldBe(HttpStatusCode.OK);
        (await agent.Get("/api/tickets/999999999/hints")).ShouldBe(HttpStatusCode.NotFound);

        // One click: a hint is the passage a redaction takes.
        var passages = hints.Json.GetProperty("hints").EnumerateArray().Select(h => new
        {
            version = h.GetProperty("version").GetInt64(), field = h.GetProperty("field").GetString(), start = h.GetProperty("start").GetInt32(), length = h.GetProperty("length").GetInt32(),
        });
        (await agent.Post($"{path}/redactions", new { passages, reason = "Not to be kept" }, noted.Version)).ShouldBe(HttpStatusCode.OK);
        (await agent.Get($"{path}/hints")).Json.GetProperty("hints").GetArrayLength().ShouldBe(0);
        var history = (await agent.Get($"{path}/events")).Text;
        history.ShouldContain("Refund to ********\"");
        history.ShouldContain("Your password is ********\"");
    }
}
