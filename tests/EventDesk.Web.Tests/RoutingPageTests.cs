using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>Where new tickets go, as administrators say it by a form; the tests of one list are one test, since each would change it under the others.</summary>
public sealed class RoutingPageTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    const string Customer = "0190a5d2-7c1e-7b44-9f30-2a6d5c8e4f11";

    [Fact]
    public async Task B6_Rules_are_added_moved_changed_and_struck_out_by_a_form_and_what_is_wrong_stands_at_the_rule()
    {
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation?part=routing");
        await page.Locator("main a[href*='/organisation/edit']").ClickAsync();
        await page.ShootBoth("routing");

        // The third is struck out, the fifth comes first and asks for more, the sixth is new and comes third.
        await Open(2);
        await page.Locator("input[name=rule-2-remove]").CheckAsync();
        await Open(4);
        await page.Locator("input[name=rule-4-place]").FillAsync("1");
        await page.Locator("input[name='rule-4-is-topic/other']").CheckAsync();
        await page.Locator("input[name=rule-4-languages][value=pl]").CheckAsync();
        await Open(5);
        await page.Locator("input[name=rule-5-id]").FillAsync("complaints-to-the-coordinator");
        await page.Locator("input[name=rule-5-place]").FillAsync("third");
        await page.Locator("textarea[name=rule-5-customers]").FillAsync("Mrs Smith");
        await page.Locator("input[name=rule-5-team]").FillAsync("billing-en-l9");
        await page.Locator("input[name=rule-5-agent]").FillAsync("vera");
        await page.Locator("input[name='field-1-name']").FillAsync("kind of device");
        await page.Locator("textarea[name='field-1-choices']").FillAsync("phone\nwatch, or ring");
        await Save();
        await Wrong("rule-5-place", "This is no whole number.");
        await Wrong("rule-5-customers", "pseudonym that tickets show");
        await Wrong("field-1-name", "Only letters, digits");
        await Expect(page.Locator("details[open]")).ToHaveCountAsync(1); // nothing else is in the way
        await page.ShootBoth("routing-faults");
        await page.ShouldBeReadable("routing rules with faults");

        await page.Locator("input[name=rule-5-place]").FillAsync("3");
        await page.Locator("textarea[name=rule-5-customers]").FillAsync(Customer);
        await page.Locator("input[name='field-1-name']").FillAsync("kind-of-device");
        await Save();
        await Wrong("rule-5-id", "is given twice");
        await Wrong("rule-5-team", "unknown team \"billing-en-l9\"");
        await Expect(page.Locator("[role=alert] li")).ToHaveCountAsync(0);
        await page.Locator("input[name=rule-5-id]").FillAsync("for-one");
        await page.Locator("input[name=rule-5-team]").FillAsync("");
        await page.Locator("textarea[name='field-1-choices']").FillAsync("");
        await Save();
        await Wrong("field-1-choices", "has no choices");
        await page.Locator("textarea[name='field-1-choices']").FillAsync("phone\nwatch, or ring");
        await Open(0);
        await page.Locator("input[name='rule-0-is-topic/complaint']").UncheckAsync();
        await Save();
        await Expect(page.Locator("#rule-1-wrong")).ToContainTextAsync("reached by no ticket: complaints-to-the-coordinator");
        await Open(0);
        await page.Locator("input[name='rule-0-is-topic/complaint']").CheckAsync();
        await Save();
        await page.ShouldArriveAt("**/organisation?part=routing");
        (await page.Locator("main tbody th").AllInnerTextsAsync()).ShouldBe(["how-to-needs-no-triage", "complaints-to-the-coordinator", "for-one", "critical-forms-to-second-line", "english-cloud-invoices"]);
        await page.Shoot("routing-read");
        (await server.Definition("routing/rules", 2)).ShouldSay($$"""
            { "fields": { "topic": ["invoice", "refund", "outage", "howTo", "complaint", "other"], "kind-of-device": ["phone", "watch, or ring"] },
              "rules": [
                { "id": "how-to-needs-no-triage", "to": { "line": "l1" }, "when": { "languages": ["pl"], "channels": ["portal"], "fields": { "topic": ["howTo", "other"] } } },
                { "id": "complaints-to-the-coordinator", "to": {}, "when": { "fields": { "topic": ["complaint"] } } },
                { "id": "for-one", "to": { "agent": "vera" }, "when": { "customers": ["{{Customer}}"] } },
                { "id": "critical-forms-to-second-line", "to": { "line": "l2" }, "when": { "channels": ["portal"], "severities": ["critical"] } },
                { "id": "english-cloud-invoices", "to": { "desk": "billing/en", "team": "billing-en-l1" }, "when": { "products": ["cloud"], "languages": ["en"], "fields": { "topic": ["invoice"] } } }
              ] }
            """);

        // A choice with any sign in it can be asked for, and a field nobody asks for any more is emptied and gone.
        await page.Locator("main a[href*='/organisation/edit']").ClickAsync();
        await Open(2);
        await page.Locator("input[name='rule-2-is-kind-of-device/watch, or ring']").CheckAsync();
        await Save();
        (await server.Definition("routing/rules"))["rules"]![2]!["when"]!["fields"]!.AsObject().ShouldSay("""{ "kind-of-device": ["watch, or ring"] }""");
        await page.Locator("main a[href*='/organisation/edit']").ClickAsync();
        var device = page.Locator("fieldset.choices", new() { Has = page.Locator("legend", new() { HasText = "kind-of-device" }) });
        await device.Locator("input[name$=name]").FillAsync("");
        await page.Locator("fieldset.choices textarea", new() { HasText = "watch, or ring" }).FillAsync("");
        await Save();
        await Expect(page.Locator("#rule-2-wrong")).ToContainTextAsync("looks at \"kind-of-device\"");
        await Expect(page.Locator("input[name='rule-2-is-kind-of-device/watch, or ring']")).ToBeCheckedAsync();
        await page.Locator("input[name='rule-2-is-kind-of-device/watch, or ring']").UncheckAsync();
        await Save();
        await page.ShouldArriveAt("**/organisation?part=routing");
        (await server.Definition("routing/rules"))["fields"]!.AsObject().Select(f => f.Key).ShouldBe(["topic"]);

        async Task Open(int row)
        {
            if (await page.Locator($"#rule-{row}").GetAttributeAsync("open") is null)
                await page.Locator($"#rule-{row} > summary").ClickAsync();
        }

        Task Save() => page.Locator("#part > button").ClickAsync();

        async Task Wrong(string field, string said)
        {
            await Expect(page.Locator($"#{field}-wrong")).ToContainTextAsync(said);
            await Expect(page.Locator($":is(input, textarea)[name={field}]")).ToHaveAttributeAsync("aria-invalid", "true");
        }
    }
}
