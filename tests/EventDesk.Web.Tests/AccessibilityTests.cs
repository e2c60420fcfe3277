using System.Globalization;
using EventDesk.Domain.Access;

namespace EventDesk.Web.Tests;

/// <summary>WCAG 2.2 A and AA, as far as a machine can tell: on every page, light and dark, wide and narrow.</summary>
public sealed class AccessibilityTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>Who looks, and at what; {0} is the number of a ticket.</summary>
    public static TheoryData<string, string[]> Pages => new()
    {
        {
            "ann",
            [
                "/queues/open", "/queues/breached", "/tickets/new", "/tickets/{0}", "/tickets/{0}/clocks", "/tickets/999999", "/search?q=readable",
                "/bulk?t={0}", "/bulk?t={0}&t=999999&action=tag&add=x", "/bulk", "/hours", "/people",
            ]
        },
        { "pia", ["/subjects", "/retention"] },
        { "cora", ["/monitor", "/triage", "/board", "/incidents", "/tickets/new", "/reports/comments", "/reports", "/reports/first-line?groupBy=desk", "/reports/backlog/events"] },
        { "abe", ["/tickets/{0}/history", "/log"] },
        { "ana", ["/reports", "/reports/csat?groupBy=desk", "/reports/response-times", "/reports/escalations", "/reports/sla?groupBy=day", "/reports/flow?groupBy=day", "/reports/backlog?groupBy=product,language&language=en"] },
        { "adam", ["/people", "/tokens", "/organisation", "/organisation?part=products", "/organisation?part=trainings", "/organisation?part=calendars", "/organisation?part=contracts", "/organisation?part=customers", "/organisation/edit?of=calendar/en", "/organisation?part=retention", "/organisation?part=privacy", "/organisation/edit?of=contract/standard", "/organisation/edit?of=retention", "/organisation/edit?of=privacy/rules", "/macros", "/macros/more-details"] },
        {
            "adam",
            [
                "/organisation/edit?of=product/billing", "/organisation/edit?of=language/pl", "/organisation/edit?of=desk/billing/en", "/organisation/edit?of=team/billing-en-l1", "/organisation/edit?of=agent/vera",
                "/organisation/edit?of=trainings/agent", "/organisation/edit?of=routing/rules", "/organisation/edit?of=agent/somebody-new",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nothing_on_a_page_keeps_anybody_out(string who, string[] addresses)
    {
        var number = (await (await server.As(Role.Agent)).Open("Readable by everybody")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, who);
        foreach (var address in addresses)
        {
            await page.GotoAsync(string.Format(CultureInfo.InvariantCulture, address, number));
            await page.ShouldBeReadable(address);
        }
    }

    [Fact]
    public async Task The_page_to_sign_in_is_readable_too()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/queues/open");
        await page.ShouldBeReadable("signing in");
    }
}
