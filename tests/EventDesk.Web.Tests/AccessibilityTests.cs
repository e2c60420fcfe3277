using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EventDesk.Domain.Access;
using Microsoft.Playwright;

namespace EventDesk.Web.Tests;

/// <summary>WCAG 2.2 A and AA, as far as a machine can tell: on every page, light and dark, wide and narrow.</summary>
public sealed class AccessibilityTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>Who looks, and at what; {0} is the number of a ticket.</summary>
    public static TheoryData<string, string> Pages => new()
    {
        { "ann", "/queues/open" },
        { "ann", "/queues/breached" },
        { "ann", "/tickets/{0}" },
        { "abe", "/tickets/{0}/history" },
        { "ann", "/tickets/999999" },
        { "ana", "/reports" },
        { "cora", "/monitor" },
        { "cora", "/triage" },
        { "abe", "/log" },
        { "cora", "/reports/first-line?groupBy=desk" },
        { "ana", "/reports/sla?groupBy=day" },
        { "cora", "/reports/backlog/events" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nothing_on_a_page_keeps_anybody_out(string who, string address)
    {
        var number = (await (await server.As(Role.Agent)).Open("Readable by everybody")).Json.GetProperty("number").GetInt64();
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 360) })
        {
            await using var browser = await chromium.New(server.Address, scheme: scheme, size: new() { Width = width, Height = 800 });
            var page = await ConsoleServer.SignIn(browser, who, string.Format(System.Globalization.CultureInfo.InvariantCulture, address, number));
            var found = await page.RunAxe(new AxeRunOptions { RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } });
            found.Violations.Select(v => $"{address} {scheme} {width}: {v.Id} {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}").ShouldBeEmpty();
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        }
    }

    [Fact]
    public async Task The_page_to_sign_in_is_readable_too()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/queues/open");
        (await page.RunAxe()).Violations.Select(v => v.Id).ShouldBeEmpty();
    }
}
