using Microsoft.Playwright;

namespace EventDesk.Web.Tests;

/// <summary>Pictures of what a test has come to, to be looked at: in the folder EVENTDESK_SHOTS names, or none.</summary>
static class Pictures
{
    static readonly string? Folder = Environment.GetEnvironmentVariable("EVENTDESK_SHOTS");

    public static async Task Shoot(this IPage page, string name)
    {
        if (Folder is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>As wide as a desk and as narrow as a phone.</summary>
    public static async Task ShootBoth(this IPage page, string name)
    {
        if (Folder is null)
            return;
        await page.Shoot(name);
        await page.SetViewportSizeAsync(360, 800);
        await page.Shoot($"{name}-phone");
        await page.SetViewportSizeAsync(1280, 800);
    }
}
