using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>The private PostgreSQL of <c>make run</c>: it ends with the server it was started for, and where it cannot be had one sentence says why.</summary>
public sealed class RunScriptTests : IAsyncLifetime
{
    /// <summary>A process group of its own, as a terminal gives; whoever runs tests in the background has them ignore SIGINT, and scripts could not trap it.</summary>
    const string AsFromTerminal = "setpgrp(0, 0); $SIG{INT} = 'DEFAULT'; exec @ARGV";

    static readonly string Script = Path.Combine(Checkout.Root, "ops", "postgres");

    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-run-").FullName;
    Process? run;

    string Data => Path.Combine(folder, "postgres");

    [Fact]
    public async Task Ctrl_C_stops_the_server_and_its_PostgreSQL_cleanly_and_leaves_no_process()
    {
        ConcurrentQueue<string> lines = new();
        run = Start("perl", ["-e", AsFromTerminal, Script, "with", "--data", Data, "--no-fsync", "--", "dotnet", Path.Combine(AppContext.BaseDirectory, "eventdesk.dll"), "serve"]);
        run.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        run.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        await Eventually.Be(() => lines.Any(l => l.Contains("EventDesk serves on", StringComparison.Ordinal)) || run.HasExited, "the server listens", TimeSpan.FromSeconds(120));
        run.HasExited.ShouldBeFalse(string.Join('\n', lines));
        var status = (await Run(Script, ["status", "--data", Data])).Output.Trim().Split(' ').Where(w => w.Contains('=')).ToDictionary(w => w.Split('=')[0], w => w.Split('=')[1]);
        var postgres = int.Parse(status["pid"], CultureInfo.InvariantCulture);
        Runs(postgres).ShouldBeTrue();

        (await Run("bash", ["-c", $"kill -INT -- -{run.Id}"])).Code.ShouldBe(0);
        await run.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        run.ExitCode.ShouldBe(0, string.Join('\n', lines));
        (await File.ReadAllTextAsync(status["log"])).TrimEnd().ShouldEndWith("database system is shut down");
        (await Run(Script, ["status", "--data", Data])).Output.ShouldStartWith("stopped");
        await Eventually.Be(() => !Runs(postgres), "PostgreSQL is gone");
        (await Run("bash", ["-c", $"kill -0 -- -{run.Id}"])).Code.ShouldNotBe(0, "a process was left");
    }

    [Theory]
    [InlineData("EVENTDESK_PG_BIN", "/nowhere")]
    [InlineData("EVENTDESK_PG_SOURCE", "nowhere")]
    public async Task Where_PostgreSQL_cannot_be_had_one_sentence_says_why_and_nothing_is_run(string variable, string value)
    {
        var (code, output, errors) = await Run(Script, ["with", "--data", Data, "--", "echo", "ran"], ("EVENTDESK_PG_BIN", ""), (variable, value));
        (code, output).ShouldBe((1, ""));
        // Where the folder is out of reach for the server's user, a line before says where the data goes.
        var said = errors.Trim().Split('\n').Where(l => !l.StartsWith("User ", StringComparison.Ordinal)).ShouldHaveSingleItem();
        said.ShouldStartWith("ops/postgres: ");
        said.ShouldContain(variable);
        said.ShouldContain(value);
    }

    static bool Runs(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    async Task<(int Code, string Output, string Errors)> Run(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = Start(program, arguments, variables);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    Process Start(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        start.Environment.Remove("EVENTDESK_DATABASE");
        start.Environment["EVENTDESK_MASTER_KEY_FILE"] = Path.Combine(folder, "master.key");
        start.Environment["EVENTDESK_ORGANISATION"] = Path.Combine(AppContext.BaseDirectory, "organisation");
        start.Environment["EVENTDESK_URLS"] = "http://127.0.0.1:0";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        run?.Kill(entireProcessTree: true);
        run?.Dispose();
        await new PrivatePostgres(Data).Remove();
        Directory.Delete(folder, recursive: true);
    }
}
