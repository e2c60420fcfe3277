using EventDesk.Store.Following;

namespace EventDesk.Store.Tests;

public sealed class ViewCheckTests : IAsyncLifetime
{
    readonly StoreDatabase database = new();
    readonly StreamLength view = new();
    EventStore store = null!;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        store = database.NewStore(view);
        await ViewSetup.Run(store, [view], default);
        for (var i = 0; i < 5; i++)
            await store.Append(Some.Append(Guid.CreateVersion7(), 0, events: 2), default);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task P3_A_view_that_equals_its_replay_shows_no_drift()
    {
        var drift = await ViewCheck.Run(store, view, default);
        (drift.None, drift.UpTo).ShouldBe((true, 10));
        (await database.Scalar<long>("select count(*) from pg_class where relname like '%checked%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("update stream_length set events = 7 where stream = (select min(stream::text)::uuid from stream_length)", 1, 1)]
    [InlineData("delete from stream_length where stream = (select min(stream::text)::uuid from stream_length)", 1, 0)]
    [InlineData("insert into stream_length values (gen_random_uuid(), 1, 'noted')", 0, 1)]
    [InlineData("update stream_length set last = 'other'", 5, 5)]
    public async Task P3_Drift_is_found_counted_and_shown(string tampering, long missing, long unexpected)
    {
        await database.Execute(tampering);
        var drift = await ViewCheck.Run(store, view, default);
        (drift.Missing, drift.Unexpected).ShouldBe((missing, unexpected));
        drift.Examples.Count.ShouldBe((int)(missing + unexpected));
        drift.Examples.ShouldAllBe(e => e.StartsWith("stream_length"));
    }

    [Fact]
    public async Task A_followed_view_is_checked_up_to_its_checkpoint()
    {
        var follower = new StreamLengthFollowed();
        await ViewSetup.Run(store, [follower], default);
        await store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        var drift = await ViewCheck.Run(store, follower, default);
        (drift.None, drift.UpTo).ShouldBe((true, 10));
    }

    /// <summary>The same rows, followed; nobody follows it here.</summary>
    sealed class StreamLengthFollowed : FollowedView
    {
        readonly StreamLength same = new("stream_length_followed");
        public override string Name => "Followed";
        public override IReadOnlyList<string> Tables => same.Tables;
        public override string CreateTables(string suffix) => same.CreateTables(suffix);
        public override string CreateIndexes(string suffix) => same.CreateIndexes(suffix);
        public override IViewFold NewFold() => same.NewFold();
        public override Task Apply(IReadOnlyList<StoredEvent> page, Npgsql.NpgsqlConnection connection, CancellationToken ct) => throw new NotSupportedException();
    }
}
