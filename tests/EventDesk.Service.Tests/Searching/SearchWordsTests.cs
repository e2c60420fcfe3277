using EventDesk.Service.Searching;

namespace EventDesk.Service.Tests.Searching;

public sealed class SearchWordsTests
{
    static string Folded(string text) => string.Join(' ', SearchWords.Of(text).Select(w => w.Folded));

    [Theory]
    [InlineData("Übergröße, café!", "ubergrosse cafe")]
    [InlineData("Zażółć GĘŚLĄ jaźń", "zazolc gesla jazn")]
    [InlineData("Facturación №7", "facturacion 7")]
    [InlineData("Pääsiäinen på Ångström", "paasiainen pa angstrom")]
    [InlineData("مُحَمَّد أرسل الفاتورة", "محمد ارسل الفاتوره")]
    [InlineData("AB-1234/٥٦", "ab 1234 56")]
    [InlineData("cafe\u0301s", "cafes")]
    [InlineData("ＦＵＬＬ width", "full width")]
    [InlineData("  - \n", "")]
    public void D4_words_are_compared_without_accents_and_case(string text, string folded) => Folded(text).ShouldBe(folded);

    [Fact]
    public void D4_scripts_without_blanks_are_cut_into_neighbouring_signs() => Folded("請求書 ใบ 好").ShouldBe("請求 求書 ใบ 好");

    [Fact]
    public void D4_words_know_where_they_stand_in_the_text()
    {
        const string text = "Der Kläger wohnt in Łódź.";
        SearchWords.Of(text).Select(w => text.Substring(w.Start, w.Length)).ShouldBe(["Der", "Kläger", "wohnt", "in", "Łódź"]);
    }

    [Theory]
    [InlineData("invoice missing", "invoice missing*")]
    [InlineData("invoice ", "invoice")]
    [InlineData("\"no invoice\" -refund", "[no invoice]! -refund")]
    [InlineData("-\"not this\" that", "-[not this]! that*")]
    [InlineData("kim@example.com paid ", "[kim example com]! paid")]
    [InlineData("\"open end", "[open end]!")]
    public void D4_a_query_has_words_rows_of_words_exclusions_and_an_unfinished_end(string text, string read) =>
        string.Join(' ', SearchQuery.Parse(text)!.Terms.Select(Written)).ShouldBe(read);

    static string Written(SearchTerm t)
    {
        var words = string.Join(' ', t.Words.Select(w => w.Folded));
        return $"{(t.Not ? "-" : "")}{(t.Words.Count > 1 ? $"[{words}]" : words)}{(t.Exact ? "!" : "")}{(t.Open ? "*" : "")}";
    }

    [Theory]
    [InlineData("")]
    [InlineData("-refund")]
    [InlineData("!? \"\"")]
    [InlineData("a b c d e f g h i j k")]
    public void D4_a_query_without_a_word_that_has_to_be_there_or_with_too_many_is_none(string text) => SearchQuery.Parse(text).ShouldBeNull();
}
