// Writers of a process of their own, for tests of races between processes. Each line read from the standard input starts one burst: some appends
// through the store, some by slow hand-written transactions that keep the locks of the log, a part of which roll back and burn their numbers. The ids
// of acknowledged events are printed, then "done". Ends with its input.
using System.Text;
using EventDesk.Store;
using Npgsql;

await using var store = new EventStore(new() { ConnectionString = args[0] }, []);
var random = new Random(int.Parse(args[1]));
while (await Console.In.ReadLineAsync() is not null)
{
    var seeds = Enumerable.Range(0, 4).Select(_ => random.Next()).ToList();
    var printed = await Task.WhenAll(seeds.Select((seed, i) => Task.Run(() => i < 2 ? Appends(new Random(seed)) : SlowWrites(new Random(seed)))));
    await Console.Out.WriteAsync(string.Concat(printed));
    await Console.Out.WriteLineAsync("done");
    await Console.Out.FlushAsync();
}

async Task<string> Appends(Random mine)
{
    var acknowledged = new StringBuilder();
    for (var i = 0; i < 8; i++)
    {
        var events = Enumerable.Range(0, 1 + mine.Next(3)).Select(_ => Event()).ToList();
        var append = new Append { Stream = Guid.CreateVersion7(), StreamType = "storm", ExpectedVersion = 0, Recorded = TimeProvider.System.GetUtcNow(), Events = events };
        await Task.Delay(mine.Next(20)); // spread over the slow writers' transactions
        if (await store.Append(append, default) is AppendResult.Appended)
            events.ForEach(e => acknowledged.Append(e.Id).Append('\n'));
    }
    return acknowledged.ToString();
}

async Task<string> SlowWrites(Random mine)
{
    var acknowledged = new StringBuilder();
    await using var connection = await store.DataSource.OpenConnectionAsync();
    for (var i = 0; i < 4; i++)
    {
        var (stream, id, commits) = (Guid.CreateVersion7(), Guid.CreateVersion7(), mine.Next(3) > 0);
        await Execute(connection, "begin");
        await Execute(connection, $"select pg_advisory_xact_lock_shared({Locks.Swap})");
        await Execute(connection, $"insert into mt_streams (id, type, version) values ('{stream}', 'storm', 1)");
        await Execute(connection, $"select pg_sleep({mine.Next(10)} / 1000.0)");
        await Execute(connection, $"select pg_advisory_xact_lock({Locks.Append})");
        await Execute(connection, $$"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers)
            values (nextval('mt_events_sequence'), '{{id}}', '{{stream}}', 1, '{}', 'noted', now(), '{"digest": "AAAA"}')
            """);
        await Execute(connection, $"select pg_sleep({5 + mine.Next(15)} / 1000.0)");
        await Execute(connection, commits ? "commit" : "rollback");
        if (commits)
            acknowledged.Append(id).Append('\n');
    }
    return acknowledged.ToString();
}

static NewEvent Event() => new(Guid.CreateVersion7(), "noted", "EventDesk.Storm.Noted, EventDesk.Storm", "{}"u8.ToArray(), """{"digest": "AAAA"}"""u8.ToArray(), new byte[32]);

static async Task Execute(NpgsqlConnection connection, string sql)
{
    await using var command = new NpgsqlCommand(sql, connection);
    await command.ExecuteNonQueryAsync();
}
