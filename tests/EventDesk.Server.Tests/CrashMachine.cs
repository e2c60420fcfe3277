using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>A PostgreSQL cluster and a server of its own, both of which die by SIGKILL and rise again.</summary>
sealed class CrashMachine(string folder) : IAsyncDisposable
{
    readonly string data = Path.Combine(folder, "postgres");
    Process? service;
    string connectionString = "";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(20) };

    public async Task Start()
    {
        await StartPostgres();
        (await Verb("migrate")).Code.ShouldBe(0);
        var (code, output) = await Verb("token", "create", "crash", "--role", "agent");
        code.ShouldBe(0);
        Http.DefaultRequestHeaders.Authorization = new("Bearer", output.Trim());
        Http.BaseAddress = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        await StartService();
    }

    public async Task KillPostgres()
    {
        var status = await Script("status");
        var pid = status.Split(' ').First(w => w.StartsWith("pid=", StringComparison.Ordinal))[4..];
        using var postmaster = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        postmaster.Kill();
        await postmaster.WaitForExitAsync();
    }

    public async Task KillService()
    {
        service!.Kill();
        await service.WaitForExitAsync();
        service.Dispose();
        service = null;
    }

    /// <summary>Brings back whatever is dead; ready when it answers.</summary>
    public async Task Raise()
    {
        await StartPostgres();
        if (service is null || service.HasExited) await StartService();
        await Eventually.Be(IsReady, "the service is ready again", TimeSpan.FromSeconds(60));
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "eventdesk", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<(int Code, string Output)> Verb(params string[] arguments)
    {
        using var process = Launch(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
    }

    async Task StartService()
    {
        service = Launch("serve");
        service.OutputDataReceived += static (_, _) => { };
        service.ErrorDataReceived += static (_, _) => { };
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        await Eventually.Be(IsReady, "the service is ready", TimeSpan.FromSeconds(60));
    }

    async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    Process Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eventdesk.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        start.Environment["EVENTDESK_DATABASE"] = connectionString;
        start.Environment["EVENTDESK_MASTER_KEY_FILE"] = Path.Combine(folder, "master.key");
        start.Environment["EVENTDESK_ORGANISATION"] = Path.Combine(AppContext.BaseDirectory, "organisation");
        start.Environment["EVENTDESK_URLS"] = Http.BaseAddress?.ToString() ?? "";
        start.Environment["EVENTDESK_RATE_PER_SECOND"] = "0";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    /// <summary>Backends of a killed server may outlive it for a moment and keep its memory: then the start is tried again.</summary>
    async Task StartPostgres()
    {
        await Eventually.Be(async () =>
        {
            try
            {
                connectionString = (await Script("start")).Trim().Split('\n')[^1];
                return connectionString.Contains("Host=", StringComparison.Ordinal);
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }, "PostgreSQL runs", TimeSpan.FromSeconds(60));
    }

    /// <summary>What outlives the kill of processes is the system's cache, so fsync adds nothing here.</summary>
    async Task<string> Script(string verb)
    {
        string[] arguments = verb == "start" ? [verb, "--data", data, "--no-fsync"] : [verb, "--data", data];
        var start = new ProcessStartInfo(Path.Combine(Checkout.Root, "ops", "postgres"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("EVENTDESK_DATABASE");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(await errors);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (service is { HasExited: false }) await KillService();
        Http.Dispose();
        await Script("remove");
    }
}
