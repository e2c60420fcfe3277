using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Store.Tests;

public sealed class BrokenMachineTests : IAsyncLifetime
{
    readonly StoreDatabase database = new();

    public ValueTask InitializeAsync() => database.InitializeAsync();
    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task P2_Connections_killed_under_load_lose_and_double_nothing()
    {
        var store = database.Store;
        var done = 0;
        var load = Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                var stream = Guid.CreateVersion7();
                for (var version = 0; version < 3; version++)
                    (await store.Append(Some.Append(stream, version, key: $"{stream} {version}"), default)).ShouldBeOfType<AppendResult.Appended>();
                Interlocked.Increment(ref done);
            }
        })).ToList();
        var killed = 0L;
        for (var next = 20; next < 780; next += 40)
        {
            await Eventually.Be(() => Volatile.Read(ref done) >= next, "the load goes on", TimeSpan.FromSeconds(30));
            killed += await database.Scalar<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name = 'eventdesk writer'");
        }
        await Task.WhenAll(load);

        killed.ShouldBeGreaterThan(10);
        (await database.Rows("select count(*), count(distinct id), count(distinct stream_id) from mt_events")).ShouldBe(["2400|2400|800"]);
        (await database.Scalar<long>("select count(*) from mt_streams where version = 3")).ShouldBe(800);
        (await database.Scalar<long>("select count(*) from idempotency")).ShouldBe(2400);
    }

    [Fact]
    public async Task P2_A_commit_whose_answer_is_lost_is_found_again_neither_doubled_nor_refused()
    {
        var view = new CutAfterCommit();
        await using var store = database.NewStore(view);
        var append = Some.Append(Guid.CreateVersion7(), 0, events: 2, key: "lost");
        (await store.Append(append, default)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(2);
        view.Cut.ShouldBeTrue();
        (await database.Rows("select id from mt_events order by version")).ShouldBe(append.Events.Select(e => $"{e.Id}"));
    }

    [Fact]
    public async Task A_stream_locked_by_somebody_else_holds_up_its_own_append_alone()
    {
        await using var store = Impatient();
        var stuck = Guid.CreateVersion7();
        await store.Append(Some.Append(stuck, 0), default);
        await using var outsider = await Lock($"select from mt_streams where id = '{stuck}' for update");
        var blocked = Should.ThrowAsync<StoreUnavailableException>(() => store.Append(Some.Append(stuck, 1), default).AsTask());
        var free = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => store.Append(Some.Append(Guid.CreateVersion7(), 0), default).AsTask()));
        free.ShouldAllBe(r => r is AppendResult.Appended);
        (await blocked).OutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stuck_writer_elsewhere_is_told_to_the_callers_and_nothing_is_half_stored()
    {
        await using var store = Impatient();
        var stream = Guid.CreateVersion7();
        await using (await Lock($"select pg_advisory_xact_lock({Locks.Append})"))
            await Should.ThrowAsync<StoreUnavailableException>(() => store.Append(Some.Append(stream, 0), default).AsTask());
        (await database.Scalar<long>($"select count(*) from mt_streams where id = '{stream}'")).ShouldBe(0);
        (await store.Append(Some.Append(stream, 0), default)).ShouldBeOfType<AppendResult.Appended>();
    }

    [Theory]
    [InlineData("53100")]
    [InlineData("57P03")]
    public async Task P2_A_full_disk_or_a_server_that_goes_down_is_told_to_the_callers_and_nothing_is_half_stored(string sqlState)
    {
        await using var store = Impatient();
        await database.Execute($"""
            create or replace function no_room() returns trigger language plpgsql as $$ begin raise exception 'No room.' using errcode = '{sqlState}'; end $$;
            create or replace trigger no_room before insert on mt_events for each statement execute function no_room()
            """);
        var asked = Enumerable.Range(0, 10).Select(i => store.Append(Some.Append(Guid.CreateVersion7(), 0, key: $"{i}"), default).AsTask()).ToList();
        foreach (var task in asked)
            await Should.ThrowAsync<StoreUnavailableException>(() => task);
        (await database.Scalar<long>("select (select count(*) from mt_streams) + (select count(*) from mt_events) + (select count(*) from idempotency)")).ShouldBe(0);
        await database.Execute("drop trigger no_room on mt_events");
        (await store.Append(Some.Append(Guid.CreateVersion7(), 0, key: "0"), default)).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told_to_the_callers()
    {
        await using var nowhere = new EventStore(new() { ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody", GiveUpAfter = TimeSpan.FromMilliseconds(300) }, []);
        var unreachable = await Should.ThrowAsync<StoreUnavailableException>(() => nowhere.Append(Some.Append(Guid.CreateVersion7(), 0), default).AsTask());
        unreachable.OutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task Appends_that_wait_when_the_store_closes_are_still_stored()
    {
        var store = database.NewStore();
        var asked = Enumerable.Range(0, 200).Select(_ => store.Append(Some.Append(Guid.CreateVersion7(), 0), default).AsTask()).ToList();
        await store.DisposeAsync();
        (await Task.WhenAll(asked)).ShouldAllBe(r => r is AppendResult.Appended);
    }

    EventStore Impatient() => new(new()
    {
        ConnectionString = database.ConnectionString,
        LockTimeout = TimeSpan.FromMilliseconds(100),
        GiveUpAfter = TimeSpan.FromMilliseconds(800),
        Writers = 1,
    }, []);

    /// <summary>A transaction of somebody else that holds what <paramref name="sql"/> takes, until disposed.</summary>
    async Task<NpgsqlConnection> Lock(string sql)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = "eventdesk", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await new NpgsqlCommand("begin", connection).ExecuteNonQueryAsync();
        await new NpgsqlCommand(sql, connection).ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Once, ends the session after the commit and before its answer.</summary>
    sealed class CutAfterCommit : InlineView
    {
        public bool Cut { get; private set; }
        public override string Name => "Cut";
        public override IReadOnlyList<string> Tables => [];
        public override string CreateTables(string suffix) => "";
        public override string CreateIndexes(string suffix) => "";
        public override IViewFold NewFold() => throw new NotSupportedException();
        public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch) { }

        public override void WriteShared(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
        {
            if (Cut)
                return;
            Cut = true;
            batch.BatchCommands.Add(new("commit"));
            batch.BatchCommands.Add(new("select pg_terminate_backend(pg_backend_pid())"));
        }
    }
}
