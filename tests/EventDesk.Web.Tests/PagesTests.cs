using System.Net;
using System.Text.RegularExpressions;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Server.Pages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Web.Tests;

/// <summary>Every page there is, in every role: found by the addresses that are mapped, so that a new one is in it.</summary>
public sealed partial class PagesTests(ConsoleServer server) : IClassFixture<ConsoleServer>
{
    const string Canary = "swordfish-91c2";

    static readonly Role[] Roles = [.. Enum.GetValues<Role>().Where(r => r is not (Role.System or Role.Provisioner))];

    IEnumerable<string> Addresses(string number, string incident = "1") => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IsPage>() is not null && e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET"))
        .Select(e => e.RoutePattern.RawText!)
        .Select(p => p.Replace("{ticket}", number, StringComparison.Ordinal).Replace("{queue}", "open", StringComparison.Ordinal).Replace("{incident}", incident, StringComparison.Ordinal))
        .Where(p => !p.Contains('{', StringComparison.Ordinal))
        // A ticket that has not changed says nothing; from version 0 on it has.
        .Select(p => p.EndsWith("/live", StringComparison.Ordinal) ? $"{p}?version=0" : p);

    [Fact]
    public async Task R3_a_masked_passage_is_on_no_page_in_any_role()
    {
        var agent = await server.As(Role.Agent);
        // Of severity 1, so that it is part of an incident too.
        var opened = (await agent.Post("/api/tickets", new
        {
            product = "billing", language = "en", channel = "api", requester = new { email = "customer@example.com" }, subject = $"My password is {Canary}", body = "I got no invoice in May.", severity = "critical",
        })).ShouldBe(HttpStatusCode.Created);
        var (path, number) = ($"/api/tickets/{opened.Json.GetProperty("ticket").GetString()}", opened.Json.GetProperty("number").GetInt64().ToString());
        var incident = (await agent.Get("/api/incidents?open=true")).Json.GetProperty("incidents").EnumerateArray().Single(i => i.GetProperty("product").GetString() == "billing").GetProperty("id").GetString()!;
        var pages = Addresses(number, incident).ToList();
        pages.ShouldContain($"/incidents/{incident}");
        pages.Count.ShouldBeGreaterThan(5);
        (await Everything(pages)).ShouldContain(Canary, customMessage: "before it is hidden it stands on some page: the walk can find it");

        (await agent.Post($"{path}/redactions", new { passages = new[] { new { version = 1, field = "subject", start = 15, length = Canary.Length } }, reason = "a password", everywhere = true },
            opened.Json.GetProperty("version").GetInt64())).ShouldBe(HttpStatusCode.OK);
        (await Everything(pages)).ShouldNotContain(Canary);
    }

    async Task<string> Everything(IEnumerable<string> pages)
    {
        var all = new System.Text.StringBuilder();
        foreach (var page in pages)
            foreach (var role in Roles)
            {
                var answer = await (await server.As(role)).Get(page);
                ((int)answer.Status).ShouldBeLessThan(500, $"{role} {page}");
                all.AppendLine(answer.Text);
            }
        return all.ToString();
    }

    /// <summary>Pages and forms both: a form without its fields is refused as such, but only to those who may send it.</summary>
    [Fact]
    public async Task S2_every_role_may_on_the_console_exactly_what_the_one_policy_says()
    {
        var number = (await (await server.As(Role.Agent)).Open()).Json.GetProperty("number").GetInt64().ToString();
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IsPage>() is not null && e.Metadata.GetMetadata<Asks>() is not null && !e.RoutePattern.RawText!.EndsWith("/live", StringComparison.Ordinal)).ToList();
        endpoints.Count.ShouldBeGreaterThan(20);
        foreach (var endpoint in endpoints)
            foreach (var role in Roles)
            {
                var path = Placeholder().Replace(endpoint.RoutePattern.RawText!.Replace("{queue}", "open", StringComparison.Ordinal), number);
                var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
                var answer = await (await server.As(role)).Send(new(method), path, method == "POST" ? Form() : null);
                var principal = new Principal("x", new HashSet<Role> { role }, Customer: role == Role.Customer ? new(Guid.Empty) : null);
                var allowed = Policy.Decide(principal, endpoint.Metadata.GetMetadata<Asks>()!.Operation) is not null;
                (answer.Status == HttpStatusCode.Forbidden).ShouldBe(!allowed, $"{role} {method} {path}: {(int)answer.Status}");
                ((int)answer.Status).ShouldBeLessThan(500, $"{role} {method} {path}");
            }
    }

    [GeneratedRegex(@"\{[a-z]+\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Placeholder();

    [Fact]
    public async Task Nobody_who_has_not_signed_in_sees_a_page_but_the_one_to_do_so()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Address) };
        foreach (var page in Addresses("1").Where(p => p.StartsWith("/queues", StringComparison.Ordinal) || p.StartsWith("/tickets", StringComparison.Ordinal)))
        {
            using var answer = await http.GetAsync(page);
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, page);
            answer.Headers.Location!.ToString().ShouldStartWith("/sign-in?returnTo=");
        }
    }

    [Fact]
    public async Task S2_a_role_without_the_right_is_told_so_in_words()
    {
        var answer = await (await server.As(Role.Analyst)).Get("/queues/open");
        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Text.ShouldContain("<h1>You may not do that.</h1>");
    }

    [Fact]
    public async Task A_form_from_somewhere_else_changes_nothing()
    {
        var number = (await (await server.As(Role.Agent)).Open()).Json.GetProperty("number").GetInt64();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(server.Address) };
        using var signIn = new HttpRequestMessage(HttpMethod.Post, "/sign-in/development") { Content = Form(("handle", "ann")), Headers = { { "Sec-Fetch-Site", "same-origin" } } };
        (await http.SendAsync(signIn)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var before = await server.EventCount();
        foreach (var (site, fields) in new[] { ("cross-site", Form(("body", "x"), ("version", "3"))), ("same-origin", Form(("body", "x"), ("version", "3"), ("csrf", "guessed"))) })
        {
            using var forged = new HttpRequestMessage(HttpMethod.Post, $"/tickets/{number}/note") { Content = fields, Headers = { { "Sec-Fetch-Site", site } } };
            (await http.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await server.EventCount()).ShouldBe(before);
    }

    static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
}
