using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Service.People;
using EventDesk.Service.Tickets;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>Whatever is done to people, by whatever door: somebody who administers is left.</summary>
public sealed class LastAdministratorTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string Administering = """select count(*) from person where active and state->'roles' ? 'administrator'""";

    /// <summary>Somebody new who administers, as the only one.</summary>
    async Task<(Guid Id, string Path)> Only(string handle)
    {
        var api = await server.As(Role.Administrator);
        var id = await Sample.Person(server, handle, roles: ["administrator", "agent"], taught: false);
        foreach (var person in (await api.Get("/api/people?limit=200")).Json.GetProperty("people").EnumerateArray())
            if (person.GetProperty("id").GetGuid() is var other && other != id && person.GetProperty("active").GetBoolean() && person.GetProperty("roles").EnumerateArray().Any(r => r.GetString() == "administrator"))
                (await api.Post($"/api/people/{other}/deactivation", null)).ShouldBe(HttpStatusCode.OK);
        return (id, $"/api/people/{id}");
    }

    static void IsRefused(Answer answer)
    {
        answer.ShouldBe(HttpStatusCode.Conflict).Headers["Content-Type"].ShouldStartWith("application/problem+json");
        answer.Json.GetProperty("type").GetString().ShouldBe("urn:eventdesk:last_administrator");
    }

    [Fact]
    public async Task S4_the_last_administrator_is_neither_deactivated_nor_removed_until_there_is_another()
    {
        var api = await server.As(Role.Administrator);
        var (id, path) = await Only("lastly");
        var version = (await api.Get(path)).Version;
        IsRefused(await api.Post($"{path}/deactivation", null));
        IsRefused(await api.Delete(path));
        (await api.Get(path)).Version.ShouldBe(version, "nothing was stored");
        (await server.Scalar($"select count(*) from stream_key where stream_id = '{id}'")).ShouldBe(1, "the key is not destroyed either");

        await Sample.Person(server, "successor", roles: ["administrator"], taught: false);
        (await api.Post($"{path}/deactivation", null)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("active").GetBoolean().ShouldBeFalse();
        (await api.Delete(path)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task S2_the_role_of_the_last_administrator_is_not_withdrawn_and_all_else_of_theirs_is()
    {
        var api = await server.As(Role.Administrator);
        var (_, path) = await Only("roland");
        var version = (await api.Get(path)).Version;
        IsRefused(await api.Put($"{path}/access", new { roles = new[] { "agent" }, desks = new[] { "*" } }, version));
        version = (await api.Put($"{path}/access", new { roles = new[] { "administrator" } }, version)).ShouldBe(HttpStatusCode.OK).Version;
        await Sample.Person(server, "rolanda", roles: ["administrator"], taught: false);
        (await api.Put($"{path}/access", new { roles = new[] { "agent" } }, version)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task S4_a_directory_cannot_take_the_last_administrator_either_and_is_told_in_its_own_words()
    {
        var (id, _) = await Only("scipio");
        var directory = await server.As(Role.Provisioner, "directory");
        var patch = """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"displayName":"Gone","active":false}}]}""";
        Task<Answer> Patch() => directory.Send(HttpMethod.Patch, $"/scim/v2/Users/{id}", new StringContent(patch, null, "application/scim+json"));
        foreach (var refused in new[] { await Patch(), await directory.Delete($"/scim/v2/Users/{id}") })
        {
            refused.ShouldBe(HttpStatusCode.Conflict).Json.GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
            refused.Json.GetProperty("detail").GetString()!.ShouldContain("administrator");
        }
        var kept = (await directory.Get($"/scim/v2/Users/{id}")).Json;
        (kept.GetProperty("active").GetBoolean(), kept.GetProperty("displayName").GetString()).ShouldBe((true, "scipio"), "nothing of it was done");
        await Sample.Person(server, "scipia", roles: ["administrator"], taught: false);
        (await Patch()).ShouldBe(HttpStatusCode.OK).Json.GetProperty("active").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task S4_of_administrators_who_remove_each_other_at_once_on_two_processes_one_is_left()
    {
        await using var other = ServerHost.Services(server.Settings);
        var elsewhere = other.GetRequiredService<PeopleDesk>();
        var api = await server.As(Role.Administrator);
        for (var round = 0; round < 5; round++)
        {
            List<Guid> all = [(await Only($"round{round}")).Id];
            while (all.Count < 16)
                all.Add(await Sample.Person(server, $"race{round}-{all.Count}", roles: ["administrator"], taught: false));
            var ends = await Task.WhenAll(all.Select((id, i) => Task.Run(async () => i % 2 == 0
                ? (await api.Post($"/api/people/{id}/deactivation", null)).Status == HttpStatusCode.OK
                : await elsewhere.Handle(id, new Deactivate(), null, new Actor("adam", Role.Administrator), null, CancellationToken.None) is Outcome.Done)));
            ends.Count(done => done).ShouldBe(15);
            (await server.Scalar(Administering)).ShouldBe(1);
        }
    }
}
