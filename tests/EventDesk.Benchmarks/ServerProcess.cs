using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks;

/// <summary>A server under load in a process of its own; ended with this one.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process process;
    readonly Queue<string> lastLines = new();

    ServerProcess(Process process, IPEndPoint address)
    {
        this.process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IPEndPoint Address { get; }

    /// <summary>From the start of the process to the first answer 200.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <param name="arguments">After <c>dotnet</c>; <c>{port}</c> is replaced, in the environment's values too.</param>
    public static async Task<ServerProcess> Start(
        IEnumerable<string> arguments, string ready, IEnumerable<KeyValuePair<string, string>>? environment = null, string? folder = null)
    {
        var port = FreePort();
        string Ported(string text) => text.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var info = new ProcessStartInfo("dotnet", arguments.Select(Ported))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? []) info.Environment[name] = Ported(value);
        var started = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Process.Start(info)!, new IPEndPoint(IPAddress.Loopback, port));
        try
        {
            await server.WaitFor(ready);
            server.ReadyAfter = Stopwatch.GetElapsedTime(started);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    async Task WaitFor(string path)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Address}"), Timeout = TimeSpan.FromSeconds(5) };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(5))
        {
            if (process.HasExited) throw new BenchException($"The server ended with {process.ExitCode}:\n{Log}");
            try
            {
                using var answer = await http.GetAsync(path);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or on a machine that is busy with others.
            }
        }
        throw new BenchException($"The server was not ready within a minute:\n{Log}");
    }

    /// <summary>Memory the process has in RAM, in megabytes.</summary>
    public double ResidentMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1_000_000.0;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public int Id => process.Id;

    /// <summary>As <c>kill -9</c> does.</summary>
    public void Kill() => process.Kill();

    public string Log
    {
        get
        {
            lock (lastLines) return string.Join('\n', lastLines);
        }
    }

    void Keep(string? line)
    {
        if (line is null) return;
        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > 30) lastLines.Dequeue();
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        process.Dispose();
    }
}
