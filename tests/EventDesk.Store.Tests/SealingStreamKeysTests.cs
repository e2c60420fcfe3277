using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Store.Tests;

public sealed class SealingStreamKeysTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>, IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventdesk-keys-");
    MasterKeys? masters;

    MasterKeys Masters => masters ??= MasterKeys.LoadOrCreate(Path.Combine(folder.FullName, "master.json"), mayCreate: true);

    async Task<StreamKey> Stored()
    {
        var key = StreamKey.Create(Guid.CreateVersion7());
        var wrapped = key.Wrapped(Masters);
        await database.Execute("insert into stream_key (stream_id, master_id, wrapped) values ($1, $2, $3)", key.Stream, wrapped.MasterId, wrapped.Wrapped.ToArray());
        return key;
    }

    Task<int> Remove(StreamKey key) => database.Execute("delete from stream_key where stream_id = $1", key.Stream);

    StreamKeys Keys(int capacity = 100) => new(database.Source, Masters, capacity);

    [Fact]
    public async Task R1_a_stored_key_opens_what_it_sealed_and_is_then_at_hand()
    {
        using var key = await Stored();
        var sealedBytes = key.Seal("plain"u8, 1, "subject");
        var keys = Keys();
        var found = await keys.Get(key.Stream, CancellationToken.None);
        found.ShouldNotBeNull().UnsealText(sealedBytes, 1, "subject").ShouldBe("plain");
        var again = keys.Get(key.Stream, CancellationToken.None);
        again.IsCompletedSuccessfully.ShouldBeTrue();
        (await again).ShouldBeSameAs(found);
    }

    [Fact]
    public async Task R4_a_stream_without_a_row_has_no_key() =>
        (await Keys().Get(Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull();

    [Fact]
    public async Task Many_keys_come_in_one_answer_which_leaves_out_those_that_are_gone()
    {
        using StreamKey one = await Stored(), two = await Stored(), gone = await Stored();
        await Remove(gone);
        var keys = Keys();
        await keys.Get(one.Stream, CancellationToken.None);
        var found = await keys.Get([one.Stream, two.Stream, gone.Stream, two.Stream], CancellationToken.None);
        found.Keys.ShouldBe([one.Stream, two.Stream], ignoreOrder: true);
        found[two.Stream].UnsealText(two.Seal("plain"u8, 1, "a"), 1, "a").ShouldBe("plain");
        (await keys.Get([], CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_keys_used_last_are_kept_and_one_that_was_dropped_still_works_for_its_holder()
    {
        using StreamKey a = await Stored(), b = await Stored(), c = await Stored();
        var sealedBytes = b.Seal("plain"u8, 1, "x");
        var keys = Keys(capacity: 2);
        await keys.Get(a.Stream, CancellationToken.None);
        var dropped = await keys.Get(b.Stream, CancellationToken.None);
        await keys.Get(a.Stream, CancellationToken.None);
        await keys.Get(c.Stream, CancellationToken.None);
        foreach (var key in new[] { a, b, c })
            await Remove(key);
        (await keys.Get(a.Stream, CancellationToken.None)).ShouldNotBeNull("used after b");
        (await keys.Get(c.Stream, CancellationToken.None)).ShouldNotBeNull("used last");
        (await keys.Get(b.Stream, CancellationToken.None)).ShouldBeNull("dropped, and its row is gone");
        dropped!.UnsealText(sealedBytes, 1, "x").ShouldBe("plain");
    }

    [Fact]
    public async Task R4_a_forgotten_key_opens_nothing_any_more_not_even_for_its_holder()
    {
        using var key = await Stored();
        var sealedBytes = key.Seal("plain"u8, 1, "subject");
        var keys = Keys();
        var held = await keys.Get(key.Stream, CancellationToken.None);
        await Remove(key);
        keys.Forget(key.Stream);
        (await keys.Get(key.Stream, CancellationToken.None)).ShouldBeNull();
        held!.UnsealText(sealedBytes, 1, "subject").ShouldBeNull();
    }

    [Fact]
    public async Task R4_a_key_that_was_being_read_while_it_was_forgotten_is_not_kept()
    {
        using var key = await Stored();
        var keys = Keys();
        await using var purge = await database.Source.OpenConnectionAsync();
        await using var transaction = await purge.BeginTransactionAsync();
        await using (var block = new NpgsqlCommand("lock table stream_key in access exclusive mode", purge))
            await block.ExecuteNonQueryAsync();
        var reading = keys.Get(key.Stream, CancellationToken.None).AsTask();
        keys.Forget(key.Stream);
        await transaction.CommitAsync();
        (await reading).ShouldNotBeNull();
        await Remove(key);
        (await keys.Get(key.Stream, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_just_made_is_at_hand_without_reading_it()
    {
        using var key = StreamKey.Create(Guid.CreateVersion7());
        var keys = Keys();
        keys.Keep(key);
        (await keys.Get(key.Stream, CancellationToken.None)).ShouldBeSameAs(key);
    }

    [Fact]
    public async Task A_row_read_along_with_something_else_opens_and_is_kept_unless_its_stream_was_forgotten_meanwhile()
    {
        using var key = await Stored();
        var keys = Keys();
        var opened = keys.Open(key.Stream, key.Wrapped(Masters));
        keys.Open(key.Stream, key.Wrapped(Masters)).ShouldBeSameAs(opened);
        await Remove(key);
        keys.Forget(key.Stream);
        keys.Open(key.Stream, key.Wrapped(Masters)).ShouldNotBeSameAs(opened);
        (await keys.Get(key.Stream, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task R1_a_changed_row_is_an_error_and_never_reads_as_erased()
    {
        using var key = await Stored();
        await database.Execute("update stream_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where stream_id = $1", key.Stream);
        await Should.ThrowAsync<KeyFileException>(async () => await Keys().Get(key.Stream, CancellationToken.None));
    }

    public void Dispose()
    {
        masters?.Dispose();
        folder.Delete(recursive: true);
    }
}
