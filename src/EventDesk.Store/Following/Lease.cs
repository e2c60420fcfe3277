using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store.Following;

/// <summary>What is held until it is disposed, or lost.</summary>
interface ILeased : IAsyncDisposable
{
    /// <summary>Cancelled when the connection behind it broke: another process may own the work by now.</summary>
    CancellationToken Lost { get; }
}

/// <summary>The right to be the only one who does a piece of background work. It ends with <see cref="Lost"/> or when disposed.</summary>
public sealed class Lease : ILeased
{
    readonly Leases leases;
    readonly CancellationTokenSource lost = new();

    internal Lease(Leases leases, string name, bool shared)
    {
        this.leases = leases;
        (Name, Shared) = (name, shared);
    }

    public string Name { get; }

    /// <summary>Others may hold it too: it says who takes part, and excludes nobody.</summary>
    internal bool Shared { get; }

    /// <inheritdoc/>
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
    const string TrySharedSql = "select pg_try_advisory_lock_shared($1, $2)";
    const string ReleaseSharedSql = "select pg_advisory_unlock_shared($1, $2)";

    const string HeldSql = """
        select pid = pg_backend_pid(), count(*) from pg_locks
        where locktype = 'advisory' and granted and objsubid = 2 and classid = $1 and objid = any($2)
          and database = (select oid from pg_database where datname = current_database())
        group by pid
        """;

    /// <summary>How often it is looked whether a lease has become free, or our own was lost.</summary>
    internal static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    readonly ILogger log = store.Logs.CreateLogger<Leases>();
    readonly SemaphoreSlim gate = new(1);
    readonly Dictionary<string, Lease> held = [];
    readonly CancellationTokenSource stop = new();
    NpgsqlConnection? connection;
    Task? heartbeat;

    /// <summary>The time by which it is looked.</summary>
    internal TimeProvider Time => store.Time;

    /// <summary>Does a piece of work whenever its lease is ours, until cancelled. What breaks it is logged, and it begins anew a little later.</summary>
    public Task Keep(string name, Func<CancellationToken, Task> work, TimeSpan afterTrouble, CancellationToken ct) =>
        Keep(name, stop => Acquire(name, stop), (_, owned) => work(owned), afterTrouble, ct);

    /// <summary>Does the shares of a piece of work that are ours, beside the other processes that do theirs, until cancelled.</summary>
    /// <param name="count">Into how many shares the work is cut.</param>
    public Task KeepShares(string name, int count, Func<Shares, CancellationToken, Task> work, TimeSpan afterTrouble, CancellationToken ct) =>
        Keep(name, stop => Shares.Join(this, name, count, stop), (shares, owned) => work(shares, owned), afterTrouble, ct);

    async Task Keep<T>(string name, Func<CancellationToken, Task<T>> acquire, Func<T, CancellationToken, Task> work, TimeSpan afterTrouble, CancellationToken ct)
        where T : ILeased
    {
        while (!ct.IsCancellationRequested)
            try
            {
                await using var leased = await acquire(ct);
                using var owned = CancellationTokenSource.CreateLinkedTokenSource(ct, leased.Lost);
                await work(leased, owned.Token);
            }
            catch (OperationCanceledException)
            {
                // Stopping, or the lease went to another process: the loop decides which.
            }
            catch (Exception e)
            {
                LogBroke(log, e, name);
                await Task.Delay(afterTrouble, store.Time, ct).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
    }

    /// <summary>Waits until the lease is ours; looks twice a second.</summary>
    public Task<Lease> Acquire(string name, CancellationToken ct) => Acquire(name, shared: false, ct);

    internal async Task<Lease> Acquire(string name, bool shared, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (await TryAcquire(name, shared, ct) is { } lease)
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
    public Task<Lease?> TryAcquire(string name, CancellationToken ct) => TryAcquire(name, shared: false, ct);

    internal async Task<Lease?> TryAcquire(string name, bool shared, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (held.ContainsKey(name))
                return null;
            connection ??= await store.Dedicated.OpenConnectionAsync(ct);
            heartbeat ??= Task.Run(Watch, CancellationToken.None);
            return (bool)(await Call(shared ? TrySharedSql : TrySql, name))! ? held[name] = new Lease(this, name, shared) : null;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>How many of these leases this process holds, and how many each of the others that holds any.</summary>
    internal async Task<(int Mine, List<int> Others)> Holders(IEnumerable<string> names, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (connection is null)
                return (0, []);
            await using var command = new NpgsqlCommand(HeldSql, connection) { CommandTimeout = 5 };
            command.Parameters.Add(new() { Value = (uint)Locks.Lease, NpgsqlDbType = NpgsqlDbType.Oid });
            command.Parameters.Add(new() { Value = names.Select(n => (uint)IdOf(n)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid });
            await using var rows = await command.ExecuteReaderAsync(ct);
            var mine = 0;
            List<int> others = [];
            while (await rows.ReadAsync(ct))
                if (rows.GetBoolean(0))
                    mine = (int)rows.GetInt64(1);
                else
                    others.Add((int)rows.GetInt64(1));
            return (mine, others);
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
                await Call(lease.Shared ? ReleaseSharedSql : ReleaseSql, lease.Name);
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

    int IdOf(string name) => Locks.IdOf($"{store.Options.Schema} {name}");

    async Task<object?> Call(string sql, string name)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5, Parameters = { new() { Value = Locks.Lease }, new() { Value = IdOf(name) } } };
        return await command.ExecuteScalarAsync();
    }

    [LoggerMessage(LogLevel.Warning, "The leases' connection broke; what it held may be owned elsewhere now: {Reason}")]
    static partial void LogLost(ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "The work \"{Work}\" broke; it is tried again")]
    static partial void LogBroke(ILogger log, Exception e, string work);
}
