using EventDesk.Store.Following;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store.Tests;

/// <summary>How many events each stream holds and how long their data is: inline.</summary>
sealed class StreamLength(string table = "stream_length", int version = 1, bool byStream = true, bool unlogged = false, TypeFilter? reads = null) : InlineView
{
    public override string Name => $"StreamLength_{table}";
    public override int Version => version;
    public override IReadOnlyList<string> Tables => [table];
    public override string? StreamColumn => byStream ? "stream" : null;
    public override TypeFilter Reads => reads ?? TypeFilter.All;
    public override string CreateTables(string suffix) =>
        $"create {(unlogged ? "unlogged" : "")} table {table}{suffix} (stream uuid not null, events bigint not null, last text not null, constraint {table}_positive{suffix} check (events > 0))";
    public override string CreateIndexes(string suffix) =>
        $"alter table {table}{suffix} add constraint {table}_pk{suffix} primary key (stream); create index {table}_by_events{suffix} on {table}{suffix} (events)";
    public override IViewFold NewFold() => new Fold(table);

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch) => batch.BatchCommands.Add(new($"""
        insert into {table} as l (stream, events, last) select * from unnest($1::uuid[], $2::bigint[], $3::text[])
        on conflict (stream) do update set events = l.events + excluded.events, last = excluded.last
        """)
    {
        Parameters =
        {
            new() { Value = accepted.Select(a => a.Stream).ToArray() },
            new() { Value = accepted.Select(a => (long)a.Events.Count).ToArray() },
            new() { Value = accepted.Select(a => a.Events[^1].Type).ToArray() },
        },
    });

    internal sealed class Fold(string table) : IViewFold
    {
        readonly Dictionary<Guid, (long Events, string Last)> streams = [];
        public FoldColumns Columns => FoldColumns.None;
        public void Apply(in FoldedEvent e) =>
            streams[e.Stream] = (streams.GetValueOrDefault(e.Stream).Events + 1, Some.Text(e.Type.ToArray()));

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var import = await connection.BeginBinaryImportAsync($"copy {table}{suffix} (stream, events, last) from stdin (format binary)", ct);
            foreach (var (stream, row) in streams)
            {
                await import.StartRowAsync(ct);
                await import.WriteAsync(stream, NpgsqlDbType.Uuid, ct);
                await import.WriteAsync(row.Events, NpgsqlDbType.Bigint, ct);
                await import.WriteAsync(row.Last, NpgsqlDbType.Text, ct);
            }
            await import.CompleteAsync(ct);
        }
    }
}

/// <summary>Every event's number in the order it was seen: followed. Shows gaps, doubles and disorder.</summary>
sealed class Diary(string table = "diary") : FollowedView
{
    public Action<StoredEvent>? Before { get; set; }
    public override string Name => $"Diary_{table}";
    public override IReadOnlyList<string> Tables => [table];
    public override string CreateTables(string suffix) => $"create table {table}{suffix} (place bigint generated always as identity, seq_id bigint not null, event uuid not null)";
    public override string CreateIndexes(string suffix) => $"create index {table}_event{suffix} on {table}{suffix} (event)";
    public override IViewFold NewFold() => new Fold(table);

    public override async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var e in page)
            Before?.Invoke(e);
        await using var command = new NpgsqlCommand($"insert into {table} (seq_id, event) select * from unnest($1::bigint[], $2::uuid[])", connection)
        {
            Parameters = { new() { Value = page.Select(e => e.SeqId).ToArray() }, new() { Value = page.Select(e => e.Id).ToArray() } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    sealed class Fold(string table) : IViewFold
    {
        readonly List<(long SeqId, Guid Id)> events = [];
        public FoldColumns Columns => FoldColumns.Id;
        public void Apply(in FoldedEvent e) => events.Add((e.SeqId, e.Id));

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var import = await connection.BeginBinaryImportAsync($"copy {table}{suffix} (seq_id, event) from stdin (format binary)", ct);
            foreach (var (seqId, id) in events)
            {
                await import.StartRowAsync(ct);
                await import.WriteAsync(seqId, NpgsqlDbType.Bigint, ct);
                await import.WriteAsync(id, NpgsqlDbType.Uuid, ct);
            }
            await import.CompleteAsync(ct);
        }
    }
}

static class Hosting
{
    /// <summary>Sets the views up and follows them until disposed.</summary>
    public static async Task<Running> Follow(this EventStore store, params View[] views)
    {
        await ViewSetup.Run(store, views, default);
        var host = new FollowerHost(store, views);
        await host.StartAsync(default);
        return new Running(host);
    }

    public sealed class Running(FollowerHost host) : IAsyncDisposable
    {
        public FollowerHost Host => host;

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(default);
            host.Dispose();
        }
    }
}
