using System.Globalization;
using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>Who could read a ticket, and who did.</summary>
public sealed class AccessLogTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly TimeProvider Clock = TimeProvider.System;

    async Task<JsonElement> Access(Guid ticket, DateTimeOffset? asOf = null) =>
        (await (await server.As(Role.Auditor, "otto")).Get($"/api/tickets/{ticket}/access{(asOf is { } at ? $"?asOf={at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)}" : "")}"))
            .ShouldBe(HttpStatusCode.OK).Json;

    static List<string> Could(JsonElement access) => [.. access.GetProperty("could").EnumerateArray().Select(c => $"{c.GetProperty("id").GetString()} {c.GetProperty("role").GetString()}")];

    static List<string> Did(JsonElement access) => [.. access.GetProperty("did").EnumerateArray().Select(d => $"{d.GetProperty("by").GetString()} {d.GetProperty("kind").GetString()} {(d.TryGetProperty("operation", out var o) ? o.GetString() : "")}".Trim())];

    [Fact]
    public async Task T3_who_could_read_a_ticket_at_an_instant_follows_from_people_grants_and_trainings_of_that_instant()
    {
        var administrator = await server.As(Role.Administrator);
        var there = await Sample.Person(server, "thea", desks: ["mobile/sv"]);
        await Sample.Person(server, "elsewhere", desks: ["mobile/fi"]);
        var untaught = await Sample.Person(server, "ulf", desks: ["mobile/sv"], taught: false);
        await Sample.Person(server, "alva", roles: ["auditor"], desks: []);
        var ticket = await (await server.As(Role.Agent, "opener")).Open(product: "mobile", language: "sv");
        var before = Clock.GetUtcNow();
        (await administrator.Post($"/api/people/{there}/deactivation", null)).ShouldBe(HttpStatusCode.OK);
        await Sample.Teach(administrator, untaught, "privacy");
        await Sample.Teach(administrator, untaught, "ticket-work");
        var after = Clock.GetUtcNow();

        var then = await Access(ticket.Ticket, before);
        Could(then).ShouldContain("thea agent");
        Could(then).ShouldNotContain("ulf agent");
        var now = await Access(ticket.Ticket, after);
        Could(now).ShouldNotContain("thea agent");
        Could(now).ShouldContain("ulf agent");
        foreach (var access in new[] { then, now })
        {
            Could(access).ShouldContain("alva auditor");
            Could(access).ShouldContain("opener agent");
            Could(access).ShouldNotContain("elsewhere agent");
            access.GetProperty("could").EnumerateArray().Count(c => c.GetProperty("kind").GetString() == "customer").ShouldBe(1);
        }
        then.GetProperty("could").EnumerateArray().Single(c => c.GetProperty("id").GetString() == "thea").GetProperty("desks")[0].GetString().ShouldBe("mobile/sv");
        (await (await server.As(Role.Auditor)).Get($"/api/tickets/{ticket.Ticket}/access?asOf=2001-01-01T00:00:00Z")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task T3_every_read_of_a_ticket_and_every_denial_is_recorded_with_who_it_was()
    {
        var ticket = await (await server.As(Role.Agent, "opener")).Open(product: "mobile", language: "pl", email: "kim@example.com");
        var path = $"/api/tickets/{ticket.Ticket}";
        var (ann, foreign, kim) = (await server.As(Role.Agent, "reader"), await server.As(Role.Agent, "foreign", ["mobile/fi"]), await server.As(Role.Customer, "kim"));
        (await ann.Get(path)).ShouldBe(HttpStatusCode.OK);
        (await ann.Get(path)).ShouldBe(HttpStatusCode.OK);
        (await ann.Get($"{path}/events")).ShouldBe(HttpStatusCode.OK);
        (await kim.Get(path)).ShouldBe(HttpStatusCode.OK);
        (await foreign.Get(path)).ShouldBe(HttpStatusCode.NotFound);
        (await foreign.Post($"{path}/notes", new { body = "x" }, 1)).ShouldBe(HttpStatusCode.NotFound);
        (await (await server.As(Role.Analyst, "nosy")).Get(path)).ShouldBe(HttpStatusCode.Forbidden);

        var access = await Access(ticket.Ticket);
        var did = Did(access);
        did.ShouldContain("reader read readTicket");
        did.ShouldContain("reader read readHistory");
        did.ShouldContain("opener wrote");
        did.ShouldContain("foreign denied readTicket");
        did.ShouldContain("foreign denied addNote");
        did.ShouldContain("otto read readAccess");
        did.Count(d => d.EndsWith(" read readTicket", StringComparison.Ordinal)).ShouldBe(2);
        access.GetProperty("did").EnumerateArray().First(d => d.GetProperty("by").GetString() == "reader" && d.GetProperty("operation").GetString() == "readTicket").GetProperty("times").GetInt64().ShouldBe(2);
        (await server.Scalar("select count(*) from access_entry where by_whom = 'nosy' and kind = 'denied' and why = 'role'")).ShouldBe(1);
    }

    [Fact]
    public async Task S5_a_process_that_is_stopped_loses_no_access_and_the_view_equals_a_replay()
    {
        await using var other = ServerHost.Build(server.Settings with { Urls = "http://127.0.0.1:0" });
        await other.StartAsync();
        var token = await server.Issue(new("late-reader", [Role.Auditor], TimeSpan.FromDays(1)));
        var ticket = await (await server.As(Role.Agent)).Open();
        using var http = new HttpClient { BaseAddress = new Uri(other.Urls.First()) };
        (await new Api(http, token).Get($"/api/tickets/{ticket.Ticket}")).ShouldBe(HttpStatusCode.OK);
        await other.StopAsync();
        (await server.Scalar($"select count(*) from access_entry where by_whom = 'late-reader' and ticket = '{ticket.Ticket}'")).ShouldBe(1);

        await server.Services.GetRequiredService<AccessLog>().Flush(default);
        foreach (var view in new Store.View[] { new AccessLogView(), new Service.People.PeopleView(), new Service.Access.TokenView(), new Service.Access.SessionView() })
            (await Store.Following.ViewCheck.Run(server.Services.GetRequiredService<Store.EventStore>(), view, default)).ShouldSatisfyAllConditions(d => d.None.ShouldBeTrue(string.Join('\n', d.Examples)));
    }

    [Fact]
    public async Task S5_what_did_not_find_room_waits_and_nothing_is_lost_when_many_read_at_once()
    {
        var log = server.Services.GetRequiredService<AccessLog>();
        var ticket = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => log.Denied($"crowd-{i}", "readTicket", ticket, "reach", default).AsTask()));
        await log.Flush(default);
        (await server.Scalar($"select sum(times) from access_entry where ticket = '{ticket}'")).ShouldBe(5_000);
        (await server.Scalar($"select count(distinct by_whom) from access_entry where ticket = '{ticket}'")).ShouldBe(5_000);
        await Eventually.Be(async () => (await new Api(server.Http, null).Get("/health/ready")).Status == HttpStatusCode.OK, "it goes on");
    }
}
