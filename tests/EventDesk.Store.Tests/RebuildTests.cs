using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Store.Tests;

public sealed class RebuildTests : IAsyncLifetime
{
    readonly StoreDatabase database = new();

    public ValueTask InitializeAsync() => database.InitializeAsync();
    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_view_that_is_not_there_is_built_from_the_log()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.Store.Append(Some.Append(first, 0, events: 2), default);
        await database.Store.Append(Some.Append(second, 0), default);
        await ViewSetup.Run(database.Store, [new StreamLength()], default);
        (await database.Rows("select stream, events from stream_length order by events")).ShouldBe([$"{second}|1", $"{first}|2"]);
        (await database.Rows("select name, last_seq_id from mt_event_progression")).ShouldBe([$"{new StreamLength().Name}:All|3"]);
    }

    [Fact]
    public async Task A_raised_version_is_built_anew_and_the_old_progress_goes()
    {
        await ViewSetup.Run(database.Store, [new StreamLength()], default);
        await database.Store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        (await database.Scalar<long>("select count(*) from stream_length")).ShouldBe(0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ViewSetup.Run(database.Store, [new StreamLength(version: 2)], default)));
        (await database.Scalar<long>("select count(*) from stream_length")).ShouldBe(1);
        (await database.Rows("select name from mt_event_progression")).ShouldBe([$"{new StreamLength().Name}:V2:All"]);
    }

    [Fact]
    public async Task A_rebuilt_table_has_the_names_it_had()
    {
        await ViewSetup.Run(database.Store, [new StreamLength()], default);
        var names = await Names();
        await database.Store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        await Rebuild.Run(database.Store, new StreamLength(), default);
        await Rebuild.Run(database.Store, new StreamLength(), default);
        (await Names()).ShouldBe(names);
        names.ShouldContain("stream_length_pk");
    }

    [Fact]
    public async Task A_view_in_unlogged_tables_is_built_anew_after_a_crash()
    {
        var view = new StreamLength(unlogged: true);
        await database.Store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        await ViewSetup.Run(database.Store, [view], default);
        await database.Execute("truncate stream_length, view_alive"); // what the server does to unlogged tables after a crash
        await ViewSetup.Restore(database.Store, [view], default);
        (await database.Scalar<long>("select count(*) from stream_length")).ShouldBe(1);
        await database.Execute("truncate stream_length, view_alive");
        await ViewSetup.Run(database.Store, [view], default);
        (await database.Scalar<long>("select count(*) from stream_length")).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task P3_A_rebuild_beside_live_traffic_loses_nothing_and_refuses_nobody(bool byStream)
    {
        InlineView[] views = [new StreamLength(byStream: byStream), new StreamLength("other_length", byStream: !byStream)];
        await ViewSetup.Run(database.Store, views, default);
        await using var store = database.NewStore(views);
        await using var other = database.NewStore(views);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 16).Select(i => Task.Run(() => Work(i % 2 == 0 ? store : other, stop.Token))).ToList();
        for (var i = 0; i < 8; i++)
        {
            var before = await store.HighWater(default);
            await Eventually.Be(async () => await store.HighWater(default) > before + 20, "traffic flows");
            await Rebuild.Run(store, views, (_, _) => Task.CompletedTask, default);
            foreach (var view in views)
                (await ViewCheck.Run(store, view, default)).ShouldSatisfyAllConditions(d => d.Examples.ShouldBeEmpty(), d => d.None.ShouldBeTrue());
        }
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        foreach (var view in views)
        {
            (await ViewCheck.Run(store, view, default)).None.ShouldBeTrue();
            (await database.Scalar<long>($"select sum(events)::bigint from {view.Tables[0]}")).ShouldBe(await database.Scalar<long>("select count(*) from mt_events"));
        }
        (await database.Scalar<long>("select deadlocks from pg_stat_database where datname = current_database()")).ShouldBe(0, "the switch and a writer stood in each other's way");
    }

    [Fact]
    public async Task P3_Views_that_are_rebuilt_together_hold_what_each_of_them_reads_and_processes_that_rebuild_the_same_ones_take_turns()
    {
        await database.Store.Append(Some.Append(Guid.CreateVersion7(), 0, type: "kept"), default);
        await database.Store.Append(Some.Append(Guid.CreateVersion7(), 0, type: "left"), default);
        View[] views =
        [
            new StreamLength("all_length"), new StreamLength("kept_length", reads: TypeFilter.Only("kept", "it's")), new StreamLength("but_length", reads: TypeFilter.AllBut("kept")),
            new StreamLength("no_length", reads: TypeFilter.Only()),
        ];
        await ViewSetup.Run(database.Store, views, default);
        List<string> done = [];
        await Task.WhenAll(Rebuild.Run(database.Store, views, Done, default), Rebuild.Run(database.Store, [.. views.Reverse()], Done, default));
        done.ShouldBe([.. views.Select(v => v.Name), .. views.Reverse().Select(v => v.Name)], ignoreOrder: true);
        string[] held = [.. await Task.WhenAll(views.Select(async v => string.Join(',', await database.Rows($"select last from {v.Tables[0]} order by 1"))))];
        held.ShouldBe(["kept,left", "kept", "left", ""]);
        foreach (var view in views)
            (await ViewCheck.Run(database.Store, view, default)).None.ShouldBeTrue(view.Name);

        Task Done(View view, long at)
        {
            at.ShouldBe(2);
            lock (done) done.Add(view.Name);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task P3_A_followed_view_is_rebuilt_beside_its_follower()
    {
        var diary = new Diary();
        await using var running = await database.Store.Follow(diary);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Work(database.Store, stop.Token))).ToList();
        for (var i = 0; i < 8; i++)
        {
            var before = await database.Store.HighWater(default);
            await Eventually.Be(async () => await database.Store.HighWater(default) > before + 20, "traffic flows");
            await Rebuild.Run(database.Store, diary, default);
        }
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        var last = await database.Store.HighWater(default);
        await Eventually.Be(() => running.Host.Status[0].Checkpoint == last, "the follower has caught up");
        (await database.Rows("select count(*), count(distinct event), max(seq_id) from diary")).ShouldBe([$"{await database.Scalar<long>("select count(*) from mt_events")}|{await database.Scalar<long>("select count(*) from mt_events")}|{last}"]);
    }

    static async Task Work(EventStore store, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var stream = Guid.CreateVersion7();
            for (var version = 0; version < 4; version++)
                (await store.Append(Some.Append(stream, version), default)).ShouldBeOfType<AppendResult.Appended>();
        }
    }

    Task<List<string>> Names() => database.Rows("""
        select relname from pg_class where relnamespace = 'eventdesk'::regnamespace and relname like 'stream_length%'
        union select conname from pg_constraint where conrelid = 'stream_length'::regclass
        order by 1
        """);
}
