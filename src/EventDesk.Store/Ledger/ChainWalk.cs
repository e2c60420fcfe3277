using System.Runtime.InteropServices;

namespace EventDesk.Store.Ledger;

/// <summary>One stored event with what the walk needs beside its envelope.</summary>
readonly ref struct ChainRow
{
    public required Envelope Envelope { get; init; }
    public required long SeqId { get; init; }

    /// <summary>Marten's column for binary payloads, which EventDesk leaves empty.</summary>
    public required bool HasBinary { get; init; }
    public required bool HasStreamRow { get; init; }
    public required long StreamVersion { get; init; }
    public required ReadOnlySpan<byte> StreamType { get; init; }
}

/// <summary>Takes events by stream, version and seq_id and follows each stream's chain; holds one stream at a time.</summary>
sealed class ChainWalk
{
    /// <summary>Breaks a report holds at most.</summary>
    public const int MaxBreaks = 100;

    readonly List<ChainBreak> breaks = [];
    readonly byte[] digest = new byte[Digests.Length];
    Place place;
    ChainBreak? broken;
    long events, streams, sealedValues, erased, brokenStreams, clockSteps;

    [StructLayout(LayoutKind.Auto)]
    record struct Place(bool Open, Guid Stream, long Version, long SeqId, DateTime Recorded, bool HasRow, long StreamVersion);

    public void Next(in ChainRow row)
    {
        if (!place.Open || row.Envelope.Stream != place.Stream)
            Enter(row);
        events++;
        if (broken is null)
            Check(row);
        else
            Refine(row);
        if (row.Envelope.Recorded < place.Recorded)
            clockSteps++;
        place = place with { Version = row.Envelope.Version, SeqId = row.SeqId, Recorded = row.Envelope.Recorded };
    }

    /// <summary>A stream row without any event.</summary>
    public void NextEmpty(Guid stream, long version)
    {
        streams++;
        Keep(new(BreakKind.EventsRemoved, stream, 1, null, $"the stream stands at version {version} and has no events"));
    }

    public VerifyReport Finish()
    {
        Leave();
        return new()
        {
            Events = events, Streams = streams, Sealed = sealedValues, Erased = erased, ClockSteps = clockSteps,
            BrokenStreams = brokenStreams, Breaks = Lowest(),
        };
    }

    void Enter(in ChainRow row)
    {
        Leave();
        streams++;
        place = new(true, row.Envelope.Stream, 0, long.MinValue, DateTime.MinValue, row.HasStreamRow, row.StreamVersion);
        EventChain.Genesis(row.Envelope.Stream, row.StreamType, digest);
        if (!row.HasStreamRow)
            Break(row, BreakKind.StreamRowRemoved, "it has no stream row");
    }

    void Leave()
    {
        if (place.Open && broken is null && place.StreamVersion != place.Version)
        {
            broken = place.StreamVersion > place.Version
                ? new(BreakKind.TailCut, place.Stream, place.Version + 1, place.SeqId, $"missing: the stream stands at version {place.StreamVersion}, its last event is {place.Version}")
                : new(BreakKind.StreamRowChanged, place.Stream, place.StreamVersion + 1, place.SeqId, $"beyond the stream row, which was set back to version {place.StreamVersion}; its last event is {place.Version}");
        }
        if (broken is not null)
            Keep(broken);
        broken = null;
    }

    void Check(in ChainRow row)
    {
        var version = row.Envelope.Version;
        if (version < 1)
            Break(row, BreakKind.Inserted, "inserted: versions begin at 1");
        else if (version == place.Version)
            Break(row, BreakKind.Duplicate, "a second event with this version");
        else if (version > place.Version + 1)
            broken = new(BreakKind.Removed, place.Stream, place.Version + 1, row.SeqId, $"removed: the next event there is has version {version}");
        else if (row.SeqId <= place.SeqId)
            Break(row, BreakKind.Reordered, $"reordered: the event before it has seq_id {place.SeqId}");
        else
            CheckDigest(row);
    }

    void CheckDigest(in ChainRow row)
    {
        Span<byte> stored = stackalloc byte[Digests.Length], actual = stackalloc byte[Digests.Length];
        if (!Digests.TryReadHeader(row.Envelope.Headers, stored))
        {
            Break(row, BreakKind.Inserted, "it carries no digest: inserted, or its headers were changed");
            return;
        }
        var canonical = Canonicalizer.Rent(checkSeals: true);
        try
        {
            row.Envelope.Digest(digest, canonical, actual);
        }
        catch (FormatException e)
        {
            Break(row, BreakKind.Changed, $"changed: {e.Message}");
            return;
        }
        if (!stored.SequenceEqual(actual) || row.HasBinary)
            Break(row, BreakKind.Changed, row.HasBinary ? "changed: it has a binary payload" : "changed: it does not fit its digest");
        else if (canonical.Seals.Broken > 0)
            Break(row, BreakKind.SealChanged, "changed: a sealed value does not fit its digest");
        sealedValues += canonical.Seals.Present - canonical.Seals.Broken;
        erased += canonical.Seals.Erased;
        stored.CopyTo(digest);
    }

    void Break(in ChainRow row, BreakKind kind, string what) => broken = new(kind, place.Stream, row.Envelope.Version, row.SeqId, what);

    /// <summary>The event after a broken one tells whether it was rather moved, or is one of two.</summary>
    void Refine(in ChainRow row)
    {
        if (broken is not { Kind: BreakKind.Changed or BreakKind.Inserted } || broken.Version != place.Version)
            return;
        if (row.Envelope.Version == place.Version)
            broken = broken with { Kind = BreakKind.Duplicate, What = "two events have this version" };
        else if (broken.Kind == BreakKind.Changed && row.SeqId < place.SeqId)
            broken = broken with { Kind = BreakKind.Reordered, What = $"reordered: the event after it has the lower seq_id {row.SeqId}" };
    }

    void Keep(ChainBreak found)
    {
        brokenStreams++;
        breaks.Add(found);
        if (breaks.Count > MaxBreaks * 2)
        {
            var lowest = Lowest();
            breaks.Clear();
            breaks.AddRange(lowest);
        }
    }

    ChainBreak[] Lowest() => [.. breaks.OrderBy(b => b.SeqId ?? long.MaxValue).Take(MaxBreaks)];
}
