using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Service.Attending;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>D3: staff who may read a ticket see who else has it before them, at this moment, from every process; nobody else does, and nothing of it stays.</summary>
public sealed class PresenceTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly TimeSpan Gone = Attendance.Lease + TimeSpan.FromSeconds(5);

    static string Path(Answer ticket) => $"/api/tickets/{ticket.Ticket}/presence";

    static Task<Answer> Say(Api who, Answer ticket, bool writing, string? screen = null) =>
        who.Put(Path(ticket), screen is null ? new { writing } : new { writing, screen }, null);

    static async Task<string> Present(Api who, Answer ticket) =>
        string.Join(", ", (await who.Get(Path(ticket))).ShouldBe(HttpStatusCode.OK).Json.GetProperty("present").EnumerateArray()
            .Select(p => $"{p.GetProperty("who").GetString()} {(p.GetProperty("writing").GetBoolean() ? "writes" : "reads")}"));

    [Fact]
    public async Task D3_who_says_to_be_there_is_seen_by_others_until_they_leave_and_each_once()
    {
        var (ann, bob) = (await server.As(Role.Agent, "ann"), await server.As(Role.Agent, "bob"));
        var ticket = await ann.Open();
        (await Present(ann, ticket)).ShouldBe("");
        (await Say(bob, ticket, writing: false)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("present")[0].GetProperty("who").GetString().ShouldBe("bob");
        (await Present(ann, ticket)).ShouldBe("bob reads");
        await Say(bob, ticket, writing: true, "second");
        await Say(ann, ticket, writing: false);
        (await Present(ann, ticket)).ShouldBe("ann reads, bob writes");
        (await bob.Delete($"{Path(ticket)}?screen=second")).ShouldBe(HttpStatusCode.NoContent);
        (await Present(ann, ticket)).ShouldBe("ann reads, bob reads");
        (await bob.Delete(Path(ticket))).ShouldBe(HttpStatusCode.NoContent);
        (await Present(ann, ticket)).ShouldBe("ann reads");
    }

    [Fact]
    public async Task D3_who_is_not_heard_of_for_a_few_seconds_is_gone_and_who_says_it_again_stays()
    {
        var (ann, bob) = (await server.As(Role.Agent, "ann"), await server.As(Role.Agent, "bob"));
        var ticket = await ann.Open();
        await Say(bob, ticket, writing: true);
        await Eventually.Be(async () =>
        {
            await Say(ann, ticket, writing: false);
            return await Present(ann, ticket) == "ann reads";
        }, "only bob is gone", Gone);
    }

    [Fact]
    public async Task D3_presence_is_no_history()
    {
        var ann = await server.As(Role.Agent, "ann");
        var ticket = await ann.Open();
        await Say(ann, ticket, writing: true);
        await Present(ann, ticket);
        (await ann.Get($"/api/tickets/{ticket.Ticket}")).Json.GetProperty("version").GetInt64().ShouldBe(ticket.Version);
        (await server.Scalar($"select count(*) from mt_events where stream_id = '{ticket.Ticket}'")).ShouldBe(ticket.Version);
    }

    [Fact]
    public async Task D3_S2_customers_neither_see_it_nor_are_seen_and_who_does_not_reach_the_ticket_does_not_either()
    {
        var (ann, kim) = (await server.As(Role.Agent, "ann"), await server.As(Role.Customer, "kim"));
        var ticket = await ann.Open(email: "kim@example.com");
        await Say(ann, ticket, writing: true);
        (await kim.Get(Path(ticket))).ShouldBe(HttpStatusCode.Forbidden);
        (await Say(kim, ticket, writing: true)).ShouldBe(HttpStatusCode.Forbidden);
        var elsewhere = await server.As(Role.Agent, "ola", ["mobile/pl"]);
        (await elsewhere.Get(Path(ticket))).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("ticket_not_found");
        (await Say(elsewhere, ticket, writing: true)).ShouldBe(HttpStatusCode.NotFound);
        (await elsewhere.Get($"/tickets/{ticket.Ticket}/live")).ShouldBe(HttpStatusCode.NotFound);
        (await Present(ann, ticket)).ShouldBe("ann writes");
    }

    [Fact]
    public async Task D3_S2_a_ticket_that_moved_out_of_reach_tells_nothing_more()
    {
        var (near, coordinator) = (await server.As(Role.Agent, "near", ["billing/en"]), await server.As(Role.Coordinator));
        var ticket = await near.Open();
        using var live = await near.Watch($"/tickets/{ticket.Ticket}/live");
        await Eventually.Be(async () => await Present(coordinator, ticket) == "near reads", "the open screen is seen");
        (await coordinator.Post($"/api/tickets/{ticket.Ticket}/desk", new { product = "cloud", language = "en" }, ticket.Version)).ShouldBe(HttpStatusCode.OK);
        (await live.Next()).ShouldBeNull();
        await Eventually.Be(async () => await Present(coordinator, ticket) == "", "the screen is not seen any more");
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task F8_a_screen_has_a_plain_name(string screen)
    {
        var ann = await server.As(Role.Agent, "ann");
        (await Say(ann, await ann.Open(), writing: false, screen)).ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task D3_it_is_seen_from_every_process_on_the_database_and_gone_when_one_of_them_is()
    {
        await using var other = ServerHost.Build(server.Settings with { Urls = "http://127.0.0.1:0" });
        await other.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(other.Urls.First()) };
        var (here, there) = (await server.As(Role.Agent, "ann"), new Api(http, await server.Issue(new("bob", [Role.Agent], TimeSpan.FromDays(1)))));
        var ticket = await here.Open();
        using var live = await here.Watch($"/tickets/{ticket.Ticket}/live");

        await Eventually.Hold(async () =>
        {
            await Say(here, ticket, writing: false); // a process that has just begun to listen hears of it when it is said again
            await Say(there, ticket, writing: true);
            (await Present(here, ticket)).ShouldBe("ann reads, bob writes");
            (await Present(there, ticket)).ShouldBe("ann reads, bob writes");
        });
        (await live.Next())!.Value.ShouldSatisfyAllConditions(e => e.Name.ShouldBe("presence"), e => e.Data.ShouldContain("bob is writing a reply"));
        await Say(there, ticket, writing: false);
        (await live.Next())!.Value.Data.ShouldContain("bob is reading");
        await there.Delete(Path(ticket));
        (await live.Next())!.Value.Data.ShouldNotContain("bob");

        await Say(there, ticket, writing: true);
        (await live.Next())!.Value.Data.ShouldContain("bob is writing a reply");
        await other.StopAsync();
        await Eventually.Be(async () => await Present(here, ticket) == "", "who was there by the process that has ended, and who says nothing, is gone", Gone);
    }
}
