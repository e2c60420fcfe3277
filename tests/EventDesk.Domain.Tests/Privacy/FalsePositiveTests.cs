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

    [Fact]
    public void R2_in_the_same_messages_what_does_not_belong_there_is_found()
    {
        string[] planted =
        [
            "4111 1111 1111 1111", "5555555555554444", "DE89 3704 0044 0532 0130 00", "44051401359", "219-09-9999", "811218-9876", "131052-308T", "12345678Z", "X1234567L",
            "1 85 05 78 006 084 91", "AKIAIOSFODNN7EXAMPLE",
        ];
        var random = new Random(5);
        var (missed, count) = (new List<string>(), 0);
        foreach (var message in OrdinaryTickets.Messages(200, seed: 18))
        {
            var (lines, number) = (message.Split('\n').ToList(), planted[count++ % planted.Length]);
            lines.Insert(random.Next(lines.Count + 1), number);
            var text = string.Join('\n', lines);
            if (!Recognition.Find(text).Any(f => text.Passage(f) == number))
                missed.Add(text);
        }
        output.WriteLine($"{count} planted, {missed.Count} missed");
        // The price of leaving ordinary numbers alone: some land right under a line such as "Tracking", which names them.
        (100.0 * missed.Count / count).ShouldBeLessThan(5);
    }

    const int OneMegabyte = 1_000_000;

    static readonly string Warming = string.Join('\n', OrdinaryTickets.Messages(3, seed: 1));

    public static TheoryData<string> Texts => new(
        "Hello, my order 4012345678901234 has not arrived since 2024-11-05. ", "1", "1 ", "4111 1111 1111 1111 ", "4111-", "DE89 3704 ", "DE89", "password: ", "password:", "password for the ", "eyJ", "eyJ-", "eyJhbGciOiJIUzI1.",
        "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n", "ghp_", "كلمة المرور ", "٤", "🙂", "a", "a1", "1.", "token=", "\n");

    [Theory, MemberData(nameof(Texts))]
    public void R2_a_megabyte_of_anything_is_read_in_linear_time(string piece)
    {
        string Of(int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));
        // Compiled well before it is timed.
        for (var i = 0; i < 100; i++)
            Recognition.Find(Warming);
        Recognition.Find(Of(OneMegabyte / 20));
        var began = Processing();
        Recognition.Find(Of(OneMegabyte));
        var took = Processing() - began;
        output.WriteLine($"{took.TotalMilliseconds:0} ms");
        // Far above what it takes; what is not linear takes longer still.
        took.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    /// <summary>Time this thread had a processor, where the system tells (Linux), so that a busy machine fails nothing; else time that passed.</summary>
    static TimeSpan Processing() => File.Exists("/proc/thread-self/schedstat")
        ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0]) / 1_000.0)
        : Stopwatch.GetElapsedTime(0);
}
