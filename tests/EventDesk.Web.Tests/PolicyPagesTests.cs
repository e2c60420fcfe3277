using System.Net;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What is promised, how long it is kept and how it is hidden, as administrators change it by forms.</summary>
public sealed class PolicyPagesTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task C1_A_contract_is_changed_by_its_form_in_what_was_typed_and_in_nothing_else()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=contracts");
        await page.Locator("[data-part='contract/standard'] a").ClickAsync();
        await page.Locator("input[name=critical-firstResponse]").FillAsync("45m");
        await page.Locator("select[name=critical-firstResponse-clock]").SelectOptionAsync("calendar");
        await page.Locator("input[name=defect-firstResponse]").FillAsync("");
        await page.Locator("input[name=request-nextResponse]").FillAsync("3wd");
        await page.Locator("input[name=warnAtPercent]").FillAsync("70");
        await page.Locator("#part button").ClickAsync();
        var contract = page.Locator("[data-part='contract/standard']");
        await Expect(contract).ToContainTextAsync("Version 2");
        await Expect(contract).ToContainTextAsync("warns at 70 %");
        await Expect(contract.Locator("tbody tr").First.Locator("td").First).ToHaveTextAsync("45m");

        var (was, has) = (await server.Definition("contract/standard", 1), await server.Definition("contract/standard", 2));
        was["warnAtPercent"] = 70;
        var targets = was["targets"]!.AsArray();
        targets[0]!["firstResponse"] = Time("45m", "calendar");
        targets[4]!["nextResponse"] = Time("3wd", "calendar");
        targets.RemoveAt(3); // no time is left in it
        JsonNode.DeepEquals(has, was).ShouldBeTrue($"{has} is to be {was}");

        static JsonObject Time(string time, string clock) => new() { ["time"] = time, ["clock"] = clock };
    }

    [Fact]
    public async Task C1_A_contract_that_is_saved_as_it_stands_stays_as_it_is_and_holds_from_the_instant_that_is_given()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=contract/vip");
        await page.Locator("input[name=from]").FillAsync("2099-01-01T08:00");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("[data-part='contract/vip']")).ToContainTextAsync("Version 2 comes into force on");
        await page.Locator("[data-part='contract/vip'] a").ClickAsync();
        await Expect(page.Locator("#versions > li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#versions > li").Nth(1)).ToContainTextAsync("in force");
        JsonNode.DeepEquals(await server.Definition("contract/vip", 2), await server.Definition("contract/vip", 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task C1_Working_days_are_shown_to_count_in_opening_hours_whatever_is_chosen_beside_them()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=contract/silver");
        await page.Locator("input[name=name]").FillAsync("Silver");
        await page.Locator("input[name=high-firstResponse]").FillAsync("2wd");
        await page.Locator("input[name=high-nextResponse]").FillAsync("8h");
        await page.Locator("input[name=warnAtPercent]").FillAsync("0");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("#warnAtPercent-wrong")).ToBeVisibleAsync();
        await Expect(page.Locator("select[name=high-firstResponse-clock]")).ToHaveValueAsync("working");
        await page.Locator("input[name=warnAtPercent]").FillAsync("80");
        await page.Locator("#part button").ClickAsync();
        await page.Locator("[data-part='contract/silver'] a").ClickAsync();
        await Expect(page.Locator("select[name=high-firstResponse-clock]")).ToHaveValueAsync("working");
        await Expect(page.Locator("select[name=high-nextResponse-clock]")).ToHaveValueAsync("calendar");

        // Changed into hours, it counts as is shown.
        await page.Locator("input[name=high-firstResponse]").FillAsync("4h");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("[data-part='contract/silver']")).ToContainTextAsync("4h in opening hours");
    }

    [Fact]
    public async Task C1_A_new_contract_needs_a_name_and_one_time()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=contract/gold");
        await page.Locator("input[name=name]").FillAsync("Gold");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Contract gold has no targets.");
        await page.Locator("input[name=high-firstResponse]").FillAsync("1h");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("[data-part='contract/gold']")).ToContainTextAsync("Gold");
        await page.Shoot("contracts-read");
    }

    [Fact]
    public async Task C1_A_time_that_is_none_is_said_at_its_field_and_nothing_typed_is_lost()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=contract/platinum");
        await page.Locator("input[name=name]").FillAsync("Platinum");
        await page.Locator("input[name=high-firstResponse]").FillAsync("soon");
        await page.Locator("input[name=high-nextResponse]").FillAsync("4h");
        await page.Locator("input[name=warnAtPercent]").FillAsync("101");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What is wrong stands at the fields.");
        await Wrong("high-firstResponse", "such as 30m, 4h or 2wd");
        await Wrong("warnAtPercent", "outside what may be chosen");
        await Expect(page.Locator("input[name=high-firstResponse]")).ToHaveValueAsync("soon");
        await Expect(page.Locator("input[name=high-nextResponse]")).ToHaveValueAsync("4h");
        await Expect(page.Locator("[aria-invalid]")).ToHaveCountAsync(2);
        await page.Shoot("contract");
        await page.ShouldBeReadable("a contract with faults");
        await page.Shoot("contract-phone");
        (await (await server.As(Role.Administrator)).Get("/api/organisation/versions?of=contract/platinum")).Status.ShouldBe(HttpStatusCode.NotFound);

        async Task Wrong(string field, string said)
        {
            var input = page.Locator($"input[name={field}]");
            await Expect(input).ToHaveAttributeAsync("aria-invalid", "true");
            (await input.GetAttributeAsync("aria-describedby"))!.Split(' ').ShouldContain($"{field}-wrong");
            await Expect(page.Locator($"#{field}-wrong")).ToContainTextAsync(said);
        }
    }

    [Fact]
    public async Task R5_Retention_rules_are_added_changed_and_struck_out_by_a_form_and_what_is_at_odds_is_said_at_the_rule()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=retention");
        await Expect(page.Locator("#rules")).ToContainTextAsync("since the customer asked to be forgotten: 14 days");
        await page.Locator("[data-part=retention] a").ClickAsync();
        await page.Locator("input[name=rule-0-remove]").CheckAsync();
        await page.Locator("input[name=rule-1-days]").FillAsync("30");
        await page.Locator("input[name=rule-2-id]").FillAsync("old-billing");
        await page.Locator("select[name=rule-2-trigger]").SelectOptionAsync("SinceResolved");
        await page.Locator("select[name=rule-2-action]").SelectOptionAsync("Anonymise");
        await page.Locator("input[name=rule-2-products]").FillAsync("billing, lemonade");
        await page.Locator("input[name=inactiveDays]").FillAsync("");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("#rule-2-wrong")).ToContainTextAsync("does not say after how many days");
        await Expect(page.Locator("input[name=rule-0-remove]")).ToBeCheckedAsync();
        await page.Shoot("retention-rules");
        await Expect(page.Locator("input[name=rule-2-products]")).ToHaveValueAsync("billing, lemonade");
        await page.Locator("input[name=rule-2-days]").FillAsync("a year");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("#rule-2-days-wrong")).ToContainTextAsync("no whole number");
        await page.Locator("input[name=rule-2-days]").FillAsync("365");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("#rule-2-wrong")).ToContainTextAsync("unknown product \"lemonade\"");
        await page.Locator("input[name=rule-2-products]").FillAsync("billing");
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("#rules tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("#rules tbody tr").Nth(1)).ToContainTextAsync("Products: billing");
        await Expect(page.Locator("[data-part=retention]")).ToContainTextAsync("Version 2");
        await page.Shoot("retention-read");
        JsonNode.DeepEquals((await server.Definition("retention", 2))["rules"], JsonNode.Parse("""
            [{ "id": "asked-for", "trigger": "customerRequest", "action": "purge", "days": 30 },
             { "id": "old-billing", "trigger": "sinceResolved", "action": "anonymise", "days": 365, "scope": { "products": ["billing"] } }]
            """)).ShouldBeTrue((await server.Definition("retention", 2)).ToJsonString());
    }

    [Fact]
    public async Task R3_A_second_person_is_asked_for_by_a_form_and_a_form_that_is_behind_is_told_so()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=privacy");
        await Expect(page.Locator("[data-part='privacy/rules']")).ToContainTextAsync("without another person");
        await page.Locator("[data-part='privacy/rules'] a").ClickAsync();
        var behind = await browser.NewPageAsync();
        await behind.GotoAsync("/organisation/edit?of=privacy/rules");
        await page.Locator("input[name=revealNeedsSecondPerson]").CheckAsync();
        await page.Locator("#part button").ClickAsync();
        await Expect(page.Locator("[data-part='privacy/rules']")).ToContainTextAsync("before another person has agreed");
        ((bool)(await server.Definition("privacy/rules", 1))["revealNeedsSecondPerson"]!).ShouldBeTrue();
        await behind.Locator("#part button").ClickAsync();
        await Expect(behind.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has changed this");
    }

    [Theory]
    [InlineData("mia")]
    [InlineData("pia")]
    public async Task S2_Who_is_no_administrator_reads_the_policies_and_is_offered_no_form(string who)
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, who, "/organisation?part=retention");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Retention");
        await Expect(page.Locator("a[href*='/organisation/edit']")).ToHaveCountAsync(0);
        foreach (var part in (string[])["contract/standard", "retention", "privacy/rules"])
            (await page.GotoAsync($"/organisation/edit?of={part}"))!.Status.ShouldBe(403, part);
    }
}
