using System.Text;

namespace EventDesk.Store.Ledger;

/// <summary>An event before it has a place in its stream.</summary>
/// <param name="Id">UUIDv7 (imports: derived from the source row).</param>
/// <param name="Type">Stored alias: <c>ticket_opened</c>.</param>
/// <param name="DotnetType"><c>Namespace.Type, Assembly</c>.</param>
/// <param name="Data">UTF-8 JSON object, sealed; its numbers are integers within ±(2^53 - 1).</param>
/// <param name="Headers">Names are unique and none is <c>digest</c>.</param>
public sealed record EventDraft(
    Guid Id, string Type, string DotnetType, ReadOnlyMemory<byte> Data, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>The end of a stream, where the next event links on.</summary>
/// <param name="Version">Of its last event; 0 for a stream that is about to start.</param>
/// <param name="Digest">Of its last event.</param>
public sealed record ChainEnd(Guid Stream, long Version, ReadOnlyMemory<byte> Digest)
{
    /// <summary>A stream without events. Its digest binds the stream's kind, which no event carries.</summary>
    public static ChainEnd Start(Guid stream, string streamType)
    {
        var digest = new byte[Digests.Length];
        EventChain.Genesis(stream, Encoding.UTF8.GetBytes(streamType), digest);
        return new(stream, 0, digest);
    }
}

/// <summary>What the events of one append have in common.</summary>
/// <param name="At">Recorded time: UTC, whole microseconds, the value that goes into <see cref="Append.Recorded"/>.</param>
public sealed record Recording(DateTimeOffset At, string? CorrelationId = null, string? CausationId = null, string? UserName = null);

/// <summary>Every event carries SHA-256(digest of the event before ‖ its own canonical envelope) in its header <c>digest</c>.</summary>
public static class EventChain
{
    /// <summary>The tenant of every event, as Marten names it.</summary>
    public const string Tenant = "*DEFAULT*";

    /// <summary>The drafts as the next events of the stream, ready to append; the last one's digest is the stream's new end.</summary>
    /// <exception cref="ArgumentException">The recorded time is not UTC in whole microseconds, or a header is called digest.</exception>
    /// <exception cref="FormatException">Data without a canonical form; see <see cref="Canonical.Of"/>.</exception>
    public static NewEvent[] Link(ChainEnd end, Recording recording, IReadOnlyList<EventDraft> drafts)
    {
        if (recording.At.Offset != TimeSpan.Zero || recording.At.Ticks % TimeSpan.TicksPerMicrosecond != 0)
            throw new ArgumentException($"The recorded time {recording.At:O} is not UTC in whole microseconds.", nameof(recording));
        ArgumentOutOfRangeException.ThrowIfNotEqual(end.Digest.Length, Digests.Length);
        byte[]? correlation = Bytes(recording.CorrelationId), causation = Bytes(recording.CausationId), user = Bytes(recording.UserName);
        var linked = new NewEvent[drafts.Count];
        var previous = end.Digest;
        for (var i = 0; i < linked.Length; i++)
        {
            var draft = drafts[i];
            var headers = Headers(draft.Headers);
            var digest = new byte[Digests.Length];
            var canonical = Canonicalizer.Rent();
            new Envelope
            {
                Id = draft.Id,
                Stream = end.Stream,
                Version = end.Version + 1 + i,
                Type = Encoding.UTF8.GetBytes(draft.Type),
                DotnetType = new(Bytes(draft.DotnetType)),
                Data = draft.Data.Span,
                Headers = headers,
                Recorded = recording.At.UtcDateTime,
                Tenant = new("*DEFAULT*"u8),
                Correlation = new(correlation),
                Causation = new(causation),
                User = new(user),
            }.Digest(previous.Span, canonical, digest);
            linked[i] = new(draft.Id, draft.Type, draft.DotnetType, draft.Data, WithDigest(headers, digest), digest);
            previous = digest;
        }
        return linked;
    }

    /// <summary>What the digest of a stored event must be, given the one before it.</summary>
    /// <param name="previous">32 bytes: the digest of the stream's event before, or that of <see cref="ChainEnd.Start"/>.</param>
    /// <exception cref="FormatException">Data or headers that were never written by <see cref="Link"/>.</exception>
    public static void Digest(StoredEvent stored, ReadOnlySpan<byte> previous, Span<byte> digest) =>
        new Envelope
        {
            Id = stored.Id,
            Stream = stored.Stream,
            Version = stored.Version,
            Type = Encoding.UTF8.GetBytes(stored.AsStored.Type),
            DotnetType = new(Bytes(stored.DotnetType)),
            Data = stored.AsStored.Data.Span,
            Headers = stored.Headers.Span,
            Recorded = stored.Timestamp.UtcDateTime,
            Tenant = new("*DEFAULT*"u8),
            Correlation = new(Bytes(stored.CorrelationId)),
            Causation = new(Bytes(stored.CausationId)),
            User = new(Bytes(stored.UserName)),
        }.Digest(previous, Canonicalizer.Rent(), digest);

    internal static void Genesis(Guid stream, ReadOnlySpan<byte> streamType, Span<byte> digest)
    {
        var seed = Canonicalizer.Rent();
        seed.Raw("eventdesk:"u8);
        seed.Raw(streamType);
        seed.Raw((byte)':');
        seed.Raw(stream);
        Digests.Hash(seed.Written, digest);
    }

    static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    /// <summary>The headers as a JSON object, without the digest.</summary>
    static byte[] Headers(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var json = Canonicalizer.Rent();
        json.Raw((byte)'{');
        for (var i = 0; i < pairs.Count; i++)
        {
            var (name, value) = pairs[i];
            if (name == "digest")
                throw new ArgumentException("The header digest is the chain's own.", nameof(pairs));
            if (i > 0)
                json.Raw((byte)',');
            json.Text(name);
            json.Raw((byte)':');
            json.Text(value);
        }
        json.Raw((byte)'}');
        return json.Written.ToArray();
    }

    static byte[] WithDigest(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> digest)
    {
        var json = Canonicalizer.Rent();
        json.Raw("{\"digest\":\""u8);
        Span<byte> text = stackalloc byte[Digests.TextLength];
        System.Buffers.Text.Base64.EncodeToUtf8(digest, text, out _, out _);
        json.Raw(text);
        json.Raw((byte)'"');
        if (headers.Length > 2)
            json.Raw((byte)',');
        json.Raw(headers[1..]);
        return json.Written.ToArray();
    }
}
