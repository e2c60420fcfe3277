using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Tests.Privacy;

/// <summary>Texts of tests, in which ⟦ and ⟧ stand around the passage that should be found.</summary>
static class Marked
{
    /// <summary>Exactly what is marked is found.</summary>
    public static void ShouldBeFoundAs(this string marked, FindingKind kind)
    {
        List<Finding> expected = [];
        var (text, place, start) = ("", 0, 0);
        foreach (var rune in marked.EnumerateRunes())
        {
            if (rune.Value == '⟦')
                start = place;
            else if (rune.Value == '⟧')
                expected.Add(new(kind, start, place - start));
            else
                (text, place) = (text + rune, place + 1);
        }
        Recognition.Find(text).ShouldBe(expected, text);
    }

    public static void ShouldBeOrdinary(this string text) => Recognition.Find(text).ShouldBeEmpty(text);

    /// <summary>The passage a finding points to, counted in code points.</summary>
    public static string Passage(this string text, Finding finding) =>
        string.Concat(text.EnumerateRunes().Skip(finding.Start).Take(finding.Length).Select(r => r.ToString()));
}
