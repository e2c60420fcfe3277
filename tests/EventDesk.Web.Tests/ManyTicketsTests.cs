using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>A9 in a browser: tickets merged, linked, worked on together, and answered from a canned reply.</summary>
public sealed class ManyTicketsTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static long Number(Server.Tests.Answer opened) => opened.Json.GetProperty("number").GetInt64();

    [Fact]
    public async Task A9_A_merged_ticket_is_read_on_the_other_one_and_can_be_taken_out_again_without_a_script()
    {
        var agent = await server.As(Role.Agent);
        var (first, second) = (await agent.Open("Asked once"), await agent.Open("Asked again"));
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{Number(second)}");
        await page.Locator("summary", new() { HasText = "Merge into another ticket" }).ClickAsync();
        await page.Locator("#f-merge input[name=into]").FillAsync("999999999");
        await page.Locator("#f-merge button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no such other ticket");
        await page.Locator("#f-merge input[name=into]").FillAsync($"#{Number(first)}");
        await page.Locator("#f-merge button").ClickAsync();

        await page.GetByRole(AriaRole.Status).GetByText($"#{Number(first)}").ClickAsync();
        await Expect(page.Locator($"#m{Number(second)}-1")).ToContainTextAsync($"#{Number(second)}");
        await Expect(page.Locator(".related")).ToContainTextAsync($"#{Number(second)}");

        await page.GotoAsync($"/tickets/{Number(second)}");
        await page.Locator("#f-unmerge button").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("Open");
    }

    [Fact]
    public async Task A9_Marked_tickets_are_tagged_together_after_a_preview_without_a_script()
    {
        var agent = await server.As(Role.Agent);
        var (first, second) = (await agent.Open("Outage one"), await agent.Open("Outage two"));
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        foreach (var opened in new[] { first, second })
            await page.Locator($"#t-{opened.Ticket} .mark input").CheckAsync();
        await page.Locator("#bulk button").ClickAsync();
        await page.Locator("summary", new() { HasText = "Tags" }).ClickAsync();
        await page.Locator("input[name=add]").FillAsync("outage");
        await page.Locator("form:has(input[name=add]) button").ClickAsync();
        await Expect(page.Locator(".outcomes li.met")).ToHaveCountAsync(2);
        (await agent.Get($"/api/tickets/{first.Ticket}")).Text.ShouldNotContain("\"outage\"");
        await page.GetByText("Do it to 2 tickets").ClickAsync();
        await Expect(page.Locator(".outcomes .met .result").First).ToHaveTextAsync("done");
        (await agent.Get($"/api/tickets/{first.Ticket}")).Text.ShouldContain("\"outage\"");
    }

    [Fact]
    public async Task D1_Tickets_are_marked_by_key_and_stay_so_when_the_list_changes()
    {
        var agent = await server.As(Role.Agent);
        await agent.Open("To be marked");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Expect(page.Locator(".ticket.at .mark input")).ToBeCheckedAsync();
        await agent.Open("Comes meanwhile");
        await Expect(page.GetByText("Comes meanwhile")).ToBeVisibleAsync();
        await Expect(page.Locator(".mark input:checked")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("b");
        await page.ShouldArriveAt("**/bulk?t=*");
    }

    [Fact]
    public async Task D1_Tickets_that_come_into_an_empty_queue_are_marked_and_worked_on_together_as_any_others()
    {
        var agent = await server.As(Role.Agent);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open?desk=cloud%2Fsv");
        await Expect(page.Locator(".empty")).ToBeVisibleAsync();
        await Expect(page.Locator("#bulk")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("b"); // nothing is there to do anything with
        var (first, second) = (await agent.Open("The first to come", "cloud", "sv"), await agent.Open("The second to come", "cloud", "sv"));
        foreach (var come in new[] { first, second })
            await page.Locator($"#t-{come.Ticket} .mark input").CheckAsync();
        await page.Locator("#bulk button").ClickAsync();
        await page.ShouldArriveAt($"**/bulk?t={Number(first)}&t={Number(second)}");
    }

    [Fact]
    public async Task A9_A_canned_reply_fills_the_answer_is_changed_and_sent_with_its_steps()
    {
        var opened = await (await server.As(Role.Agent)).Open("Where is my refund?");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{Number(opened)}");
        await page.Locator("select[name=macro]").SelectOptionAsync("refund-on-its-way");
        await page.GetByText("Use it", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#reply-body")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex($"your refund is on its way.*ann, #{Number(opened)}", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(1)));
        await page.Locator("#reply-body").FillAsync("Hello, it comes tomorrow.");
        await page.Locator("#f-macro .primary").ClickAsync();
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("Hello, it comes tomorrow.");
        await Expect(page.Locator(".facts")).ToContainTextAsync("Resolved");
        await Expect(page.Locator(".facts")).ToContainTextAsync("refund");
    }

    [Fact]
    public async Task A9_What_a_customer_writes_on_a_merged_ticket_is_kept_where_it_goes_on_and_the_portal_says_so()
    {
        var agent = await server.As(Role.Agent);
        var (kept, merged) = (await agent.Open("The first", email: "nora@example.com"), await agent.Open("The second", email: "nora@example.com"));
        (await agent.Post($"/api/tickets/{merged.Ticket}/merges", new { into = kept.Ticket.ToString() }, merged.Version)).ShouldBe(System.Net.HttpStatusCode.OK);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "nora@example.com", $"/portal/tickets/{Number(merged)}");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"#{Number(kept)}");
        await page.Locator("#reply").FillAsync("And one more thing.");
        await page.Locator("#f-customer-message button").ClickAsync();
        await page.ShouldArriveAt($"**/portal/tickets/{Number(kept)}*");
        await Expect(page.Locator(".message .text").Last).ToHaveTextAsync("And one more thing.");
        await Expect(page.Locator($"#m{Number(merged)}-1")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A9_What_was_typed_stays_when_a_canned_reply_is_chosen_after_all()
    {
        var opened = await (await server.As(Role.Agent)).Open("Typed first");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{Number(opened)}");
        await page.Locator("#reply-body").FillAsync("Dear Kim,");
        await page.Locator("select[name=macro]").SelectOptionAsync("known-outage");
        await page.GetByText("Use it", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("#f-macro textarea")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Dear Kim,.*we know of this fault", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(1)));
        await page.Locator("#f-macro .primary").ClickAsync();
        await Expect(page.Locator(".message.answered .text")).ToContainTextAsync("Dear Kim,");
    }
}
