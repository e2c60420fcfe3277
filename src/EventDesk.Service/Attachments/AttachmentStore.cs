using System.Buffers;
using System.Security.Cryptography;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Attachments;

/// <summary>Content that is stored and not yet named by an event.</summary>
/// <param name="Digest">SHA-256 over the sealed bytes.</param>
/// <param name="Plain">SHA-256 over the plain bytes; for recognising a repeated request, never stored as such.</param>
public sealed record StoredContent(Guid Id, long Bytes, byte[] Digest, byte[] Plain);

/// <summary>Keeps the files of tickets beside their events, sealed under the ticket's own key.</summary>
public sealed class AttachmentStore(EventStore store, StreamKeys keys, MasterKeys masters, TimeProvider time)
{
    static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    const string BeginSql = "insert into attachment (id, ticket, begun) values ($1, $2, $3)";

    /// <summary>Seals and stores a stream of bytes; null, and nothing left behind, when there are more than <paramref name="most"/>.</summary>
    public async Task<StoredContent?> Put(Guid ticket, Stream content, long most, CancellationToken ct)
    {
        var key = await KeyOf(ticket, ct);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await Execute(BeginSql, ct, new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<Guid> { TypedValue = ticket }, Now());
        try
        {
            if (await Seal(id, key, content, most, ct) is { } stored)
                return stored;
        }
        catch
        {
            await Remove(id);
            throw;
        }
        await Remove(id);
        return null;
    }

    async Task<StoredContent?> Seal(Guid id, StreamKey key, Stream content, long most, CancellationToken ct)
    {
        await using var rows = new PieceWriter(store.DataSource, id);
        await using var sealing = new SealingStream(rows, key, NameOf(id));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var room = ArrayPool<byte>.Shared.Rent(SealedChunks.PlainLength);
        try
        {
            while (await content.ReadAsync(room, ct) is var read and > 0)
            {
                if (sealing.PlainLength + read > most)
                    return null;
                hash.AppendData(room, 0, read);
                await sealing.WriteAsync(room.AsMemory(0, read), ct);
            }
            return new(id, sealing.PlainLength, await sealing.Complete(ct), hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room, clearArray: true);
        }
    }

    const string KeepSql = "update attachment set kept = true where id = $1";

    /// <summary>Its event is stored: it stays.</summary>
    public Task Keep(Guid id, CancellationToken ct) => Execute(KeepSql, ct, new NpgsqlParameter<Guid> { TypedValue = id });

    const string RemoveSql = "delete from attachment where id = $1";

    /// <summary>No event names it. Runs to its end whatever became of the request.</summary>
    public Task Remove(Guid id) => Execute(RemoveSql, CancellationToken.None, new NpgsqlParameter<Guid> { TypedValue = id });

    const string ContentSql = "select id from attachment where ticket = $1 and (id = $2 or content_of = $2)";

    /// <summary>The plain bytes; null when they or the key are gone.</summary>
    /// <remarks>Reading throws <see cref="InvalidDataException"/> where the stored bytes are not those that were sealed.</remarks>
    public async Task<Stream?> Open(Guid ticket, Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(ContentSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return await command.ExecuteScalarAsync(ct) is Guid content && await keys.Get(ticket, ct) is { } key
            ? new UnsealingStream(new PieceReader(store.DataSource, content), key, NameOf(content))
            : null;
    }

    /// <summary>Seals the bytes of an attachment anew, under another key; they take its place when <see cref="Swap"/> says so.</summary>
    /// <returns>Null: they were erased before.</returns>
    internal async Task<KeptAttachment?> Reseal(Guid ticket, Guid id, StreamKey key, CancellationToken ct)
    {
        await using var plain = await Open(ticket, id, ct);
        if (plain is null)
            return null;
        var content = Guid.CreateVersion7(time.GetUtcNow());
        await Execute(BeginSql, ct, new NpgsqlParameter<Guid> { TypedValue = content }, new NpgsqlParameter<Guid> { TypedValue = ticket }, Now());
        var stored = await Seal(content, key, plain, long.MaxValue, ct);
        return new(id, content, Convert.ToBase64String(stored!.Digest));
    }

    const string DropSql = "delete from attachment where ticket = $1 and id <> all($2)";
    const string TakeSql = "update attachment a set kept = true, content_of = n.of from unnest($1::uuid[], $2::uuid[]) as n (id, of) where a.id = n.id";

    /// <summary>Of a ticket's files only those that were sealed anew stay.</summary>
    internal static void Swap(Guid ticket, IReadOnlyList<KeptAttachment> kept, NpgsqlBatch batch)
    {
        Guid[] contents = [.. kept.Select(k => k.Content)], attachments = [.. kept.Select(k => k.Attachment)];
        batch.BatchCommands.Add(new(DropSql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = ticket }, new NpgsqlParameter<Guid[]> { TypedValue = contents } } });
        if (kept.Count > 0)
            batch.BatchCommands.Add(new(TakeSql) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = contents }, new NpgsqlParameter<Guid[]> { TypedValue = attachments } } });
    }

    const string AbandonedSql = "select id, ticket from attachment where not kept and begun < $1 limit 1000";

    /// <summary>Removes uploads that broke off long ago. One whose event was stored, but not marked any more, is marked now.</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveAbandoned(CancellationToken ct)
    {
        List<(Guid Id, Guid Ticket)> found = [];
        await using (var command = store.DataSource.CreateCommand(AbandonedSql))
        {
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (time.GetUtcNow() - Abandoned).UtcDateTime });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                found.Add((row.GetGuid(0), row.GetGuid(1)));
        }
        var removed = 0;
        foreach (var (id, ticket) in found)
        {
            var events = await store.ReadStream(ticket, 1, null, ct);
            if (events.Any(e => e.Type == "attachment_added" && TicketCodec.Read(e, null).Event is AttachmentAdded a && a.AttachmentId == id))
            {
                await Keep(id, ct);
                continue;
            }
            await Remove(id);
            removed++;
        }
        return removed;
    }

    const string KeySql = "insert into stream_key (stream_id, master_id, wrapped) values ($1, $2, $3) on conflict do nothing";

    /// <summary>The ticket's key; a ticket whose events sealed nothing yet (an import without texts) gets one.</summary>
    async Task<StreamKey> KeyOf(Guid ticket, CancellationToken ct)
    {
        if (await keys.Get(ticket, ct) is { } key)
            return key;
        using var made = StreamKey.Create(ticket);
        var wrapped = made.Wrapped(masters);
        await Execute(
            KeySql, ct, new NpgsqlParameter<Guid> { TypedValue = ticket }, new NpgsqlParameter<int> { TypedValue = wrapped.MasterId },
            new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = wrapped.Wrapped });
        return await keys.Get(ticket, ct) ?? throw new InvalidOperationException($"The key of stream {ticket} was removed at this moment.");
    }

    static string NameOf(Guid id) => $"attachment/{id:D}";

    NpgsqlParameter<DateTime> Now() => new() { TypedValue = time.GetUtcNow().UtcDateTime };

    async Task Execute(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(ct);
    }
}
