using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EventDesk.Web.Tests;

/// <summary>
/// Waits for a page in the browser's own process. Playwright's WaitForURLAsync and WaitForLoadStateAsync look here first and listen afterwards; what happens
/// between the two is lost, and they wait for ever (playwright-dotnet issue 3364).
/// </summary>
static class Arrival
{
    /// <summary>Until the page stands at an address (<c>*</c> within a segment, <c>**</c> across them) and has loaded.</summary>
    public static async Task ShouldArriveAt(this IPage page, string address)
    {
        var pattern = Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.ShouldHaveLoaded();
    }

    /// <summary>Until the scripts of the page have run: a key that is pressed before is nobody's.</summary>
    public static Task ShouldHaveLoaded(this IPage page) => page.WaitForFunctionAsync("() => document.readyState === 'complete'");
}
