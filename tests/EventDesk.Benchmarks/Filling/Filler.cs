using System.Threading.Channels;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Benchmarks.Filling;

/// <summary>
/// A large database in little time: events sealed, digested and chained by the product's own classes, written by COPY beside an idle
/// server. The result is indistinguishable from tickets that were opened one by one: verify and the check of views accept it.
/// </summary>
sealed class Filler(string connectionString, MasterKeys masters)
{
    const int TicketsPerChunk = 2_000;

    const string NumbersSql = "update ticket_number set next = next + $1 returning next - $1";
    const string LockSql = "select pg_advisory_xact_lock($1)";

    // Under the append lock, as all who append: followers trust that commits come in the order of these numbers.
    const string SequenceSql = "select setval('mt_events_sequence', nextval('mt_events_sequence') + $1 - 1) - $1 + 1";

    static readonly Recording Recorded = new(Stories.Now, UserName: "bench");

    sealed record Filled(TicketEntry Entry, NewEvent[] Events, WrappedKey Key);

    /// <param name="events">Of each ticket.</param>
    /// <returns>Ids of the new tickets.</returns>
    public Task<IReadOnlyList<Guid>> Fill(int tickets, int events = Stories.Events) => Fill(tickets, number => Stories.Of(number, events));

    /// <param name="story">What happened to the ticket with this number.</param>
    public async Task<IReadOnlyList<Guid>> Fill(int tickets, Func<long, List<Step>> story)
    {
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "eventdesk", CommandTimeout = 0 });
        await using var numbers = await database.OpenConnectionAsync();
        var first = await Ask(numbers, NumbersSql, tickets);
        var chunks = System.Threading.Channels.Channel.CreateBounded<List<Filled>>(4);
        var building = Task.Run(() => Build(first, tickets, story, chunks.Writer));
        var ids = new List<Guid>(tickets);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Store(database, chunks.Reader, ids)));
        await building;
        return ids;
    }

    async Task Build(long first, int tickets, Func<long, List<Step>> story, ChannelWriter<List<Filled>> to)
    {
        for (var done = 0; done < tickets; done += TicketsPerChunk)
        {
            var from = first + done;
            var chunk = ParallelEnumerable.Range(0, Math.Min(TicketsPerChunk, tickets - done)).AsOrdered()
                .Select(i => Make(story(from + i))).ToList();
            await to.WriteAsync(chunk);
        }
        to.Complete();
    }

    Filled Make(List<Step> steps)
    {
        var id = Guid.CreateVersion7(steps[0].At);
        var scope = new SealScope(id, null);
        var state = Ticket.None;
        var drafts = new EventDraft[steps.Count];
        for (var i = 0; i < drafts.Length; i++)
        {
            var (e, by, at, rule) = steps[i];
            drafts[i] = new EventDraft(
                Guid.CreateVersion7(at), EventNames.Alias(e), EventNames.DotnetType(e), TicketCodec.Write(e, i + 1, scope),
                new EventMeta(by, at, Recorded.At, rule).ToHeaders());
            state = Ticket.Evolve(state, e, at, by.IsStaff);
        }
        var linked = EventChain.Link(ChainEnd.Start(id, TicketDesk.StreamType), Recorded, drafts);
        var entry = new TicketEntry(id, linked.Length, linked[^1].Digest, state, TicketEntry.SubjectOf(drafts[0].Data.Span));
        var key = scope.Key!;
        var wrapped = key.Wrapped(masters);
        key.Dispose();
        return new Filled(entry, linked, wrapped);
    }

    static async Task Store(NpgsqlDataSource database, ChannelReader<List<Filled>> chunks, List<Guid> ids)
    {
        await using var connection = await database.OpenConnectionAsync();
        await foreach (var chunk in chunks.ReadAllAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await CopyStreams(connection, chunk);
            await CopyKeys(connection, chunk);
            await TicketsView.CopyRows(connection, "", chunk.Select(f => f.Entry), static _ => null, default);
            await Ask(connection, LockSql, Locks.Append);
            await CopyEvents(connection, chunk, await Ask(connection, SequenceSql, chunk.Sum(f => f.Events.Length)));
            await QueueCountsView.CountRows(connection, chunk.Select(f => f.Entry.Ticket), default);
            await transaction.CommitAsync();
            lock (ids) ids.AddRange(chunk.Select(f => f.Entry.Id));
        }
    }

    static async Task CopyStreams(NpgsqlConnection connection, List<Filled> chunk)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy mt_streams (id, type, version, timestamp, created) from stdin (format binary)");
        foreach (var (entry, _, _) in chunk)
        {
            copy.StartRow();
            copy.Write(entry.Id, NpgsqlDbType.Uuid);
            copy.Write(TicketDesk.StreamType, NpgsqlDbType.Varchar);
            copy.Write(entry.Version, NpgsqlDbType.Bigint);
            copy.Write(Recorded.At.UtcDateTime, NpgsqlDbType.TimestampTz);
            copy.Write(Recorded.At.UtcDateTime, NpgsqlDbType.TimestampTz);
        }
        await copy.CompleteAsync();
    }

    static async Task CopyKeys(NpgsqlConnection connection, List<Filled> chunk)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy stream_key (stream_id, master_id, wrapped) from stdin (format binary)");
        foreach (var (entry, _, key) in chunk)
        {
            copy.StartRow();
            copy.Write(entry.Id, NpgsqlDbType.Uuid);
            copy.Write(key.MasterId, NpgsqlDbType.Integer);
            copy.Write(key.Wrapped.ToArray(), NpgsqlDbType.Bytea);
        }
        await copy.CompleteAsync();
    }

    static async Task CopyEvents(NpgsqlConnection connection, List<Filled> chunk, long seq)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, headers, user_name) from stdin (format binary)");
        foreach (var (entry, events, _) in chunk)
            for (var i = 0; i < events.Length; i++)
            {
                var e = events[i];
                copy.StartRow();
                copy.Write(seq++, NpgsqlDbType.Bigint);
                copy.Write(e.Id, NpgsqlDbType.Uuid);
                copy.Write(entry.Id, NpgsqlDbType.Uuid);
                copy.Write(i + 1L, NpgsqlDbType.Bigint);
                copy.Write(e.Data.ToArray(), NpgsqlDbType.Jsonb);
                copy.Write(e.Type, NpgsqlDbType.Varchar);
                copy.Write(Recorded.At.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(e.DotnetType, NpgsqlDbType.Varchar);
                copy.Write(e.Headers.ToArray(), NpgsqlDbType.Jsonb);
                copy.Write("bench", NpgsqlDbType.Varchar);
            }
        await copy.CompleteAsync();
    }

    static async Task<long> Ask(NpgsqlConnection connection, string sql, long argument)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = argument } } };
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}
