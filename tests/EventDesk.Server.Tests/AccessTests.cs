using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

public sealed class AccessTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task S1_a_token_opens_until_it_is_revoked_and_its_text_is_stored_nowhere()
    {
        var administrator = await server.As(Role.Administrator);
        var issued = (await administrator.Post("/api/tokens", new { name = "robot", roles = new[] { "agent" }, desks = new[] { "billing/en" }, lines = new[] { "l1" } }))
            .ShouldBe(HttpStatusCode.Created).Json;
        var (text, id) = (issued.GetProperty("text").GetString()!, issued.GetProperty("token").GetProperty("id").GetGuid());
        var robot = new Api(server.Http, text);
        (await robot.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        (await server.Scalar($"select count(*) from mt_events where data::text like '%{text}%'")).ShouldBe(0);
        (await server.Scalar($"select count(*) from api_token t where t::text like '%{text[4..]}%'")).ShouldBe(0);

        (await administrator.Delete($"/api/tokens/{id}")).ShouldBe(HttpStatusCode.NoContent);
        (await robot.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await administrator.Delete($"/api/tokens/{id}")).ShouldBe(HttpStatusCode.NoContent);
        var listed = await Listed(administrator);
        listed[id].TryGetProperty("revokedAt", out _).ShouldBeTrue();
    }

    static async Task<Dictionary<Guid, System.Text.Json.JsonElement>> Listed(Api administrator)
    {
        Dictionary<Guid, System.Text.Json.JsonElement> all = [];
        for (var next = "/api/tokens?limit=2"; next is not null;)
        {
            var page = (await administrator.Get(next)).ShouldBe(HttpStatusCode.OK).Json;
            foreach (var token in page.GetProperty("tokens").EnumerateArray())
                all.Add(token.GetProperty("id").GetGuid(), token);
            next = page.TryGetProperty("next", out var address) ? address.GetString() : null;
        }
        return all;
    }

    [Fact]
    public async Task S4_a_revocation_on_another_node_holds_here_within_a_second()
    {
        var text = await server.Issue(new("elsewhere", [Role.Agent], TimeSpan.FromDays(1)));
        var api = new Api(server.Http, text);
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        await using var other = ServerHost.Services(server.Settings);
        var tokens = other.GetRequiredService<ApiTokens>();
        var id = (await tokens.List(Guid.Empty, 1000, CancellationToken.None)).Single(t => t.Name == "elsewhere").Id;
        (await tokens.Revoke(id, Actor.System, null, CancellationToken.None)).ShouldBeTrue();
        await Eventually.Be(async () => (await api.Get("/api/queues")).Status == HttpStatusCode.Unauthorized, "the token is refused", TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public async Task S1_an_expired_token_opens_nothing()
    {
        var expired = new Api(server.Http, await server.Issue(new("late", [Role.Agent], TimeSpan.FromSeconds(-1))));
        (await expired.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized).Code.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task S5_every_grant_and_revocation_is_an_event_with_its_actor()
    {
        var administrator = await server.As(Role.Administrator, "adam");
        var issued = (await administrator.Post("/api/tokens", new { name = "recorded", roles = new[] { "analyst" } })).Json.GetProperty("token");
        var id = issued.GetProperty("id").GetGuid();
        await administrator.Delete($"/api/tokens/{id}");
        var events = (await (await server.As(Role.Auditor)).Get("/api/events?limit=1000")).Json.EnumerateArray()
            .Where(e => e.GetProperty("subject").GetGuid() == id).Select(e => e.GetProperty("type").GetString());
        events.ShouldBe(["eventdesk.api_token_issued", "eventdesk.api_token_revoked"]);
        (await server.Scalar($"select count(*) from mt_events where stream_id = '{id}' and headers->>'actor' = 'adam' and headers->>'role' = 'administrator'")).ShouldBe(2);
    }

    [Fact]
    public async Task S1_sample_tokens_are_made_once_are_for_their_owner_only_and_open_what_their_role_may()
    {
        var first = await SignIn.DevelopmentTokens.Ensure(server.Settings, server.Services, CancellationToken.None);
        var second = await SignIn.DevelopmentTokens.Ensure(server.Settings, server.Services, CancellationToken.None);
        second.ShouldBe(first);
        first.Keys.Order().ShouldBe(["administrator", "agent", "analyst", "auditor", "coordinator", "customer", "manager", "privacyOfficer"]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(SignIn.DevelopmentTokens.PathOf(server.Settings)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await new Api(server.Http, first["agent"]).Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        (await new Api(server.Http, first["customer"]).Get("/api/tickets?mine=true")).ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<InvalidOperationException>(() => SignIn.DevelopmentTokens.Ensure(server.Settings with { Development = false }, server.Services, CancellationToken.None));
    }
}

public sealed class RateTests(RateTests.Slow server) : IClassFixture<RateTests.Slow>
{
    public sealed class Slow : RunningServer
    {
        protected override Settings Adjust(Settings settings) => settings with { RatePerSecond = 20 };
    }

    [Fact]
    public async Task F8_who_asks_too_fast_is_told_when_to_come_back_and_others_are_not_slowed()
    {
        var (fast, other) = (await server.As(Role.Agent, "fast"), await server.As(Role.Agent, "other"));
        (await other.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => fast.Get("/api/organisation")));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBeGreaterThan(0);
        var limited = answers.Where(a => a.Status == HttpStatusCode.TooManyRequests).ToList();
        limited.Count.ShouldBeGreaterThan(20);
        limited[0].Code.ShouldBe("rate_limited");
        int.Parse(limited[0].Headers["Retry-After"]).ShouldBeGreaterThan(0);
        (await other.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
    }
}
