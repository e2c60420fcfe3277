using System.Diagnostics;
using System.Globalization;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>A PostgreSQL cluster of a test's own, kept by the checkout's script.</summary>
/// <param name="data">Its folder; the script may put it elsewhere where the server's user cannot get at.</param>
sealed class PrivatePostgres(string data)
{
    public string ConnectionString { get; private set; } = "";

    public string ConnectionStringTo(string database) => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    /// <summary>What outlives the kill of processes is the system's cache, so fsync adds nothing here.</summary>
    public async Task Start() => ConnectionString = (await Script("start", "--no-fsync")).Trim().Split('\n')[^1];

    public Task Stop() => Script("stop");

    public Task Remove() => Script("remove");

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        var pid = (await Script("status")).Split(' ').First(w => w.StartsWith("pid=", StringComparison.Ordinal))[4..];
        using var postmaster = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        postmaster.Kill();
        await postmaster.WaitForExitAsync();
    }

    public async Task<T> Ask<T>(string sql, string? database = null)
    {
        await using var connection = await Open(database);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Do(string sql, string? database = null)
    {
        await using var connection = await Open(database);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<NpgsqlConnection> Open(string? database = null)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionStringTo(database ?? "eventdesk")) { SearchPath = "eventdesk", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    Task<string> Script(string verb, params string[] arguments) =>
        Tool.Run(Path.Combine(Checkout.Root, "ops", "postgres"), [verb, "--data", data, .. arguments]);
}

/// <summary>Runs what is no part of the product.</summary>
static class Tool
{
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Remove("EVENTDESK_DATABASE");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(output + await errors);
    }
}
