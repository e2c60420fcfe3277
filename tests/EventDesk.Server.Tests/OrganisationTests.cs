using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

public sealed class OrganisationTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly Dictionary<string, string[]> RoundTheClock =
        new[] { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" }.ToDictionary(d => d, _ => new[] { "00:00-24:00" });

    static readonly Dictionary<string, string[]> Never = [];

    [Fact]
    public async Task B6_a_change_does_not_slip_behind_one_that_waits_and_names_nothing_that_does_not_hold_yet()
    {
        var admin = await server.As(Role.Administrator);
        var (soon, sooner) = (TimeProvider.System.GetUtcNow().AddDays(20), TimeProvider.System.GetUtcNow().AddDays(10));
        (await admin.Put("/api/organisation/calendars/queued", new { zone = "UTC", from = soon }, 0)).ShouldBe(HttpStatusCode.Created);
        var slipped = (await admin.Put("/api/organisation/calendars/queued", new { zone = "Europe/Paris", from = sooner }, 1)).ShouldBe(HttpStatusCode.Conflict);
        slipped.Code.ShouldBe("organisation_at_odds");
        slipped.Json.GetProperty("detail").GetString()!.ShouldStartWith("calendar/queued has version 1, which waits for 20");
        (await admin.Put("/api/organisation/calendars/queued", new { zone = "Europe/Paris" }, 1)).ShouldBe(HttpStatusCode.Conflict);
        var target = new { severity = "standard", firstResponse = new { time = "8h" } };
        var early = await admin.Put("/api/organisation/contracts/early", new { name = "Early", calendar = "queued", targets = new[] { target } }, 0);
        early.ShouldBe(HttpStatusCode.Conflict).Json.GetProperty("detail").GetString()!.ShouldStartWith("contract/early names calendar/queued, which holds only from 20");
        (await admin.Put("/api/organisation/contracts/early", new { name = "Early", calendar = "queued", targets = new[] { target }, from = soon }, 0)).ShouldBe(HttpStatusCode.Created);
        (await admin.Put("/api/organisation/calendars/queued", new { zone = "Europe/Paris", from = soon }, 1)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task B1_the_organisation_is_read_with_hours_contracts_channels_and_versions()
    {
        var read = (await (await server.As(Role.Agent)).Get("/api/organisation")).ShouldBe(HttpStatusCode.OK).Json;
        read.GetProperty("desks").GetArrayLength().ShouldBeGreaterThanOrEqualTo(24);
        var desk = Named(read.GetProperty("desks"), "billing/en");
        (Text(desk, "calendar"), Text(desk, "contract"), desk.GetProperty("firstLineTargetPercent").GetInt32(), desk.GetProperty("version").GetInt32()).ShouldBe(("always", "standard", 90, 1));
        Text(Named(read.GetProperty("desks"), "cloud/sv").GetProperty("channels"), "chat").ShouldBe("no");
        Text(Named(read.GetProperty("desks"), "billing/sv").GetProperty("channels"), "chat").ShouldBe("comingSoon");
        Named(read.GetProperty("calendars"), "sv").GetProperty("known").GetBoolean().ShouldBeFalse();
        Text(Named(read.GetProperty("calendars"), "fi"), "zone").ShouldBe("UTC+02:00");
        Text(Named(read.GetProperty("contracts"), "vip"), "name").ShouldBe("VIP");
    }

    [Fact]
    public async Task B6_a_part_is_defined_and_defined_again_on_the_version_it_was_thought_out_on()
    {
        var administrator = await server.As(Role.Administrator);
        const string path = "/api/organisation/calendars/again";
        var made = (await administrator.Put(path, new { zone = "Europe/Warsaw", week = RoundTheClock }, 0)).ShouldBe(HttpStatusCode.Created);
        (made.ETag, made.Headers["Location"], made.Version).ShouldBe(("\"1\"", "/api/organisation/versions?of=calendar/again", 1));
        var changed = (await administrator.Put(path, new { zone = "Europe/Warsaw" }, 1)).ShouldBe(HttpStatusCode.OK);
        (changed.ETag, Text(changed.Json, "part")).ShouldBe(("\"2\"", "calendar/again"));

        foreach (var seen in new[] { 0, 1, 3 })
        {
            var stale = (await administrator.Put(path, new { zone = "UTC" }, seen)).ShouldBe(HttpStatusCode.PreconditionFailed);
            (stale.Code, stale.Json.GetProperty("actualVersion").GetInt64()).ShouldBe(("stale_version", 2));
        }
        (await administrator.Put("/api/organisation/calendars/none", new { zone = "UTC" }, 1)).ShouldBe(HttpStatusCode.PreconditionFailed)
            .Json.GetProperty("actualVersion").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task B6_of_two_who_define_the_same_at_once_one_wins()
    {
        var administrator = await server.As(Role.Administrator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => administrator.Put("/api/organisation/products/race", new { name = $"Race {i}" }, 0)));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.PreconditionFailed).ShouldBe(7);
        Versions(await administrator.Get("/api/organisation/versions?of=product/race")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task B6_a_change_without_the_version_it_was_thought_out_on_is_refused()
    {
        var administrator = await server.As(Role.Administrator);
        const string path = "/api/organisation/products/billing";
        (await administrator.Put(path, new { name = "Billing" }, null)).ShouldBe(HttpStatusCode.PreconditionRequired).Code.ShouldBe("precondition_required");
        foreach (var (name, value) in new[] { ("If-Match", "1"), ("If-Match", "*"), ("If-None-Match", "\"1\"") })
            (await administrator.Send(HttpMethod.Put, path, new StringContent("""{"name":"Billing"}""", null, "application/json"), (name, value)))
                .ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("malformed_etag");
    }

    [Fact]
    public async Task B6_an_organisation_at_odds_with_itself_is_refused_with_every_reason_and_nothing_is_stored()
    {
        var administrator = await server.As(Role.Administrator);
        var before = await server.EventCount();
        async Task Refused(string part, object body, string reasons, long version = 0)
        {
            var answer = (await administrator.Put($"/api/organisation/{part}", body, version)).ShouldBe(HttpStatusCode.Conflict);
            (answer.Code, Text(answer.Json, "detail")).ShouldBe(("organisation_at_odds", reasons));
        }

        await Refused("desks/tea/tlh", new { calendar = "moon", contract = "gold", channels = new { fax = "yes" } },
            "Desk tea/tlh names the unknown product \"tea\". Desk tea/tlh names the unknown language \"tlh\". Desk tea/tlh names the unknown calendar \"moon\". "
            + "Desk tea/tlh names the unknown contract \"gold\". Desk tea/tlh names the unknown channel \"fax\"; there are guide, portal, chat, phone, email.");
        await Refused("calendars/bad", new { zone = "Mars", week = new { funday = new[] { "8-16" } } },
            "Calendar bad: \"Mars\" is neither an IANA time zone nor an offset such as UTC+02:00. Calendar bad: \"funday\" is no day of the week. Calendar bad: \"8-16\" is no interval such as 08:00-16:00.");
        await Refused("calendars/bad", new { zone = "UTC", week = new { monday = new[] { "08:00-12:00", "11:00-16:00" } } },
            "Calendar bad: Monday: 08:00–12:00 and 11:00–16:00 overlap or are out of order.");
        await Refused("contracts/bad", new { name = "Bad", targets = Array.Empty<object>() }, "Contract bad has no targets.");
        await Refused("products/billing", new { name = "Billing", from = "2001-01-01T00:00:00Z" }, "A change holds from now on at the earliest: what was, stays.", 1);
        (await server.EventCount()).ShouldBe(before);
    }

    [Theory]
    [InlineData("products/x", """{"name":" "}""", "/name blank")]
    [InlineData("products/x", """{"name":"X","id":"x"}""", "/id unknown_field")]
    [InlineData("products/a%20b", """{"name":"X"}""", "id invalid_characters")]
    [InlineData("languages/x", "{}", "/name required")]
    [InlineData("calendars/x", """{"zone":"UTC","week":{"monday":null}}""", "/week/monday required")]
    [InlineData("calendars/x", """{"zone":"UTC","week":{"monday":[null]},"days":[null]}""", "/days/0 required, /week/monday/0 required")]
    [InlineData("calendars/x", """{"zone":"UTC","week":{"monday":"08:00-16:00"}}""", "/week/monday wrong_type")]
    [InlineData("contracts/x", """{"name":"X","targets":[null]}""", "/targets/0 required")]
    [InlineData("contracts/x", """{"name":"X","targets":[{"severity":"awful"}]}""", "/targets/0/severity unknown_value")]
    [InlineData("contracts/x", """{"name":"X","targets":[{"severity":"high","firstResponse":{"clock":"working"}}],"warnAtPercent":80}""", "/targets/0/firstResponse/time required")]
    [InlineData("contracts/x", """{"name":"X","targets":[],"warnAtPercent":0}""", "/warnAtPercent out_of_range")]
    [InlineData("desks/billing/en", """{"firstLineTargetPercent":101}""", "/firstLineTargetPercent out_of_range")]
    [InlineData("desks/billing/en", """{"channels":{"chat":"maybe"}}""", "/channels/chat unknown_value")]
    [InlineData("desks/billing/en", """{"from":"tomorrow"}""", "/from wrong_type")]
    public async Task F8_a_malformed_definition_is_told_exactly_what_is_wrong(string part, string body, string faults)
    {
        var answer = await (await server.As(Role.Administrator)).Send(
            HttpMethod.Put, $"/api/organisation/{part}", new StringContent(body, null, "application/json"), ("If-None-Match", "*"));
        answer.ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_request");
        string.Join(", ", answer.Json.GetProperty("errors").EnumerateArray().Select(e => $"{Text(e, "field")} {Text(e, "code")}").Order(StringComparer.Ordinal)).ShouldBe(faults);
    }

    [Fact]
    public async Task B2_a_change_never_rewrites_the_versions_before_it_and_one_to_come_is_not_in_force_yet()
    {
        var administrator = await server.As(Role.Administrator);
        const string path = "/api/organisation/calendars/past", of = "/api/organisation/versions?of=calendar/past";
        (await administrator.Put(path, new { zone = "Europe/Warsaw", week = RoundTheClock }, 0)).ShouldBe(HttpStatusCode.Created);
        var before = Versions(await administrator.Get(of)).Select(v => v.GetRawText()).ToList();
        (await administrator.Put(path, new { zone = "UTC", from = "2099-01-01T01:00:00+01:00" }, 1)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("from").GetString().ShouldBe("2099-01-01T00:00:00Z");

        var after = Versions(await administrator.Get(of));
        after.Select(v => v.GetRawText()).Take(1).ShouldBe(before);
        after.Select(v => (v.GetProperty("version").GetInt32(), Text(v.GetProperty("definition"), "zone"))).ShouldBe([(1, "Europe/Warsaw"), (2, "UTC")]);
        Text(Named((await administrator.Get("/api/organisation")).Json.GetProperty("calendars"), "past"), "zone").ShouldBe("Europe/Warsaw");
        Named((await administrator.Get("/api/organisation")).Json.GetProperty("calendars"), "past").GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task B6_versions_are_of_what_there_is_and_contracts_are_no_business_of_customers()
    {
        var (agent, customer) = (await server.As(Role.Agent), await server.As(Role.Customer));
        Text(Versions(await agent.Get("/api/organisation/versions?of=contract/vip"))[0].GetProperty("definition"), "agent").ShouldBe("vera");
        (await customer.Get("/api/organisation/versions?of=contract/vip")).ShouldBe(HttpStatusCode.NotFound);
        Versions(await customer.Get("/api/organisation/versions?of=desk/billing/pl")).Count.ShouldBe(1);
        (await agent.Get("/api/organisation/versions?of=calendar/moon")).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("part_not_found");
        (await agent.Get("/api/organisation/versions")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task S2_only_administrators_define_and_what_they_did_carries_their_name()
    {
        foreach (var role in new[] { Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.Customer })
            (await (await server.As(role)).Put("/api/organisation/languages/nl", new { name = "Nederlands" }, 0)).ShouldBe(HttpStatusCode.Forbidden);
        (await (await server.As(Role.Administrator, "orla")).Put("/api/organisation/languages/nl", new { name = "Nederlands" }, 0)).ShouldBe(HttpStatusCode.Created);
        (await server.Scalar("select count(*) from mt_events where type = 'language_defined' and headers->>'actor' = 'orla' and headers->>'role' = 'administrator'")).ShouldBe(1);
    }

    [Fact]
    public async Task B3_the_published_hours_are_for_everybody_and_unknown_hours_are_shown_as_such()
    {
        var anyone = new Api(server.Http, null);
        var desks = (await anyone.Get("/api/hours")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("desks").EnumerateArray().ToDictionary(d => Text(d, "desk"));
        var always = desks["billing/en"];
        Text(always, "state").ShouldBe("open");
        always.TryGetProperty("closesAt", out _).ShouldBeFalse();
        always.GetProperty("week").GetProperty("sunday").EnumerateArray().Select(i => i.GetString()).ShouldBe(["00:00-24:00"]);
        Text(always, "languageName").ShouldBe("English");

        var unknown = desks["billing/sv"];
        Text(unknown, "state").ShouldBe("unknown");
        unknown.TryGetProperty("week", out _).ShouldBeFalse();
        unknown.GetProperty("days").GetArrayLength().ShouldBe(5);
        Text(unknown.GetProperty("channels"), "chat").ShouldBe("comingSoon");

        var polish = desks["cloud/pl"];
        polish.GetProperty("week").EnumerateObject().Select(d => d.Name).ShouldBe(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
        (polish.TryGetProperty("opensAt", out _), polish.TryGetProperty("closesAt", out _)).ShouldBe(Text(polish, "state") == "open" ? (false, true) : (true, false));

        var few = (await anyone.Get("/api/hours?language=fi&product=cloud")).Json.GetProperty("desks");
        few.EnumerateArray().Select(d => Text(d, "desk")).ShouldBe(["cloud/fi"]);
        (await anyone.Get("/api/hours?verbose=true")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task B3_a_change_is_on_the_page_at_once_in_its_language_and_safe_to_show()
    {
        var (administrator, anyone) = (await server.As(Role.Administrator), new Api(server.Http, null));
        (await administrator.Put("/api/organisation/products/page", new { name = "Page <script>" }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put("/api/organisation/calendars/page", new { zone = "UTC", week = Never }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put("/api/organisation/desks/page/ar", new { calendar = "page", channels = new { phone = "comingSoon" } }, 0)).ShouldBe(HttpStatusCode.Created);
        (await administrator.Put("/api/organisation/desks/page/de", new { retired = true }, 0)).ShouldBe(HttpStatusCode.Created);

        var page = (await anyone.Get("/hours?product=page")).ShouldBe(HttpStatusCode.OK);
        page.Headers["Content-Type"].ShouldBe("text/html; charset=utf-8");
        page.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'");
        page.Text.ShouldContain("<section lang=\"ar\" dir=\"rtl\">");
        page.Text.ShouldContain("مغلق الآن");
        page.Text.ShouldContain("Page &lt;script&gt;");
        page.Text.ShouldNotContain("<script>");
        page.Text.ShouldNotContain("<section lang=\"de\"");

        (await administrator.Put("/api/organisation/calendars/page", new { zone = "UTC", week = RoundTheClock }, 1)).ShouldBe(HttpStatusCode.OK);
        (await anyone.Get("/hours?product=page&language=ar")).Text.ShouldContain("مفتوح الآن");
    }

    [Fact]
    public async Task B3_the_page_says_of_unknown_hours_that_they_are_and_names_their_days()
    {
        var page = (await new Api(server.Http, null).Get("/hours?language=sv")).ShouldBe(HttpStatusCode.OK).Text;
        page.ShouldContain("<div class=\"hours\" lang=\"sv\" dir=\"ltr\">");
        page.ShouldContain("Öppettiderna är inte publicerade.");
        page.ShouldContain("måndag, tisdag, onsdag, torsdag, fredag</p>");
        page.ShouldNotContain("<table>");
        page.ShouldNotContain("<section lang=\"pl\"");
        (await new Api(server.Http, null).Get("/hours?language=tlh")).ShouldBe(HttpStatusCode.OK).Text.ShouldContain("There is nothing to show.");
    }

    static JsonElement Named(JsonElement list, string id) => list.EnumerateArray().Single(e => Text(e, "id") == id);

    static List<JsonElement> Versions(Answer answer) => [.. answer.ShouldBe(HttpStatusCode.OK).Json.GetProperty("versions").EnumerateArray()];

    static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
