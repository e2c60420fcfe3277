using EventDesk.Web.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace EventDesk.Web.Tests;

/// <summary>
/// One browser for all tests, as Debian installs it; without its own windows and menus where that is there, for they take half of the time. Where there is
/// none the tests that need it say so: they are skipped, in CI they fail.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    static readonly string? Path = new[] { Environment.GetEnvironmentVariable("EVENTDESK_CHROMIUM"), "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome" }
        .FirstOrDefault(File.Exists);

    IPlaywright? playwright;
    IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Path is null)
            return;
        Assertions.SetDefaultExpectTimeout(15_000); // for machines that do other things too
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = ["--no-sandbox"] });
    }

    /// <summary>A browser of somebody of their own: no cookie of anybody else's.</summary>
    public async Task<IBrowserContext> New(string address, string language = "en-GB", ColorScheme scheme = ColorScheme.Light, bool script = true, ViewportSize? size = null, bool touch = false)
    {
        const string missing = "There is no Chromium here (apt-get install chromium).";
        if (browser is null && Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(missing); // where a change is judged, pages that nobody has looked at are not in order
        Assert.SkipWhen(browser is null, missing);
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = address, Locale = language, ColorScheme = scheme, JavaScriptEnabled = script, TimezoneId = "Europe/Warsaw",
            ViewportSize = size ?? new() { Width = 1280, Height = 800 }, ReducedMotion = ReducedMotion.Reduce, HasTouch = touch,
        });
        context.SetDefaultTimeout(15_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
