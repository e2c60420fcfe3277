using Npgsql;

namespace EventDesk.Service.Tickets;

/// <summary>
/// Short numbers for people, never given twice. A process takes them in blocks; what is left of a block when it ends is lost,
/// so numbers have gaps but never repeat.
/// </summary>
public sealed class TicketNumbers(NpgsqlDataSource database, int block = 32) : IDisposable
{
    const string TakeSql = "update ticket_number set next = next + $1 returning next - $1";

    readonly SemaphoreSlim gate = new(1, 1);
    long next, end;

    public async ValueTask<long> Next(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (next == end)
                (next, end) = await Take(block, ct);
            return next++;
        }
        finally { gate.Release(); }
    }

    async Task<(long, long)> Take(int count, CancellationToken ct)
    {
        await using var command = database.CreateCommand(TakeSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = count });
        var first = (long)(await command.ExecuteScalarAsync(ct))!;
        return (first, first + count);
    }

    /// <summary>Takes a block in the caller's transaction: it is given back when that fails.</summary>
    /// <returns>The first of <paramref name="count"/> numbers.</returns>
    public static async Task<long> Take(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(TakeSql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = count });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    public void Dispose() => gate.Dispose();
}
