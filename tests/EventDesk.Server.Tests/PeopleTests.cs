using System.Net;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

public sealed class PeopleTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task S3_a_person_is_let_in_taught_and_only_then_has_access_which_ends_when_a_training_does()
    {
        var administrator = await server.As(Role.Administrator, "adam");
        var lena = await Sample.Person(server, "lena", taught: false);
        var api = await Sample.TokenOf(server, "lena", Role.Agent);
        var refused = (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("training_required");
        refused.Text.ShouldContain("privacy");

        await Sample.Teach(administrator, lena, "privacy");
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.Forbidden);
        await Sample.Teach(administrator, lena, "ticket-work", DateTimeOffset.Parse("2999-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);

        (await administrator.Delete($"/api/people/{lena}/trainings/privacy")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("lacks")[0].GetString().ShouldBe("privacy");
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("training_required");
    }

    [Fact]
    public async Task S3_a_rule_that_comes_into_force_shuts_out_who_lacks_its_training_without_a_new_token()
    {
        var administrator = await server.As(Role.Administrator);
        await Sample.Person(server, "ruth", roles: ["analyst"]);
        var api = await Sample.TokenOf(server, "ruth", Role.Analyst);
        (await api.Get("/api/organisation")).ShouldBe(HttpStatusCode.OK);
        (await administrator.Put("/api/organisation/trainings/analyst", new { trainings = new[] { "privacy", "statistics" } }, 0)).ShouldBe(HttpStatusCode.Created);
        await Testing.Eventually.Be(async () => (await api.Get("/api/organisation")).Code == "training_required", "the rule holds");
        (await administrator.Put("/api/organisation/trainings/nobody", new { trainings = new[] { "x" } }, 0)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task S2_a_persons_token_opens_no_more_than_they_may_at_that_moment()
    {
        var administrator = await server.As(Role.Administrator);
        var id = await Sample.Person(server, "nils", desks: ["mobile/pl"]);
        var api = await Sample.TokenOf(server, "nils", Role.Agent, Role.Auditor);
        var desk = await server.As(Role.Agent);
        var (here, there) = (await desk.Open(product: "mobile", language: "pl"), await desk.Open(product: "mobile", language: "fi"));
        (await api.Get($"/api/tickets/{here.Ticket}")).ShouldBe(HttpStatusCode.OK);
        (await api.Get($"/api/tickets/{there.Ticket}")).ShouldBe(HttpStatusCode.NotFound);
        (await api.Get("/api/events")).ShouldBe(HttpStatusCode.Forbidden);

        var person = await administrator.Get($"/api/people/{id}");
        var changed = await administrator.Put($"/api/people/{id}/access", new { roles = new[] { "agent" }, desks = new[] { "*" }, lines = new[] { "l1" } }, person.Version);
        changed.ShouldBe(HttpStatusCode.OK);
        (await api.Get($"/api/tickets/{there.Ticket}")).ShouldBe(HttpStatusCode.OK);
        (await administrator.Put($"/api/people/{id}/access", new { roles = Array.Empty<string>() }, person.Version)).ShouldBe(HttpStatusCode.PreconditionFailed).Code.ShouldBe("stale_version");
        (await administrator.Put($"/api/people/{id}/access", new { roles = Array.Empty<string>() }, changed.Version)).ShouldBe(HttpStatusCode.OK);
        (await api.Get($"/api/tickets/{here.Ticket}")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task S4_who_is_let_go_is_out_at_once_and_old_tokens_stay_shut_when_they_come_back()
    {
        var administrator = await server.As(Role.Administrator);
        var id = await Sample.Person(server, "gus");
        var api = await Sample.TokenOf(server, "gus", Role.Agent);
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        (await administrator.Post($"/api/people/{id}/deactivation", null)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("active").GetBoolean().ShouldBeFalse();
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await administrator.Post("/api/tokens", new { name = "gus", roles = new[] { "agent" } })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("person_gone");
        (await administrator.Post($"/api/people/{id}/reactivation", null)).ShouldBe(HttpStatusCode.OK);
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await (await Sample.TokenOf(server, "gus", Role.Agent)).Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task R1_names_and_addresses_of_people_stand_sealed_and_are_found_all_the_same()
    {
        var administrator = await server.As(Role.Administrator);
        var answer = (await administrator.Post("/api/people", new { userName = "Zygfryd.Canary@example.com", name = "Zygfryd Canary", email = "zygfryd.canary@example.com" })).ShouldBe(HttpStatusCode.Created);
        answer.Json.GetProperty("name").GetString().ShouldBe("Zygfryd Canary");
        answer.Json.GetProperty("handle").GetString()!.ShouldStartWith("p-");
        (await server.Scalar("select count(*) from mt_events e where e::text ilike '%canary%'")).ShouldBe(0);
        (await server.Scalar("select count(*) from person p where p::text ilike '%canary%'")).ShouldBe(0);
        (await administrator.Post("/api/people", new { userName = "zygfryd.canary@EXAMPLE.com" })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("user_name_taken");
        var id = answer.Json.GetProperty("id").GetGuid();
        (await administrator.Put($"/api/people/{id}", new { userName = "other@example.com", name = "Other" }, 1)).ShouldBe(HttpStatusCode.OK).Json.TryGetProperty("email", out _).ShouldBeFalse();
        (await administrator.Get("/api/people?limit=200")).Text.ShouldContain("other@example.com");
    }

    [Fact]
    public async Task S5_every_change_of_a_person_is_an_event_with_its_actor()
    {
        var id = await Sample.Person(server, "eva", administrator: await server.As(Role.Administrator, "orla"));
        (await server.Scalar($"select count(*) from mt_events where stream_id = '{id}' and type in ('person_provisioned', 'access_granted', 'training_completed') and headers->>'actor' = 'orla'"))
            .ShouldBeGreaterThanOrEqualTo(4);
    }

    [Theory]
    [InlineData("""{"userName":" "}""", "/userName blank")]
    [InlineData("""{"userName":"x","email":"x"}""", "/email invalid_email")]
    [InlineData("""{"userName":"x","handle":"a b"}""", "/handle invalid_characters")]
    [InlineData("""{"userName":"x","access":{"roles":["customer"]}}""", "/access/roles/0 not_allowed")]
    [InlineData("""{"userName":"x","access":{"roles":["agent"],"desks":["billing"]}}""", "/access/desks/0 invalid_desk")]
    public async Task F8_a_malformed_person_is_told_what_is_wrong(string body, string fault)
    {
        var before = await server.EventCount();
        var answer = await (await server.As(Role.Administrator)).Send(HttpMethod.Post, "/api/people", new StringContent(body, null, "application/json"));
        var error = answer.ShouldBe(HttpStatusCode.BadRequest).Json.GetProperty("errors")[0];
        $"{error.GetProperty("field").GetString()} {error.GetProperty("code").GetString()}".ShouldBe(fault);
        (await server.Scalar($"select {before}")).ShouldBe(before);
    }
}

/// <summary>People for tests: let in, given access and taught through the API.</summary>
static class Sample
{
    static readonly string[] Trainings = ["privacy", "ticket-work", "data-protection-law"];

    /// <param name="desks">All unless told.</param>
    public static async Task<Guid> Person(RunningServer server, string handle, string[]? roles = null, string[]? desks = null, bool taught = true, Api? administrator = null)
    {
        administrator ??= await server.As(Role.Administrator);
        var made = (await administrator.Post("/api/people", new
        {
            handle, userName = $"{handle}@example.com", name = handle, email = $"{handle}@example.com",
            access = new { roles = roles ?? ["agent"], desks = desks ?? ["*"], lines = new[] { "l1", "l2", "l3", "management" } },
        })).ShouldBe(HttpStatusCode.Created);
        var id = made.Json.GetProperty("id").GetGuid();
        foreach (var training in taught ? Trainings : [])
            await Teach(administrator, id, training);
        return id;
    }

    public static async Task Teach(Api administrator, Guid person, string training, DateTimeOffset? validUntil = null) =>
        (await administrator.Post($"/api/people/{person}/trainings", validUntil is null ? new { training } : new { training, validUntil })).ShouldBe(HttpStatusCode.OK);

    public static async Task<Api> TokenOf(RunningServer server, string handle, params Role[] roles)
    {
        var issued = (await (await server.As(Role.Administrator)).Post("/api/tokens", new { name = handle, roles = roles.Select(Server.Api.ExactEnum<Role>.Name) })).ShouldBe(HttpStatusCode.Created).Json;
        return new Api(server.Http, issued.GetProperty("text").GetString()!);
    }
}
