using System.Security.Cryptography;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Searching;

/// <summary>
/// What words are hashed with. It stands beside the index, sealed under a key of its own that is wrapped like those of the streams, so it follows every
/// change of the master keys.
/// </summary>
sealed class SearchSecret(EventStore store, MasterKeys masters)
{
    const int Length = 32;
    const string Field = "search.secret";

    /// <summary>Stands for the search among the streams' keys.</summary>
    static readonly Guid Stream = new("5ea2c400-0000-8000-8000-000000000001");

    readonly StreamKeys keys = new(store.DataSource, masters, capacity: 0);
    (byte[] Sealed, SearchMarks Marks)? known;

    /// <summary>Null when no key file opens it any more.</summary>
    public async ValueTask<SearchMarks?> Open(byte[] sealedSecret, CancellationToken ct)
    {
        if (known is { } last && last.Sealed.AsSpan().SequenceEqual(sealedSecret))
            return last.Marks;
        if ((await keys.Get(Stream, ct))?.Unseal(sealedSecret, 1, Field) is not { } secret)
            return null;
        known = (sealedSecret, new SearchMarks(secret, store));
        return known.Value.Marks;
    }

    /// <summary>A new one, sealed.</summary>
    public async Task<byte[]> Create(CancellationToken ct) =>
        (await Key(ct)).Seal(RandomNumberGenerator.GetBytes(Length), 1, Field);

    const string ReplaceSql = """
        insert into stream_key (stream_id, master_id, wrapped) values ($1, $2, $3)
        on conflict (stream_id) do update set master_id = excluded.master_id, wrapped = excluded.wrapped
        """;

    /// <remarks>A key that does not open any more sealed nothing that is still wanted.</remarks>
    async Task<StreamKey> Key(CancellationToken ct)
    {
        if (await keys.Get(Stream, ct) is { } key)
            return key;
        var made = StreamKey.Create(Stream);
        var wrapped = made.Wrapped(masters);
        await using var command = store.DataSource.CreateCommand(ReplaceSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Stream });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = wrapped.MasterId });
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = wrapped.Wrapped });
        await command.ExecuteNonQueryAsync(ct);
        return made;
    }
}
