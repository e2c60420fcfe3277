using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>
/// Short messages between the processes on one database. Nothing keeps them: who does not listen at that moment never hears of them, so say
/// only what is said again soon. Heard while a <see cref="FollowerHost"/> runs.
/// </summary>
public sealed class Notices(EventStore store)
{
    internal const string Channel = "eventdesk_notices";
    const string SendSql = "select pg_notify($1, $2)";

    /// <summary>UTF-8 bytes of a message. PostgreSQL takes less than 8,000 with what stands before it.</summary>
    public const int MostBytes = 7_000;

    readonly string sender = Guid.CreateVersion7().ToString("N");

    Action<string>? heard;

    /// <summary>Gives on what other processes send; this one does not hear itself.</summary>
    public void Listen(Action<string> hear) => heard += hear;

    public void Unlisten(Action<string> hear) => heard -= hear;

    /// <exception cref="NpgsqlException">The database is away, and nobody was told.</exception>
    public async Task Send(string message, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(SendSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"{store.Options.Schema} {sender} {message}" });
        await command.ExecuteNonQueryAsync(ct);
    }

    internal void Hear(string payload)
    {
        if (payload.Split(' ', 3) is [var schema, var from, var message] && schema == store.Options.Schema && from != sender)
            heard?.Invoke(message);
    }
}
