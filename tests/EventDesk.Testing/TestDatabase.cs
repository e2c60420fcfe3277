using System.Collections.Concurrent;
using Npgsql;

namespace EventDesk.Testing;

/// <summary>A database of a test class's own, cloned from a prepared template in a fraction of a second and dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new();
    static readonly string Run = Guid.CreateVersion7().ToString("N")[^12..];

    static int made;

    readonly PostgresServer on;

    TestDatabase(PostgresServer server, string name)
    {
        on = server;
        Name = name;
    }

    public string Name { get; }
    public string ConnectionString => on.ConnectionStringTo(Name);

    /// <param name="templateKey">Says what <paramref name="prepare"/> makes; a template is made once for each key in a test process.</param>
    /// <param name="prepare">Fills the empty template, given its connection string.</param>
    public static async Task<TestDatabase> Create(string templateKey, Func<string, Task> prepare)
    {
        var server = await PostgresServer.Shared;
        var template = await Templates.GetOrAdd(templateKey, key => new(() => Prepare(server, prepare))).Value;
        var database = new TestDatabase(server, $"test_{Guid.CreateVersion7():N}");
        await Execute(server, $"create database {database.Name} template {template}");
        return database;
    }

    /// <summary>The same, with nothing in it.</summary>
    public static Task<TestDatabase> CreateEmpty() => Create("empty", _ => Task.CompletedTask);

    public async ValueTask DisposeAsync() => await Execute(on, $"drop database if exists {Name} with (force)");

    static async Task<string> Prepare(PostgresServer server, Func<string, Task> prepare)
    {
        // The name carries this run: a template of an older build never serves a newer one.
        var name = $"template_{Run}_{Interlocked.Increment(ref made)}";
        if (made == 1)
            await DropStale(server);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Drop(server, name);
        await Execute(server, $"create database {name}");
        await prepare(server.ConnectionStringTo(name));
        await using (var pool = new NpgsqlConnection(server.ConnectionStringTo(name)))
            NpgsqlConnection.ClearPool(pool);
        await Execute(server, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        return name;
    }

    static void Drop(PostgresServer server, string name)
    {
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand($"drop database if exists {name} with (force)", connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Test processes that ended hard leave databases behind; those of yesterday and before go.</summary>
    static async Task DropStale(PostgresServer server)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        var stale = new List<string>();
        await using (var command = new NpgsqlCommand(StaleSql, connection))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                stale.Add(reader.GetString(0));
        foreach (var name in stale)
            await Execute(server, $"drop database if exists {name} with (force)");
    }

    const string StaleSql = """
        select datname::text from pg_database
        where (datname ~ '^test_[0-9a-f]{32}$' or datname ~ '^template_[0-9a-f]{12}_')
          and (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 day'
        """;

    static async Task Execute(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
