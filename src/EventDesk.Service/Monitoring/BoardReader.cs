using EventDesk.Domain;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Service.Views;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Monitoring;

/// <summary>What a page of the log did to the board.</summary>
/// <param name="More">There may be more behind it.</param>
/// <param name="Stale">Rows have changed without an event, since opening hours did: the board has to be loaded anew.</param>
readonly record struct BoardPage(bool More, bool Stale);

/// <summary>Makes the board from the queues' rows, and keeps it up with the log: a page costs one round trip, whatever the number of tickets.</summary>
sealed class BoardReader(EventStore store)
{
    const int PageSize = 1000;

    const string PositionSql = """
        select (select last_seq_id from mt_event_progression where name = $1), coalesce((select max(seq_id) from mt_events), 0),
          coalesce((select last_seq_id from mt_event_progression where name = $2), 0)
        """;

    const string OpenSql = "select id, desk, line, agent, place, sla, opened_at from ticket where place is not null order by opened_at";

    const string SolvedSql = """
        select f.product || '/' || f.language, c.line, c.resolver, f.first_resolved_at, f.opened_at
        from ticket_fact f join ticket_cycle c on c.ticket = f.ticket and c.version = f.first_resolved_version
        where f.first_resolved_at >= $1
        order by f.first_resolved_at
        """;

    /// <summary>
    /// One statement, so that events and rows are of one moment. A first resolution is told by its cycle; an imported case may have been closed instead.
    /// Other streams' events have no row, and pass by.
    /// </summary>
    const string TailSql = """
        select e.seq_id, e.stream_id, t.id is not null, t.desk, t.line, t.agent, t.place, t.sla, t.opened_at,
          case when e.type = 'ticket_resolved' and (e.data->>'cycle')::int = 1 or e.type = 'ticket_closed' and not exists (
            select from mt_events b where b.stream_id = e.stream_id and b.version < e.version and b.type in ('ticket_resolved', 'ticket_merged'))
            then coalesce((e.headers->>'occurred')::timestamptz, e.timestamp) end,
          case when e.headers->>'role' <> 'customer' then e.headers->>'actor' end
        from (select seq_id, stream_id, version, type, timestamp, headers, data from mt_events where seq_id > $1 order by seq_id limit $2) e
          left join ticket t on t.id = e.stream_id
        order by e.seq_id
        """;

    const string SweptSql = "select last_seq_id from mt_event_progression where name = $1";

    static readonly string Facts = new TicketFacts().ProgressionName;

    long swept;

    /// <param name="since">Resolutions from this instant on are in it.</param>
    public async Task<OpenBoard> Load(DateTime since, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var (facts, last) = await Position(connection, ct);
        // What was solved is known as far as the facts go; from there on the log tells it. What is open is read as of now: to be told of it again is harmless.
        var board = new OpenBoard(facts ?? last);
        await Open(connection, board, ct);
        if (facts is not null)
            await Solved(connection, board, since, ct);
        return board;
    }

    async Task<(long? Facts, long Last)> Position(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(PositionSql, connection) { Parameters = { new() { Value = Facts }, new() { Value = HourSweep.Swept } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        swept = row.GetInt64(2);
        return (row.IsDBNull(0) ? null : row.GetInt64(0), row.GetInt64(1));
    }

    static async Task Open(NpgsqlConnection connection, OpenBoard board, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(OpenSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        var names = new Interned();
        while (await row.ReadAsync(ct))
            board.Put(row.GetGuid(0), new BoardTicket(SpotOf(row, 1, names), (Place)row.GetInt16(4), row.IsDBNull(5) ? null : (ClockState)row.GetInt16(5), row.GetDateTime(6)));
    }

    static async Task Solved(NpgsqlConnection connection, OpenBoard board, DateTime since, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SolvedSql, connection) { Parameters = { new NpgsqlParameter<DateTime> { TypedValue = since } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        var names = new Interned();
        while (await row.ReadAsync(ct))
            board.Solve(SpotOf(row, 0, names), SolvedOf(row.GetDateTime(3), row.GetDateTime(4)));
    }

    /// <summary>Takes the next page of the log into the board.</summary>
    public async Task<BoardPage> Follow(OpenBoard board, CancellationToken ct)
    {
        await using var batch = store.DataSource.CreateBatch();
        batch.BatchCommands.Add(new(SweptSql) { Parameters = { new() { Value = HourSweep.Swept } } });
        batch.BatchCommands.Add(new(TailSql)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = board.UpTo }, new NpgsqlParameter<int> { TypedValue = PageSize } },
        });
        await using var row = await batch.ExecuteReaderAsync(ct);
        var stale = await row.ReadAsync(ct) && row.GetInt64(0) != swept;
        await row.NextResultAsync(ct);
        List<Told> page = [];
        var names = new Interned();
        while (await row.ReadAsync(ct))
            page.Add(Tell(row, names));
        lock (board)
            foreach (var told in page)
                Take(board, told);
        return new(page.Count == PageSize, stale);
    }

    /// <summary>An event and how its ticket stands; without a spot it was none of a ticket.</summary>
    readonly record struct Told(long SeqId, Guid Stream, Spot? Spot, BoardTicket? Open, AgentId? By, Solved? Solved);

    static Told Tell(NpgsqlDataReader row, Interned names)
    {
        var told = new Told(row.GetInt64(0), row.GetGuid(1), null, null, null, null);
        if (!row.GetBoolean(2))
            return told;
        var (spot, openedAt) = (SpotOf(row, 3, names), row.GetDateTime(8));
        return told with
        {
            Spot = spot,
            Open = row.IsDBNull(6) ? null : new BoardTicket(spot, (Place)row.GetInt16(6), row.IsDBNull(7) ? null : (ClockState)row.GetInt16(7), openedAt),
            By = row.IsDBNull(10) ? null : new AgentId(names.Of(row.GetString(10))),
            Solved = row.IsDBNull(9) ? null : SolvedOf(row.GetDateTime(9), openedAt),
        };
    }

    static void Take(OpenBoard board, Told told)
    {
        board.UpTo = told.SeqId;
        if (told.Spot is not { } spot) return;
        board.Put(told.Stream, told.Open);
        if (told.Solved is { } solved) board.Solve(spot with { Agent = told.By }, solved);
    }

    static Solved SolvedOf(DateTime at, DateTime openedAt) => new(at, at > openedAt ? at - openedAt : TimeSpan.Zero);

    /// <summary>Desk, line and agent from three columns.</summary>
    static Spot SpotOf(NpgsqlDataReader row, int first, Interned names) => new(
        new DeskId(names.Of(row.GetString(first))), (SupportLine)row.GetInt16(first + 1), row.IsDBNull(first + 2) ? null : new AgentId(names.Of(row.GetString(first + 2))));

    /// <summary>One string for each name, not one for each ticket.</summary>
    sealed class Interned
    {
        readonly Dictionary<string, string> known = [];

        public string Of(string name)
        {
            if (!known.TryGetValue(name, out var kept))
                known.Add(name, kept = name);
            return kept;
        }
    }
}
