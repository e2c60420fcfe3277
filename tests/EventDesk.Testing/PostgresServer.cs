using System.Diagnostics;
using Npgsql;

namespace EventDesk.Testing;

/// <summary>The PostgreSQL of this test run: one given by EVENTDESK_TEST_DATABASE, or a private one started from installed binaries.</summary>
public sealed class PostgresServer
{
    public const string Variable = "EVENTDESK_TEST_DATABASE";

    static readonly Lazy<Task<PostgresServer>> Instance = new(Start);

    PostgresServer(string connectionString) => ConnectionString = connectionString;

    public static Task<PostgresServer> Shared => Instance.Value;

    /// <summary>Connection string of a superuser on the server's maintenance database.</summary>
    public string ConnectionString { get; }

    public string ConnectionStringTo(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, MaxPoolSize = 40, CommandTimeout = 60 }.ConnectionString;

    static async Task<PostgresServer> Start()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var server = new PostgresServer(string.IsNullOrWhiteSpace(given) ? await StartPrivate() : given);
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync();
            return server;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"No PostgreSQL for the tests: the one at {Shown(server.ConnectionString)} does not answer ({e.Message}). Set {Variable} to a superuser's connection string.", e);
        }
    }

    static async Task<string> StartPrivate()
    {
        var root = RepositoryRoot();
        var script = Path.Combine(root, "ops", "postgres");
        if (!File.Exists(script))
            throw Missing($"{script} does not exist");

        // Test projects run side by side: one of them starts the server, the others find it running.
        Directory.CreateDirectory(Path.Combine(root, ".data"));
        await using var guard = await Locked(Path.Combine(root, ".data", "test-postgres.lock"));
        var start = new ProcessStartInfo(script, ["start", "--data", Path.Combine(root, ".data", "test-postgres"), "--no-fsync"])
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw Missing($"{script} does not start");
        var errors = process.StandardError.ReadToEndAsync();
        var lastLine = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.Length > 0)
                lastLine = line;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && lastLine.Contains('=') ? lastLine : throw Missing((await errors).Trim());
    }

    static async Task<FileStream> Locked(string path)
    {
        for (var waited = Stopwatch.StartNew(); ;)
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromMinutes(3))
            {
                await Task.Delay(50);
            }
    }

    internal static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EventDesk.sln")))
                return folder.FullName;
        throw Missing("the checkout cannot be found above the test's folder");
    }

    static InvalidOperationException Missing(string why) =>
        new($"No PostgreSQL for the tests: {why}. Install PostgreSQL 15 or newer, or set {Variable} to a superuser's connection string.");

    static string Shown(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parts.Host}:{parts.Port}";
    }
}
