using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>One ticket through everybody's hands, each in a browser of their own: from the customer's form to the certificate of its purge.</summary>
public sealed class MainPathTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    const string Customer = "mona@example.com", Secret = "Ursula";

    [Fact]
    public async Task Main_path_open_triage_reply_escalate_resolve_rate_audit_redact_purge()
    {
        await using var ofCustomer = await chromium.New(server.Address);
        var portal = await ConsoleServer.ComeAs(ofCustomer, Customer, "/portal/new");
        var number = await Open(portal);

        await using var ofCoordinator = await chromium.New(server.Address);
        await Triage(await ConsoleServer.SignIn(ofCoordinator, "cora", "/triage?desk=billing%2Fen"), number);

        await using var ofAgent = await chromium.New(server.Address);
        var agent = await ConsoleServer.SignIn(ofAgent, "ann", $"/tickets/{number}");
        await Answer(agent);
        await portal.ReloadAsync();
        await Expect(portal.Locator(".message.answered .text")).ToHaveTextAsync("We look into it.");

        await EscalateToSecondLine(agent);
        await using var ofManager = await chromium.New(server.Address);
        await EscalateToThirdLine(agent, await ConsoleServer.SignIn(ofManager, "mia", $"/tickets/{number}"));

        await Resolve(agent);
        await Rate(portal);

        await using var ofAuditor = await chromium.New(server.Address);
        var auditor = await ConsoleServer.SignIn(ofAuditor, "abe", $"/tickets/{number}/history");
        await Audit(auditor, number);

        await Redact(agent, number);
        await portal.ReloadAsync();
        await Expect(portal.Locator(".message.asked .text")).ToHaveTextAsync("My mother is called ********.");

        await using var ofOfficer = await chromium.New(server.Address);
        await Purge(await ConsoleServer.SignIn(ofOfficer, "pia", $"/tickets/{number}"));
        await Verify(auditor, number);
        (await portal.GotoAsync($"/portal/tickets/{number}"))!.Status.ShouldBeLessThan(500);
        await Expect(portal.Locator("body")).Not.ToContainTextAsync("called");
    }

    static async Task<string> Open(IPage portal)
    {
        await portal.Locator("#desk").SelectOptionAsync("billing/en");
        await portal.Locator("#subject").FillAsync("I cannot sign in");
        await portal.Locator("#body").FillAsync($"My mother is called {Secret}.");
        await portal.Locator("form[action='/portal/new'] button").ClickAsync();
        await portal.ShouldArriveAt("**/portal/tickets/*");
        return new Uri(portal.Url).Segments[^1];
    }

    /// <summary>From the board to the first line.</summary>
    static async Task Triage(IPage coordinator, string number)
    {
        await coordinator.Locator($"#t-{number} button").ClickAsync();
        await Expect(coordinator.Locator($"#t-{number}")).ToHaveCountAsync(0);
    }

    static async Task Answer(IPage agent)
    {
        await agent.Locator("#reply-body").FillAsync("We look into it.");
        await agent.Locator("#f-reply .primary").ClickAsync();
        await Expect(agent.Locator(".message.answered .text")).ToHaveTextAsync("We look into it.");
    }

    /// <summary>The gate is shut before the severity was assessed, and opens with it.</summary>
    static async Task EscalateToSecondLine(IPage agent)
    {
        await Escalate(agent);
        await Expect(agent.GetByRole(AriaRole.Alert)).ToContainTextAsync("assess");
        await Assess(agent);
        await Escalate(agent);
        await Expect(agent.Locator(".facts")).ToContainTextAsync("L2");
    }

    /// <summary>The second line assesses anew, and management has to say yes.</summary>
    static async Task EscalateToThirdLine(IPage agent, IPage manager)
    {
        await Assess(agent);
        await Escalate(agent);
        await Expect(agent.GetByRole(AriaRole.Alert)).ToContainTextAsync("management");
        await manager.ReloadAsync();
        await manager.Locator("summary", new() { HasText = "Evaluate for L3" }).ClickAsync();
        await manager.Locator("#f-evaluation input[value=true]").CheckAsync();
        await manager.Locator("#f-evaluation input[name=reason]").FillAsync("It concerns many.");
        await manager.Locator("#f-evaluation button").ClickAsync();
        await Expect(manager.Locator("#story")).ToContainTextAsync("said yes to L3");
        await agent.ReloadAsync();
        await Escalate(agent);
        await Expect(agent.Locator(".facts")).ToContainTextAsync("L3");
    }

    static async Task Assess(IPage agent)
    {
        var assessed = agent.Locator("#story .event", new() { HasText = "assessed severity" });
        var before = await assessed.CountAsync();
        await Unfold(agent, "severity");
        await agent.Locator("#f-severity input[value=High]").CheckAsync();
        await agent.Locator("#f-severity button").ClickAsync();
        await Expect(assessed).ToHaveCountAsync(before + 1);
    }

    static async Task Escalate(IPage agent)
    {
        await Unfold(agent, "escalation");
        await agent.Locator("#f-escalation input[name=reason]").FillAsync("It needs a developer.");
        await agent.Locator("#f-escalation button").ClickAsync();
        await agent.ShouldHaveLoaded();
    }

    /// <summary>Opens what a form is in, unless it stands open since it was refused.</summary>
    static async Task Unfold(IPage page, string form)
    {
        if (!await page.Locator($"#f-{form}").IsVisibleAsync())
            await page.Locator($"details:has(#f-{form}) > summary").ClickAsync();
    }

    static async Task Resolve(IPage agent)
    {
        await Unfold(agent, "resolution");
        await agent.Locator("#f-resolution select").SelectOptionAsync("Fixed");
        await agent.Locator("#f-resolution input[name=reason]").FillAsync("You can sign in again.");
        await agent.Locator("#f-resolution button").ClickAsync();
        await Expect(agent.Locator(".facts")).ToContainTextAsync("Resolved");
    }

    static async Task Rate(IPage portal)
    {
        await portal.ReloadAsync();
        await portal.Locator("#f-feedback input[value='5']").CheckAsync();
        await portal.Locator("#f-feedback button").ClickAsync();
        await Expect(portal.Locator("#f-feedback input[value='5']")).ToBeCheckedAsync();
    }

    /// <summary>What people did, in the order in which they did it.</summary>
    static readonly string[] Steps =
    [
        "ticket_opened", "ticket_triaged", "reply_sent", "severity_assessed", "ticket_escalated", "severity_assessed", "management_evaluated", "ticket_escalated", "ticket_resolved", "feedback_given",
    ];

    /// <summary>Reads the timeline, goes back to an earlier step, and has the whole of it computed anew.</summary>
    static async Task Audit(IPage auditor, string number)
    {
        (await auditor.Locator(".timeline code").AllInnerTextsAsync()).Where(step => Steps.Contains(step)).ShouldBe(Steps);
        await auditor.Locator(".timeline a", new() { HasText = "ticket_escalated" }).First.ClickAsync();
        await Expect(auditor.Locator(".timeline .now")).ToContainTextAsync("ticket_escalated");
        await Expect(auditor.Locator(".panel.step")).ToContainTextAsync("L2");
        await Verify(auditor, number);
    }

    static async Task Verify(IPage auditor, string number)
    {
        await auditor.GotoAsync("/log");
        await auditor.Locator("input[name=ticket]").FillAsync(number);
        await auditor.GetByText("Verify", new() { Exact = true }).ClickAsync();
        await Expect(auditor.Locator("#verdict")).ToContainTextAsync("Everything holds.");
    }

    /// <summary>A passage is marked, and hidden with a reason.</summary>
    static async Task Redact(IPage agent, string number)
    {
        await agent.GotoAsync($"/tickets/{number}");
        await agent.EvaluateAsync($$"""
            () => { const text = document.querySelector("[data-version='1'][data-field=body]").firstChild, range = document.createRange(), at = text.data.indexOf("{{Secret}}");
              range.setStart(text, at); range.setEnd(text, at + {{Secret.Length}});
              getSelection().removeAllRanges(); getSelection().addRange(range); }
            """);
        await agent.Locator(".hide-passage").ClickAsync();
        await agent.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("It concerns somebody else.");
        await agent.Keyboard.PressAsync("Enter");
        await Expect(agent.Locator("[data-version='1'][data-field=body]")).ToHaveTextAsync("My mother is called ********.");
        await Expect(agent.Locator("body")).Not.ToContainTextAsync(Secret);
    }

    static async Task Purge(IPage officer)
    {
        await Unfold(officer, "purge");
        await officer.Locator("#f-purge select").SelectOptionAsync("CustomerRequest");
        await officer.Locator("#f-purge input[name=sure]").CheckAsync();
        await officer.Locator("#f-purge button").ClickAsync();
        await Expect(officer.Locator("#story")).ToContainTextAsync("purged the ticket; certificate");
        await Expect(officer.Locator("h1")).ToContainTextAsync("(erased)");
    }
}
