using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>D1: what the columns of a queue are, to who sees them and to who hears them.</summary>
public sealed class QueueColumnsTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    const string Heads = "live-list .heads", EdgesOf = "cells => cells.map(c => [Math.round(c.getBoundingClientRect().left), c.textContent.trim()])";

    [Theory]
    [InlineData("ann", "en-GB", 9)] // who marks tickets
    [InlineData("abe", "en-GB", 8)]
    [InlineData("ann", "pl-PL", 9)]
    public async Task D1_A_head_stands_over_each_column_and_a_cell_says_what_it_is_of(string who, string language, int columns)
    {
        await (await server.As(Role.Agent)).Open("Under heads");
        await using var browser = await chromium.New(server.Address, language);
        var page = await ConsoleServer.SignIn(browser, who, "/queues/open");
        await Expect(page.Locator(Heads)).ToBeVisibleAsync();
        await Expect(page.Locator(Heads)).ToHaveAttributeAsync("aria-hidden", "true"); // said by each cell, so not twice
        var row = page.Locator(".ticket", new() { HasText = "Under heads" }).First;
        await page.Shoot($"heads-{who}-{language}");
        var (heads, cells) = (await page.Locator($"{Heads} > *").EvaluateAllAsync<object[][]>(EdgesOf), await row.Locator("> *").EvaluateAllAsync<object[][]>(EdgesOf));
        heads.Length.ShouldBe(columns);
        cells.Select(c => c[0].ToString()).ShouldBe(heads.Select(h => h[0].ToString()));
        for (var i = 0; i < columns; i++)
            if (cells[i][1].ToString() is { } cell && heads[i][1].ToString() is { Length: > 0 } head && !cell.StartsWith('#') && cell != "Under heads")
                cell.ShouldStartWith($"{head}: ");
        (await page.Locator("#list > :not(.ticket)").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task D1_Heads_take_no_room_on_a_phone_and_none_where_there_is_no_row()
    {
        await (await server.As(Role.Agent)).Open("Without heads");
        await using var phone = await chromium.New(server.Address, size: new() { Width = 360, Height = 740 });
        var page = await ConsoleServer.SignIn(phone, "ann", "/queues/open");
        await Expect(page.Locator(".ticket").First).ToBeVisibleAsync();
        await Expect(page.Locator(Heads)).ToBeHiddenAsync();
        await page.Shoot("heads-phone");
        await using var dark = await chromium.New(server.Address, scheme: ColorScheme.Dark);
        page = await ConsoleServer.SignIn(dark, "ann", "/queues/open");
        await page.Shoot("heads-dark");
        await page.GotoAsync("/queues/open?agent=nobody");
        await Expect(page.Locator(".empty")).ToBeVisibleAsync();
        await Expect(page.Locator(Heads)).ToBeHiddenAsync();
    }
}
