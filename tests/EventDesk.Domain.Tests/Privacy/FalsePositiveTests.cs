using System.Diagnostics;
using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Tests.Privacy;

/// <summary>What recognition costs those who write nothing wrong, and how long it takes.</summary>
public sealed class FalsePositiveTests(ITestOutputHelper output)
{
    const int PerLanguage = 2_500;

    [Fact]
    public void R2_fewer_than_one_of_200_ordinary_messages_has_a_finding()
    {
        var messages = OrdinaryTickets.Messages(PerLanguage, seed: 17).ToList();
        var found = messages.SelectMany(m => Recognition.Find(m).Select(f => (f.Kind, Passage: m.Passage(f), Message: m))).ToList();
        var share = 100.0 * found.Select(f => f.Message).Distinct().Count() / messages.Count;
        output.WriteLine($"{messages.Count} messages, {messages.Distinct().Count()} different, {share:0.00} % with a finding");
        foreach (var kind in found.GroupBy(f => f.Kind))
            output.WriteLine($"{kind.Key}: {kind.Count()}, such as {string.Join(" | ", kind.Take(12).Select(f => f.Passage))}");
        share.ShouldBeLessThan(0.5);
    }
}
