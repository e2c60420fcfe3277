using EventDesk.Domain.Organisation;
using EventDesk.Service.Organising;
using EventDesk.Store;
using NodaTime;
using Npgsql;

namespace EventDesk.Service.Assigning;

/// <summary>
/// The right to give one agent something. While it is held nobody else, in any process, gives that agent a ticket or changes whether the agent
/// is away; so what it says stays true until it is given back, and capacity cannot be exceeded by two who count at once.
/// </summary>
public sealed class Seat : IAsyncDisposable
{
    readonly NpgsqlConnection connection;
    readonly SemaphoreSlim limit;

    internal Seat(NpgsqlConnection connection, SemaphoreSlim limit, RosterAgent? agent, bool atWork, int open, bool away) =>
        (this.connection, this.limit, Agent, AtWork, Open, Away) = (connection, limit, agent, atWork, open, away);

    /// <summary>As the roster has the agent now; null when it has none, or no more.</summary>
    public RosterAgent? Agent { get; }

    /// <summary>Inside the agent's own hours, or without any.</summary>
    public bool AtWork { get; }

    /// <summary>Open tickets the agent has, those that wait included.</summary>
    public int Open { get; }

    public bool Away { get; }

    public bool HasRoom => Agent is not null && Open < Agent.Capacity;

    /// <summary>May be given a ticket unasked.</summary>
    public bool TakesMore => HasRoom && AtWork && !Away;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync(); // ends the transaction, and with it the lock
        }
        finally
        {
            limit.Release();
        }
    }
}

/// <summary>Gives out seats, one at a time for each agent.</summary>
public sealed class Seats(EventStore store, OrganisationBook organisation, TimeProvider clock) : IDisposable
{
    /// <summary>First half of the two-part lock behind every seat.</summary>
    const int LockSpace = 0x45_44_56;

    const string LockSql = "select pg_advisory_xact_lock($1, $2)";

    // A statement of its own, behind the lock: its snapshot holds what the last holder did.
    const string LoadSql = """
        select (select count(*) from ticket where agent = $1 and place is not null), coalesce((select away from agent_presence where agent = $1), false)
        """;

    /// <summary>Each holds a connection while it waits for an append, which needs others.</summary>
    readonly SemaphoreSlim limit = new(16);

    public async Task<Seat> Take(string agent, CancellationToken ct)
    {
        await limit.WaitAsync(ct);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await store.DataSource.OpenConnectionAsync(ct);
            await connection.BeginTransactionAsync(ct);
            var (open, away) = await Load(connection, agent, ct);
            var known = organisation.Now.FindAgent(agent) is { Retired: false } found ? found : null;
            var atWork = known is not null && organisation.History.IsAtWork(known, Instant.FromDateTimeOffset(clock.GetUtcNow()));
            return new Seat(connection, limit, known, atWork, open, away);
        }
        catch
        {
            if (connection is not null)
                await connection.DisposeAsync();
            limit.Release();
            throw;
        }
    }

    public void Dispose() => limit.Dispose();

    static async Task<(int Open, bool Away)> Load(NpgsqlConnection connection, string agent, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(LockSql)
                {
                    Parameters = { new NpgsqlParameter<int> { TypedValue = LockSpace }, new NpgsqlParameter<int> { TypedValue = Locks.IdOf(agent) } },
                },
                new NpgsqlBatchCommand(LoadSql) { Parameters = { new NpgsqlParameter<string> { TypedValue = agent } } },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.NextResultAsync(ct);
        await row.ReadAsync(ct);
        return ((int)row.GetInt64(0), row.GetBoolean(1));
    }
}
