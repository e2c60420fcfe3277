using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>Reads what a statement finds of the log, one event after the other.</summary>
internal static class LogRows
{
    public delegate void Taking(in FoldedEvent e);

    /// <summary>What the statement selects.</summary>
    public const string Columns = "seq_id, id, stream_id, version, type, timestamp, data, headers";

    public static async Task Read(NpgsqlCommand command, Taking take, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) Take(row, take);
    }

    static void Take(NpgsqlDataReader row, Taking take) => take(new FoldedEvent
    {
        SeqId = row.GetInt64(0), Id = row.GetGuid(1), Stream = row.GetGuid(2), Version = row.GetInt64(3), Type = row.GetFieldValue<byte[]>(4),
        Timestamp = new DateTimeOffset(row.GetDateTime(5)), Data = row.GetFieldValue<byte[]>(6), Headers = row.GetFieldValue<byte[]>(7),
    });
}
