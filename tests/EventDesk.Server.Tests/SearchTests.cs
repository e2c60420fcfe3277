using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>D4: tickets are found by their words, in every language of the desks.</summary>
public sealed class SearchTests(RunningServer server) : IClassFixture<RunningServer>
{
    static string Address(string q, string rest = "") => $"/api/search?q={Uri.EscapeDataString(q)}{rest}";

    static async Task<List<long>> Found(Api who, string q, string rest = "") =>
        [.. (await who.Get(Address(q, rest))).ShouldBe(HttpStatusCode.OK).Json.GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("number").GetInt64())];

    static async Task<long> Ask(Api agent, string subject, string body, string language = "en", string product = "billing") =>
        (await agent.Post("/api/tickets", new { product, language, channel = "api", requester = new { email = "kim@example.com" }, subject, body }))
            .ShouldBe(HttpStatusCode.Created).Json.GetProperty("number").GetInt64();

    [Theory]
    [InlineData("en", "The invoices were charged twice", "invoice charging")]
    [InlineData("sv", "Fakturorna betalades två gånger", "faktura betala")]
    [InlineData("fi", "Laskuissa on virheitä", "lasku virhe")]
    [InlineData("de", "Die Rechnungen wurden doppelt abgebucht", "Rechnung doppelte")]
    [InlineData("es", "Las facturas fueron pagadas", "factura pagado")]
    [InlineData("fr", "Les factures étaient erronées", "facture erronée")]
    [InlineData("ar", "لم تصل الفاتورة الطلبات", "فاتورة طلب")]
    [InlineData("pl", "Faktury jeszcze nie ma, żółć", "FAKTURY zolc")]
    public async Task D4_every_desk_language_finds_other_forms_of_a_word_where_there_is_a_stemmer(string language, string body, string q)
    {
        var agent = await server.As(Role.Agent);
        var number = await Ask(agent, $"Subject {language}", body, language);
        await Eventually.Be(async () => (await Found(agent, q + " ", $"&desk=billing/{language}")).Contains(number), $"{language}: {q}");
        (await Found(agent, $"{q} ")).ShouldContain(number, "whatever the desk");
    }

    [Fact]
    public async Task D4_the_answer_says_where_the_words_stand_and_what_stands_around_them()
    {
        var agent = await server.As(Role.Agent);
        var number = await Ask(agent, "Quetzal feathers", "The parcel with the quetzal came late.");
        await Eventually.Be(async () => (await Found(agent, "quetzal")).Contains(number), "found");
        var hit = (await agent.Get(Address("quetzal parcel"))).Json.GetProperty("hits").EnumerateArray().Single();
        hit.GetProperty("desk").GetString().ShouldBe("billing/en");
        hit.GetProperty("place").GetString().ShouldBe("question");
        Marked(hit.GetProperty("subject")).ShouldBe("[Quetzal] feathers");
        Marked(hit.GetProperty("snippet")).ShouldBe("The [parcel] with the [quetzal] came late.");
    }

    static string Marked(JsonElement pieces) => string.Concat(pieces.EnumerateArray().Select(p =>
        p.TryGetProperty("found", out _) ? $"[{p.GetProperty("text").GetString()}]" : p.GetProperty("text").GetString()));

    [Fact]
    public async Task D4_what_a_search_showed_of_a_ticket_is_written_down_as_read()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open("Motmot");
        await Eventually.Be(async () => (await Found(agent, "motmot")).Count == 1, "found");
        await Eventually.Be(async () =>
            (await (await server.As(Role.Auditor)).Get($"/api/tickets/{opened.Ticket}/access?asOf={Uri.EscapeDataString(TimeProvider.System.GetUtcNow().ToString("O"))}")).Text.Contains("\"search\"", StringComparison.Ordinal), "written down");
    }

    [Fact]
    public async Task S2_a_search_reaches_what_queues_reach()
    {
        var everywhere = await server.As(Role.Agent);
        var polish = await server.As(Role.Agent, "ola", ["mobile/pl"]);
        var (here, there) = (await Ask(everywhere, "Kolibri", "one", "pl", "mobile"), await Ask(everywhere, "Kolibri", "two", "fi", "mobile"));
        await Eventually.Be(async () => (await Found(everywhere, "kolibri")).Count == 2, "found");
        (await Found(polish, "kolibri")).ShouldBe([here]);
        (await Found(polish, "kolibri", "&desk=mobile/fi")).ShouldBeEmpty();
        (await Found(everywhere, "kolibri", "&desk=mobile/fi")).ShouldBe([there]);
        (await Found(everywhere, "kolibri", "&status=resolved")).ShouldBeEmpty();
        (await Found(everywhere, "kolibri", "&status=open&limit=1")).ShouldBe([there]);
        foreach (var role in new[] { Role.Customer, Role.Analyst, Role.PrivacyOfficer, Role.Administrator })
            (await (await server.As(role)).Get(Address("kolibri"))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("?q=", "required")]
    [InlineData("?q=-refund", "not_searchable")]
    [InlineData("?q=%21%22", "not_searchable")]
    [InlineData("?q=a+b+c+d+e+f+g+h+i+j+k", "not_searchable")]
    [InlineData("?q=invoice&after=nowhere", "invalid_cursor")]
    [InlineData("?q=invoice&limit=51", "out_of_range")]
    [InlineData("?q=invoice&status=gone", "unknown_value")]
    [InlineData("?q=invoice&sort=oldest", "unknown_parameter")]
    public async Task F1_a_search_that_cannot_be_says_why(string query, string code)
    {
        var answer = (await (await server.As(Role.Agent)).Get($"/api/search{query}")).ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task D4_pages_go_on_by_the_link_of_the_page_before()
    {
        var agent = await server.As(Role.Agent);
        var numbers = new[] { await Ask(agent, "Hoatzin", "1"), await Ask(agent, "Hoatzin", "2"), await Ask(agent, "Hoatzin", "3") };
        await Eventually.Be(async () => (await Found(agent, "hoatzin")).Count == 3, "found");
        List<long> seen = [];
        for (string? next = Address("hoatzin", "&limit=2"); next is not null;)
        {
            var page = (await agent.Get(next)).ShouldBe(HttpStatusCode.OK).Json;
            seen.AddRange(page.GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("number").GetInt64()));
            next = page.TryGetProperty("next", out var link) ? link.GetString() : null;
        }
        seen.ShouldBe(numbers.Reverse());
    }
}
