using Npgsql;

namespace EventDesk.Service.Tickets;

/// <summary>
/// Short numbers for people, never given twice. A process takes them in blocks, the next one while half of the last is left, so that nobody
/// who opens a ticket waits for it; what is left of a block when the process ends is lost, so numbers have gaps but never repeat.
/// </summary>
public sealed class TicketNumbers(NpgsqlDataSource database, int block = 64)
{
    const string TakeSql = "update ticket_number set next = next + $1 returning next - $1";

    // Need not wait for the disk: the commit of the first ticket with one of these numbers stands behind it in the log and brings it there.
    const string RelaxedSql = "set local synchronous_commit = off";

    readonly Lock gate = new();
    long next, end;
    long? arrived;
    Task? coming;

    public async ValueTask<long> Next(CancellationToken ct)
    {
        while (true)
        {
            Task wanted;
            lock (gate)
            {
                if (next == end && arrived is { } first)
                    (next, end, arrived) = (first, first + block, null);
                if (end - next <= block / 2 && arrived is null && (coming is null || coming.IsCompleted))
                    coming = Task.Run(TakeBlock, CancellationToken.None);
                if (next < end)
                    return next++;
                wanted = coming!;
            }
            await wanted.WaitAsync(ct);
        }
    }

    async Task TakeBlock()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("begin"), new(RelaxedSql), new(TakeSql) { Parameters = { new NpgsqlParameter<long> { TypedValue = block } } }, new("commit"),
            },
        };
        var first = (long)(await batch.ExecuteScalarAsync())!;
        lock (gate)
            arrived = first;
    }

    /// <summary>Takes a block in the caller's transaction: it is given back when that fails.</summary>
    /// <returns>The first of <paramref name="count"/> numbers.</returns>
    public static async Task<long> Take(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(TakeSql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = count });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
