using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>Someone is to be told of an event.</summary>
/// <param name="Kind">confirmation or progress.</param>
public sealed record OutboxEntry(Guid Event, long SeqId, Guid Ticket, long Version, string Kind, string Type, DateTimeOffset Recorded);

/// <summary>Reads the outbox in the order of the log.</summary>
public sealed class OutboxPages(EventStore store)
{
    const string Sql = "select id, seq_id, ticket, version, kind, type, recorded from outbox where seq_id > $1 order by seq_id limit $2";

    public async Task<IReadOnlyList<OutboxEntry>> Read(long after, int limit, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(Sql).Add(NpgsqlDbType.Bigint, after).Add(NpgsqlDbType.Integer, limit);
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<OutboxEntry> entries = [];
        while (await rows.ReadAsync(ct))
            entries.Add(new(rows.GetGuid(0), rows.GetInt64(1), rows.GetGuid(2), rows.GetInt64(3), rows.GetString(4), rows.GetString(5), new(rows.GetDateTime(6))));
        return entries;
    }
}
