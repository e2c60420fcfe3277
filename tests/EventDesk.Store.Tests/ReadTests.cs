namespace EventDesk.Store.Tests;

public sealed class ReadTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    readonly EventStore store = database.Store;

    [Fact]
    public async Task A_stream_is_read_between_two_versions_both_included()
    {
        var stream = Guid.CreateVersion7();
        await store.Append(Some.Append(stream, 0, events: 5), default);
        (await store.ReadStream(stream, 2, 4, default)).Select(e => e.Version).ShouldBe([2, 3, 4]);
        (await store.ReadStream(stream, 4, null, default)).Select(e => e.Version).ShouldBe([4, 5]);
        (await store.ReadStream(Guid.CreateVersion7(), 1, null, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetching_for_writing_gives_version_type_and_the_last_digest()
    {
        var stream = Guid.CreateVersion7();
        var append = Some.Append(stream, 0, events: 2);
        await store.Append(append, default);
        var last = append.Events[0] with { Id = Guid.CreateVersion7(), Headers = Some.Bytes("""{"actor": "digest", "digest": "TEFTVA==", "x": "y"}""") };
        await store.Append(new Append { Stream = stream, StreamType = "ticket", ExpectedVersion = 2, Recorded = Some.Time, Events = [last] }, default);

        var fetched = (await store.FetchForWriting(stream, default)).ShouldNotBeNull();
        (fetched.Version, fetched.Type, fetched.LastDigest, fetched.Events.Count).ShouldBe((3, "ticket", "TEFTVA==", 3));
        (await store.FetchForWriting(Guid.CreateVersion7(), default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_log_is_read_in_pages_that_miss_nothing_up_to_the_high_water()
    {
        for (var i = 0; i < 7; i++)
            await store.Append(Some.Append(Guid.CreateVersion7(), 0, events: 3), default);
        var all = new List<long>();
        while (await store.ReadAll(all.LastOrDefault(), 4, default) is { Count: > 0 } page)
            all.AddRange(page.Select(e => e.SeqId));
        all.ShouldBe(all.Order());
        all.Count.ShouldBe((int)await database.Scalar<long>("select count(*) from mt_events"));
        all[^1].ShouldBe(await store.HighWater(default));
    }
}
