using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Queues;

/// <summary>Which of the open tickets someone wants to see.</summary>
/// <param name="Places">Empty: every place.</param>
/// <param name="Agent">Only tickets this agent has.</param>
/// <param name="Callbacks">Only those on which a call back is owed, whatever their place; in the order in which the calls are due.</param>
public sealed record QueueFilter(IReadOnlyList<Place> Places, DeskId? Desk = null, SupportLine? Line = null, AgentId? Agent = null, bool Callbacks = false);

/// <summary>Where a page ended; the next one begins right behind it, whatever was added or removed meanwhile.</summary>
public sealed record QueuePosition(DateTime Due, short Severity, DateTime OpenedAt, Guid Id)
{
    public static readonly QueuePosition Start = new(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), short.MinValue, DateTime.UnixEpoch, Guid.Empty);
}

/// <summary>A ticket as a queue shows it.</summary>
public sealed record QueueRow(
    Guid Id, long Number, long Version, string? Subject, string Desk, SupportLine Line, Place Place, Severity? Severity,
    string? Agent, DateTimeOffset? Due, DateTimeOffset OpenedAt, QueuedCallback? Callback = null, bool Collected = false);

/// <summary>A call back that is owed.</summary>
/// <param name="Due">Null: it is not timed, or nobody can say.</param>
public sealed record QueuedCallback(DateTimeOffset Since, int Attempts, DateTimeOffset? Due);

/// <param name="Next">Where to go on; null on the last page.</param>
public sealed record QueuePage(IReadOnlyList<QueueRow> Rows, QueuePosition? Next);

public sealed record QueueCount(DeskId Desk, SupportLine Line, Place Place, long Count);

/// <summary>
/// The queues, in their total order (due, severity, age, id). A page costs the same whatever the number of tickets: each
/// combination of desk, line and place it covers gives its first rows from the index, and the best of these are the page.
/// </summary>
public sealed class TicketQueues(EventStore store, SubjectCache subjects)
{
    const string Before = "t.id, t.number, t.version, t.subject, t.desk, t.line, t.place, t.severity, t.agent";
    const string Behind = "t.opened_at, t.callback_since, t.callback_attempts, t.callback_due, t.collected";

    /// <summary>A row of a page, of the table <c>ticket t</c>.</summary>
    internal const string Columns = $"{Before}, t.due, {Behind}";

    /// <summary>All that is open of some desks: one walk along the index for each.</summary>
    const string OpenByDeskSql = $"""
        select {Columns} from (
          select k.id, k.due, k.severity, k.opened_at
          from unnest($1::text[]) d(desk) cross join lateral (
            select id, due, severity, opened_at from ticket
            where desk = d.desk and place is not null and (due, severity, opened_at, id) > ($2, $3, $4, $5)
            order by due, severity, opened_at, id limit $6) k
          order by k.due, k.severity, k.opened_at, k.id limit $6) page
        join ticket t on t.id = page.id
        order by page.due, page.severity, page.opened_at, page.id
        """;

    const string OpenByLineSql = $"""
        select {Columns} from ticket t
        where line = $1 and place is not null and (due, severity, opened_at, id) > ($2, $3, $4, $5)
        order by due, severity, opened_at, id limit $6
        """;

    /// <summary>By desks and more: the combinations that hold tickets come from the counts.</summary>
    const string ByDeskSql = $"""
        select {Columns} from (
          select k.id, k.due, k.severity, k.opened_at
          from queue_count c cross join lateral (
            select id, due, severity, opened_at from ticket
            where desk = c.desk and line = c.line and place = c.place and place is not null
              and (due, severity, opened_at, id) > ($4, $5, $6, $7)
            order by due, severity, opened_at, id limit $8) k
          where ($1::text[] is null or c.desk = any($1)) and ($2::smallint is null or c.line = $2) and c.place = any($3) and c.n > 0
          order by k.due, k.severity, k.opened_at, k.id limit $8) page
        join ticket t on t.id = page.id
        order by page.due, page.severity, page.opened_at, page.id
        """;

