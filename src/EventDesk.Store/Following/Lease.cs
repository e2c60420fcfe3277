using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>The right to be the only one who does a piece of background work. It ends with <see cref="Lost"/> or when disposed.</summary>
public sealed class Lease : IAsyncDisposable
{
    readonly Leases leases;
    readonly CancellationTokenSource lost = new();

    internal Lease(Leases leases, string name)
    {
        this.leases = leases;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Cancelled when the connection behind the lease broke: another process may own the work by now.</summary>
    public CancellationToken Lost => lost.Token;

    internal Task Lose() => lost.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await leases.Release(this);
        lost.Dispose();
    }
}

/// <summary>
/// Leases are session advisory locks on one connection of their own: when the process dies, the server closes the session and the next process takes over.
/// </summary>
public sealed partial class Leases(EventStore store) : IAsyncDisposable
{
    const string TrySql = "select pg_try_advisory_lock($1, $2)";
    const string ReleaseSql = "select pg_advisory_unlock($1, $2)";

    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    readonly ILogger log = store.Logs.CreateLogger<Leases>();
    readonly SemaphoreSlim gate = new(1);
    readonly Dictionary<string, Lease> held = [];
    readonly CancellationTokenSource stop = new();
    NpgsqlConnection? connection;
    Task? heartbeat;

    /// <summary>Waits until the lease is ours; looks twice a second.</summary>
    public async Task<Lease> Acquire(string name, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (await TryAcquire(name, ct) is { } lease)
                    return lease;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogLost(log, e.Message);
                await Break();
            }
            await Task.Delay(Beat, store.Time, ct);
        }
    }

    /// <summary>The lease, or null while another process (or another part of this one) holds it.</summary>
    public async Task<Lease?> TryAcquire(string name, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (held.ContainsKey(name))
                return null;
            connection ??= await store.Dedicated.OpenConnectionAsync(ct);
            heartbeat ??= Task.Run(Watch, CancellationToken.None);
            return (bool)(await Call(TrySql, name))! ? held[name] = new Lease(this, name) : null;
        }
        finally
        {
            gate.Release();
        }
    }

    internal async Task Release(Lease lease)
    {
        await gate.WaitAsync();
        try
        {
            if (held.GetValueOrDefault(lease.Name) == lease && held.Remove(lease.Name) && connection is not null)
                await Call(ReleaseSql, lease.Name);
        }
        catch (Exception e)
        {
            LogLost(log, e.Message); // the lock went with its session
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (heartbeat is not null)
            await heartbeat;
        await Break();
        stop.Dispose();
        gate.Dispose();
    }

    /// <summary>Finds out soon that the session is gone, also when nobody asks for a lease.</summary>
    async Task Watch()
    {
        using var timer = new PeriodicTimer(Beat, store.Time);
        while (!stop.IsCancellationRequested)
            try
            {
                await timer.WaitForNextTickAsync(stop.Token);
                await gate.WaitAsync(stop.Token);
                try
                {
                    if (connection is not null)
                    {
                        await using var ping = new NpgsqlCommand("select 1", connection) { CommandTimeout = 5 };
                        await ping.ExecuteNonQueryAsync(stop.Token);
                    }
                }
                finally
                {
                    gate.Release();
                }
            }
            catch (Exception e)
            {
                if (stop.IsCancellationRequested)
                    return;
                LogLost(log, e.Message);
                await Break();
            }
    }

    async Task Break()
    {
        await gate.WaitAsync();
        try
        {
            foreach (var lease in held.Values)
                await lease.Lose();
            held.Clear();
            if (connection is { } broken)
            {
                connection = null;
                await broken.DisposeAsync();
            }
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<object?> Call(string sql, string name)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5, Parameters = { new() { Value = Locks.Lease }, new() { Value = Locks.IdOf($"{store.Options.Schema} {name}") } } };
        return await command.ExecuteScalarAsync();
    }

    [LoggerMessage(LogLevel.Warning, "The leases' connection broke; what it held may be owned elsewhere now: {Reason}")]
    static partial void LogLost(ILogger log, string reason);
}
