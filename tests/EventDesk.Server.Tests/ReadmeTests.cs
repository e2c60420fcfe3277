using System.Text.RegularExpressions;
using EventDesk.Server.SignIn;
using EventDesk.Server.Verbs;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>What the README has a newcomer type does what the README says.</summary>
public sealed partial class ReadmeTests(RunningServer server) : Console(server), IClassFixture<RunningServer>, IAsyncLifetime
{
    static readonly string Readme = File.ReadAllText(Path.Combine(Checkout.Root, "README.md"));

    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-readme-").FullName;

    /// <summary>One call of the API, and the status it is said to be answered with.</summary>
    sealed record Call(string Text, string Status);

    public async ValueTask InitializeAsync()
    {
        await DevelopmentTokens.Ensure(Server.Settings, Server.Services, CancellationToken.None);
        var data = Directory.CreateDirectory(Path.Combine(folder, ".data"));
        File.Copy(DevelopmentTokens.PathOf(Server.Settings), Path.Combine(data.FullName, "dev-tokens.json"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_two_minutes_with_curl_go_from_top_to_bottom_as_they_stand_and_are_answered_as_they_say()
    {
        var (tour, further) = Blocks("Two minutes with curl") is [var a, var b] ? (a, b) : throw new InvalidOperationException("The README has two blocks of calls.");
        var calls = Calls(tour);
        calls.Count.ShouldBeGreaterThan(15);
        var said = await Bash($"{tour}\ndeclare -p ticket other >variables");
        var statuses = Statuses(said);
        calls.Zip([.. statuses, .. Enumerable.Repeat("-", calls.Count)], (call, status) => call with { Status = status }).ShouldBe(calls, said);
        statuses.Count.ShouldBe(calls.Count);

        var definitions = string.Join('\n', tour.Split('\n').TakeWhile(line => line.Length > 0));
        foreach (var call in Calls(further).Where(c => !c.Text.Contains("live", StringComparison.Ordinal) && !c.Text.Contains('…')))
            // Some of it is there a moment later.
            await Eventually.Be(async () => Statuses(await Bash($"{definitions}\n. ./variables\n{call.Text}")) is ["200" or "204"], call.Text);
        (await Run("verify")).Code.ShouldBe(Exit.Ok);
    }

    [Fact]
    public async Task The_log_it_replays_becomes_as_many_tickets_as_it_says_and_adds_nothing_once_more()
    {
        var line = Blocks("Replaying a log").Single().Trim();
        var (command, comment) = (line.Split('#')[0].Trim(), line.Split('#')[1]);
        string[] words = [.. command.Split(' ').Skip(1).Select(word => word.StartsWith("ops/", StringComparison.Ordinal) ? Path.Combine(Checkout.Root, word) : word)];
        foreach (var _ in new[] { "first", "once more" })
        {
            (await Run(words)).ShouldSatisfyAllConditions(said => said.Code.ShouldBe(Exit.Ok, said.Error));
            (await Server.Scalar("select count(*) from import_case")).ShouldBe(long.Parse(Number().Match(comment).Value));
        }
    }

    static List<string> Blocks(string heading)
    {
        var section = Readme.Split($"## {heading}\n")[1].Split("\n## ")[0];
        return [.. section.Split("```bash\n").Skip(1).Select(block => block.Split("```")[0])];
    }

    /// <summary>The calls in order; one goes on in the lines that are indented.</summary>
    static List<Call> Calls(string block) => [.. Continued().Replace(block, " ").Split('\n').Where(line => Calling().IsMatch(line))
        .Select(line => new Call(line, Expected().Match(line) is { Success: true } expected ? expected.Groups["status"].Value : "200"))];

    static List<string> Statuses(string said) => [.. Answered().Matches(said).Select(m => m.Groups["status"].Value)];

    Task<string> Bash(string script) =>
        Tool.Run("bash", ["-c", $"cd '{folder}'\nexec 2>&1\n{script.Replace("http://127.0.0.1:8080", Server.Address, StringComparison.Ordinal)}"]);

    [GeneratedRegex(@"\n +", RegexOptions.NonBacktracking)]
    private static partial Regex Continued();

    [GeneratedRegex(@"^(\w+=\$\()?api ", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Calling();

    [GeneratedRegex(@"# (?<status>\d{3})\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Expected();

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>\d{3})", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Answered();

    [GeneratedRegex(@"\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
