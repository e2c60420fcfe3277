using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;
using EventDesk.Service.Attending;
using EventDesk.Testing;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D3: who else has a ticket open, and who answers it, stands on its page and goes by itself.</summary>
public sealed class PresenceTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task D3_Two_agents_on_one_ticket_see_each_other_read_write_and_go()
    {
        var opened = await (await server.As(Role.Agent)).Open("Asked by one, answered by one");
        var address = $"/tickets/{opened.Json.GetProperty("number").GetInt64()}";
        await using var hers = await chromium.New(server.Address);
        await using var his = await chromium.New(server.Address);
        var ann = await ConsoleServer.SignIn(hers, "ann", address);
        await Expect(ann.Locator(".present")).ToBeEmptyAsync(); // nobody is told of themselves
        var mia = await ConsoleServer.SignIn(his, "mia", address);
        await Expect(ann.Locator(".present")).ToHaveTextAsync("mia is reading");
        await Expect(mia.Locator(".present")).ToHaveTextAsync("ann is reading");
        await Expect(mia.Locator("#f-reply .double")).ToBeEmptyAsync();

        await ann.Keyboard.PressAsync("r");
        await ann.Keyboard.TypeAsync("We");
        await Expect(mia.Locator(".present")).ToHaveTextAsync("ann is writing a reply");
        await Expect(mia.Locator("#f-reply .double")).ToHaveTextAsync("ann is writing a reply at this moment."); // beside where mia would write hers
        await Expect(ann.Locator("#f-reply .double")).ToBeEmptyAsync();
        await mia.ShouldBeReadable("a ticket that somebody else answers");
        await ann.Locator("#reply-body").FillAsync("");
        await Expect(mia.Locator(".present")).ToHaveTextAsync("ann is reading");
        await Expect(mia.Locator("#f-reply .double")).ToBeEmptyAsync();

        await ann.Locator("#reply-body").FillAsync("We sent it again.");
        await Expect(mia.Locator(".present")).ToHaveTextAsync("ann is writing a reply");
        await ann.Locator("#f-reply .primary").ClickAsync();
        await Expect(mia.Locator(".message.answered .text")).ToHaveTextAsync("We sent it again.");
        await Expect(mia.Locator(".present")).ToHaveTextAsync("ann is reading");

        await mia.CloseAsync();
        await Expect(ann.Locator(".present")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task D3_Whose_connection_breaks_is_gone_within_seconds_and_there_again_with_it()
    {
        var opened = await (await server.As(Role.Agent)).Open("Read on a train");
        var address = $"/tickets/{opened.Json.GetProperty("number").GetInt64()}";
        await using var home = await chromium.New(server.Address);
        await using var train = await chromium.New(server.Address);
        var cora = await ConsoleServer.SignIn(home, "cora", address);
        var ann = await ConsoleServer.SignIn(train, "ann", address);
        await ann.Locator("#reply-body").FillAsync("Just a ");
        await Expect(cora.Locator(".present")).ToHaveTextAsync("ann is writing a reply");
        await train.SetOfflineAsync(true);
        await Expect(cora.Locator(".present")).ToBeEmptyAsync(new() { Timeout = (float)(Attendance.Lease + TimeSpan.FromSeconds(5)).TotalMilliseconds });
        await train.SetOfflineAsync(false);
        await Expect(cora.Locator(".present")).ToHaveTextAsync("ann is writing a reply");
        await Expect(ann.Locator(".present")).ToHaveTextAsync("cora is reading");
    }

    [Fact]
    public async Task D3_Without_a_script_the_page_says_nothing_of_presence_and_a_customer_s_page_never_does()
    {
        var agent = await server.As(Role.Agent, "bob");
        var opened = await agent.Open("Plain", email: "plain@example.com");
        var number = opened.Json.GetProperty("number").GetInt64();
        await using var plain = await chromium.New(server.Address, script: false);
        var ann = await ConsoleServer.SignIn(plain, "ann", $"/tickets/{number}");
        await Expect(ann.Locator(".present")).ToBeHiddenAsync();
        await Expect(ann.Locator("#reply-body")).ToBeVisibleAsync();
        (await agent.Put($"/api/tickets/{opened.Ticket}/presence", new { writing = true }, null)).ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("present").EnumerateArray().Select(p => p.GetProperty("who").GetString()).ShouldBe(["bob"]);

        await using var outside = await chromium.New(server.Address);
        var customer = await ConsoleServer.ComeAs(outside, "plain@example.com", $"/portal/tickets/{number}");
        (await customer.ContentAsync()).ShouldNotContain("bob");
        await Expect(customer.Locator("live-ticket, ticket-presence")).ToHaveCountAsync(0);
    }
}

/// <summary>The same where a session that nobody uses ends soon.</summary>
public sealed class IdlePresenceTests(IdlePresenceTests.Hasty server) : IClassFixture<IdlePresenceTests.Hasty>
{
    [Fact]
    public async Task S1_A_page_that_only_says_that_it_is_open_keeps_no_session_alive()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = true, AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Address) };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var ticket = await (await server.As(Role.Agent)).Open();
        using var signIn = await browser.PostAsync("/sign-in/development", new FormUrlEncodedContent(new Dictionary<string, string> { ["handle"] = "ann" }));
        signIn.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await Say()).ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () => await Say() == HttpStatusCode.Unauthorized, "the session has ended, although the page went on saying that it is there");

        async Task<HttpStatusCode> Say()
        {
            using var body = new StringContent("""{"writing":false}""", null, "application/json");
            using var answer = await browser.PutAsync($"/api/tickets/{ticket.Ticket}/presence", body);
            return answer.StatusCode;
        }
    }

    public sealed class Hasty : ConsoleServer
    {
        protected override Server.Settings Adjust(Server.Settings settings) =>
            settings with { SignIn = new() { Development = true, Sessions = SessionRules.Default with { Idle = TimeSpan.FromSeconds(2) } } };
    }
}
