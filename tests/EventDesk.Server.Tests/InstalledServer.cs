using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>The program as installed: each verb and the server a process of its own, on one database and one key file.</summary>
sealed class InstalledServer(string folder, string keyFile) : IAsyncDisposable
{
    Process? service;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(20), BaseAddress = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}"),
    };

    public string Database { get; set; } = "";
    public string KeyFile => keyFile;

    /// <summary>Where telemetry goes; null: nowhere.</summary>
    public Uri? Telemetry { get; init; }

    /// <summary>What the server wrote to its console.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public bool Runs => service is { HasExited: false };

    public async Task<(int Code, string Output)> Verb(params string[] arguments)
    {
        using var process = Launch(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
    }

    public async Task<string> Token(string name, params string[] roles)
    {
        var (code, output) = await Verb(["token", "create", name, .. roles.SelectMany(r => new[] { "--role", r })]);
        code.ShouldBe(0, output);
        return output.Trim().Split('\n')[^1].Trim();
    }

    /// <summary>Begins to serve; ready when it answers.</summary>
    public async Task Start()
    {
        service = Launch("serve");
        service.OutputDataReceived += (_, line) => Lines.Enqueue(line.Data ?? "");
        service.ErrorDataReceived += (_, line) => Lines.Enqueue(line.Data ?? "");
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        await Eventually.Be(IsReady, "the service is ready", TimeSpan.FromSeconds(60));
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        service!.Kill();
        await service.WaitForExitAsync();
        service.Dispose();
        service = null;
    }

    public async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException)
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
        start.Environment["EVENTDESK_DATABASE"] = Database;
        start.Environment["EVENTDESK_MASTER_KEY_FILE"] = keyFile;
        start.Environment["EVENTDESK_ORGANISATION"] = Path.Combine(AppContext.BaseDirectory, "organisation");
        start.Environment["EVENTDESK_URLS"] = Http.BaseAddress!.ToString();
        start.Environment["EVENTDESK_RATE_PER_SECOND"] = "0";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        if (Telemetry is not null)
            start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.ToString();
        return Process.Start(start)!;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (Runs) await Kill();
        Http.Dispose();
    }
}