    const string EverywhereSql = $"""
        select {Columns} from (
          select k.id, k.due, k.severity, k.opened_at
          from unnest($1::smallint[]) p(place) cross join lateral (
            select id, due, severity, opened_at from ticket
            where place = p.place and place is not null and (due, severity, opened_at, id) > ($2, $3, $4, $5)
            order by due, severity, opened_at, id limit $6) k
          order by k.due, k.severity, k.opened_at, k.id limit $6) page
        join ticket t on t.id = page.id
        order by page.due, page.severity, page.opened_at, page.id
        """;

    const string ByAgentSql = $"""
        select {Columns} from ticket t
        where agent = $1 and place is not null and place = any($2) and ($3::text[] is null or desk = any($3)) and ($4::smallint is null or line = $4)
          and (due, severity, opened_at, id) > ($5, $6, $7, $8)
        order by due, severity, opened_at, id limit $9
        """;

    /// <summary>Few at any time, so whatever else is asked is looked up row by row; due is when the call is.</summary>
    const string CallbacksSql = $"""
        select {Before}, t.callback_due, {Behind} from ticket t
        where callback_due is not null and ($1::text is null or agent = $1) and ($2::text[] is null or desk = any($2)) and ($3::smallint is null or line = $3)
          and (callback_due, severity, opened_at, id) > ($4, $5, $6, $7)
        order by callback_due, severity, opened_at, id limit $8
        """;

    const string CountsSql = """
        select desk, line, place, n from queue_count
        where n > 0 and ($1::text[] is null or desk = any($1)) order by desk, line, place
        """;

    const string FurtherCountsSql = """
        select (select count(*) from ticket where agent = $1 and place is not null and ($2::text[] is null or desk = any($2))),
               (select count(*) from ticket where callback_due is not null and ($2::text[] is null or desk = any($2)))
        """;

    static readonly short[] AllPlaces = [.. Enum.GetValues<Place>().Select(p => (short)p)];

    /// <param name="limit">Rows of the page, 1 to 200.</param>
    public async Task<QueuePage> Page(QueueFilter filter, Reach reach, QueuePosition after, int limit, CancellationToken ct)
    {
        var desks = Desks(filter.Desk, reach);
        if (desks is { Length: 0 } || reach.Customer is not null) return new QueuePage([], null);
        await using var command = Command(filter, desks, after, limit + 1);
        return await PageOf(command, subjects, limit, ct);
    }

    /// <summary>The page a query gives that asks for one row more than <paramref name="limit"/>, its columns those of <see cref="Columns"/>.</summary>
    internal static async Task<QueuePage> PageOf(NpgsqlCommand command, SubjectCache subjects, int limit, CancellationToken ct)
    {
        var rows = await Read(command, ct);
        var page = rows.Count > limit ? rows[..limit] : rows;
        var texts = await subjects.Of(page.ConvertAll(r => (r.Id, r.Subject)), ct);
        return new QueuePage(
            [.. page.Select((r, i) => r.ToRow(texts[i]))],
            rows.Count > limit && page.Count > 0 ? page[^1].Position : null);
    }

    /// <summary>How many open tickets stand where; exact, and as cheap with a million tickets as with ten.</summary>
    public async Task<IReadOnlyList<QueueCount>> Counts(Reach reach, CancellationToken ct)
    {
        if (reach.Customer is not null) return [];
        await using var command = store.DataSource.CreateCommand(CountsSql);
        command.Parameters.Add(Texts(Desks(null, reach)));
        await using var rows = await command.ExecuteReaderAsync(ct);
        List<QueueCount> counts = [];
        while (await rows.ReadAsync(ct))
            counts.Add(new(new DeskId(rows.GetString(0)), (SupportLine)rows.GetInt16(1), (Place)rows.GetInt16(2), rows.GetInt64(3)));
        return counts;
    }

