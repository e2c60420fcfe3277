using System.Text;
using EventDesk.Store.Schema;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Store.Tests;

/// <summary>A migrated database of a test class's own, and a store on it.</summary>
public sealed class StoreDatabase : IAsyncLifetime
{
    TestDatabase database = null!;

    public EventStore Store { get; private set; } = null!;
    public string ConnectionString => database.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create("store", async connectionString =>
        {
            await using var store = new EventStore(OptionsFor(connectionString), []);
            await Migrator.Run(store.DataSource, store.Options, default);
        });
        Store = NewStore();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await database.DisposeAsync();
    }

    public static EventStoreOptions OptionsFor(string connectionString) => new() { ConnectionString = connectionString };

    /// <summary>A further store on the same database, as a second process would have.</summary>
    public EventStore NewStore(params InlineView[] views) => new(OptionsFor(ConnectionString), views);

    public async Task<int> Execute(string sql)
    {
        await using var command = Store.DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Store.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Every row as text, columns parted by a bar.</summary>
    public async Task<List<string>> Rows(string sql)
    {
        await using var command = Store.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetValue(i).ToString())));
        return rows;
    }

    public async Task<PostgresException> Refused(string sql) => await Should.ThrowAsync<PostgresException>(() => Execute(sql));
}

/// <summary>Appends in short.</summary>
static class Some
{
    public static readonly DateTimeOffset Time = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    public static Append Append(Guid stream, long expected, int events = 1, string data = "{}", string type = "noted", string? key = null, string request = "same", WrappedKey? dataKey = null) => new()
    {
        Stream = stream,
        StreamType = "ticket",
        ExpectedVersion = expected,
        Recorded = Time,
        CorrelationId = "correlation",
        CausationId = "causation",
        UserName = "agent:ann",
        NewKey = dataKey,
        Events = [.. Enumerable.Range(0, events).Select(_ => Event(data, type))],
        Idempotency = key is null ? null : new(Bytes(key), Bytes(request), Bytes($"reply to {key}"), TimeProvider.System.GetUtcNow().AddDays(1)),
    };

    public static NewEvent Event(string data = "{}", string type = "noted") =>
        new(Guid.CreateVersion7(), type, "EventDesk.Tests.Noted, EventDesk.Tests", Bytes(data), Bytes("""{"digest": "AAAA"}"""), new byte[32]);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
