using System.Diagnostics;
using System.Globalization;
using EventDesk.Benchmarks.Load;
using Npgsql;

namespace EventDesk.Benchmarks;

/// <summary>A PostgreSQL of its own for the measurement: fsync on, default durability, and its client programs.</summary>
sealed class Cluster
{
    const string Data = ".data/bench-postgres";

    /// <summary>256 clients of pgbench beside the idle pool of the server.</summary>
    const int Connections = 450;

    readonly NpgsqlConnectionStringBuilder connection;
    readonly string? binaries;

    Cluster(string connectionString, string? binaries)
    {
        connection = new NpgsqlConnectionStringBuilder(connectionString);
        this.binaries = binaries;
    }

    public string Host => connection.Host!;
    public int Port => connection.Port;
    public string User => connection.Username!;

    /// <exception cref="BenchException">There is none, or it would answer before data are on disk.</exception>
    public static async Task<Cluster> Start(string root)
    {
        var connectionString = await StartServer(root);
        await using (var c = await Open(connectionString))
            if (int.Parse(await Text(c, "show max_connections"), CultureInfo.InvariantCulture) < Connections)
            {
                await Run(c, $"alter system set max_connections = {Connections}");
                await Script(root, "stop");
                connectionString = await StartServer(root);
            }
        return await Checked(connectionString);
    }

    static async Task<string> StartServer(string root) => (await Script(root, "start")).Trim().Split('\n')[^1];

    static Task<string> Script(string root, string verb) =>
        Command.Run(Path.Combine(root, "ops", "postgres"), [verb, "--data", Path.Combine(root, Data)], []);

    static async Task<Cluster> Checked(string connectionString)
    {
        await using var c = await Open(connectionString);
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            if (await Text(c, $"show {setting}") != "on") throw new BenchException($"The cluster runs with {setting} off: its figures would mean nothing.");
        var bin = Path.Combine(Path.GetDirectoryName(await Text(c, "show data_directory"))!, "bin");
        return new Cluster(connectionString, File.Exists(bin) ? (await File.ReadAllTextAsync(bin)).Trim() : null);
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = database }.ConnectionString;

    public async Task Recreate(string database)
    {
        await Execute(connection.Database!, $"drop database if exists {database} with (force)");
        await Execute(connection.Database!, $"create database {database}");
    }

    public async Task Execute(string database, string sql)
    {
        await using var c = await Open(ConnectionString(database));
        await Run(c, sql);
    }

    public async Task<T> Ask<T>(string database, string sql)
    {
        await using var c = await Open(ConnectionString(database));
        await using var command = new NpgsqlCommand(sql, c) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs one of PostgreSQL's client programs, of the same version as the server where it brings one.</summary>
    public Task<string> Tool(string name, IReadOnlyList<string> arguments)
    {
        var own = binaries is null ? name : Path.Combine(binaries, name);
        return Command.Run(File.Exists(own) ? own : name, arguments, [new("PGPASSWORD", connection.Password ?? "")]);
    }

    public Task<string> Psql(string database, string command) =>
        Tool("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", Host, "-p", $"{Port}", "-U", User, "-d", database, "-c", command]);

    const string BackendsSql = "select coalesce(string_agg(pid::text, ' '), '') from pg_stat_activity where datname = current_database() and application_name like 'eventdesk%'";

    /// <summary>The kernel's account of the processes that serve the database's connections, in hundredths of a second.</summary>
    public async Task<TimeSpan> BackendTime(string database)
    {
        var ticks = 0L;
        foreach (var pid in (await Ask<string>(database, BackendsSql)).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }
        return TimeSpan.FromMilliseconds(ticks * 10);
    }

    static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var c = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await c.OpenAsync();
        return c;
    }

    static async Task Run(NpgsqlConnection c, string sql)
    {
        await using var command = new NpgsqlCommand(sql, c) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    static async Task<string> Text(NpgsqlConnection c, string sql)
    {
        await using var command = new NpgsqlCommand(sql, c);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>Another program, run to its end.</summary>
static class Command
{
    /// <returns>What it wrote to its output.</returns>
    /// <exception cref="BenchException">It is not there, or it ended with an error.</exception>
    public static async Task<string> Run(string program, IReadOnlyList<string> arguments, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        using var process = Start(info);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new BenchException($"{program} ended with {process.ExitCode}: {output}\n{await errors}");
    }

    static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BenchException($"{info.FileName} cannot be run ({e.Message}). pgbench and psql come with PostgreSQL's server packages.");
        }
    }
}
