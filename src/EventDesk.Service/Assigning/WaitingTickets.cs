using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Assigning;

/// <summary>An unassigned ticket.</summary>
/// <param name="Team">The team it was sent to; null: any of its line.</param>
public sealed record WaitingTicket(Guid Id, long Version, string Desk, SupportLine Line, string? Team)
{
    /// <summary>Those of <paramref name="teams"/> it may go to: the one it was sent to, or all of its line.</summary>
    public IReadOnlyList<Team> For(IEnumerable<Team> teams)
    {
        var onLine = teams.Where(t => t.Desk == Desk && t.Line == Line).ToList();
        return onLine.Find(t => t.Id == Team) is { } sentTo ? [sentTo] : onLine;
    }
}

/// <summary>What waits for somebody to take it, in the queues' total order.</summary>
public sealed class WaitingTickets(EventStore store)
{
    // A team that is gone, retired, or on another line keeps no ticket from the others: only teams that take tickets themselves are left theirs.
    const string OldestSql = """
        select w.id, w.version, m.desk, m.line, w.team
        from unnest($1::text[], $2::smallint[]) as m (desk, line) cross join lateral (
          select id, version, team, due, severity, opened_at from ticket
          where desk = m.desk and line = m.line and place = 1 and (team is null or m.desk || ' ' || m.line || ' ' || team <> all($3::text[]))
          order by due, severity, opened_at, id limit $4) w
        order by w.due, w.severity, w.opened_at, w.id limit $4
        """;

    /// <summary>The oldest of what waits for these teams.</summary>
    /// <param name="organisation">Whose other teams keep what was sent to them.</param>
    public async Task<IReadOnlyList<WaitingTicket>> Oldest(IReadOnlyCollection<Team> teams, SupportOrganisation organisation, int limit, CancellationToken ct)
    {
        if (teams.Count == 0)
            return [];
        var lines = teams.Select(t => (t.Desk, t.Line)).Distinct().ToArray();
        var others = (organisation.Teams ?? []).Where(t => !t.Retired && teams.All(mine => mine.Id != t.Id)).Select(t => $"{t.Desk} {(short)t.Line} {t.Id}").ToArray();
        await using var command = store.DataSource.CreateCommand(OldestSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(lines, l => l.Desk) });
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = Array.ConvertAll(lines, l => (short)l.Line) });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = others });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var row = await command.ExecuteReaderAsync(ct);
        List<WaitingTicket> waiting = [];
        while (await row.ReadAsync(ct))
            waiting.Add(new(row.GetGuid(0), row.GetInt64(1), row.GetString(2), (SupportLine)row.GetInt16(3), row.IsDBNull(4) ? null : row.GetString(4)));
        return waiting;
    }
}
