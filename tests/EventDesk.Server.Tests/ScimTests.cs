using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>A directory lets people in and out by SCIM 2.0, with what directories really send.</summary>
public sealed class ScimTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string User = "urn:ietf:params:scim:schemas:core:2.0:User", Patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    Task<Api> Directory => server.As(Role.Provisioner, "directory");

    static HttpContent Json(string json) => new StringContent(json, null, "application/scim+json");

    async Task<Answer> Create(string name, string more = "") =>
        await (await Directory).Send(HttpMethod.Post, "/scim/v2/Users", Json($$"""
            {"schemas":["{{User}}"],"userName":"{{name}}@example.com","externalId":"ext-{{name}}","name":{"givenName":"{{name}}","familyName":"Example"},
             "emails":[{"value":"{{name}}@example.com","type":"work","primary":true}],"active":true,"title":"ignored"{{more}}}
            """));

    async Task<Answer> Change(string path, string operations, params (string, string)[] headers) =>
        await (await Directory).Send(HttpMethod.Patch, path, Json($$"""{"schemas":["{{Patch}}"],"Operations":[{{operations}}]}"""), headers);

    static void IsError(Answer answer, HttpStatusCode status, string? type = null)
    {
        answer.ShouldBe(status).Headers["Content-Type"].ShouldStartWith("application/scim+json");
        answer.Json.GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
        answer.Json.GetProperty("status").GetString().ShouldBe(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (type is not null)
            answer.Json.GetProperty("scimType").GetString().ShouldBe(type);
    }

    [Fact]
    public async Task S4_a_user_is_created_read_found_replaced_and_removed()
    {
        var made = (await Create("frida")).ShouldBe(HttpStatusCode.Created);
        var (id, path) = (made.Json.GetProperty("id").GetString(), new Uri(new Uri(server.Address), made.Headers["Location"]).AbsolutePath);
        made.ETag.ShouldBe("W/\"1\"");
        made.Json.GetProperty("displayName").GetString().ShouldBe("frida Example");
        IsError(await Create("FRIDA"), HttpStatusCode.Conflict, "uniqueness");

        var api = await Directory;
        (await api.Get(path)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("emails")[0].GetProperty("value").GetString().ShouldBe("frida@example.com");
        (await api.Get(path, ("If-None-Match", "W/\"1\""))).ShouldBe(HttpStatusCode.NotModified);
        foreach (var filter in new[]
        {
            "userName eq \"Frida@Example.com\"", "externalId eq \"ext-frida\"", $"{User}:userName eq \"frida@example.com\" and active eq true", "name.givenName sw \"fri\" and not (active eq false)",
            "emails[type eq \"work\" and value co \"frida@\"]", "displayName co \"RIDA\" and externalId pr", $"id eq \"{id}\"", "userName eq \"x\" or emails.value eq \"frida@example.com\"",
        })
        {
            var found = (await api.Get($"/scim/v2/Users?filter={Uri.EscapeDataString(filter)}")).ShouldBe(HttpStatusCode.OK).Json;
            found.GetProperty("totalResults").GetInt32().ShouldBe(1, filter);
            found.GetProperty("Resources")[0].GetProperty("id").GetString().ShouldBe(id, filter);
        }
        (await api.Get("/scim/v2/Users?filter=externalId%20eq%20%22EXT-FRIDA%22")).Json.GetProperty("totalResults").GetInt32().ShouldBe(0);

        var body = $$"""{"schemas":["{{User}}"],"userName":"frida.new@example.com","displayName":"Frida New","active":true}""";
        IsError(await api.Send(HttpMethod.Put, path, Json(body), ("If-Match", "W/\"7\"")), HttpStatusCode.PreconditionFailed);
        var replaced = (await api.Send(HttpMethod.Put, path, Json(body), ("If-Match", "W/\"1\""))).ShouldBe(HttpStatusCode.OK);
        replaced.Json.GetProperty("displayName").GetString().ShouldBe("Frida New");
        replaced.Json.TryGetProperty("emails", out _).ShouldBeFalse();

        (await api.Delete(path)).ShouldBe(HttpStatusCode.NoContent);
        IsError(await api.Get(path), HttpStatusCode.NotFound);
        IsError(await api.Delete(path), HttpStatusCode.NotFound);
        (await (await Directory).Send(HttpMethod.Post, "/scim/v2/Users", Json(body))).ShouldBe(HttpStatusCode.Created);
        (await server.Scalar($"select count(*) from mt_events where stream_id = '{id}' and headers->>'actor' = 'directory' and headers->>'role' = 'provisioner'")).ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"op":"Replace","path":"active","value":"False"}""")]
    [InlineData("""{"op":"replace","value":{"active":false}}""")]
    [InlineData("""{"op":"Replace","value":{"active":"False"}}""")]
    [InlineData("""{"op":"add","path":"active","value":false}""")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}""")]
    public async Task S4_active_false_in_every_form_shuts_the_person_out(string operation)
    {
        var handle = $"off{operation.Length}{(operation.Contains("Replace", StringComparison.Ordinal) ? 'u' : 'l')}";
        var id = await Sample.Person(server, handle);
        var token = await Sample.TokenOf(server, handle, Role.Agent);
        (await token.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        var answer = (await Change($"/scim/v2/Users/{id}", operation)).ShouldBe(HttpStatusCode.OK);
        answer.Json.GetProperty("active").GetBoolean().ShouldBeFalse();
        (await token.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await Change($"/scim/v2/Users/{id}", """{"op":"replace","path":"active","value":"True"}""")).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        (await token.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task S4_a_user_is_patched_part_by_part()
    {
        var made = await Create("pat", """,  "urn:eventdesk:params:scim:schemas:2.0:User":{"handle":"pat"}""");
        var path = $"/scim/v2/Users/{made.Json.GetProperty("id").GetString()}";
        made.Json.GetProperty("urn:eventdesk:params:scim:schemas:2.0:User").GetProperty("handle").GetString().ShouldBe("pat");
        var changed = (await Change(path, """
            {"op":"Add","path":"name.familyName","value":"Other"},{"op":"Replace","path":"emails[type eq \"work\"].value","value":"pat.other@example.com"},
            {"op":"replace","value":{"displayName":"Pat Other","name.givenName":"Patty"}},{"op":"remove","path":"externalId"}
            """)).ShouldBe(HttpStatusCode.OK).Json;
        changed.GetProperty("name").GetProperty("familyName").GetString().ShouldBe("Other");
        changed.GetProperty("name").GetProperty("givenName").GetString().ShouldBe("Patty");
        changed.GetProperty("emails")[0].GetProperty("value").GetString().ShouldBe("pat.other@example.com");
        changed.GetProperty("displayName").GetString().ShouldBe("Pat Other");
        changed.TryGetProperty("externalId", out _).ShouldBeFalse();
        var before = await server.EventCount();
        (await Change(path, """{"op":"replace","path":"displayName","value":"Pat Other"}""")).ShouldBe(HttpStatusCode.OK);
        (await server.Scalar("select count(*) from mt_events where type not like 'access%'")).ShouldBeLessThanOrEqualTo(before);
        IsError(await Change(path, """{"op":"replace","path":"displayName","value":"X"}""", ("If-Match", "W/\"1\"")), HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"id","value":"x"}""", "mutability"), InlineData("""{"op":"remove"}""", "noTarget"), InlineData("""{"op":"jump","path":"active"}""", "invalidSyntax")]
    [InlineData("""{"op":"replace","path":"active","value":"maybe"}""", "invalidValue"), InlineData("""{"op":"replace","path":"emails[","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"userName","value":" "}""", "invalidValue"), InlineData("""{"op":"replace","path":"emails[type zz \"work\"].value","value":"x"}""", "invalidFilter")]
    public async Task F8_a_wrong_patch_is_refused_in_scims_own_words(string operation, string type)
    {
        var id = await Sample.Person(server, $"bad{Math.Abs(operation.GetHashCode(StringComparison.Ordinal))}", taught: false);
        IsError(await Change($"/scim/v2/Users/{id}", operation), HttpStatusCode.BadRequest, type);
        (await server.Scalar($"select version from person where id = '{id}'")).ShouldBe(2);
    }

    [Fact]
    public async Task S5_being_in_a_group_is_having_its_role_desk_or_line()
    {
        var (ann, bob) = (await Sample.Person(server, "grace", roles: [], desks: []), await Sample.Person(server, "boris", roles: [], desks: []));
        var api = await Directory;
        var groups = (await api.Get("/scim/v2/Groups?excludedAttributes=members")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("Resources").EnumerateArray().ToList();
        groups.Any(g => g.TryGetProperty("members", out _)).ShouldBeFalse();
        groups.Select(g => g.GetProperty("id").GetString()).ShouldNotContain("role:administrator");
        (await api.Get("/scim/v2/Groups?filter=displayName%20eq%20%22EventDesk%20role%20agent%22")).Json.GetProperty("Resources")[0].GetProperty("id").GetString().ShouldBe("role:agent");

        (await Change("/scim/v2/Groups/role:agent", $$"""{"op":"Add","path":"members","value":[{"value":"{{ann}}"},{"value":"{{bob}}"}]}""")).ShouldBe(HttpStatusCode.OK);
        (await Change("/scim/v2/Groups/desk:billing:en", $$"""{"op":"add","value":{"members":[{"value":"{{ann}}"}] } }""")).ShouldBe(HttpStatusCode.OK);
        var person = (await (await server.As(Role.Administrator)).Get($"/api/people/{ann}")).Json;
        (person.GetProperty("roles")[0].GetString(), person.GetProperty("desks")[0].GetString()).ShouldBe(("agent", "billing/en"));
        (await api.Get($"/scim/v2/Users/{ann}")).Json.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("value").GetString()).ShouldContain("desk:billing:en");

        (await Change("/scim/v2/Groups/role:agent", $$"""{"op":"Remove","path":"members[value eq \"{{ann}}\"]"}""")).ShouldBe(HttpStatusCode.OK);
        (await Change("/scim/v2/Groups/role:agent", $$"""{"op":"Remove","path":"members","value":[{"value":"{{bob}}"}]}""")).ShouldBe(HttpStatusCode.OK);
        (await server.Scalar($"select count(*) from mt_events where stream_id in ('{ann}', '{bob}') and type = 'access_withdrawn'")).ShouldBe(2);
        (await api.Send(HttpMethod.Put, "/scim/v2/Groups/line:l2", Json($$"""{"displayName":"EventDesk line l2","members":[{"value":"{{bob}}"}]}"""))).ShouldBe(HttpStatusCode.OK).Json.GetProperty("members").GetArrayLength().ShouldBe(1);
        IsError(await Change("/scim/v2/Groups/role:agent", """{"op":"add","path":"members","value":[{"value":"00000000-0000-0000-0000-000000000000"}]}"""), HttpStatusCode.BadRequest, "invalidValue");
        IsError(await Change("/scim/v2/Groups/role:administrator", $$"""{"op":"add","path":"members","value":[{"value":"{{bob}}"}]}"""), HttpStatusCode.NotFound);
        IsError(await api.Send(HttpMethod.Post, "/scim/v2/Groups", Json("""{"displayName":"EventDesk role agent"}""")), HttpStatusCode.Conflict, "uniqueness");
        IsError(await api.Send(HttpMethod.Post, "/scim/v2/Groups", Json("""{"displayName":"Anything"}""")), HttpStatusCode.NotImplemented);
    }

    [Fact]
    public async Task F8_pages_begin_at_one_and_say_how_many_there_are()
    {
        await Create("page1");
        await Create("page2");
        var api = await Directory;
        JsonElement Page(Answer a) => a.ShouldBe(HttpStatusCode.OK).Json;
        var all = Page(await api.Get("/scim/v2/Users?startIndex=0&count=500"));
        var total = all.GetProperty("totalResults").GetInt32();
        (all.GetProperty("startIndex").GetInt32(), total).ShouldBe((1, Math.Max(2, total)));
        var second = Page(await api.Get("/scim/v2/Users?startIndex=2&count=1&attributes=userName"));
        second.GetProperty("itemsPerPage").GetInt32().ShouldBe(1);
        second.GetProperty("Resources")[0].EnumerateObject().Select(m => m.Name).Order().ShouldBe(["id", "schemas", "userName"]);
        Page(await api.Get("/scim/v2/Users?count=0")).GetProperty("Resources").GetArrayLength().ShouldBe(0);
        IsError(await api.Get("/scim/v2/Users?filter=userName%20zz%20%22x%22"), HttpStatusCode.BadRequest, "invalidFilter");
        IsError(await api.Get($"/scim/v2/Users?filter={new string('(', 500)}"), HttpStatusCode.BadRequest, "invalidFilter");
        IsError(await api.Get("/scim/v2/Users?startIndex=x"), HttpStatusCode.BadRequest, "invalidValue");
    }

    [Fact]
    public async Task F8_it_says_what_it_can_and_how_its_resources_are_made()
    {
        var api = await Directory;
        var config = (await api.Get("/scim/v2/ServiceProviderConfig")).ShouldBe(HttpStatusCode.OK).Json;
        (config.GetProperty("patch").GetProperty("supported").GetBoolean(), config.GetProperty("bulk").GetProperty("supported").GetBoolean()).ShouldBe((true, false));
        (await api.Get("/scim/v2/ResourceTypes")).Json.GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ShouldBe(["User", "Group"]);
        (await api.Get($"/scim/v2/Schemas/{User}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("attributes").EnumerateArray().Select(a => a.GetProperty("name").GetString()).ShouldContain("userName");
        IsError(await api.Get("/scim/v2/Schemas/none"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task S2_only_a_directorys_token_opens_it_and_that_token_opens_nothing_else()
    {
        IsError(await new Api(server.Http, null).Get("/scim/v2/Users"), HttpStatusCode.Unauthorized);
        foreach (var role in Enum.GetValues<Role>().Where(r => r is not (Role.System or Role.Provisioner)))
            IsError(await (await server.As(role)).Get("/scim/v2/Users"), HttpStatusCode.Forbidden);
        var api = await Directory;
        foreach (var path in new[] { "/api/queues", "/api/people", "/api/tokens", "/api/organisation", "/api/events" })
            (await api.Get(path)).ShouldBe(HttpStatusCode.Forbidden);
        IsError(await api.Send(HttpMethod.Post, "/scim/v2/Users", new StringContent("x", null, "text/plain")), HttpStatusCode.UnsupportedMediaType);
        IsError(await api.Send(HttpMethod.Post, "/scim/v2/Users", Json("{")), HttpStatusCode.BadRequest, "invalidSyntax");
        IsError(await api.Send(HttpMethod.Post, "/scim/v2/Users", Json("[]")), HttpStatusCode.BadRequest, "invalidSyntax");
    }
}
