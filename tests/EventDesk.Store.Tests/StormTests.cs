using System.Diagnostics;
using EventDesk.Testing;

namespace EventDesk.Store.Tests;

public sealed class StormTests : IAsyncLifetime
{
    readonly StoreDatabase database = new();

    public ValueTask InitializeAsync() => database.InitializeAsync();
    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task With_overlapping_slow_and_rolled_back_writers_in_several_processes_a_follower_misses_nothing_and_sees_nothing_twice()
    {
        // A follower that never pauses looks in every moment at which a number is drawn and not yet committed.
        await using var eager = new EventStore(new() { ConnectionString = database.ConnectionString, FollowInterval = TimeSpan.Zero, PollInterval = TimeSpan.FromMilliseconds(1) }, []);
        await using var running = await eager.Follow(new Diary());
        var processes = Enumerable.Range(0, 3).Select(Start).ToList();
        var acknowledged = new HashSet<string>();
        for (var run = 0; run < 20; run++)
        {
            foreach (var printed in await Task.WhenAll(processes.Select(Burst)))
                foreach (var id in printed)
                    acknowledged.Add(id).ShouldBeTrue();
            var last = await database.Store.HighWater(default);
            await Eventually.Be(() => running.Host.Status[0].Checkpoint >= last, "the follower has caught up");
            (await database.Rows("select event from diary")).ShouldBe(acknowledged, ignoreOrder: true, $"run {run}");
        }
        (await database.Scalar<bool>("select array_agg(seq_id order by place) = array_agg(seq_id order by seq_id) from diary")).ShouldBeTrue();
        (await database.Scalar<long>("select max(seq_id) - count(*) from mt_events")).ShouldBeGreaterThan(0, "rolled-back writers burnt no number: the storm was too calm");
        foreach (var process in processes)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    Process Start(int seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "EventDesk.Storm.dll"), database.ConnectionString, $"{seed}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    static async Task<List<string>> Burst(Process process)
    {
        await process.StandardInput.WriteLineAsync("go");
        var printed = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "done")
            printed.Add(line);
        printed.ShouldNotBeEmpty();
        return printed;
    }
}
