using System.Net;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Server.SignIn;
using EventDesk.Server.Tests;
using Microsoft.Playwright;

namespace EventDesk.Web.Tests;

/// <summary>The real server with its sample people; one for each test class.</summary>
public class ConsoleServer : RunningServer
{
    protected override Server.Settings Adjust(Server.Settings settings) => settings with { SignIn = new() { Development = true } };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DevelopmentTokens.Ensure(Settings, Services, CancellationToken.None);
    }

    /// <summary>Signs in as a sample person, the way a person does.</summary>
    public static async Task<IPage> SignIn(IBrowserContext browser, string handle, string returnTo = "/")
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(returnTo);
        await page.Locator($"button[value={handle}]").ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToHaveTextAsync(handle);
        await page.ShouldHaveLoaded();
        return page;
    }

    /// <summary>Comes as a customer, the way a customer does: by a link, followed, and a button pressed.</summary>
    public static async Task<IPage> ComeAs(IBrowserContext browser, string address, string returnTo = "/portal")
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(returnTo);
        await page.Locator("#email").FillAsync(address);
        await page.Locator("form[action='/portal/sign-in'] button").ClickAsync();
        await page.Locator("#link").ClickAsync();
        await page.Locator("form[action='/portal/link'] button").ClickAsync();
        await page.ShouldArriveAt($"**{returnTo}");
        return page;
    }

    public Task<Api> Customer() => As(Role.Customer);

    /// <summary>What a version of a part of the organisation says; the newest one, unless another is named.</summary>
    public async Task<JsonObject> Definition(string of, int? version = null)
    {
        var versions = (await (await As(Role.Administrator)).Get($"/api/organisation/versions?of={of}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("versions");
        return JsonNode.Parse(versions[version - 1 ?? versions.GetArrayLength() - 1].GetProperty("definition").GetRawText())!.AsObject();
    }
}
