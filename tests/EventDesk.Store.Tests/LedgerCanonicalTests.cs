using System.Text;
using EventDesk.Store.Ledger;
using EventDesk.Testing;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace EventDesk.Store.Tests;

public sealed class LedgerCanonicalTests
{
    const string Digest = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Fact]
    public void T2_names_are_sorted_as_in_RFC_8785_by_UTF_16_code_units() =>
        Of("""
            { "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" }
            """).ShouldBe("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
            + "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");

    [Fact]
    public void T2_strings_and_literals_are_written_as_in_RFC_8785() =>
        Of("""{ "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false], "n": [1, -0, 0, -7, 9007199254740991] }""")
            .ShouldBe("""{"literals":[null,true,false],"n":[1,0,0,-7,9007199254740991],"string":"€$\u000f\nA'B\"\\\\\"/"}""");

    [Fact]
    public void T2_the_canonical_form_is_the_same_however_a_value_is_written() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var value = RandomJson.Object(random);
            var expected = RandomJson.Canonical(value);
            for (var i = 0; i < 4; i++)
                Of(RandomJson.Render(value, random)).ShouldBe(expected);
            Of(expected).ShouldBe(expected);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task T2_the_canonical_form_is_the_same_after_jsonb_rewrote_the_value()
    {
        var random = new Random(20260801);
        var values = Enumerable.Range(0, 2000).Select(_ => RandomJson.Object(random)).ToArray();
        var server = await PostgresServer.Shared;
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = database.CreateCommand("select j::jsonb::text from unnest($1::text[]) with ordinality as t(j, n) order by n");
        command.Parameters.Add(new() { Value = values.Select(v => RandomJson.Render(v, random)).ToArray() });
        await using var row = await command.ExecuteReaderAsync();
        foreach (var value in values)
        {
            (await row.ReadAsync()).ShouldBeTrue();
            Of(row.GetString(0)).ShouldBe(RandomJson.Canonical(value));
        }
    }

    [Theory]
    [InlineData("1.5"), InlineData("1.0"), InlineData("1e2"), InlineData("9007199254740992"), InlineData("-9007199254740992"), InlineData("123456789012345678901234567890")]
    public void T2_a_number_that_is_no_safe_integer_is_refused(string number) =>
        Should.Throw<FormatException>(() => Of($$"""{"n":{{number}}}""")).Message.ShouldContain(number);

    [Theory]
    [InlineData(""), InlineData("{"), InlineData("{} {}"), InlineData("""{"a":1,"b":2,"a":3}"""), InlineData("""{"a":1,"\u0061":3}""")]
    [InlineData("""{"a":"\u0000"}"""), InlineData("""{"a":"\ud800"}"""), InlineData("""{"a":tru}"""), InlineData("""{"a":1,}"""), InlineData("// no\n{}")]
    public void T2_what_has_no_canonical_form_is_refused(string json) => Should.Throw<FormatException>(() => Of(json));

    [Fact]
    public void T2_broken_UTF_8_is_refused() => Should.Throw<FormatException>(() => Canonical.Of([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]));

    [Fact]
    public void T2_erasing_a_sealed_value_leaves_the_canonical_form_as_it_was()
    {
        var before = Of($$"""{"subject":{"sealed":"c2VhbGVk","digest":"{{Digest}}"},"a":[{"digest":"{{Digest}}","sealed":"eA=="}]}""");
        var after = Of($$"""{"a":[{"digest":"{{Digest}}","sealed":null}],"subject":{"digest":"{{Digest}}","sealed":null} }""");
        before.ShouldBe(after);
        before.ShouldContain(Digest);
    }

    [Theory]
    [InlineData("\"" + Digest + "\"")]
    [InlineData("""{"digest":"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","sealed":"c2VhbGVk"}""")]
    [InlineData("""{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","sealed":"c2VhbGVk","more":1}""")]
    [InlineData("""{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","sealed":true}""")]
    [InlineData("""{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    [InlineData("null")]
    public void T2_nothing_else_passes_for_a_sealed_value(string other) =>
        Of($$"""{"subject":{{other}}}""").ShouldNotBe(Of($$"""{"subject":{"digest":"{{Digest}}","sealed":"c2VhbGVk"} }"""));

    static string Of(string json) => Encoding.UTF8.GetString(Canonical.Of(Encoding.UTF8.GetBytes(json)));
}
