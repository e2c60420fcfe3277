namespace EventDesk.Store.Tests;

public sealed class AppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    readonly EventStore store = database.Store;

    [Fact]
    public async Task What_was_appended_is_read_back_as_it_was_given()
    {
        var append = Some.Append(Guid.CreateVersion7(), 0, events: 2, data: """{"subject": "Grüße 🎫", "n": 1}""");
        var appended = (await store.Append(append, default)).ShouldBeOfType<AppendResult.Appended>();
        appended.Version.ShouldBe(2);

        var events = await store.ReadStream(append.Stream, 1, null, default);
        events.Select(e => (e.Id, e.Version)).ShouldBe([(append.Events[0].Id, 1), (append.Events[1].Id, 2)]);
        var last = events[1];
        last.SeqId.ShouldBe(appended.LastSeqId);
        (last.Stream, last.Type, last.DotnetType, last.Timestamp, last.CorrelationId, last.CausationId, last.UserName).ShouldBe(
            (append.Stream, "noted", "EventDesk.Tests.Noted, EventDesk.Tests", Some.Time, "correlation", "causation", "agent:ann"));
        Some.Text(last.Data).ShouldBe("""{"n": 1, "subject": "Grüße 🎫"}""");
        Some.Text(last.Headers).ShouldBe("""{"digest": "AAAA"}""");
    }

    [Fact]
    public async Task A_stream_row_says_what_Marten_reads_from_it()
    {
        var stream = Guid.CreateVersion7();
        await store.Append(Some.Append(stream, 0, events: 2), default);
        await store.Append(Some.Append(stream, 2), default);
        (await database.Rows($"select type, version, tenant_id, is_archived from mt_streams where id = '{stream}'")).ShouldBe(["ticket|3|*DEFAULT*|False"]);
        (await database.Rows($"select version, tenant_id, is_archived, bdata from mt_events where stream_id = '{stream}' order by 1"))
            .ShouldBe(["1|*DEFAULT*|False|", "2|*DEFAULT*|False|", "3|*DEFAULT*|False|"]);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public async Task A10_A_stale_write_is_refused_with_the_version_that_is(long expected, long actual)
    {
        var stream = Guid.CreateVersion7();
        await store.Append(Some.Append(stream, 0, events: 2), default);
        (await store.Append(Some.Append(stream, expected), default)).ShouldBe(new AppendResult.Conflict(actual));
        (await store.ReadStream(stream, 1, null, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Appending_to_a_stream_that_does_not_exist_conflicts_at_zero() =>
        (await store.Append(Some.Append(Guid.CreateVersion7(), 4), default)).ShouldBe(new AppendResult.Conflict(0));

    [Fact]
    public async Task A10_Of_sixteen_writers_on_one_stream_exactly_one_wins_each_version()
    {
        var stream = Guid.CreateVersion7();
        await using var other = database.NewStore();
        await store.Append(Some.Append(stream, 0), default);
        for (var version = 1; version <= 20; version++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? store : other).Append(Some.Append(stream, version), default).AsTask()));
            results.OfType<AppendResult.Appended>().Count().ShouldBe(1);
            results.OfType<AppendResult.Conflict>().ShouldAllBe(c => c.ActualVersion == version + 1);
        }
        (await store.ReadStream(stream, 1, null, default)).Select(e => e.Version).ShouldBe(Enumerable.Range(1, 21).Select(v => (long)v));
    }

    [Fact]
    public async Task A_conflict_fails_its_own_append_alone()
    {
        var (moved, fresh) = (Guid.CreateVersion7(), Enumerable.Range(0, 30).Select(_ => Guid.CreateVersion7()).ToList());
        await store.Append(Some.Append(moved, 0), default);
        var stale = Enumerable.Range(0, 30).Select(_ => store.Append(Some.Append(moved, 0, key: $"stale {Guid.CreateVersion7()}"), default).AsTask()).ToList();
        var good = fresh.Select(s => store.Append(Some.Append(s, 0), default).AsTask()).ToList();
        (await Task.WhenAll(good)).ShouldAllBe(r => r is AppendResult.Appended);
        (await Task.WhenAll(stale)).ShouldAllBe(r => r == new AppendResult.Conflict(1));
        (await database.Scalar<long>("select count(*) from idempotency where convert_from(key, 'utf8') like 'stale %'")).ShouldBe(0);
    }

    [Fact]
    public async Task Many_streams_in_one_go_are_all_stored_and_their_numbers_rise_with_their_versions()
    {
        var streams = Enumerable.Range(0, 400).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(streams.Select(async stream =>
        {
            for (var version = 0; version < 3; version++)
                (await store.Append(Some.Append(stream, version), default)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(version + 1);
        }));
        (await database.Scalar<long>("select count(*) from mt_streams s where version <> (select count(*) from mt_events e where e.stream_id = s.id)")).ShouldBe(0);
        (await database.Scalar<long>("select count(*) from mt_events a join mt_events b using (stream_id) where a.version < b.version and a.seq_id > b.seq_id")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"broken": """)]
    [InlineData("{\"nul\": \"\\u0000\"}")]
    public async Task A_poisoned_append_throws_alone_and_the_rest_of_its_batch_is_stored(string poison)
    {
        // Again and again: now and then the driver, refused while it was preparing a statement, loses its place in the conversation.
        for (var round = 0; round < 30; round++)
        {
            var tasks = Enumerable.Range(0, 60).Select(i => store.Append(Some.Append(Guid.CreateVersion7(), 0, data: i % 20 == 7 ? poison : "{}", key: $"{Guid.CreateVersion7()}"), default).AsTask()).ToList();
            await Task.WhenAll(tasks).ContinueWith(_ => { });
            tasks.Select(t => t.IsFaulted).ShouldBe(Enumerable.Range(0, 60).Select(i => i % 20 == 7));
            tasks[7].Exception!.InnerException.ShouldBeOfType<Npgsql.PostgresException>();
        }
    }

    [Fact]
    public async Task A_stream_keeps_its_first_data_key()
    {
        var stream = Guid.CreateVersion7();
        await store.Append(Some.Append(stream, 0, dataKey: new WrappedKey(3, Some.Bytes("wrapped"))), default);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => store.Append(Some.Append(stream, 1, dataKey: new WrappedKey(3, Some.Bytes("another"))), default).AsTask());
        (await database.Rows($"select master_id, convert_from(wrapped, 'utf8') from stream_key where stream_id = '{stream}'")).ShouldBe(["3|wrapped"]);
    }

    [Fact]
    public async Task An_append_that_was_given_up_before_its_batch_stores_nothing()
    {
        var stream = Guid.CreateVersion7();
        await Should.ThrowAsync<OperationCanceledException>(() => store.Append(Some.Append(stream, 0), new CancellationToken(canceled: true)).AsTask());
        (await store.ReadStream(stream, 1, null, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_append_sent_again_is_answered_as_appended_and_stored_once()
    {
        var append = Some.Append(Guid.CreateVersion7(), 0, events: 2);
        var first = await store.Append(append, default);
        (await store.Append(append, default)).ShouldBe(first);
        (await store.ReadStream(append.Stream, 1, null, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_append_without_events_is_a_mistake_of_the_caller() =>
        await Should.ThrowAsync<ArgumentException>(() => store.Append(Some.Append(Guid.CreateVersion7(), 0, events: 0), default).AsTask());
}
