using Npgsql;

namespace EventDesk.Store.Sealing;

/// <summary>
/// The data keys of streams, read from <c>stream_key</c> and kept ready for the last used ones.
/// A stream without a row has no key (it was purged, or never sealed anything): callers show its sealed values as erased.
/// </summary>
/// <param name="database">Its search path must find <c>stream_key</c>.</param>
/// <param name="capacity">Keys kept at most.</param>
public sealed class StreamKeys(NpgsqlDataSource database, MasterKeys masters, int capacity = 20_000)
{
    const int GoneRemembered = 10_000;

    readonly Lock gate = new();
    readonly Dictionary<Guid, LinkedListNode<StreamKey>> kept = [];
    readonly LinkedList<StreamKey> byUse = new();

    // Streams purged lately: a row that was read before it was deleted must not bring the key back.
    readonly HashSet<Guid> gone = [];
    readonly Queue<Guid> goneInTurn = new();

    public async ValueTask<StreamKey?> Get(Guid stream, CancellationToken ct)
    {
        if (Cached(stream) is { } key)
            return key;
        var found = new Dictionary<Guid, StreamKey>(1);
        await Load([stream], found, ct);
        return found.GetValueOrDefault(stream);
    }

    /// <summary>The keys there are, in one statement for all that are not at hand.</summary>
    public async Task<IReadOnlyDictionary<Guid, StreamKey>> Get(IReadOnlyList<Guid> streams, CancellationToken ct)
    {
        var found = new Dictionary<Guid, StreamKey>(streams.Count);
        List<Guid>? missing = null;
        foreach (var stream in streams)
        {
            if (Cached(stream) is { } key)
                found[stream] = key;
            else
                (missing ??= []).Add(stream);
        }
        if (missing is not null)
            await Load([.. missing], found, ct);
        return found;
    }

    /// <summary>The key of a row that the caller has read along with something else; null when it was destroyed.</summary>
    public StreamKey? Open(Guid stream, WrappedKey wrapped) =>
        Cached(stream) ?? (masters.Unwrap(stream, wrapped) is { } key ? Kept(key) : null);

    /// <summary>Keeps a key that was just made and stored.</summary>
    public void Keep(StreamKey key) => Kept(key);

    /// <summary>Destroys the key at hand: call it after the row is gone, here or on another node.</summary>
    public void Forget(Guid stream)
    {
        lock (gate)
        {
            if (gone.Add(stream))
                goneInTurn.Enqueue(stream);
            if (goneInTurn.Count > GoneRemembered)
                gone.Remove(goneInTurn.Dequeue());
            if (!kept.Remove(stream, out var node))
                return;
            byUse.Remove(node);
            node.Value.Dispose();
        }
    }

    StreamKey? Cached(Guid stream)
    {
        lock (gate)
        {
            if (!kept.TryGetValue(stream, out var node))
                return null;
            if (byUse.First != node)
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
            }
            return node.Value;
        }
    }

    const string LoadSql = """
        select stream_id, master_id, wrapped
        from stream_key
        where stream_id = any($1)
        """;

    async Task Load(Guid[] streams, Dictionary<Guid, StreamKey> found, CancellationToken ct)
    {
        await using var command = database.CreateCommand(LoadSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = streams });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var stream = row.GetGuid(0);
            if (Open(stream, new WrappedKey(row.GetInt32(1), row.GetFieldValue<byte[]>(2))) is { } key)
                found[stream] = key;
        }
    }

    /// <returns>The key to use: of two that were read at once the first one stays.</returns>
    StreamKey Kept(StreamKey key)
    {
        lock (gate)
        {
            if (kept.TryGetValue(key.Stream, out var node))
            {
                if (!ReferenceEquals(node.Value, key))
                    key.Dispose();
                return node.Value;
            }
            if (gone.Contains(key.Stream))
                return key;
            kept[key.Stream] = byUse.AddFirst(key);
            if (kept.Count > capacity)
                DropLeastUsed();
            return key;
        }
    }

    /// <remarks>Not disposed: a reader may hold it. The finalizer of its handle clears the native key.</remarks>
    void DropLeastUsed()
    {
        var last = byUse.Last!;
        byUse.RemoveLast();
        kept.Remove(last.Value.Stream);
    }
}
