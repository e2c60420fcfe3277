using Npgsql;

namespace EventDesk.Store.Tests;

public sealed class InlineViewTests(StoreDatabase database) : IClassFixture<StoreDatabase>, IAsyncLifetime
{
    EventStore store = null!;

    public async ValueTask InitializeAsync()
    {
        await database.Execute("create table if not exists note_count (stream uuid primary key, notes bigint not null); create table if not exists note_total (notes bigint not null)");
        await database.Execute("insert into note_total select 0 where not exists (select from note_total)");
        store = database.NewStore(new NoteCount());
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task D2_An_inline_view_shows_the_change_when_the_command_is_answered()
    {
        var stream = Guid.CreateVersion7();
        await store.Append(Some.Append(stream, 0, events: 2), default);
        (await Notes(stream)).ShouldBe(2);
        await store.Append(Some.Append(stream, 2), default);
        (await Notes(stream)).ShouldBe(3);
    }

    [Fact]
    public async Task An_inline_view_sees_only_appends_that_are_stored()
    {
        var stream = Guid.CreateVersion7();
        var before = await database.Scalar<long>("select notes from note_total");
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.Append(Some.Append(i % 2 == 0 ? stream : Guid.CreateVersion7(), 0), default).AsTask()));
        results.OfType<AppendResult.Appended>().Count().ShouldBe(26);
        (await Notes(stream)).ShouldBe(1);
        (await database.Scalar<long>("select notes from note_total")).ShouldBe(before + 26);
    }

    [Fact]
    public async Task A_view_that_throws_fails_the_append_and_stores_nothing()
    {
        var (bad, good) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var thrown = Should.ThrowAsync<InvalidOperationException>(() => store.Append(Some.Append(bad, 0, data: """{"throw": true}"""), default).AsTask());
        var stored = store.Append(Some.Append(good, 0), default);
        await thrown;
        (await stored).ShouldBeOfType<AppendResult.Appended>();
        (await store.ReadStream(bad, 1, null, default)).ShouldBeEmpty();
        (await database.Scalar<long>($"select count(*) from mt_streams where id = '{bad}'")).ShouldBe(0);
    }

    async Task<long> Notes(Guid stream) => await database.Scalar<long>($"select notes from note_count where stream = '{stream}'");

    sealed class NoteCount : InlineView
    {
        public override string Name => "NoteCount";
        public override IReadOnlyList<string> Tables => ["note_count", "note_total"];
        public override string CreateTables(string suffix) => throw new NotSupportedException();
        public override string CreateIndexes(string suffix) => throw new NotSupportedException();
        public override IViewFold NewFold() => throw new NotSupportedException();

        const string UpsertSql = """
            insert into note_count as c (stream, notes) select * from unnest($1::uuid[], $2::bigint[])
            on conflict (stream) do update set notes = c.notes + excluded.notes
            returning notes
            """;

        public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
        {
            if (accepted.Any(a => Some.Text(a.Events[0].Data).Contains("throw")))
                throw new InvalidOperationException("This view cannot.");
            accepted.Select(a => a.Stream).ShouldBe(accepted.Select(a => a.Stream).Order());
            batch.BatchCommands.Add(new(UpsertSql)
            {
                Parameters = { new() { Value = accepted.Select(a => a.Stream).ToArray() }, new() { Value = accepted.Select(a => (long)a.Events.Count).ToArray() } },
            });
        }

        public override void WriteShared(IReadOnlyList<Append> accepted, NpgsqlBatch batch) =>
            batch.BatchCommands.Add(new("update note_total set notes = notes + $1") { Parameters = { new() { Value = accepted.Sum(a => (long)a.Events.Count) } } });
    }
}
