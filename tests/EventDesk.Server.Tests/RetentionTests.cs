using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>R5 through HTTP: rules, what they would do, doing it, and people who ask to be removed.</summary>
public sealed class RetentionTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>Writes further rules on top of whatever version there is.</summary>
    async Task<Answer> Define(object rules, long? version = null)
    {
        var administrator = await server.As(Role.Administrator);
        version ??= (await administrator.Get("/api/organisation")).Json.GetProperty("retention").GetProperty("version").GetInt64();
        return await administrator.Put("/api/organisation/retention", rules, version);
    }

    static object Asked(string product) => new { rules = new[] { new { id = "asked-now", trigger = "customerRequest", action = "purge", days = 0, scope = new { products = new[] { product } } } } };

    [Fact]
    public async Task R5_a_request_is_shown_in_the_preview_and_done_by_a_run_and_the_event_names_the_rule_and_its_version()
    {
        var (agent, officer) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer));
        var opened = (await agent.Open(email: "retained@example.com", product: "cloud")).ShouldBe(HttpStatusCode.Created);
        var path = $"/api/tickets/{opened.Ticket}";
        var customer = (await agent.Get(path)).Json.GetProperty("requester").GetProperty("id").GetGuid();
        var resolved = (await agent.Post($"{path}/resolution", new { resolution = "fixed" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var version = (await Define(Asked("billing"))).ShouldBe(HttpStatusCode.OK).Version;
        (await officer.Post($"/api/customers/{customer}/erasure-requests", null)).ShouldBe(HttpStatusCode.Created).Json.GetProperty("customer").GetGuid().ShouldBe(customer);
        (await officer.Post($"/api/customers/{Guid.CreateVersion7()}/erasure-requests", null)).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("customer_not_found");
        (await agent.Post($"/api/customers/{customer}/erasure-requests", null)).ShouldBe(HttpStatusCode.Forbidden);

        // Nobody but this test has a rule for the product; on hold it stays, whoever runs.
        (await officer.Post($"{path}/legal-holds", new { reason = "court" }, resolved.Version)).ShouldBe(HttpStatusCode.OK);
        version = (await Define(Asked("cloud"), version)).ShouldBe(HttpStatusCode.OK).Version;
        JsonElement shown = default;
        // The view behind it follows: the wish first, the hold a moment later.
        await Eventually.Be(async () => (shown = (await officer.Get("/api/retention/preview")).ShouldBe(HttpStatusCode.OK).Json).GetProperty("totals").GetProperty("held").GetInt64() == 1, "it is due and held");
        var due = shown.GetProperty("tickets")[0];
        (due.GetProperty("ticket").GetGuid(), due.GetProperty("rule").GetString(), due.GetProperty("ruleVersion").GetInt64(), due.GetProperty("action").GetString(), due.GetProperty("held").GetBoolean())
            .ShouldBe((opened.Ticket, "retention/asked-now", version, "purge", true));
        due.GetProperty("why").GetString()!.ShouldStartWith("The customer asked to be forgotten on ");
        shown.GetProperty("totals").GetProperty("held").GetInt64().ShouldBe(1);
        (await officer.Post("/api/retention/runs", null)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("held").GetInt64().ShouldBe(1);

        (await officer.Delete($"{path}/legal-holds", new { reason = "over" }, resolved.Version + 1)).ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () =>
        {
            (await officer.Post("/api/retention/runs", null)).ShouldBe(HttpStatusCode.OK);
            return (await agent.Get(path)).Json.GetProperty("status").GetString() == "purged";
        }, "it was purged");
        var last = (await (await server.As(Role.Auditor)).Get($"{path}/events")).Json.GetProperty("events").EnumerateArray().Last();
        (last.GetProperty("type").GetString(), last.GetProperty("rule").GetProperty("id").GetString(), last.GetProperty("rule").GetProperty("version").GetInt64())
            .ShouldBe(("ticket_purged", "retention/asked-now", version));
    }

    [Fact]
    public async Task R5_rules_that_cannot_be_meant_are_refused_with_the_reason()
    {
        var refused = (await Define(new { rules = new object[] { new { id = "r", trigger = "sinceResolved", action = "purge" }, new { id = "s", trigger = "expires", action = "purge", scope = new { products = new[] { "none" } } } } }))
            .ShouldBe(HttpStatusCode.Conflict).Text;
        refused.ShouldContain("Retention rule r does not say after how many days.");
        refused.ShouldContain("Retention rule s names the unknown product \\\"none\\\".");
        (await Define(new { rules = new object[] { new { id = "r", trigger = "since", action = "purge" } } })).ShouldBe(HttpStatusCode.BadRequest);
        (await Define(Asked("billing"), 99)).ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task R5_a_day_is_set_on_a_ticket_with_a_reason_and_not_in_the_past()
    {
        var (agent, officer) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer));
        var opened = await agent.Open();
        var path = $"/api/tickets/{opened.Ticket}/retention";
        (await agent.Post(path, new { expiresOn = "2999-01-01", reason = "r" }, opened.Version)).ShouldBe(HttpStatusCode.Forbidden);
        (await officer.Post(path, new { expiresOn = "2020-01-01", reason = "r" }, opened.Version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("expiry_in_the_past");
        (await officer.Post(path, new { expiresOn = "2999-01-01" }, opened.Version)).ShouldBe(HttpStatusCode.BadRequest);
        var set = (await officer.Post(path, new { expiresOn = "2999-01-01", reason = "r" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        (await officer.Post(path, new { reason = "r" }, set.Version)).ShouldBe(HttpStatusCode.OK).Version.ShouldBe(set.Version + 1);
        (await officer.Get("/api/retention/preview?at=2020-01-01T00:00:00Z")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task R5_whoever_asks_is_removed_and_nothing_says_any_more_who_they_were()
    {
        var administrator = await server.As(Role.Administrator);
        var person = (await administrator.Post("/api/people", new { userName = "removed@example.com", name = "Kanarienvogel Removed", email = "removed@example.com" })).ShouldBe(HttpStatusCode.Created);
        var path = $"/api/people/{person.Json.GetProperty("id").GetGuid()}";
        (await (await server.As(Role.PrivacyOfficer)).Delete(path)).ShouldBe(HttpStatusCode.Forbidden);
        (await administrator.Delete(path)).ShouldBe(HttpStatusCode.NoContent);
        var left = (await administrator.Get(path)).ShouldBe(HttpStatusCode.OK);
        left.Text.ShouldNotContain("Kanarienvogel");
        left.Json.GetProperty("active").GetBoolean().ShouldBeFalse();
        (await administrator.Delete($"/api/people/{Guid.CreateVersion7()}")).ShouldBe(HttpStatusCode.NotFound);
    }
}
