using EventDesk.Store.Ledger;

namespace EventDesk.Store;

/// <summary>One event on its way in: already serialised, sealed and chained.</summary>
/// <param name="Id">UUIDv7 (imports: derived from the source row).</param>
/// <param name="Type">Stored alias, snake_case of the class name: <c>ticket_opened</c>.</param>
/// <param name="DotnetType"><c>Namespace.Type, Assembly</c>, as Marten writes it.</param>
/// <param name="Data">UTF-8 JSON object; sealed values are <c>{ "sealed": base64, "digest": base64 }</c>.</param>
/// <param name="Headers">UTF-8 JSON object of strings, flat; holds <c>digest</c>.</param>
/// <param name="Digest">SHA-256 of the chain up to and with this event (32 bytes).</param>
public sealed record NewEvent(Guid Id, string Type, string DotnetType, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Headers, ReadOnlyMemory<byte> Digest);

/// <summary>One event of <c>mt_events</c>, in its present shape.</summary>
/// <param name="SeqId">Place in the global order; commit order equals this order.</param>
/// <param name="Timestamp">Recorded time, UTC, microseconds.</param>
public sealed record StoredEvent(
    long SeqId, Guid Id, Guid Stream, long Version, string Type, string? DotnetType, DateTimeOffset Timestamp,
    ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Headers, string? CorrelationId, string? CausationId, string? UserName)
{
    /// <summary>The alias and the data it was stored with, where its shape is an old one.</summary>
    internal (string Type, ReadOnlyMemory<byte> Data)? Old { get; init; }

    /// <summary>The alias and the data that stand in the log: what its digest was made over.</summary>
    public (string Type, ReadOnlyMemory<byte> Data) AsStored => Old ?? (Type, Data);

    /// <summary>What the ledger's tree holds of it.</summary>
    public Leaf Leaf()
    {
        var digest = new byte[Digests.Length];
        return Digests.TryReadHeader(Headers.Span, digest)
            ? new(SeqId, Stream, Version, Timestamp.UtcDateTime, Convert.ToBase64String(digest))
            : throw new InvalidDataException($"Event {SeqId} carries no digest.");
    }
}

/// <summary>What one command adds to one stream, all or nothing.</summary>
public sealed class Append
{
    public required Guid Stream { get; init; }

    /// <summary>snake_case alias of the stream's kind: <c>ticket</c>.</summary>
    public required string StreamType { get; init; }

    /// <summary>The version the decision was made on; 0 starts a new stream.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<NewEvent> Events { get; init; }

    /// <summary>Recorded time of all its events, UTC, whole microseconds; the same value the digests were made with.</summary>
    public required DateTimeOffset Recorded { get; init; }

    public string? CorrelationId { get; init; }
    public string? CausationId { get; init; }
    public string? UserName { get; init; }

    /// <summary>The stream's data key, on the append that first seals something.</summary>
    public WrappedKey? NewKey { get; init; }

    /// <summary>
    /// A stream that begins because of this append: stored in the same transaction, or not at all when this append is refused. It has no
    /// idempotency of its own.
    /// </summary>
    public Append? Begins { get; init; }

    /// <summary>
    /// What happens to another stream in the same step: both stand at the version they were decided on, or nothing is stored. It has no idempotency of
    /// its own, and nothing with it.
    /// </summary>
    public Append? With { get; init; }

    /// <summary>Everything the stream sealed before is taken out of the log in the same transaction.</summary>
    public Erasure? Erases { get; init; }

    /// <summary>Makes a repetition of the request harmless.</summary>
    public Idempotency? Idempotency { get; init; }

    /// <summary>What the inline views need (the service's own type); the store only carries it.</summary>
    public object? Change { get; init; }

    public long NewVersion => ExpectedVersion + Events.Count;
}

/// <summary>
/// The ciphertext and the data key of a stream go; digests, and so the chain, stay. The append that carries it brings a new key along with what is to
/// be kept, or none. <see cref="Sealing.KeyShredder"/> has to run afterwards.
/// </summary>
/// <param name="Beside">Adds statements that remove what is kept of the stream outside the log and the views; only when the append is stored.</param>
public sealed record Erasure(Action<Npgsql.NpgsqlBatch> Beside);

/// <summary>A stream's data key, encrypted under the master key <paramref name="MasterId"/>.</summary>
public sealed record WrappedKey(int MasterId, ReadOnlyMemory<byte> Wrapped);

/// <summary>Remembers what a request was answered, in the transaction of its events.</summary>
/// <param name="Key">SHA-256 over principal, route and the client's key.</param>
/// <param name="Request">SHA-256 over the request's content: the same key with another content is refused.</param>
/// <param name="Reply">What to answer a repetition; ids and versions only, never personal data.</param>
public sealed record Idempotency(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Request, ReadOnlyMemory<byte> Reply, DateTimeOffset Expires);

/// <summary>How an append ended. A conflict is a value; an exception means a broken machine.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>Durable: answered only after the server confirmed the commit.</summary>
    public sealed record Appended(long Version, long LastSeqId) : AppendResult;

    /// <summary>The stream stands at <paramref name="ActualVersion"/> (0: there is none); nothing was stored.</summary>
    /// <param name="OfOther">It is the other stream, that of <see cref="Append.With"/>, which stands elsewhere.</param>
    public sealed record Conflict(long ActualVersion, bool OfOther = false) : AppendResult;

    /// <summary>The idempotency key was used before; nothing was stored now.</summary>
    public sealed record Repeated(ReadOnlyMemory<byte> Request, ReadOnlyMemory<byte> Reply) : AppendResult;
}
