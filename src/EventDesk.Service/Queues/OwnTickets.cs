using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Queues;

/// <summary>A ticket as its requester's list shows it.</summary>
public sealed record OwnTicket(Guid Id, long Number, long Version, string? Subject, string Desk, Status Status, DateTimeOffset OpenedAt);

/// <summary>The tickets of one customer, newest first.</summary>
public sealed class OwnTickets(EventStore store, SubjectCache subjects)
{
    const string PageSql = """
        select id, number, version, subject, desk, status, opened_at
        from ticket
        where customer = $1 and (opened_at, id) < ($2, $3)
        order by opened_at desc, id desc
        limit $4
        """;

    static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <param name="before">The last ticket of the page before; null: from the newest.</param>
    public async Task<IReadOnlyList<OwnTicket>> Page(CustomerId customer, (DateTimeOffset OpenedAt, Guid Id)? before, int limit, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(PageSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customer.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = before?.OpenedAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = before?.Id ?? Last });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        List<(OwnTicket Ticket, byte[]? Subject)> rows = [];
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct))
                rows.Add((
                    new(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), null, row.GetString(4), (Status)row.GetInt16(5), row.GetFieldValue<DateTimeOffset>(6)),
                    row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)));
        var texts = await subjects.Of(rows.ConvertAll(r => (r.Ticket.Id, r.Subject)), ct);
        return [.. rows.Select((r, i) => r.Ticket with { Subject = texts[i] })];
    }
}
