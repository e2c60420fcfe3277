using System.Diagnostics;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Store.Tests;

public sealed class FollowerTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    readonly EventStore store = database.Store;

    [Fact]
    public async Task A_followed_view_shows_what_was_stored_before_it_and_after_it()
    {
        await store.Append(Some.Append(Guid.CreateVersion7(), 0, events: 3), default);
        await using var running = await store.Follow(new Diary("diary_all"));
        await store.Append(Some.Append(Guid.CreateVersion7(), 0, events: 3), default);
        await Complete("diary_all");
        await Eventually.Be(async () => await database.Scalar<long>("select count(*) from mt_event_progression where name = 'HighWaterMark'") == 1, "the high-water mark is kept");
    }

    [Fact]
    public async Task Another_process_is_woken_without_waiting_for_its_poll()
    {
        await using var other = new EventStore(new() { ConnectionString = database.ConnectionString, PollInterval = TimeSpan.FromMinutes(10) }, []);
        await using var here = await store.Follow();
        await using var there = await other.Follow(new Diary("diary_woken"));
        for (var i = 0; i < 10; i++)
        {
            await store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
            await Complete("diary_woken");
        }
    }

    [Fact]
    public async Task Listening_survives_the_death_of_its_connection()
    {
        await using var other = new EventStore(new() { ConnectionString = database.ConnectionString, PollInterval = TimeSpan.FromMinutes(10) }, []);
        await using var here = await store.Follow();
        await using var there = await other.Follow(new Diary("diary_listening"));
        for (var i = 0; i < 3; i++)
        {
            await Eventually.Be(async () => await database.Scalar<long>(ListenersSql) > 0, "somebody listens");
            await database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            await Eventually.Hold(() => store.Append(Some.Append(Guid.CreateVersion7(), 0), default).AsTask());
            await Eventually.Hold(() => Complete("diary_listening"));
        }
    }

    const string ListenersSql = "select count(*) from pg_stat_activity where datname = current_database() and query like 'listen %'";

    [Fact]
    public async Task P3_An_event_that_cannot_be_applied_stops_the_view_for_all_to_see_and_is_never_skipped()
    {
        var poison = Guid.CreateVersion7();
        var broken = true;
        var diary = new Diary("diary_stopped") { Before = e => { if (broken && e.Stream == poison) throw new InvalidOperationException("cannot be applied"); } };
        await using var running = await store.Follow(diary);
        var before = await store.Append(Some.Append(Guid.CreateVersion7(), 0, events: 5), default) as AppendResult.Appended;
        await store.Append(Some.Append(poison, 0), default);
        await store.Append(Some.Append(Guid.CreateVersion7(), 0), default);

        await Eventually.Be(() => running.Host.Status[0].Failing is not null, "the view says that it stands");
        running.Host.Status[0].Failing.ShouldEndWith("cannot be applied");
        await Eventually.Be(async () => await database.Scalar<long>("select max(seq_id) from diary_stopped") == before!.LastSeqId, "all events before the failing one are applied");

        broken = false;
        await Complete("diary_stopped");
        running.Host.Status[0].Failing.ShouldBeNull();
    }

    [Fact]
    public async Task P4_One_process_follows_and_another_takes_over_when_it_dies()
    {
        await using var second = database.NewStore();
        var first = await store.Follow(new Diary("diary_owned"));
        await Eventually.Be(() => first.Host.Status[0].Owned, "the first process owns the view");
        await using var other = await second.Follow(new Diary("diary_owned"));
        await store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        await Complete("diary_owned");
        other.Host.Status[0].Owned.ShouldBeFalse();

        await first.DisposeAsync();
        await Eventually.Be(() => other.Host.Status[0].Owned, "the second process takes over");
        await store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        await Complete("diary_owned");
    }

    [Fact]
    public async Task P4_A_lease_has_one_holder_and_is_lost_with_its_session()
    {
        await using var other = database.NewStore();
        await using var mine = new Leases(store);
        await using var theirs = new Leases(other);
        var lease = await mine.Acquire("work", default);
        (await mine.TryAcquire("work", default)).ShouldBeNull();
        (await theirs.TryAcquire("work", default)).ShouldBeNull();

        var lost = new TaskCompletionSource();
        await using var registration = lease.Lost.Register(lost.SetResult);
        await database.Execute($"select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = {Locks.Lease} and objid = {(uint)Locks.IdOf("eventdesk work")}");
        await using var taken = await theirs.Acquire("work", default);
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await lease.DisposeAsync();
        (await mine.TryAcquire("work", default)).ShouldBeNull();
    }

    [Fact]
    public async Task P4_Work_in_shares_is_spread_over_all_processes_and_each_share_has_one_owner()
    {
        var processes = new List<(EventStore Store, Leases Leases, Shares Shares)>();
        async Task Join()
        {
            var joined = database.NewStore();
            var leases = new Leases(joined);
            processes.Add((joined, leases, await Shares.Join(leases, "work", 8, default)));
        }
        Task Settle(params int[] held) => Eventually.Be(async () =>
        {
            foreach (var (_, _, shares) in processes)
                await shares.Balance(default);
            var all = processes.SelectMany(p => p.Shares.Held).ToList();
            all.ShouldBeUnique();
            return all.Count == 8 && processes.Select(p => p.Shares.Held.Count).Order().SequenceEqual(held);
        }, $"the shares are spread as {string.Join(", ", held)}");
        async Task Die(int process)
        {
            await processes[process].Leases.DisposeAsync(); // its session ends, and with it all it holds
            await processes[process].Store.DisposeAsync();
            processes.RemoveAt(process);
        }

        await Join();
        await Settle(8);
        await Join();
        await Settle(4, 4);
        await Join();
        await Settle(2, 3, 3);
        await Die(0);
        await Settle(4, 4);
        await Die(1);
        await Settle(8);
        await Die(0);
    }

    [Fact]
    public async Task From_commit_to_a_followed_view_it_takes_a_moment()
    {
        await using var running = await store.Follow(new Diary("diary_soon"));
        var took = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            var appended = (AppendResult.Appended)await store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
            var watch = Stopwatch.StartNew();
            await Eventually.Be(() => running.Host.Status[0].Checkpoint >= appended.LastSeqId, "the view shows the event");
            took.Add(watch.Elapsed.TotalMilliseconds);
        }
        took.Order().ElementAt(15).ShouldBeLessThan(150);
    }

    /// <summary>Every event of the log is in the diary once, in the order of the log.</summary>
    async Task Complete(string table)
    {
        await Eventually.Be(async () => await database.Scalar<long>($"select count(*) from mt_events where not exists (select from {table} d where d.event = id)") == 0, "every event is seen");
        (await database.Scalar<long>($"select count(*) from (select seq_id, lag(seq_id) over (order by place) as before from {table}) s where before >= seq_id")).ShouldBe(0);
        (await database.Scalar<long>($"select count(*) from {table}")).ShouldBe(await database.Scalar<long>("select count(*) from mt_events"));
    }
}
