using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using Npgsql;

namespace EventDesk.Service.Tickets;

/// <summary>A ticket that another one names: as much as a link to it needs.</summary>
public sealed record RelatedTicket(Guid Id, long Number, Status Status);

public sealed partial class TicketDesk
{
    /// <summary>So many merged tickets are read with one; whoever merges more reads on at their own.</summary>
    public const int MostMerged = 50;

    const string RelatedSql = "select id, number, status, desk, line, customer from ticket where id = any($1) order by number";

    /// <summary>Those of the tickets that are within reach, by number.</summary>
    public async Task<IReadOnlyList<RelatedTicket>> Related(IReadOnlyCollection<Guid> tickets, Asker who, CancellationToken ct)
    {
        if (tickets.Count == 0 || Policy.Decide(who.Principal, Operation.ReadTicket) is not { } grant)
            return [];
        await using var command = store.DataSource.CreateCommand(RelatedSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. tickets] });
        await using var row = await command.ExecuteReaderAsync(ct);
        List<RelatedTicket> related = [];
        while (await row.ReadAsync(ct))
            if (grant.Reach.Covers(new(new DeskId(row.GetString(3)), (SupportLine)row.GetInt16(4), new CustomerId(row.GetGuid(5)))))
                related.Add(new(row.GetGuid(0), row.GetInt64(1), (Status)row.GetInt16(2)));
        return related;
    }
}
