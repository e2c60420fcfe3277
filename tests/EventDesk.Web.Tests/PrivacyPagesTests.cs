using System.Globalization;
using System.IO.Compression;
using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Service.Subjects;
using EventDesk.Service.Tickets;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What the privacy officer does: look up what is held on somebody, hand it out, have it forgotten.</summary>
public sealed class PrivacyPagesTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task R5_R6_What_is_held_on_somebody_is_shown_handed_out_and_due_to_go_once_they_ask()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("Forget me soon", email: "vic@example.com");
        var (path, number) = ($"/api/tickets/{opened.Ticket}", opened.Json.GetProperty("number").GetInt64());
        (await agent.Post($"{path}/resolution", new { resolution = "answered" }, opened.Version)).ShouldBe(HttpStatusCode.OK);

        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "pia", "/subjects");
        await page.Locator("[name=who]").FillAsync("Vic@Example.com");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Expect(page.Locator("#held tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("#held")).ToContainTextAsync($"#{number}");
        await Expect(page.Locator("#holdings")).ToContainTextAsync("mt_events");
        page.Url.ShouldNotContain("@");
        await page.ShouldBeReadable("/subjects/{customer}");
        await page.SetViewportSizeAsync(1280, 800);

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Archive for the person").ClickAsync());
        await using (var zip = await ZipFile.OpenReadAsync(await download.PathAsync()))
        {
            using var html = new StreamReader(await zip.GetEntry("readable.html")!.OpenAsync());
            (await html.ReadToEndAsync()).ShouldContain("Forget me soon");
        }

        await page.Locator("[name=sure]").CheckAsync();
        await page.GetByText("Write down that they ask to be forgotten").ClickAsync();
        await Expect(page.Locator("#requested")).ToBeVisibleAsync();
        await page.GotoAsync($"/retention?at={TimeProvider.System.GetUtcNow().AddDays(7):yyyy-MM-dd}");
        await Expect(page.GetByText($"#{number}", new() { Exact = true })).ToHaveCountAsync(0);
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/retention?at={TimeProvider.System.GetUtcNow().AddDays(20):yyyy-MM-dd}"));
        await Expect(page.Locator("#due tr", new() { HasText = $"#{number}" })).ToContainTextAsync("purged");
        await page.ShouldBeReadable("/retention");
    }

    [Fact]
    public async Task R5_What_would_be_done_is_not_told_as_done_nor_beside_that_nothing_is_due()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/retention");
        await Expect(page.GetByText("Nothing is due")).ToBeVisibleAsync();
        await Expect(page.Locator("#totals")).ToHaveCountAsync(0);
        // The rule about accounts takes the sample people by then, all but the one who administers.
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/retention?at={TimeProvider.System.GetUtcNow().AddYears(3):yyyy-MM-dd}"));
        await Expect(page.Locator("#totals")).ToContainTextAsync("What would be done:");
        await Expect(page.Locator("#totals")).Not.ToContainTextAsync(" 0 members of staff");
        await Expect(page.GetByText("Nothing is due")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task R5_A_day_gone_by_is_not_looked_at_and_nothing_runs_unasked()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/retention?at=2020-01-01");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("a day to come");
        await page.GotoAsync("/retention");
        var before = await server.EventCount();
        await page.GetByText("Apply the rules now").ClickAsync();
        (await server.EventCount()).ShouldBe(before);
        await page.Locator("[name=sure]").CheckAsync();
        await page.GetByText("Apply the rules now").ClickAsync();
        await Expect(page.Locator("#done")).ToContainTextAsync("0 purged");
    }

    [Fact]
    public async Task R4_The_certificate_of_a_purge_is_downloaded_from_the_tickets_page_and_from_the_step_that_purged_it()
    {
        var (agent, officer) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer));
        var opened = await agent.Open("Purge me", email: "wes@example.com");
        var (path, number) = ($"/api/tickets/{opened.Ticket}", opened.Json.GetProperty("number").GetInt64());
        var resolved = (await agent.Post($"{path}/resolution", new { resolution = "answered" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var purged = (await officer.Post($"{path}/purge", new { reason = "legalOrder" }, resolved.Version)).ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () => (await officer.Get($"{path}/certificate")).Status == HttpStatusCode.OK, "a certificate");
        var link = $"href=\"/api/tickets/{number}/certificate\"";

        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "pia", $"/tickets/{number}");
        foreach (var address in (string[])[$"/tickets/{number}", $"/tickets/{number}/history?version={purged.Version}"])
        {
            await page.GotoAsync(address);
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download the certificate of erasure").ClickAsync());
            var certificate = await File.ReadAllTextAsync(await download.PathAsync());
            certificate.ShouldStartWith("EventDesk certificate of erasure\n", customMessage: address);
            certificate.ShouldContain($"ticket: {opened.Ticket}");
            (await (await server.As(Role.Auditor)).Get(address)).Text.ShouldContain(link, customMessage: address);
            (await agent.Get(address)).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("/certificate", customMessage: $"{address}, by one who may not read it");
        }
        (await officer.Get($"/tickets/{number}/history?version=1")).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain(link, customMessage: "before anything was erased");
    }

    [Fact]
    public async Task R5_R6_What_is_held_on_somebody_and_why_it_goes_is_said_in_the_language_of_who_reads_it()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("Forget me in Polish", email: "polly@example.com");
        (await agent.Post($"/api/tickets/{opened.Ticket}/resolution", new { resolution = "answered" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var customer = server.Services.GetRequiredService<TicketDesk>().CustomerOf("polly@example.com").Value;
        var officer = await server.As(Role.PrivacyOfficer);
        (await officer.Post($"/api/customers/{customer}/erasure-requests", null)).Status.ShouldBe(HttpStatusCode.Created);

        var held = await InPolish(officer, $"/subjects/{customer}");
        held.ShouldContain("Teksty są zaszyfrowane.");
        foreach (var holding in (await officer.Get($"/api/customers/{customer}/privacy")).Json.GetProperty("holdings").EnumerateArray())
            held.ShouldNotContain(holding.GetProperty("note").GetString()!);

        var (number, due) = ($"#{opened.Json.GetProperty("number").GetInt64()}", "");
        // The view behind it follows.
        await Eventually.Be(async () => (due = await InPolish(officer, string.Create(CultureInfo.InvariantCulture, $"/retention?at={TimeProvider.System.GetUtcNow().AddDays(20):yyyy-MM-dd}"))).Contains($"{number}<", StringComparison.Ordinal), "it is due");
        due.ShouldContain("Klient poprosił o zapomnienie ");
        due.ShouldContain("reguła daje na to 14 dni.");
        due.ShouldNotContain("The customer asked");
    }

    public static TheoryData<string> OfDesk => [.. Words.Languages.Except(Words.OfPortal)];

    [Theory]
    [MemberData(nameof(OfDesk))]
    public void Nothing_is_held_and_nothing_is_due_without_words_for_it(string language)
    {
        PrivacyBudgets.Codes.Count.ShouldBeGreaterThan(15);
        PrivacyBudgets.Codes.SelectMany(c => new[] { $"holding.{c}", $"holding.{c}.note" }).Concat(Enum.GetNames<RetentionReason>().Select(r => $"retention.because.{r}"))
            .Where(k => !Words.In(language).Has(k)).ShouldBeEmpty();
    }

    static async Task<string> InPolish(Server.Tests.Api who, string address)
    {
        var answer = await who.Get(address, ("Accept-Language", "pl"));
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(answer.Text);
    }
}
