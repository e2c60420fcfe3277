namespace EventDesk.Store.Tests;

public sealed class IdempotencyTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    readonly EventStore store = database.Store;

    [Fact]
    public async Task A10_A_hundred_requests_with_one_key_have_one_effect()
    {
        await using var other = database.NewStore();
        var key = $"{Guid.CreateVersion7()}";
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? store : other).Append(Some.Append(Guid.CreateVersion7(), 0, key: key), default).AsTask()));

        results.OfType<AppendResult.Appended>().Count().ShouldBe(1);
        results.OfType<AppendResult.Repeated>().Select(r => Some.Text(r.Request) + Some.Text(r.Reply)).Distinct().ShouldBe([$"samereply to {key}"]);
        results.OfType<AppendResult.Repeated>().Count().ShouldBe(99);
        (await database.Scalar<long>($"select count(*) from mt_streams s where created > '2000-01-01' and not exists (select from mt_events e where e.stream_id = s.id)")).ShouldBe(0);
    }

    [Fact]
    public async Task A10_A_repetition_is_told_apart_from_a_conflict_on_the_same_stream()
    {
        var (stream, key) = (Guid.CreateVersion7(), $"{Guid.CreateVersion7()}");
        await store.Append(Some.Append(stream, 0), default);
        (await store.Append(Some.Append(stream, 1, key: key), default)).ShouldBeOfType<AppendResult.Appended>();
        (await store.Append(Some.Append(stream, 1, key: key), default)).ShouldBeOfType<AppendResult.Repeated>();
        (await store.Append(Some.Append(stream, 2, key: key, request: "other"), default)).ShouldBeOfType<AppendResult.Repeated>();
        (await store.Append(Some.Append(stream, 1, key: $"{key} new"), default)).ShouldBe(new AppendResult.Conflict(2));
        (await database.Scalar<long>($"select version from mt_streams where id = '{stream}'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_whose_append_conflicted_is_free_again()
    {
        var (stream, key) = (Guid.CreateVersion7(), $"{Guid.CreateVersion7()}");
        await store.Append(Some.Append(stream, 0), default);
        (await store.Append(Some.Append(stream, 0, key: key), default)).ShouldBeOfType<AppendResult.Conflict>();
        (await store.Append(Some.Append(stream, 1, key: key), default)).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task A_key_past_its_expiry_may_be_used_again()
    {
        var key = $"{Guid.CreateVersion7()}";
        await store.Append(Some.Append(Guid.CreateVersion7(), 0, key: key), default);
        await database.Execute($"update idempotency set expires = now() - interval '1 second' where key = '{key}'");
        (await store.Append(Some.Append(Guid.CreateVersion7(), 0, key: key), default)).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task Keys_and_conflicts_mixed_in_one_storm_leave_each_with_its_own_answer()
    {
        var streams = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var stream in streams)
            await store.Append(Some.Append(stream, 0), default);
        var asked = streams.SelectMany(stream => Enumerable.Range(0, 6).Select(i => (Stream: stream, Key: $"{stream} {i % 3}", Expected: 1L + i / 3 % 2))).ToList();
        var results = await Task.WhenAll(asked.Select(a => store.Append(Some.Append(a.Stream, a.Expected, key: a.Key), default).AsTask()));

        foreach (var group in asked.Zip(results).GroupBy(r => r.First.Key))
            group.Count(r => r.Second is AppendResult.Appended).ShouldBeLessThanOrEqualTo(1);
        (await database.Scalar<long>("select count(*) from mt_streams s where version <> (select count(*) from mt_events e where e.stream_id = s.id)")).ShouldBe(0);
        var kept = await database.Scalar<long>($"select count(*) from idempotency where convert_from(key, 'utf8') = any('{{{string.Join(",", asked.Select(a => $"\"{a.Key}\"").Distinct())}}}')");
        kept.ShouldBe(results.OfType<AppendResult.Appended>().LongCount());
    }
}
