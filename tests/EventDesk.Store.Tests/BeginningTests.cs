namespace EventDesk.Store.Tests;

/// <summary>A stream that begins because of an append on another one.</summary>
public sealed class BeginningTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    readonly EventStore store = database.Store;

    static Append With(Append append, Append begins) => new()
    {
        Stream = append.Stream, StreamType = append.StreamType, ExpectedVersion = append.ExpectedVersion, Events = append.Events, Recorded = append.Recorded, Begins = begins,
    };

    [Fact]
    public async Task A6_Both_streams_are_stored_in_one_transaction()
    {
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await store.Append(With(Some.Append(one, 0), Some.Append(other, 0, events: 2)), default)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(1);
        (await store.ReadStream(other, 1, null, default)).Count.ShouldBe(2);
        (await database.Scalar<long>($"select count(distinct xmin::text) from mt_events where stream_id in ('{one}', '{other}')")).ShouldBe(1);
    }

    [Fact]
    public async Task A6_Where_the_append_is_refused_the_other_stream_does_not_begin_and_the_rest_of_the_batch_is_stored()
    {
        var (stale, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append(Some.Append(stale, 0), default);
        var refused = store.Append(With(Some.Append(stale, 0), Some.Append(other, 0)), default).AsTask();
        var good = Enumerable.Range(0, 20).Select(_ => (Main: Guid.CreateVersion7(), Beside: Guid.CreateVersion7())).ToList();
        var stored = good.Select(g => store.Append(With(Some.Append(g.Main, 0), Some.Append(g.Beside, 0)), default).AsTask()).ToList();
        (await refused).ShouldBe(new AppendResult.Conflict(1));
        (await Task.WhenAll(stored)).ShouldAllBe(r => r is AppendResult.Appended);
        (await store.ReadStream(other, 1, null, default)).ShouldBeEmpty();
        (await database.Scalar<long>($"select count(*) from mt_streams where id = '{other}'")).ShouldBe(0);
        foreach (var (_, beside) in good)
            (await store.ReadStream(beside, 1, null, default)).ShouldHaveSingleItem();
    }
}
