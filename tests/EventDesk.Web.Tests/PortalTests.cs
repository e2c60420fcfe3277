using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>What a customer does, in a browser without scripts: nothing of it needs one.</summary>
public sealed class PortalTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A1_A7_E1_A_customer_opens_a_ticket_is_answered_agrees_and_rates_without_a_script()
    {
        var agent = await server.As(Role.Agent);
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "zoe@example.com");
        await Expect(page.Locator(".empty")).ToBeVisibleAsync();

        var number = await Open(page, "Invoice of May", "I got no invoice in May.");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"#{number}");
        await Expect(page.Locator(".message.asked .text")).ToHaveTextAsync("I got no invoice in May.");
        await page.GotoAsync("/portal");
        await Expect(page.Locator(".own-tickets a")).ToContainTextAsync("Invoice of May");

        await As(agent, "notes", number, new { body = "Forgot again." });
        await As(await server.As(Role.Coordinator), "triage", number, new { line = "l1" });
        await As(agent, "replies", number, new { body = "Here it is.", channel = "portal" });
        await page.GotoAsync($"/portal/tickets/{number}");
        await Expect(page.Locator(".message.answered .text")).ToHaveTextAsync("Here it is.");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("Forgot again.");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("L1");

        await page.Locator("#reply").FillAsync("Thank you, all is well.");
        await page.Locator("#f-customer-message button").ClickAsync();
        await Expect(page.Locator(".message.wrote .text")).ToHaveTextAsync("Thank you, all is well.");
        await As(agent, "resolution", number, new { resolution = "answered", summary = "Sent it." });

        await page.ReloadAsync();
        await page.Locator("#f-feedback input[value='4']").CheckAsync();
        await page.Locator("#comment").FillAsync("Quick.");
        await page.Locator("#f-feedback button").ClickAsync();
        await Expect(page.Locator("#f-feedback input[value='4']")).ToBeCheckedAsync();
        await page.Locator("#f-closing button").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("Closed");

        var events = (await agent.Get($"/api/tickets/{number}/events")).Json.GetProperty("events").EnumerateArray().ToLookup(e => e.GetProperty("type").GetString(), e => e.GetProperty("data"));
        events["feedback_given"].ShouldHaveSingleItem().GetProperty("rating").GetInt32().ShouldBe(4);
        events["ticket_closed"].ShouldHaveSingleItem().GetProperty("cause").GetString().ShouldBe("customerAcknowledged");
    }

    [Fact]
    public async Task E1_Looking_records_nothing_and_a_link_opens_once_by_its_button()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "gil@example.com");
        var number = await Open(page, "Look at me", "Only looking.");
        await As(await server.As(Role.Coordinator), "triage", number, new { line = "l1" });
        await As(await server.As(Role.Agent), "resolution", number, new { resolution = "answered" });
        var link = await LinkFor(browser, "gil@example.com");

        var before = await server.EventCount();
        foreach (var address in (string[])[link, link, "/portal", "/portal/new", $"/portal/tickets/{number}", $"/portal/tickets/{number}?rating=5", "/status", "/hours"])
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
        (await page.GotoAsync($"/portal/tickets/{number}/feedback?rating=5"))!.Status.ShouldBe(405);
        (await server.EventCount()).ShouldBe(before);

        await page.GotoAsync(link);
        await page.Locator("form[action='/portal/link'] button").ClickAsync();
        await page.ShouldArriveAt("**/portal");
        await page.GotoAsync(link);
        await page.Locator("form[action='/portal/link'] button").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("opens nothing any more");
    }

    [Fact]
    public async Task P1_What_is_somebody_elses_is_not_there_and_what_is_the_desks_is_not_shown()
    {
        var theirs = (await (await server.As(Role.Agent)).Open("Not for Eve", email: "adele@example.com")).Json.GetProperty("number").GetInt64();
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "eve@example.com");
        (await page.GotoAsync($"/portal/tickets/{theirs}"))!.Status.ShouldBe(404);
        (await page.GotoAsync($"/tickets/{theirs}"))!.Status.ShouldBe(404);
        await Expect(page.Locator("body")).Not.ToContainTextAsync("Not for Eve");

        var own = await Open(page, "Mine", "My own.");
        (await page.GotoAsync("/queues/open"))!.Status.ShouldBe(403);
        foreach (var address in (string[])[$"/tickets/{own}", $"/tickets/{own}/history"])
        {
            await page.GotoAsync(address);
            new Uri(page.Url).AbsolutePath.ShouldStartWith("/portal", customMessage: address);
        }
        var again = (await Send("refund", email: "adele@example.com")).ShouldBe(HttpStatusCode.BadRequest).Text;
        again.ShouldContain("id=\"email-wrong\"");
        again.ShouldNotContain(" readonly");
        again.ShouldContain("I wrote this at length.</textarea>");
    }

    [Fact]
    public async Task R2_A_card_number_is_named_before_it_is_sent_and_can_be_taken_out()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "carl@example.com", "/portal/new");
        var before = await server.EventCount();
        await Fill(page, "Payment", "My card is 4111 1111 1111 1111.");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("a card number");
        (await server.EventCount()).ShouldBe(before);
        await page.Locator("#body").FillAsync("My card is not taken.");
        await page.Locator("form[action='/portal/new'] button").ClickAsync();
        await Expect(page.Locator(".message.asked .text")).ToHaveTextAsync("My card is not taken.");

        await page.Locator("#reply").FillAsync("It is 4111 1111 1111 1111.");
        await page.Locator("#f-customer-message button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("a card number");
        await page.GetByText("Send anyway").ClickAsync();
        await Expect(page.Locator(".message.wrote .text")).ToContainTextAsync("4111");
    }

    [Theory]
    [InlineData("complaint", "routing/complaints-to-the-coordinator", true)]
    [InlineData("howTo", "routing/how-to-needs-no-triage", false)]
    public async Task R2_B5_What_is_chosen_in_the_forms_fields_decides_by_the_organisations_rules_where_the_ticket_goes(string topic, string rule, bool triage)
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "tim@example.com", "/portal/new");
        (await page.Locator("#field-topic option").AllInnerTextsAsync()).ShouldBe(["Choose…", "Invoice", "Refund", "Outage", "How to do something", "Complaint", "Something else"]);
        await page.Locator("#field-topic").SelectOptionAsync(topic);
        await Fill(page, "About your service", "My card is 4111 1111 1111 1111.");
        // It comes back to be thought over, with everything that was chosen.
        await Expect(page.Locator("#field-topic")).ToHaveValueAsync(topic);
        await page.GetByText("Send anyway").ClickAsync();
        await page.ShouldArriveAt("**/portal/tickets/*");

        var opened = (await (await server.As(Role.Agent)).Get($"/api{new Uri(page.Url).AbsolutePath["/portal".Length..]}/events")).Json.GetProperty("events")[0];
        opened.GetProperty("data").GetProperty("fields").GetProperty("topic").GetString().ShouldBe(topic);
        opened.GetProperty("rule").GetProperty("id").GetString().ShouldBe(rule);
        opened.GetProperty("data").GetProperty("triage").GetBoolean().ShouldBe(triage);
    }

    [Fact]
    public async Task R2_Who_works_on_a_ticket_reads_what_was_chosen_in_its_form()
    {
        var opened = await Send("complaint");
        opened.ShouldBe(HttpStatusCode.SeeOther);
        var page = await (await server.As(Role.Agent)).Get(opened.Headers["Location"].Split('?')[0]["/portal".Length..]);
        page.ShouldBe(HttpStatusCode.OK).Text.ShouldContain("<dd>Complaint</dd>");
    }

    [Fact]
    public async Task R2_What_cannot_be_chosen_is_not_taken_and_what_was_typed_stands_in_the_form_again()
    {
        const string Tickets = "select count(*) from mt_events where type = 'ticket_opened'";
        var before = await server.Scalar(Tickets);
        var again = (await Send("world-peace")).ShouldBe(HttpStatusCode.BadRequest).Text;
        again.ShouldContain("<p class=\"fault\" id=\"field-topic-wrong\"");
        again.ShouldContain("This can no longer be chosen.");
        again.ShouldContain("I wrote this at length.</textarea>");
        (await server.Scalar(Tickets)).ShouldBe(before);
    }

    [Fact]
    public async Task A1_Where_a_desk_has_closed_since_the_form_was_opened_another_is_chosen_and_nothing_typed_twice()
    {
        var again = (await Send("refund", "billing/xx")).ShouldBe(HttpStatusCode.Conflict).Text;
        again.ShouldContain("id=\"desk-wrong\"");
        again.ShouldContain("I wrote this at length.</textarea>");
        again.ShouldContain("<option value=\"refund\" selected>");
    }

    async Task<Answer> Send(string topic, string desk = "billing/en", string email = "tess@example.com")
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Address) };
        var customer = new Api(http, await server.Issue(new("tess", [Role.Customer], TimeSpan.FromDays(1), CustomerEmail: "tess@example.com")));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["desk"] = desk, ["email"] = email, ["subject"] = "My subject", ["body"] = "I wrote this at length.", ["field-topic"] = topic,
        });
        return await customer.Send(HttpMethod.Post, "/portal/new", form);
    }

    [Fact]
    public async Task A1_The_address_one_came_by_stands_in_the_form_and_later_the_name_too_whatever_browser_one_comes_with()
    {
        await using (var first = await chromium.New(server.Address, script: false))
        {
            var page = await ConsoleServer.ComeAs(first, "ida@example.com", "/portal/new");
            await Expect(page.Locator("#email")).ToHaveValueAsync("ida@example.com");
            await Expect(page.Locator("#email")).Not.ToBeEditableAsync();
            await page.Locator("#name").FillAsync("Ida Berg");
            await Fill(page, "My first", "A question.");
            await page.ShouldArriveAt("**/portal/tickets/*");
        }
        await using var other = await chromium.New(server.Address, script: false);
        var link = await LinkFor(other, "ida@example.com");
        await other.ClearCookiesAsync(); // as where a link is opened on another machine
        var again = await other.NewPageAsync();
        await again.GotoAsync(link);
        await again.Locator("form[action='/portal/link'] button").ClickAsync();
        await again.GotoAsync("/portal/new");
        await Expect(again.Locator("#email")).ToHaveValueAsync("ida@example.com");
        await Expect(again.Locator("#name")).ToHaveValueAsync("Ida Berg");
    }

    [Fact]
    public async Task A1_Who_comes_first_by_another_browser_types_the_address_and_nobody_elses_stands_there()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        await LinkFor(browser, "first@example.com");
        var cookies = await browser.CookiesAsync();
        await browser.ClearCookiesAsync();
        var page = await ConsoleServer.ComeAs(browser, "second@example.com", "/portal/new");
        await browser.AddCookiesAsync([.. cookies.Where(c => c.Name == "address").Select(c => new Microsoft.Playwright.Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path })]);
        await page.ReloadAsync();
        await Expect(page.Locator("#email")).ToHaveValueAsync("");
        await Expect(page.Locator("#email")).ToBeEditableAsync();
    }

    [Fact]
    public async Task R5_All_that_is_held_on_a_customer_is_one_link_away_from_their_tickets()
    {
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "dora@example.com");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("a[href='/api/me/archive']").ClickAsync());
        using var zip = System.IO.Compression.ZipFile.OpenRead(await download.PathAsync());
        zip.GetEntry("readable.html").ShouldNotBeNull();
    }

    [Fact]
    public async Task R2_What_should_not_be_sent_is_named_while_one_types_a_subject_or_why_it_is_reopened()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.ComeAs(browser, "hal@example.com", "/portal/new");
        await page.ShootBoth("portal-new");
        await page.ShouldBeReadable("a new ticket");
        await page.Locator("#subject").FillAsync("Card 4111 1111 1111 1111");
        await Expect(page.Locator("form-hints:has(#subject) .hints")).ToContainTextAsync("a card number");
        var number = await Open(page, "Card trouble", "It is refused.");
        await As(await server.As(Role.Coordinator), "triage", number, new { line = "l1" });
        await As(await server.As(Role.Agent), "resolution", number, new { resolution = "answered" });
        await page.ReloadAsync();
        await page.Locator("#reason").FillAsync("4111 1111 1111 1111 is still refused");
        await Expect(page.Locator("form-hints:has(#reason) .hints")).ToContainTextAsync("a card number");
        await page.ShootBoth("portal-resolved");
        await page.GotoAsync("/portal");
        await page.ShootBoth("portal-own");
    }

    [Fact]
    public async Task Arabic_is_written_from_right_to_left_and_offered_to_customers_alone()
    {
        await using var browser = await chromium.New(server.Address, language: "ar-EG", script: false);
        var page = await ConsoleServer.ComeAs(browser, "aya@example.com", "/portal/new");
        (await page.Locator("html").GetAttributeAsync("dir")).ShouldBe("rtl");
        await Expect(page.Locator("h1")).ToHaveTextAsync("تذكرة جديدة");

        await using var desk = await chromium.New(server.Address, language: "ar-EG");
        var staff = await ConsoleServer.SignIn(desk, "ann", "/queues/open");
        (await staff.Locator("html").GetAttributeAsync("dir")).ShouldBe("ltr");
        await Expect(staff.Locator(".foot")).Not.ToContainTextAsync("العربية");
    }

    [Fact]
    public async Task Nothing_in_the_portal_keeps_anybody_out()
    {
        long number;
        await using (var first = await chromium.New(server.Address, script: false))
            number = await Open(await ConsoleServer.ComeAs(first, "pam@example.com"), "A rather long subject, as people write them, that has to wrap on a phone", "My question.\n\nThank you.");
        await As(await server.As(Role.Coordinator), "triage", number, new { line = "l1" });
        await As(await server.As(Role.Agent), "replies", number, new { body = "Our answer.", channel = "portal" });
        await As(await server.As(Role.Agent), "resolution", number, new { resolution = "answered", summary = "Explained." });
        foreach (var language in new[] { "en-GB", "pl-PL", "ar-EG" })
        {
            await using var browser = await chromium.New(server.Address, language);
            var page = await ConsoleServer.ComeAs(browser, "pam@example.com");
            foreach (var address in new[] { "/portal", "/portal/new", $"/portal/tickets/{number}", "/portal/sign-in", "/status" })
            {
                await page.GotoAsync(address);
                await page.ShouldBeReadable($"{address} {language}");
            }
        }
    }

    static async Task<long> Open(IPage page, string subject, string body)
    {
        await page.GotoAsync("/portal/new");
        await Fill(page, subject, body);
        await page.ShouldArriveAt("**/portal/tickets/*");
        return long.Parse(new Uri(page.Url).Segments[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    static async Task Fill(IPage page, string subject, string body)
    {
        await page.Locator("#desk").SelectOptionAsync("billing/en");
        await page.Locator("#subject").FillAsync(subject);
        await page.Locator("#body").FillAsync(body);
        await page.Locator("form[action='/portal/new'] button").ClickAsync();
    }

    static async Task<string> LinkFor(IBrowserContext browser, string email)
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync("/portal/sign-in");
        await page.Locator("#email").FillAsync(email);
        await page.Locator("form[action='/portal/sign-in'] button").ClickAsync();
        return (await page.Locator("#link").GetAttributeAsync("href"))!;
    }

    static async Task As(Api who, string what, long number, object body)
    {
        var version = long.Parse((await who.Get($"/api/tickets/{number}")).ETag!.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
        (await who.Post($"/api/tickets/{number}/{what}", body, version)).ShouldBe(HttpStatusCode.OK);
    }
}
