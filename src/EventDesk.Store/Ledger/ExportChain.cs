using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventDesk.Store.Ledger;

/// <summary>Follows the chains of all streams at once through an export, where events stand in the order of the log.</summary>
sealed class ExportChain
{
    readonly Dictionary<Guid, (long Version, byte[] Digest, bool Broken)> streams = [];
    readonly List<ChainBreak> breaks = [];
    long events, brokenStreams;

    /// <summary>The event's leaf, or null for a line that has none.</summary>
    public Leaf? Take(ReadOnlySpan<byte> line, long number)
    {
        events++;
        if (!TryRead(line, out var envelope, out var kind, out var leaf))
        {
            Keep(new(BreakKind.Changed, Guid.Empty, 0, null, $"event line {number} of the export was changed: it is no event"));
            return null;
        }
        var (version, digest, broken) = streams.TryGetValue(leaf.Stream, out var at) ? at : (0, new byte[Digests.Length], false);
        var found = broken ? null : Check(envelope, kind, leaf, version, digest);
        if (found is not null)
            Keep(found);
        Convert.TryFromBase64String(leaf.Digest, digest, out _);
        streams[leaf.Stream] = (leaf.Version, digest, broken || found is not null);
        return leaf;
    }

    public VerifyReport Report() => new()
    {
        Events = events, Streams = streams.Count, Sealed = 0, Erased = 0, ClockSteps = 0, BrokenStreams = brokenStreams, Breaks = [.. breaks],
    };

    static ChainBreak? Check(ReadOnlySpan<byte> envelope, string? kind, in Leaf leaf, long version, ReadOnlySpan<byte> before)
    {
        ChainBreak Broken(BreakKind how, long at, string what, long seq, Guid stream) => new(how, stream, at, seq, what);
        if (leaf.Version <= version)
            return Broken(BreakKind.Duplicate, leaf.Version, "a second event with this version", leaf.Seq, leaf.Stream);
        if (leaf.Version > version + 1)
            return Broken(BreakKind.Removed, version + 1, $"removed: the next event there is has version {leaf.Version}", leaf.Seq, leaf.Stream);
        Span<byte> previous = stackalloc byte[Digests.Length], actual = stackalloc byte[Digests.Length];
        if (version == 0)
            EventChain.Genesis(leaf.Stream, Encoding.UTF8.GetBytes(kind ?? ""), previous);
        else
            before.CopyTo(previous);
        byte[] chained = [.. previous, .. envelope];
        Digests.Hash(chained, actual);
        return Convert.ToBase64String(actual) == leaf.Digest && IsOf(envelope, leaf) ? null
            : Broken(BreakKind.Changed, leaf.Version, "changed: it does not fit its digest", leaf.Seq, leaf.Stream);
    }

    /// <summary>The envelope is of the event the leaf names.</summary>
    static bool IsOf(ReadOnlySpan<byte> envelope, in Leaf leaf)
    {
        var json = new Utf8JsonReader(envelope);
        var matching = 0;
        for (json.Read(); json.Read() && json.TokenType == JsonTokenType.PropertyName;)
        {
            var name = json.GetString();
            json.Read();
            matching += name switch
            {
                "stream" => json.ValueTextEquals(leaf.Stream.ToString()) ? 1 : 0,
                "version" => json.GetInt64() == leaf.Version ? 1 : 0,
                "timestamp" => json.ValueTextEquals(leaf.Recorded.ToString(Leaf.Time, CultureInfo.InvariantCulture)) ? 1 : 0,
                _ => 0,
            };
            json.Skip();
        }
        return matching == 3;
    }

    static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> envelope, out string? kind, out Leaf leaf)
    {
        envelope = default;
        (kind, leaf) = (null, default);
        ReadOnlySpan<byte> leafBytes = default;
        try
        {
            var json = new Utf8JsonReader(line);
            for (json.Read(); json.Read() && json.TokenType == JsonTokenType.PropertyName;)
            {
                var name = json.GetString();
                json.Read();
                var start = (int)json.TokenStartIndex;
                if (name == "kind")
                    kind = json.GetString();
                json.Skip();
                var value = line[start..(int)json.BytesConsumed];
                if (name == "envelope")
                    envelope = value;
                else if (name == "leaf")
                    leafBytes = value;
            }
            return envelope.Length > 0 && Leaf.TryRead(leafBytes, out leaf);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    void Keep(ChainBreak found)
    {
        brokenStreams++;
        if (breaks.Count < ChainWalk.MaxBreaks)
            breaks.Add(found);
    }
}
