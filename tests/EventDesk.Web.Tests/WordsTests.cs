using System.Text.RegularExpressions;

namespace EventDesk.Web.Tests;

/// <summary>The console speaks every language as fully as English.</summary>
public sealed partial class WordsTests
{
    public static TheoryData<string> Others => [.. Words.Languages.Where(l => l != "en")];

    /// <summary>Languages of customers alone have the words that customers see.</summary>
    static readonly string[] AreasOfPortal = ["shell", "portal"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_text_stands_in_every_language(string language) =>
        Needed(language).Except(Words.In(language).Keys).Where(k => !PluralForm().IsMatch(k)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Others))]
    public void A_translation_has_the_same_gaps_to_fill(string language) =>
        Words.In("en").Keys.Where(Words.In(language).Has).Where(k => !PluralForm().IsMatch(k) && !Gaps(Words.In("en")[k]).SetEquals(Gaps(Words.In(language)[k]))).ShouldBeEmpty();

    [Fact]
    public void Every_text_a_page_asks_for_is_there()
    {
        var asked = Directory.EnumerateFiles(Path.Combine(Root(), "src", "EventDesk.Web"), "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Asked().Matches(File.ReadAllText(f)).Select(m => m.Groups["key"].Value)).ToHashSet();
        asked.Count.ShouldBeGreaterThan(50);
        asked.Where(k => !Words.In("en").Has(k) && !Words.In("en").Has($"{k}.other")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pl", 1, "one")]
    [InlineData("pl", 3, "few")]
    [InlineData("pl", 12, "many")]
    [InlineData("pl", 22, "few")]
    [InlineData("pl", 25, "many")]
    [InlineData("en", 0, "other")]
    [InlineData("en", 1, "one")]
    [InlineData("ar", 0, "zero")]
    [InlineData("ar", 2, "two")]
    [InlineData("ar", 7, "few")]
    [InlineData("ar", 99, "many")]
    [InlineData("ar", 100, "other")]
    public void Numbers_take_the_form_their_language_wants(string language, long n, string form) => Words.Form(language, n).ShouldBe(form);

    static IEnumerable<string> Needed(string language) => !Words.OfPortal.Contains(language) ? Words.In("en").Keys
        : AreasOfPortal.SelectMany(area => System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(
            File.ReadAllText(Path.Combine(Root(), "src", "EventDesk.Web", "Words", "en", $"{area}.json")))!.Keys);

    static HashSet<string> Gaps(string text) => [.. Gap().Matches(text).Select(m => m.Value)];

    internal static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "EventDesk.sln")))
            at = Path.GetDirectoryName(at)!;
        return at;
    }

    [GeneratedRegex("""V(?:\.Say|\.Count)?[\[(]"(?<key>[a-z_A-Z.-]+)"[\]),]""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Asked();

    [GeneratedRegex(@"\{\d", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Gap();

    [GeneratedRegex(@"\.(?:zero|one|two|few|many|other)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PluralForm();
}
