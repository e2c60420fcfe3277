using System.Globalization;
using System.Text;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Tickets;

/// <summary>A ticket with its stored events and what opens their texts.</summary>
/// <param name="Internal">The asker sees what is for staff only.</param>
/// <param name="Key">Null: nothing was ever sealed, or the ticket was purged.</param>
/// <param name="StandIns">What is read in the place of the events' own texts, where passages were redacted or erased; null: nothing.</param>
public sealed record History(TicketEntry Entry, IReadOnlyList<StoredEvent> Events, StreamKey? Key, bool Internal, StandIns? StandIns = null)
{
    /// <summary>The event, its texts as the asker may see them.</summary>
    public RecordedEvent Read(StoredEvent e) => TicketCodec.Read(e, Key, standIns: StandIns);
}

public sealed partial class TicketDesk
{
    const string EntrySql = """
        select t.version, t.digest, t.subject, t.state, k.master_id, k.wrapped, t.id
        from ticket t left join stream_key k on k.stream_id = t.id
        where t.id = $1
        """;

    const string EntriesSql = """
        select t.version, t.digest, t.subject, t.state, k.master_id, k.wrapped, t.id
        from unnest($1) as wanted(id) join ticket t on t.id = wanted.id left join stream_key k on k.stream_id = t.id
        """;

    const string ReplySql = "select request, reply from idempotency where key = $1";

    const string VersionSql = "select version from ticket where id = $1";

    const string ScopeSql = "select desk, line, customer from ticket where id = $1";

    const string ByNumberSql = "select id from ticket where number = $1";

    sealed record Loaded(TicketEntry Entry, StreamKey? Key);

