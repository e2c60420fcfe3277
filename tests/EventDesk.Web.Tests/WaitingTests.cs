using System.Net;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D1: what takes longer is seen to be under way, and what fails is said, with a way to try again. Nothing moves for it.</summary>
public sealed class WaitingTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    static ILocator Waiting(IPage page) => page.Locator("html.waiting");

    [Theory]
    [InlineData(ReducedMotion.NoPreference, "waiting")]
    [InlineData(ReducedMotion.Reduce, "none")]
    public async Task D1_A_page_that_takes_longer_is_waited_for_in_sight_and_nothing_jumps(ReducedMotion motion, string animation)
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await page.EmulateMediaAsync(new() { ReducedMotion = motion });
        var held = new TaskCompletionSource();
        await page.RouteAsync("**/incidents", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await Expect(Waiting(page)).ToHaveCountAsync(0);
        // In one call, since locators wait while a page is on its way.
        (await page.Locator(".places a[href='/incidents']").EvaluateAsync<string>("""
            link => new Promise(done => {
              const h1 = document.querySelector('h1');
              const before = h1.getBoundingClientRect();
              const look = () => {
                if (!document.documentElement.classList.contains('waiting')) return setTimeout(look, 20);
                const now = h1.getBoundingClientRect();
                done([
                  document.querySelector('main').getAttribute('aria-busy'),
                  now.x - before.x + now.y - before.y,
                  getComputedStyle(document.documentElement, '::before').animationName].join(' '));
              };
              link.click();
              look();
            })
            """)).ShouldBe($"true 0 {animation}");
        held.SetResult();
        await page.ShouldArriveAt("**/incidents");
        await Expect(Waiting(page)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task D1_A_ticket_that_waits_for_somebody_is_not_a_page_that_is_waited_for()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("Stands and waits");
        (await agent.Post($"/api/tickets/{opened.Ticket}/waiting", new { reason = "customer" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", "/queues/open");
        await Expect(page.GetByText("Stands and waits")).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("() => [...document.querySelectorAll('*')].filter(e => getComputedStyle(e, '::before').position === 'fixed').length")).ShouldBe(0);
    }

    [Fact]
    public async Task D1_A_part_of_a_page_that_did_not_come_is_asked_for_again_by_a_button()
    {
        var number = (await (await server.As(Role.Agent)).Open("Looked back at")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "abe", $"/tickets/{number}/history");
        var held = new TaskCompletionSource();
        await page.RouteAsync("**/history?version=1", async route =>
        {
            await held.Task;
            await route.AbortAsync();
        }, new() { Times = 1 });
        await page.Locator(".history a[href='?version=1']").First.ClickAsync();
        await Expect(Waiting(page)).ToHaveCountAsync(1);
        held.SetResult();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No answer has come.");
        await Expect(Waiting(page)).ToHaveCountAsync(0);
        await Expect(page.Locator("main")).Not.ToHaveAttributeAsync("aria-busy", "true");
        await page.ShouldBeReadable("what did not come");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).PressAsync("Enter");
        await page.ShouldArriveAt("**/history?version=1");
        await Expect(page.Locator(".unanswered")).ToHaveCountAsync(0);
        await Expect(page.Locator("main")).ToBeFocusedAsync();
    }
}
