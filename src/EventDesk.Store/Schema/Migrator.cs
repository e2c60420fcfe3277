using System.Reflection;
using Npgsql;

namespace EventDesk.Store.Schema;

/// <summary>One forward step of the schema.</summary>
/// <param name="Name">Unique and final, with its number: <c>tokens_001</c>.</param>
public sealed record Migration(string Name, string Sql);

/// <summary>The database was made by a newer program than this one.</summary>
public sealed class SchemaTooNewException(string message) : Exception(message);

/// <summary>Brings the database to this program's schema: each script once, in order, all in one transaction, one process at a time.</summary>
public static class Migrator
{
    const string AppliedSql = "select name from schema_version";
    const string RecordSql = "insert into schema_version (name) values ($1)";
    const string VersionTableSql = """
        create table if not exists schema_version (
          name text primary key,
          applied timestamptz not null default now()
        )
        """;

    public static Task Run(NpgsqlDataSource dataSource, EventStoreOptions options, CancellationToken ct) =>
        Run(dataSource, options, [], ct);

    /// <param name="extra">Scripts of the service, for tables that no replay can build again.</param>
    /// <exception cref="SchemaTooNewException">The database holds steps this program does not know.</exception>
    public static async Task Run(NpgsqlDataSource dataSource, EventStoreOptions options, IReadOnlyList<Migration> extra, CancellationToken ct)
    {
        List<Migration> all = [.. Own(), .. extra];
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        if ((await Missing(connection, options.Schema, all, ct)).Count == 0)
            return;

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Execute(connection, "set local statement_timeout = 0; set local lock_timeout = 0", ct);
        await Execute(connection, $"select pg_advisory_xact_lock({Locks.Migrate})", ct);
        await Execute(connection, $"create schema if not exists {options.Schema}; set local search_path to {options.Schema}", ct);
        await Execute(connection, VersionTableSql, ct);
        foreach (var migration in await Missing(connection, options.Schema, all, ct))
        {
            await Execute(connection, migration.Sql, ct);
            await using var record = new NpgsqlCommand(RecordSql, connection) { Parameters = { new() { Value = migration.Name } } };
            await record.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    internal static IEnumerable<Migration> Own()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string folder = "EventDesk.Store.Schema.";
        return
            from resource in assembly.GetManifestResourceNames()
            where resource.StartsWith(folder, StringComparison.Ordinal) && resource.EndsWith(".sql", StringComparison.Ordinal)
            orderby resource
            select new Migration(resource[folder.Length..^4], new StreamReader(assembly.GetManifestResourceStream(resource)!).ReadToEnd());
    }

    static async Task<List<Migration>> Missing(NpgsqlConnection connection, string schema, List<Migration> all, CancellationToken ct)
    {
        await using var known = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = $"{schema}.schema_version" } } };
        if (!(bool)(await known.ExecuteScalarAsync(ct))!)
            return all;

        var applied = new HashSet<string>();
        await using var select = new NpgsqlCommand(AppliedSql.Replace("schema_version", $"{schema}.schema_version"), connection);
        await using (var reader = await select.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                applied.Add(reader.GetString(0));

        var unknown = applied.Except(all.Select(m => m.Name)).Order().ToList();
        return unknown.Count == 0
            ? all.FindAll(m => !applied.Contains(m.Name))
            : throw new SchemaTooNewException(
                $"The database is newer than this program: it holds {string.Join(", ", unknown)}, which this program does not know. Start the newer program.");
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