    /// <summary>How many open tickets an agent has, and on how many within reach a call back is owed.</summary>
    public async Task<(long Mine, long Callbacks)> FurtherCounts(AgentId agent, Reach reach, CancellationToken ct)
    {
        if (reach.Customer is not null) return (0, 0);
        await using var command = store.DataSource.CreateCommand(FurtherCountsSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = agent.Value });
        command.Parameters.Add(Texts(Desks(null, reach)));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>The desks both asked for and within reach; null: all.</summary>
    internal static string[]? Desks(DeskId? asked, Reach reach) => (asked, reach.Desks) switch
    {
        (null, null) => null,
        ({ } one, null) => [one.Value],
        (null, { } several) => [.. several.Select(d => d.Value)],
        ({ } one, { } several) => several.Contains(one) ? [one.Value] : [],
    };

    NpgsqlCommand Command(QueueFilter filter, string[]? desks, QueuePosition after, int limit)
    {
        var everyPlace = filter.Places.Count == 0;
        short[] places = everyPlace ? AllPlaces : [.. filter.Places.Select(p => (short)p)];
        var line = new NpgsqlParameter { Value = filter.Line is { } l ? (short)l : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint };
        var inPlaces = new NpgsqlParameter<short[]> { TypedValue = places };
        var (sql, asked) = (filter.Agent, filter.Line, desks) switch
        {
            _ when filter.Callbacks =>
                (CallbacksSql, (NpgsqlParameter[])[new NpgsqlParameter { Value = filter.Agent?.Value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, Texts(desks), line]),
            ({ } agent, _, _) => (ByAgentSql, [new NpgsqlParameter<string> { TypedValue = agent.Value }, inPlaces, Texts(desks), line]),
            (_, null, null) => (EverywhereSql, [inPlaces]),
            (_, null, _) when everyPlace => (OpenByDeskSql, [Texts(desks)]),
            (_, { }, null) when everyPlace => (OpenByLineSql, [line]),
            _ => (ByDeskSql, [Texts(desks), line, inPlaces]),
        };
        var command = store.DataSource.CreateCommand(sql);
        command.Parameters.AddRange(asked);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = after.Due });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = after.Severity });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = after.OpenedAt });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return command;
    }

    static NpgsqlParameter Texts(string[]? values) =>
        new() { Value = values ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    sealed record Sealed(
        Guid Id, long Number, long Version, byte[]? Subject, string Desk, short Line, short Place, short Severity, string? Agent, DateTime Due, DateTime OpenedAt,
        QueuedCallback? Callback, bool Collected)
    {
        public QueuePosition Position => new(Due, Severity, OpenedAt, Id);

        public QueueRow ToRow(string? subject) => new(
            Id, Number, Version, subject, Desk, (SupportLine)Line, (Place)Place, Severity == 9 ? null : (Severity)Severity, Agent,
            Moment(Due), new DateTimeOffset(OpenedAt), Callback, Collected);
    }

    /// <summary>Null for what is stored as infinity: never.</summary>
    static DateTimeOffset? Moment(DateTime time) => time.Year == 9999 ? null : new DateTimeOffset(time);

    static async Task<List<Sealed>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        await using var r = await command.ExecuteReaderAsync(ct);
        List<Sealed> rows = [];
        while (await r.ReadAsync(ct))
            rows.Add(new(
                r.GetGuid(0), r.GetInt64(1), r.GetInt64(2), r.IsDBNull(3) ? null : r.GetFieldValue<byte[]>(3), r.GetString(4), r.GetInt16(5), r.GetInt16(6),
                r.GetInt16(7), r.IsDBNull(8) ? null : r.GetString(8), r.GetDateTime(9), r.GetDateTime(10),
                r.IsDBNull(11) ? null : new QueuedCallback(new DateTimeOffset(r.GetDateTime(11)), r.GetInt16(12), Moment(r.GetDateTime(13))), r.GetBoolean(14)));
        return rows;
    }
}
