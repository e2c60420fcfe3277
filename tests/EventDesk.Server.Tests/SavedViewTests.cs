using System.Net;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>D1: personal and shared saved views.</summary>
public sealed class SavedViewTests(RunningServer server) : IClassFixture<RunningServer>
{
    static object Waiting(string name, bool shared = false) => new { name, shared, queue = "waiting", desk = "billing/pl", line = "l2" };

    static Task<Answer> Put(Api who, string path, object body, (string, string) header) =>
        who.Send(HttpMethod.Put, path, new StringContent(System.Text.Json.JsonSerializer.Serialize(body), null, "application/json"), header);

    static Task<Answer> New(Api who, string path, object body) => Put(who, path, body, ("If-None-Match", "*"));

    static async Task<List<string?>> Names(Api who) =>
        [.. (await who.Get("/api/views")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("views").EnumerateArray().Select(v => v.GetProperty("name").GetString())];

    [Fact]
    public async Task D1_a_view_is_saved_read_changed_and_retired_by_its_version()
    {
        var (ann, path) = (await server.As(Role.Agent, "ann"), $"/api/views/{Guid.CreateVersion7()}");
        var made = (await New(ann, path, Waiting("Polish ones"))).ShouldBe(HttpStatusCode.Created);
        made.Version.ShouldBe(1);
        (await New(ann, path, Waiting("Polish ones"))).ShouldBe(HttpStatusCode.PreconditionFailed).Code.ShouldBe("stale_version");
        (await Put(ann, path, Waiting("Polish, waiting"), ("If-Match", "\"1\""))).ShouldBe(HttpStatusCode.OK).Version.ShouldBe(2);
        var read = (await ann.Get(path)).ShouldBe(HttpStatusCode.OK);
        (read.Json.GetProperty("name").GetString(), read.Json.GetProperty("desk").GetString(), read.Json.GetProperty("line").GetString(), read.Json.GetProperty("mayChange").GetBoolean())
            .ShouldBe(("Polish, waiting", "billing/pl", "l2", true));
        (await Put(ann, path, Waiting("Late"), ("If-Match", "\"1\""))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await ann.Send(HttpMethod.Delete, path, null)).ShouldBe((HttpStatusCode)428);
        (await ann.Send(HttpMethod.Delete, path, null, ("If-Match", "\"2\""))).ShouldBe(HttpStatusCode.NoContent);
        (await ann.Get(path)).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("view_not_found");
    }

    [Fact]
    public async Task D1_shared_views_are_made_by_coordinators_and_managers_and_personal_ones_are_nobody_elses()
    {
        var (ann, bea, cora) = (await server.As(Role.Agent, "ann"), await server.As(Role.Agent, "bea"), await server.As(Role.Coordinator, "cora"));
        (await New(ann, $"/api/views/{Guid.CreateVersion7()}", Waiting("Ours", shared: true))).ShouldBe(HttpStatusCode.Forbidden);
        var (own, shared) = ($"/api/views/{Guid.CreateVersion7()}", $"/api/views/{Guid.CreateVersion7()}");
        (await New(ann, own, Waiting("Only of ann"))).ShouldBe(HttpStatusCode.Created);
        (await New(cora, shared, Waiting("Of cora for all", shared: true))).ShouldBe(HttpStatusCode.Created);
        (await Names(ann)).ShouldContain("Only of ann");
        (await Names(bea)).ShouldNotContain("Only of ann");
        (await Names(bea)).ShouldContain("Of cora for all");
        (await bea.Get(own)).ShouldBe(HttpStatusCode.NotFound);
        (await Put(bea, shared, Waiting("Of bea"), ("If-Match", "\"1\""))).ShouldBe(HttpStatusCode.Forbidden);
        (await (await server.As(Role.Customer)).Get("/api/views")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task F1_a_view_that_cannot_be_says_why()
    {
        var ann = await server.As(Role.Agent, "ann");
        var path = $"/api/views/{Guid.CreateVersion7()}";
        (await New(ann, path, new { name = " ", queue = "somewhere" })).ShouldBe(HttpStatusCode.BadRequest).Json.GetProperty("errors").EnumerateArray()
            .Select(e => (e.GetProperty("field").GetString(), e.GetProperty("code").GetString())).ShouldBe([("/name", "blank"), ("/queue", "unknown_value")]);
        (await ann.Send(HttpMethod.Put, path, new StringContent("{}", null, "application/json"))).ShouldBe((HttpStatusCode)428);
        (await Put(ann, path, Waiting("None yet"), ("If-Match", "\"1\""))).ShouldBe(HttpStatusCode.NotFound);
    }
}
