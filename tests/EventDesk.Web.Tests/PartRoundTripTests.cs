using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace EventDesk.Web.Tests;

/// <summary>A form says all there is to say of its part: what is opened and saved as it stands is the same afterwards.</summary>
public sealed class PartRoundTripTests(ConsoleServer server, Chromium chromium) : IClassFixture<ConsoleServer>
{
    /// <summary>By address: bodies that between them leave out nothing that can be said of their kind.</summary>
    static readonly (string Address, string Key, Type Request, string Json)[] Full =
    [
        ("products/lamps", "product/lamps", typeof(ProductDefinitionRequest), """{ "name": "Lamps & <shades>" }"""),
        ("languages/cs", "language/cs", typeof(LanguageDefinitionRequest), """{ "name": "Čeština" }"""),
        ("calendars/full", "calendar/full", typeof(CalendarDefinitionRequest), """
            { "zone": "Europe/Prague", "week": { "monday": ["08:00-12:00", "13:00-17:00"], "sunday": ["00:00-24:00"] }, "holidays": ["2026-12-25", "2027-01-01"],
              "exceptions": { "2026-12-24": ["08:00-10:00", "11:00-12:00"], "2026-12-31": [] } }
            """),
        ("calendars/unknown", "calendar/unknown", typeof(CalendarDefinitionRequest), """{ "zone": "Europe/Prague", "days": ["monday", "friday"] }"""),
        ("contracts/full", "contract/full", typeof(ContractDefinitionRequest), """
            { "name": "Full", "calendar": "full", "assumedSeverity": "high", "warnAtPercent": 66, "secondLineActsAsFirst": true, "directToSecondLine": true, "agent": "vera", "price": "12, a day",
              "callback": { "time": "2wd", "clock": "working" }, "callbackPromise": { "time": "1wd", "clock": "calendar" },
              "targets": [
                { "severity": "critical", "firstResponse": { "time": "30m", "clock": "calendar" }, "nextResponse": { "time": "4h", "clock": "working" }, "firstPromise": { "time": "2wd", "clock": "working" },
                  "nextPromise": { "time": "3wd", "clock": "calendar" }, "callback": { "time": "5h", "clock": "working" }, "callbackPromise": { "time": "6h", "clock": "calendar" } },
                { "severity": "request", "nextResponse": { "time": "9wd", "clock": "working" } } ] }
            """),
        ("desks/lamps/cs", "desk/lamps/cs", typeof(DeskDefinitionRequest), """
            { "name": "Lamps, Čeština", "retired": true, "firstLineTargetPercent": 75, "calendar": "full", "contract": "full", "channels": { "guide": "no", "chat": "comingSoon", "email": "yes" } }
            """),
        ("teams/full", "team/full", typeof(TeamDefinitionRequest), """{ "desk": "lamps/cs", "line": "l3", "assignsByItself": true, "retired": true }"""),
        ("agents/full", "agent/full", typeof(AgentDefinitionRequest), """{ "teams": ["mobile-en-l1", "full", "billing-en-l1"], "capacity": 1000, "calendar": "full", "retired": true }"""),
        ("customers/0190a5d2-7c1e-7b44-9f30-2a6d5c8e4f11", "customer/0190a5d2-7c1e-7b44-9f30-2a6d5c8e4f11", typeof(ContractHolderRequest), """{ "contract": "full" }"""),
        ("trainings/analyst", "trainings/analyst", typeof(RequiredTrainingsRequest), """{ "trainings": ["sums", "privacy", "fractions"] }"""),
        ("routing", "routing/rules", typeof(RoutingDefinitionRequest), """
            { "fields": { "topic": ["refund", "lost, or stolen", "a/b \"c\""], "device": ["phone"] },
              "rules": [
                { "id": "full", "when": { "products": ["billing"], "languages": ["en"], "channels": ["portal", "email", "chat", "phone", "api"], "contracts": ["full", "vip"],
                    "customers": ["0190a5d2-7c1e-7b44-9f30-2a6d5c8e4f11", "0190a5d2-7c1e-7b44-9f30-2a6d5c8e4f12"], "severities": ["critical", "request"],
                    "fields": { "topic": ["lost, or stolen", "a/b \"c\""], "device": ["phone"] } },
                  "to": { "desk": "billing/en", "line": "l2", "team": "billing-en-l2", "agent": "vera" } },
                { "id": "second", "when": { "products": ["lamps", "mobile"] }, "to": { "line": "l1" } },
                { "id": "the-rest", "to": {} } ] }
            """),
        ("retention", "retention", typeof(RetentionDefinitionRequest), """
            { "accounts": { "inactiveDays": 365 },
              "rules": [
                { "id": "full", "trigger": "sinceResolved", "action": "anonymise", "days": 90, "scope": { "products": ["billing", "lamps"], "desks": ["billing/en"], "languages": ["en"], "contracts": ["vip"] } },
                { "id": "expired", "trigger": "expires", "action": "purge" } ] }
            """),
        ("privacy", "privacy/rules", typeof(PrivacyDefinitionRequest), """{ "revealNeedsSecondPerson": true }"""),
    ];

