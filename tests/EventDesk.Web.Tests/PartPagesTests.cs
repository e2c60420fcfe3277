using System.Net;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>Products, languages, desks, teams, agents and trainings, as administrators define them by forms.</summary>
public sealed class PartPagesTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task B6_A_product_is_named_by_a_form_and_a_language_is_added()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=products");
        await page.Locator("[data-part='product/cloud'] a").ClickAsync();
        await page.Locator("input[name=name]").FillAsync(" ");
        await Save(page);
        await Wrong(page, "name", "has to be filled in");
        await page.Locator("input[name=name]").FillAsync("Cloud and sky");
        await page.Shoot("product");
        await Save(page);
        await Expect(page.Locator("[data-part='product/cloud']")).ToContainTextAsync("Cloud and sky");
        await Expect(page.Locator("[data-part='product/cloud']")).ToContainTextAsync("Version 2");

        await page.GotoAsync("/organisation?part=languages");
        await page.Shoot("languages-read");
        await page.Locator("#new input[name=of]:not([type=hidden])").FillAsync("lv");
        await page.Locator("#new button").ClickAsync();
        await page.Locator("input[name=name]").FillAsync("Latviešu");
        await Save(page);
        await Expect(page.Locator("[data-part='language/lv']")).ToContainTextAsync("Latviešu");
        (await server.Definition("language/lv")).ShouldSay("""{ "id": "lv", "name": "Latviešu" }""");
    }

    [Fact]
    public async Task B6_A_desk_is_changed_by_its_form_in_what_was_chosen_and_in_nothing_else_and_faults_stand_at_the_fields()
    {
        var soon = new { zone = "UTC", week = new { monday = new[] { "08:00-12:00" } }, from = TimeProvider.System.GetUtcNow().AddYears(3) };
        (await (await server.As(Role.Administrator)).Put("/api/organisation/calendars/some-day", soon, 0)).ShouldBe(HttpStatusCode.Created);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=desks");
        await page.Shoot("desks-read");
        await page.Locator("[data-part='desk/mobile/pl'] a").ClickAsync();
        await page.Locator("input[name=firstLineTargetPercent]").FillAsync("101");
        await page.Locator("select[name=calendar]").SelectOptionAsync("some-day");
        await page.Locator("select[name=channel-phone]").SelectOptionAsync("comingSoon");
        await page.Locator("input[name=retired]").CheckAsync();
        await Save(page);
        await Wrong(page, "firstLineTargetPercent", "outside what may be chosen");
        await page.ShootBoth("desk");
        await Expect(page.Locator("select[name=channel-phone]")).ToHaveValueAsync("comingSoon");
        await Expect(page.Locator("input[name=retired]")).ToBeCheckedAsync();
        await page.Locator("input[name=firstLineTargetPercent]").FillAsync("75");
        await Save(page);
        await Wrong(page, "calendar", "holds only from");
        await Expect(page.Locator("select[name=calendar]")).ToHaveValueAsync("some-day");
        await Expect(page.Locator("input[name=firstLineTargetPercent]")).ToHaveValueAsync("75");
        await page.Locator("select[name=calendar]").SelectOptionAsync("fi");
        await Save(page);
        await Expect(page.Locator("[data-part='desk/mobile/pl']")).ToContainTextAsync("mobile/pl (retired)");
        var was = await server.Definition("desk/mobile/pl", 1);
        (was["calendar"], was["firstLineTargetPercent"], was["retired"], was["channels"]!["phone"]) = ("fi", 75, true, "comingSoon");
        was["offered"] = new JsonArray("guide", "portal", "email");
        (await server.Definition("desk/mobile/pl", 2)).ShouldSay(was.ToJsonString());
    }

    [Fact]
    public async Task B5_A_customer_is_given_a_plan_by_their_address_and_what_they_report_next_goes_by_it()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=customers");
        await page.Locator("#new input[name=email]").FillAsync("Prime.Customer@example.com");
        await page.Locator("#new button").ClickAsync();
        page.Url.ShouldNotContain("example.com");
        await page.Locator("select[name=contract]").SelectOptionAsync("vip");
        await page.ShootBoth("customer-plan");
        await Save(page);
        await page.Shoot("customers-read");
        (await page.Locator("#parts tbody tr").CountAsync()).ShouldBe(1);
        var opened = await (await server.As(Role.Agent)).Open(email: "prime.customer@example.com");
        (await (await server.As(Role.Auditor)).Get($"/api/tickets/{opened.Ticket}/events")).Text.Replace(" ", "", StringComparison.Ordinal).ShouldContain("\"contract\":\"vip\"");
    }

    [Fact]
    public async Task B6_A_new_desk_is_chosen_by_its_product_and_language_and_what_is_left_open_is_left_out()
    {
        (await (await server.As(Role.Administrator)).Put("/api/organisation/languages/et", new { name = "Eesti" }, 0)).ShouldBe(HttpStatusCode.Created);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=desks");
        await page.Locator("#new select").First.SelectOptionAsync("mobile");
        await page.Locator("#new select").Last.SelectOptionAsync("et");
        await page.Locator("#new button").ClickAsync();
        await page.ShouldArriveAt("**/organisation/edit?of=desk&of=mobile&of=et");
        await page.Locator("select[name=contract]").SelectOptionAsync("standard");
        await Save(page);
        await Expect(page.Locator("[data-part='desk/mobile/et']")).ToContainTextAsync("standard");
        (await server.Definition("desk/mobile/et")).ShouldSay("""{ "product": "mobile", "language": "et", "retired": false, "contract": "standard", "offered": ["guide", "portal", "chat", "phone", "email"] }""");
    }

    [Fact]
    public async Task B6_A_team_is_defined_by_a_form_and_what_is_at_odds_is_said_at_its_field()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=teams");
        await page.Locator("#new input[name=of]:not([type=hidden])").FillAsync("night watch");
        await page.Locator("#new button").ClickAsync();
        // There is no such desk in the list; somebody whose list is old could still send one.
        await page.Locator("select[name=desk]").EvaluateAsync("select => select.add(new Option('billing/tlh'))");
        await page.Locator("select[name=desk]").SelectOptionAsync("billing/tlh");
        await page.Locator("select[name=line]").SelectOptionAsync("l1");
        await page.Locator("input[name=assignsByItself]").CheckAsync();
        await Save(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("id: Letters, digits, dot"); // which has no field on the page
        await page.GotoAsync("/organisation/edit?of=team/night-watch");
        await page.Locator("select[name=desk]").EvaluateAsync("select => select.add(new Option('billing/tlh'))");
        await page.Locator("select[name=desk]").SelectOptionAsync("billing/tlh");
        await page.Locator("select[name=line]").SelectOptionAsync("l1");
        await page.Locator("input[name=assignsByItself]").CheckAsync();
        await Save(page);
        await Wrong(page, "desk", "unknown desk \"billing/tlh\"");
        await page.ShootBoth("team");
        await page.ShouldBeReadable("a team with a fault");
        await Expect(page.Locator("select[name=desk]")).ToHaveValueAsync("billing/tlh");
        await Expect(page.Locator("select[name=line]")).ToHaveValueAsync("l1");
        await Expect(page.Locator("input[name=assignsByItself]")).ToBeCheckedAsync();
        await page.Locator("select[name=desk]").SelectOptionAsync("billing/en");
        await Save(page);
        await Expect(page.Locator("[data-part='team/night-watch']")).ToContainTextAsync("billing/en");
        (await server.Definition("team/night-watch")).ShouldSay("""{ "id": "night-watch", "desk": "billing/en", "line": "l1", "assignsByItself": true, "retired": false }""");
    }

    [Fact]
    public async Task B6_A_team_that_has_changed_since_it_was_seen_is_not_overwritten()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation/edit?of=team/cloud-fr-l1");
        (await (await server.As(Role.Administrator)).Put("/api/organisation/teams/cloud-fr-l1", new { desk = "cloud/fr", line = "l1", assignsByItself = true }, 1)).ShouldBe(HttpStatusCode.OK);
        await page.Locator("select[name=line]").SelectOptionAsync("l2");
        await Save(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody has changed this");
        await Expect(page.Locator("select[name=line]")).ToHaveValueAsync("l2");
        (await server.Definition("team/cloud-fr-l1"))["line"]!.ToString().ShouldBe("l1");
        await Expect(page.Locator("#versions > li")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task B6_An_agent_of_the_roster_is_given_teams_capacity_and_hours_by_a_form_and_nothing_ticked_or_typed_is_lost()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=agents");
        await page.Locator("#new input[name=of]:not([type=hidden])").FillAsync("nils");
        await page.Locator("#new button").ClickAsync();
        await page.Locator("input[name=capacity]").FillAsync("many");
        await page.Locator("select[name=calendar]").SelectOptionAsync("sv");
        await Save(page);
        await Wrong(page, "capacity", "This is no whole number.");
        await Expect(page.Locator("#capacity-wrong")).ToHaveTextAsync("This is no whole number."); // and nothing about a number there is not
        await page.Locator("input[name=capacity]").FillAsync("7");
        await Save(page);
        await Expect(page.Locator("#teams-wrong")).ToContainTextAsync("is in no team");
        await Expect(page.Locator("#part [role=alert] li")).ToHaveCountAsync(0);
        await page.Locator("input[name=teams][value=mobile-sv-l1]").CheckAsync();
        await page.Locator("input[name=teams][value=cloud-sv-l1]").CheckAsync();
        await page.Locator("input[name=from]").FillAsync("2020-01-01T08:00");
        await Save(page);
        await Wrong(page, "from", "from now on at the earliest");
        await page.ShootBoth("agent");
        await Expect(page.Locator("input[name=teams]:checked")).ToHaveCountAsync(2);
        await Expect(page.Locator("select[name=calendar]")).ToHaveValueAsync("sv");
        await page.Locator("input[name=from]").FillAsync("");
        await Save(page);
        await Expect(page.Locator("[data-part='agent/nils']")).ToContainTextAsync("cloud-sv-l1, mobile-sv-l1");
        await page.Shoot("agents-read");
        (await server.Definition("agent/nils")).ShouldSay("""{ "id": "nils", "teams": ["cloud-sv-l1", "mobile-sv-l1"], "capacity": 7, "calendar": "sv", "retired": false }""");
    }

    [Fact]
    public async Task S4_What_a_role_requires_is_ticked_or_named_by_a_form_also_of_a_role_of_which_nobody_has_said_anything()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=trainings");
        await Expect(page.Locator("#new option")).ToHaveCountAsync(1); // all others have theirs
        await page.Locator("#new button").ClickAsync();
        await page.Locator("input[name=trainings][value=privacy]").CheckAsync();
        await page.Locator("input[name=further]").FillAsync("sums, fractions!");
        await Save(page);
        await Wrong(page, "further", "Only letters, digits");
        await page.ShootBoth("trainings");
        await Expect(page.Locator("input[name=trainings][value=privacy]")).ToBeCheckedAsync();
        await Expect(page.Locator("input[name=further]")).ToHaveValueAsync("sums, fractions!");
        await page.Locator("input[name=further]").FillAsync("sums, fractions");
        await Save(page);
        await Expect(page.Locator("[data-part='trainings/analyst']")).ToContainTextAsync("privacy, sums, fractions");
        await Expect(page.Locator("#new")).ToHaveCountAsync(0);
        (await server.Definition("trainings/analyst")).ShouldSay("""{ "role": "analyst", "trainings": ["privacy", "sums", "fractions"] }""");
        await page.Locator("[data-part='trainings/analyst'] a").ClickAsync();
        while (await page.Locator("input[name=trainings]:checked").CountAsync() > 0)
            await page.Locator("input[name=trainings]:checked").First.UncheckAsync();
        await Save(page);
        (await server.Definition("trainings/analyst")).ShouldSay("""{ "role": "analyst", "trainings": [] }""");
    }

    [Theory]
    [InlineData("trainings/customer")]
    [InlineData("desk/billing")]
    [InlineData("team/a/b")]
    [InlineData("lemonade/pink")]
    [InlineData("routing/others")]
    [InlineData("")]
    public async Task B6_What_can_be_no_part_has_no_form(string of)
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.SignIn(browser, "adam");
        (await page.GotoAsync($"/organisation/edit?of={of}"))!.Status.ShouldBe(404);
    }

    static Task Save(IPage page) => page.Locator("#part > button").ClickAsync();

    /// <summary>It stands at the field, and is said to those who hear it.</summary>
    static async Task Wrong(IPage page, string field, string said)
    {
        var input = page.Locator($":is(input, select)[name={field}]");
        await Expect(input).ToHaveAttributeAsync("aria-invalid", "true");
        (await input.GetAttributeAsync("aria-describedby"))!.Split(' ').ShouldContain($"{field}-wrong");
        await Expect(page.Locator($"#{field}-wrong")).ToContainTextAsync(said);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What is wrong stands at the fields.");
        await Expect(page.Locator("#part [role=alert] li")).ToHaveCountAsync(0);
    }
}
