using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>Somebody who has no mouse: what they want is reached by the Tab key, and they see where they are all the way.</summary>
static class Keys
{
    /// <summary>Longer is nobody's way to anything.</summary>
    const int Most = 120;

    const string Unseen = """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body) return '';
          const style = getComputedStyle(e), box = e.getBoundingClientRect();
          const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
          const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
          return drawn && inView ? '' : `${drawn ? 'out of view' : 'no outline'}: ${e.outerHTML.slice(0, 120)}`;
        }
        """;

    public static async Task TabTo(this IPage page, ILocator wanted)
    {
        await Expect(wanted).ToBeVisibleAsync();
        for (var n = 0; n < Most; n++)
        {
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<string>(Unseen)).ShouldBe("");
            if (await wanted.EvaluateAsync<bool>("e => e === document.activeElement"))
                return;
        }
        Assert.Fail($"{wanted} was not reached by {Most} keys on {page.Url}.");
    }

    /// <summary>Goes to a link, a button or a field, and presses a key on it.</summary>
    public static async Task PressOn(this IPage page, ILocator wanted, string key = "Enter")
    {
        await page.TabTo(wanted);
        await page.Keyboard.PressAsync(key);
    }

    public static async Task TypeInto(this IPage page, ILocator field, string text)
    {
        await page.TabTo(field);
        await page.Keyboard.TypeAsync(text);
    }
}