    /// <summary>What a browser would send of the form as it stands.</summary>
    const string SaveAsItStands = """
        async keys => {
          const failed = [];
          for (const key of keys) {
            const page = await fetch(`/organisation/edit?of=${encodeURIComponent(key)}`);
            const form = new DOMParser().parseFromString(await page.text(), 'text/html').getElementById('part');
            const saved = form && await fetch('/organisation/edit', { method: 'POST', body: new URLSearchParams(new FormData(form)) });
            if (!saved?.redirected) failed.push(`${key}: ${page.status} ${saved?.status}`);
          }
          return failed;
        }
        """;

    [Fact]
    public void The_bodies_leave_out_nothing_that_can_be_said()
    {
        // Macros have a page of their own.
        typeof(IDefinition).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IDefinition))).Except([typeof(MacroDefinitionRequest)]).Except(Full.Select(f => f.Request)).ShouldBeEmpty();
        foreach (var kind in Full.GroupBy(f => f.Request))
            Names(kind.Key).Except(kind.SelectMany(f => Names(JsonNode.Parse(f.Json)!))).Except(["from"]).ShouldBeEmpty(kind.Key.Name);
    }

    [Fact]
    public async Task B6_A_part_that_is_saved_by_its_form_as_it_stands_stays_as_it_is()
    {
        var admin = await server.As(Role.Administrator);
        var book = server.Services.GetRequiredService<OrganisationBook>();
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation");

        // First as the sample has it, then with all that can be said.
        await Check();
        foreach (var (address, key, _, json) in Full)
            (await admin.Put($"/api/organisation/{address}", JsonNode.Parse(json), book.History.Versions(key).Count)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
        Full.Select(f => f.Key).ShouldBeSubsetOf(await Check());

        async Task<IReadOnlyList<string>> Check()
        {
            string[] keys = [.. book.Now.Parts.Where(p => p is not Macro).Concat(book.History.Holders(Instant.MaxValue)).Select(OrganisationHistory.KeyOf)];
            keys.Length.ShouldBeGreaterThan(130);
            var were = keys.ToDictionary(k => k, k => book.History.Versions(k).Count);
            (await page.EvaluateAsync<string[]>(SaveAsItStands, keys)).ShouldBeEmpty();
            foreach (var key in keys)
            {
                book.History.Versions(key).Count.ShouldBe(were[key] + 1, key);
                (await server.Definition(key)).ShouldSay((await server.Definition(key, were[key])).ToJsonString());
            }
            return keys;
        }
    }

    [Fact]
    public async Task B6_As_many_routing_rules_as_a_large_organisation_has_can_be_saved_by_their_form()
    {
        var book = server.Services.GetRequiredService<OrganisationBook>();
        var rules = Enumerable.Range(0, 400).Select(n => new { id = $"rule-of-customer-{n}", when = new { customers = new[] { new Guid(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) } }, to = new { line = "l2" } });
        (await (await server.As(Role.Administrator)).Put("/api/organisation/routing", new { rules }, book.History.Versions(RoutingRules.Key).Count)).ShouldBe(HttpStatusCode.OK);
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "adam", "/organisation");
        (await page.EvaluateAsync<string[]>(SaveAsItStands, (string[])[RoutingRules.Key])).ShouldBeEmpty();
        var versions = book.History.Versions(RoutingRules.Key).Count;
        (await server.Definition(RoutingRules.Key)).ShouldSay((await server.Definition(RoutingRules.Key, versions - 1)).ToJsonString());
    }

    /// <summary>What a body can say, by its own names and those of what is in it.</summary>
    static IEnumerable<string> Names(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(p => (string[])
        [JsonNamingPolicy.CamelCase.ConvertName(p.Name), .. Within(p.PropertyType).Where(t => t.Namespace == type.Namespace && !t.IsEnum).SelectMany(Names)]);

    static IEnumerable<Type> Within(Type type) => type.IsGenericType ? type.GetGenericArguments() : [type];

    static IEnumerable<string> Names(JsonNode? json) => json switch
    {
        JsonObject o => o.SelectMany(m => Names(m.Value).Prepend(m.Key)),
        JsonArray a => a.SelectMany(Names),
        _ => [],
    };
}
