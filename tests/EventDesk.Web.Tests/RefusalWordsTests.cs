using System.Net;
using System.Text.RegularExpressions;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;

namespace EventDesk.Web.Tests;

/// <summary>Whatever is refused, it is said in the reader's language: a rule cannot get a code without words for it.</summary>
public sealed partial class RefusalWordsTests
{
    /// <summary>What a customer can send, by the record that decides on it; what may be refused to everybody stands in the first.</summary>
    static readonly string[] OfCustomers = ["TicketCommand", "OpenTicket", "ReceiveCustomerMessage", "ReopenTicket", "CloseTicket", "GiveFeedback"];

    /// <summary>Faults of what was typed into a form.</summary>
    static readonly string[] OfForms = ["TextRules.cs", "FormFields.cs", "MarkRequests.cs", "ClosingRequests.cs", "RoutingForm.cs", "ContractForm.cs"];

    [Fact]
    public void Every_refusal_of_a_rule_is_found()
    {
        var all = Refusals("EventDesk.Domain").Concat(Refusals("EventDesk.Service")).ToHashSet();
        all.Count.ShouldBeGreaterThan(50);
        all.ShouldBeSubsetOf(All());
        string[] known = ["severity_not_assessed", "last_administrator", "handle_taken", "incident_resolved", "target_merged", "not_sure", "unknown_desk", "too_long"];
        known.ShouldBeSubsetOf(All());
    }

    public static TheoryData<string> OfDesk => [.. Words.Languages.Except(Words.OfPortal)];

    [Theory]
    [MemberData(nameof(OfDesk))]
    public void The_desk_is_told_in_its_language_why_something_is_refused(string language) => Unsaid(All(), language).ShouldBeEmpty();

    [Theory]
    [InlineData("ar")]
    [InlineData("en")]
    public void Customers_are_told_in_theirs(string language)
    {
        var rules = Sources("EventDesk.Domain").SelectMany(Records).Where(r => OfCustomers.Contains(r.Name)).ToList();
        rules.Select(r => r.Name).ShouldBe(OfCustomers, ignoreOrder: true);
        Unsaid(
            [
                .. rules.SelectMany(r => Codes(Refusal(), r.Text)), .. Codes(Refusal(), Text("EventDesk.Service", "TicketDesk.Open.cs")),
                .. Codes(Fault(), Text("EventDesk.Server", "TextRules.cs")), "forbidden", "required",
            ],
            language).ShouldBeEmpty();
    }

    static IEnumerable<string> Unsaid(IEnumerable<string> codes, string language) => codes.Distinct().Order(StringComparer.Ordinal).Where(c => !Words.In(language).Has($"refused.{c}"));

    /// <summary>Those of the rules, of the console's own doors, and of what is typed. Signing in has pages of its own for what goes wrong.</summary>
    static HashSet<string> All() =>
    [
        .. Refusals("EventDesk.Domain"), .. Refusals("EventDesk.Service"), .. Refusals("EventDesk.Server/Api"), .. Refusals("EventDesk.Server/Pages"),
        .. OfForms.SelectMany(name => Codes(Fault(), Text("EventDesk.Server", name))), "forbidden", "one_action",
    ];

    static IEnumerable<string> Refusals(string folder) => Sources(folder).SelectMany(f => Codes(Refusal(), File.ReadAllText(f)));

    static IEnumerable<string> Codes(Regex pattern, string text) => pattern.Matches(text).Select(m => m.Groups["code"].Value);

    /// <summary>Each record with its text up to the next one.</summary>
    static IEnumerable<(string Name, string Text)> Records(string file)
    {
        var text = File.ReadAllText(file);
        var starts = Record().Matches(text);
        return starts.Select((m, i) => (m.Groups["name"].Value, text[m.Index..(i + 1 < starts.Count ? starts[i + 1].Index : text.Length)]));
    }

    static string Text(string folder, string name) => File.ReadAllText(Sources(folder).Single(f => Path.GetFileName(f) == name));

    static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(WordsTests.Root(), "src", folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>A code and the sentence behind it, however the refusal is made.</summary>
    [GeneratedRegex("""(?:\b(?:Refuse|Refused)\(|\bnew\()\s*"(?<code>[a-z0-9]+(?:_[a-z0-9]+)+)",\s*\$?"[A-Z#{]""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Refusal();

    [GeneratedRegex("""\bAdd\((?:field|name|\$?"[^"]*"), "(?<code>[a-z_]+)", \$?"[A-Z]""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fault();

    [GeneratedRegex(@"\brecord (?<name>\w+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Record();
}

/// <summary>And the pages say it so.</summary>
public sealed class RefusalPagesTests(ConsoleServer server) : IClassFixture<ConsoleServer>
{
    [Fact]
    public async Task A_form_of_an_administrator_is_too()
    {
        var admin = await server.As(Role.Administrator);
        var adam = (await admin.Get("/api/people")).Json.GetProperty("people").EnumerateArray().Single(p => p.GetProperty("handle").GetString() == "adam").GetProperty("id").GetString();
        var refused = await Send(admin, $"/people/{adam}/deactivation", "es");
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        WebUtility.HtmlDecode(refused.Text).ShouldContain(Words.In("es")["refused.last_administrator"]);
        WebUtility.HtmlDecode(refused.Text).ShouldNotContain("Nobody would be left");
    }

    [Fact]
    public async Task A_customer_is_told_in_theirs_too_where_the_form_is_gone_and_a_page_says_it()
    {
        var refused = await Send(await server.Customer(), "/portal/new", "ar", ("desk", "nothing/en"), ("email", "customer@example.com"), ("subject", "Hello"), ("body", "Is anybody there?"));
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        WebUtility.HtmlDecode(refused.Text).ShouldContain(Words.In("ar")["refused.unknown_desk"]);
    }

    static Task<Answer> Send(Api who, string address, string language, params (string Name, string Value)[] fields) => who.Send(
        HttpMethod.Post, address, new FormUrlEncodedContent(fields.Append(("sent", "yes")).Select(f => KeyValuePair.Create(f.Item1, f.Item2))), ("Accept-Language", language));
}
