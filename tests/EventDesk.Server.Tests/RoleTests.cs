using System.Net;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

public sealed class RoleTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task S2_every_role_may_at_every_address_exactly_what_the_one_policy_says()
    {
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Asks>() is not null && e.Metadata.GetMetadata<Pages.IsPage>() is null && !IsScim(e))
            .ToDictionary(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, e => e.Metadata.GetMetadata<Asks>()!.Operation);
        var operations = (await ApiOperation.All(server)).Where(o => !o.IsPublic).ToList();
        operations.Select(o => o.Id).Order().ShouldBe(endpoints.Keys.Order(), "each operation of the document is an endpoint that names its operation, and the other way round");

        var opener = await server.As(Role.Agent, "opener");
        foreach (var role in Enum.GetValues<Role>().Where(r => r != Role.System))
        {
            var api = await server.As(role);
            var principal = new Principal("x", new HashSet<Role> { role }, Customer: role == Role.Customer ? new CustomerId(Guid.Empty) : null);
            foreach (var operation in operations)
            {
                var ticket = await opener.Open();
                var answer = await operation.Call(api, ticket.Ticket, ticket.Version);
                var allowed = Policy.Decide(principal, endpoints[operation.Id]) is not null;
                // What needs more than the role (own tickets, an own address) is refused by what it needs.
                var refusedByRole = answer.Status == HttpStatusCode.Forbidden && answer.Json.GetProperty("detail").GetString()!.Contains("roles do not include", StringComparison.Ordinal);
                refusedByRole.ShouldBe(!allowed, $"{role} {operation.Id}: {(int)answer.Status} {answer.Text}");
                ((int)answer.Status).ShouldBeLessThan(500, $"{role} {operation.Id}: {answer.Text}");
            }
        }
    }

    /// <summary>A directory's addresses describe themselves and are in no document of ours.</summary>
    static bool IsScim(RouteEndpoint e) => e.RoutePattern.RawText!.StartsWith("/scim/", StringComparison.Ordinal);

    [Fact]
    public async Task S2_at_every_address_for_directories_only_a_directory_may_anything()
    {
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsScim).ToList();
        endpoints.Count.ShouldBeGreaterThan(15);
        foreach (var role in Enum.GetValues<Role>().Where(r => r != Role.System))
        {
            var api = await server.As(role);
            foreach (var endpoint in endpoints)
            {
                endpoint.Metadata.GetMetadata<Asks>()!.Operation.ShouldBe(Operation.Provision);
                var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
                var path = endpoint.RoutePattern.RawText!.Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal);
                var answer = await api.Send(new HttpMethod(method), path, method is "GET" or "DELETE" ? null : new StringContent("{}", null, "application/scim+json"));
                (answer.Status == HttpStatusCode.Forbidden).ShouldBe(role != Role.Provisioner, $"{role} {method} {path}: {answer.Text}");
                ((int)answer.Status).ShouldBeLessThan(502, $"{role} {method} {path}: {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task S2_a_customer_sees_own_tickets_only_and_never_what_is_internal()
    {
        var (agent, kim, lee) = (await server.As(Role.Agent), await server.As(Role.Customer, "kim"), await server.As(Role.Customer, "lee"));
        var opened = await agent.Open(email: " Kim@Example.com ".Trim());
        var path = $"/api/tickets/{opened.Ticket}";
        var v = (await agent.Post($"{path}/notes", new { body = "hidden-note" }, opened.Version)).Version;
        v = (await agent.Post($"{path}/severity-assessments", new { severity = "high", reason = "hidden-reason" }, v)).Version;
        v = (await agent.Post($"{path}/assignment", new { agent = "hidden-agent" }, v)).Version;
        v = (await agent.Post($"{path}/tags", new { add = new[] { "hidden-tag" } }, v)).Version;
        var file = await agent.Send(HttpMethod.Post, $"{path}/attachments?internal=true", new StringContent("hidden-file", null, "text/plain"),
            ("If-Match", $"\"{v}\""), ("Content-Disposition", "attachment; filename=\"hidden-name.txt\""));
        file.ShouldBe(HttpStatusCode.Created);
        await agent.Post($"{path}/replies", new { body = "shown-reply" }, file.Version);

        string[] shown = [path, $"{path}?version=99", $"{path}/events", $"{path}/attachments", "/api/tickets?mine=true"];
        foreach (var address in shown)
        {
            var own = (await kim.Get(address)).ShouldBe(HttpStatusCode.OK);
            own.Text.ShouldNotContain("hidden", Case.Insensitive, address);
            if (!address.StartsWith("/api/tickets?", StringComparison.Ordinal))
                (await lee.Get(address)).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("ticket_not_found");
        }
        (await kim.Get($"{path}/events")).Text.ShouldContain("shown-reply");
        (await kim.Get("/api/tickets?mine=true")).Text.ShouldContain(opened.Ticket.ToString());
        (await lee.Get("/api/tickets?mine=true")).Json.GetProperty("tickets").GetArrayLength().ShouldBe(0);
        (await kim.Get($"{path}/attachments/{file.Json.GetProperty("created").GetGuid()}")).ShouldBe(HttpStatusCode.NotFound);
        (await agent.Get($"{path}/events")).Text.ShouldContain("hidden-note");
    }

    [Fact]
    public async Task S2_an_agent_of_one_desk_and_line_reaches_only_these_in_lists_counts_and_single_reads()
    {
        var everywhere = await server.As(Role.Agent, "everywhere");
        var polish = await server.As(Role.Agent, "ola", ["mobile/pl"], [SupportLine.L1]);
        var here = await everywhere.Open(product: "mobile", language: "pl");
        var there = await everywhere.Open(product: "mobile", language: "fi");
        (await polish.Get($"/api/tickets/{here.Ticket}")).ShouldBe(HttpStatusCode.OK);
        (await polish.Get($"/api/tickets/{there.Ticket}")).ShouldBe(HttpStatusCode.NotFound);
        (await polish.Get($"/api/tickets/{there.Ticket}/events")).ShouldBe(HttpStatusCode.NotFound);
        var listed = (await polish.Get("/api/queues/open/tickets?limit=200")).Json.GetProperty("tickets").EnumerateArray().ToList();
        listed.Select(t => t.GetProperty("desk").GetString()).Distinct().ShouldBe(["mobile/pl"]);
        (await polish.Get("/api/queues/open/tickets?desk=mobile/fi")).Json.GetProperty("tickets").GetArrayLength().ShouldBe(0);
        var counts = (await polish.Get("/api/queues")).Json;
        counts.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("queue").GetString() == "open").GetProperty("count").GetInt64().ShouldBe(listed.Count);
        (await polish.Open(product: "mobile", language: "pl")).ShouldBe(HttpStatusCode.Created);
        (await polish.Post("/api/tickets", new { product = "mobile", language = "fi", requester = new { email = "a@example.com" }, subject = "s", body = "b" }))
            .ShouldBe(HttpStatusCode.Forbidden);
    }
}
