using System.Net;
using System.Net.Sockets;

namespace EventDesk.Web.Tests;

/// <summary>A line between a browser and the server that can be cut, with everything on it, and mended.</summary>
sealed class Line : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly Uri server;
    readonly Lock gate = new();
    readonly List<TcpClient> open = [];
    readonly Task accepting;
    bool whole = true;

    public Line(string server)
    {
        this.server = new(server);
        listener.Start();
        accepting = Accept();
    }

    public string Address => $"http://{listener.LocalEndpoint}";

    /// <summary>Connections that are open now; each has two ends.</summary>
    public int Open
    {
        get
        {
            lock (gate) return open.Count / 2;
        }
    }

    public void Cut()
    {
        lock (gate)
        {
            whole = false;
            open.ForEach(c => c.Close());
            open.Clear();
        }
    }

    public void Mend()
    {
        lock (gate) whole = true;
    }

    async Task Accept()
    {
        while (!end.IsCancellationRequested)
        {
            var near = await listener.AcceptTcpClientAsync(end.Token);
            var far = new TcpClient();
            lock (gate)
            {
                if (whole) open.AddRange([near, far]);
                else near.Close();
                if (!whole) continue;
            }
            _ = Carry(near, far);
        }
    }

    async Task Carry(TcpClient near, TcpClient far)
    {
        try
        {
            await far.ConnectAsync(server.Host, server.Port, end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), end.Token), far.GetStream().CopyToAsync(near.GetStream(), end.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // It was cut.
        }
        lock (gate)
        {
            open.Remove(near);
            open.Remove(far);
        }
        near.Close();
        far.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        Cut();
        listener.Dispose();
        await accepting.ContinueWith(static _ => { }, TaskScheduler.Default);
        end.Dispose();
    }
}
