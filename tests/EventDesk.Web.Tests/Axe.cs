using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace EventDesk.Web.Tests;

/// <summary>WCAG 2.2 A and AA, as far as a machine can tell (axe-core).</summary>
static class Axe
{
    static readonly string Script = new BundledAxeScriptProvider().GetScript();

    // Only what is wrong is brought over: all that axe finds in order takes ten times as long to send as to find.
    const string Run = """
        async () => (await axe.run({ resultTypes: ['violations'], runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } }))
            .violations.map(v => `${v.id} ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`)
        """;

    /// <summary>Keeps nobody out, and does not scroll sideways: as the page stands, then dark, then as narrow as a phone.</summary>
    public static async Task ShouldBeReadable(this IPage page, string what)
    {
        await page.EvaluateAsync(Script);
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 360) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, 800);
            (await page.EvaluateAsync<string[]>(Run)).ShouldBeEmpty($"{what}, {scheme}, {width} px");
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, what);
        }
    }
}