    /// <summary>
    /// The ticket and, when the request can be a repetition, what the first one was answered: one round trip. The ticket is read first: each statement
    /// has a snapshot of its own, and a version that the first request made must not be seen without that request's reply.
    /// </summary>
    async Task<(Loaded? Ticket, (byte[] Request, byte[] Reply)? Reply)> Load(Guid ticket, RequestKey? request, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(EntrySql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = ticket } } } },
        };
        if (request is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ReplySql) { Parameters = { new NpgsqlParameter<byte[]> { TypedValue = request.Key.ToArray() } } });
        await using var rows = await batch.ExecuteReaderAsync(ct);
        var loaded = await rows.ReadAsync(ct) ? ReadEntry(rows) : null;
        return request is not null && await rows.NextResultAsync(ct) && await rows.ReadAsync(ct)
            ? (loaded, (rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1)))
            : (loaded, null);
    }

    /// <summary>What a request was answered before; null when it is new.</summary>
    public async Task<Outcome?> Replied(RequestKey request, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(ReplySql);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = request.Key.ToArray() });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? Replies.Repeat(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), request) : null;
    }

    /// <summary>Has tickets at hand for commands on the versions they stand at now: one round trip, and one connection, for all of them.</summary>
    /// <param name="tickets">At most a few hundred.</param>
    public async Task Prefetch(IReadOnlyCollection<Guid> tickets, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(EntriesSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. tickets] });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            recent.Keep(ReadEntry(rows).Entry);
    }

    Loaded ReadEntry(NpgsqlDataReader row)
    {
        var ticket = row.GetGuid(6);
        var entry = new TicketEntry(
            ticket, row.GetInt64(0), row.GetFieldValue<byte[]>(1), TicketEntry.ReadState(Encoding.UTF8.GetBytes(row.GetString(3))),
            row.IsDBNull(2) ? default : row.GetFieldValue<byte[]>(2));
        return new Loaded(entry, row.IsDBNull(4) ? null : keys.Open(ticket, new WrappedKey(row.GetInt32(4), row.GetFieldValue<byte[]>(5))));
    }

    /// <summary>The ticket as it stands; null when there is none or it is out of reach.</summary>
    public async Task<TicketEntry?> Find(Guid ticket, Asker who, Operation operation, CancellationToken ct) =>
        await Reachable(ticket, who, operation, ct) is var (loaded, _) ? loaded.Entry : null;

    /// <summary>The ticket and its events up to a version or an instant (occurred time); null when there is none, it is out of reach, or did not exist then.</summary>
    public async Task<History?> History(Guid ticket, Asker who, Operation operation, CancellationToken ct, long? version = null, DateTimeOffset? asOf = null)
    {
        if (await Reachable(ticket, who, operation, ct) is not var (loaded, grant))
            return null;
        // What is hidden today is hidden in every past, so a redacted ticket is read to its end.
        var all = await store.ReadStream(ticket, 1, loaded.Entry.Ticket.IsRedacted ? null : version, ct);
        var standIns = loaded.Entry.Ticket.IsRedacted ? Redactions.Shown(all) : null;
        IReadOnlyList<StoredEvent> events = [.. all.TakeWhile(e => version is null || e.Version <= version)];
        if (asOf is { } instant)
            events = [.. events.TakeWhile(e => EventMeta.Read(e.Headers.Span, e.Timestamp).Occurred <= instant)];
        return events.Count == 0 ? null : new History(loaded.Entry, events, loaded.Key, grant.Reach.SeesInternal, standIns);
    }

    /// <summary>The ticket as it was at a version or an instant, from its events alone; null as in <see cref="History"/>.</summary>
    public async Task<(TicketEntry Entry, IReadOnlyList<RecordedEvent> Events)?> Replay(
        Guid ticket, Asker who, Operation operation, CancellationToken ct, long? version = null, DateTimeOffset? asOf = null)
    {
        if (await History(ticket, who, operation, ct, version, asOf) is not { } history)
            return null;
        var events = history.Events.Select(history.Read).ToList();
        var state = events.Aggregate(Ticket.None, (t, e) => Ticket.Evolve(t, e.Event, e.Meta.Occurred, e.Meta.By.IsStaff));
        var digest = new byte[Store.Ledger.Digests.Length];
        Store.Ledger.Digests.TryReadHeader(history.Events[^1].Headers.Span, digest);
        return (history.Entry with { Version = history.Events[^1].Version, Digest = digest, Ticket = state }, events);
    }

    async Task<(Loaded Loaded, Grant Grant)?> Reachable(Guid ticket, Asker who, Operation operation, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, operation) is not { } grant)
            return null;
        var (loaded, _) = await Load(ticket, null, ct);
        if (loaded is null)
            return null;
        if (grant.Reach.Covers(loaded.Entry.Scope))
        {
            await access.Read(who.Principal, grant.Role, operation, ticket, ct);
            return (loaded, grant);
        }
        await access.Denied(who.Principal, operation, ticket, "reach", ct);
        return null;
    }

    /// <summary>The version a ticket stands at, for those who have read it already.</summary>
    public async Task<long?> VersionOf(Guid ticket, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(VersionSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        return (long?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Where a ticket stands, for what shows nothing of it: nobody is written down as its reader. Null when there is none or it is out of reach.</summary>
    public async Task<TicketScope?> Scope(Guid ticket, Asker who, Operation operation, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, operation) is not { } grant)
            return null;
        await using var command = store.DataSource.CreateCommand(ScopeSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;
        var scope = new TicketScope(new DeskId(row.GetString(0)), (SupportLine)row.GetInt16(1), new CustomerId(row.GetGuid(2)));
        if (grant.Reach.Covers(scope))
            return scope;
        await access.Denied(who.Principal, operation, ticket, "reach", ct);
        return null;
    }

    /// <summary>The plain subject of a ticket; null when it has none or it was erased.</summary>
    public async ValueTask<string?> SubjectOf(TicketEntry entry, CancellationToken ct) =>
        entry.Subject.IsEmpty ? null : (await keys.Get(entry.Id, ct))?.UnsealText(entry.Subject.Span, 1, TicketEntry.SubjectField);

    /// <summary>The id behind what a person typed: an id, or a ticket's number with or without <c>#</c>.</summary>
    public async ValueTask<Guid?> Resolve(string idOrNumber, CancellationToken ct)
    {
        if (Guid.TryParseExact(idOrNumber, "D", out var id))
            return id;
        if (!long.TryParse(idOrNumber.AsSpan().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        await using var command = store.DataSource.CreateCommand(ByNumberSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }
}
