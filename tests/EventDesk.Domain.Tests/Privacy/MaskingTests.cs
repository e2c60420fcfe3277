using EventDesk.Domain.Privacy;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class MaskingTests
{
    static Passage At(int start, int length) => new(1, "body", start, length);

    [Fact]
    public void R3_a_hidden_passage_shows_eight_stars_however_long_it_was()
    {
        Masking.Hide("My card is 4111 1111.", [At(11, 9)]).ShouldBe("My card is ********.");
        Masking.Hide("My pin is 1.", [At(10, 1)]).ShouldBe("My pin is ********.");
    }

    [Fact]
    public void R3_passages_count_code_points_so_that_emoji_do_not_shift_them() =>
        Masking.Hide("👍🏽 ok: secret!", [At(7, 6)]).ShouldBe("👍🏽 ok: ********!");

    [Fact]
    public void R3_passages_that_touch_or_overlap_become_one() =>
        Masking.Hide("abcdefgh", [At(1, 3), At(3, 2), At(5, 1)]).ShouldBe("a********gh");

    [Theory]
    [InlineData("The code is 77-ABBA.", "77-ABBA", 12, 7)]
    [InlineData("> the code is\n> 77-abba", "Code is 77-ABBA", 6, 17)]
    [InlineData("77-ABBA", " 77-ABBA\n", 0, 7)]
    public void R3_the_same_words_are_found_whatever_their_case_and_however_they_were_quoted(string text, string secret, int start, int length) =>
        Masking.Find(text, secret).ShouldBe([(start, length)]);

    [Theory]
    [InlineData("one two", "three"), InlineData("...", "."), InlineData("a  b", "  ")]
    public void R3_what_is_not_there_and_what_are_no_words_is_not_found(string text, string secret) => Masking.Find(text, secret).ShouldBeEmpty();

    static readonly Gen<string> Texts = Gen.Elements('a', 'b', ' ', '\n', '>', '1').ListOf().Select(c => string.Concat(c));

    static Gen<List<Passage>> PassagesIn(int length) =>
        Gen.Choose(0, Math.Max(0, length - 1)).Zip(Gen.Choose(1, 4), (s, l) => At(s, Math.Min(l, Math.Max(1, length - s)))).ListOf().Select(l => l.Take(3).ToList());

    static Arbitrary<(string Text, List<Passage> Hidden)> Hidings =>
        Texts.Where(t => t.Length > 0).SelectMany(t => PassagesIn(t.Length).Select(p => (t, p))).ToArbitrary();

    [Fact]
    public void R3_law_nothing_of_a_hidden_passage_is_left_and_all_else_is() => Prop.ForAll(Hidings, h =>
    {
        var left = string.Concat(h.Text.Where((_, i) => !h.Hidden.Exists(p => p.Start <= i && i < p.Start + p.Length)));
        return Masking.Hide(h.Text, h.Hidden).Replace(Masking.Stars, "", StringComparison.Ordinal) == left;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void R3_law_a_passage_of_the_shown_text_is_the_same_words_in_the_original() => Prop.ForAll(Hidings, h =>
    {
        for (var i = 0; i < h.Text.Length; i++)
            if (!h.Hidden.Exists(p => p.Start <= i && i < p.Start + p.Length))
            {
                var shown = Masking.ToShown(h.Hidden, i);
                if (Masking.Hide(h.Text, h.Hidden)[shown] != h.Text[i] || Masking.ToOriginal(h.Hidden, shown, 1) != (i, 1))
                    return false;
            }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void R3_law_the_stars_of_the_shown_text_are_all_that_is_hidden_and_nothing_else() => Prop.ForAll(Hidings, h =>
    {
        var shown = Masking.Hide(h.Text, h.Hidden);
        var behind = Masking.StarsIn(h.Hidden).Select(s => (Stars: shown.Substring(s.Start, s.Length), Original: Masking.ToOriginal(h.Hidden, s.Start, s.Length))).ToList();
        return behind.TrueForAll(b => b.Stars == Masking.Stars)
            && Enumerable.Range(0, h.Text.Length).All(i =>
                h.Hidden.Exists(p => p.Start <= i && i < p.Start + p.Length) == behind.Exists(b => b.Original.Start <= i && i < b.Original.Start + b.Original.Length));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void R3_a_passage_that_touches_stars_takes_in_all_they_hide()
    {
        // "say SECRET now" is shown as "say ******** now"
        Masking.ToOriginal([At(4, 6)], 4, 8).ShouldBe((4, 6));
        Masking.ToOriginal([At(4, 6)], 6, 2).ShouldBe((4, 6));
        Masking.ToOriginal([At(4, 6)], 0, 6).ShouldBe((0, 10));
        Masking.ToOriginal([At(4, 6)], 10, 4).ShouldBe((4, 8));
        Masking.ToOriginal([At(4, 6)], 13, 3).ShouldBe((11, 3));
    }
}
