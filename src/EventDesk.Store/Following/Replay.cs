using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>
/// Feeds stored events to a fold at the speed of COPY: the server streams binary rows of the columns the fold asks for, and they are parsed where they
/// lie in the read buffer. Nothing is allocated for an event. The server's process and this one work side by side through the socket.
/// </summary>
static class Replay
{
    const int CheckCancelEvery = 4096;

    /// <param name="where">Which events, in SQL: numbers and names only.</param>
    /// <returns>The number of the last event, or <paramref name="after"/> when there was none.</returns>
    public static Task<long> Run(NpgsqlConnection connection, Upcasts upcasts, IEventFold fold, long after, string where, CancellationToken ct)
    {
        if (!fold.ReadsEvents)
            return Task.FromResult(after);
        var columns = fold.Columns;
        var sql = $"""
            copy (
              select seq_id, stream_id, version, type, timestamp{(columns.HasFlag(FoldColumns.Id) ? ", id" : "")}{(columns.HasFlag(FoldColumns.Data) ? $", case when {fold.DataOf.In(upcasts).Sql} then data end" : "")}{(columns.HasFlag(FoldColumns.Headers) ? ", headers" : "")}{(columns.HasFlag(FoldColumns.Causation) ? ", causation_id" : "")}
              from mt_events where seq_id > {after} and {where} order by seq_id
            ) to stdout (format binary)
            """;
        // Reading is synchronous: a million awaits would cost more than the thread.
        return Task.Factory.StartNew(() => Read(connection, sql, upcasts, fold, columns, after, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    static long Read(NpgsqlConnection connection, string sql, Upcasts upcasts, IEventFold fold, FoldColumns columns, long after, CancellationToken ct)
    {
        using var stream = connection.BeginRawBinaryCopy(sql);
        var rows = new CopyRows(stream);
        rows.SkipHeader();
        var last = after;
        for (var n = 1; rows.Next(); n++)
        {
            last = rows.Int64();
            fold.Apply(upcasts.Lift(new FoldedEvent
            {
                SeqId = last,
                Stream = rows.Uuid(),
                Version = rows.Int64(),
                Type = rows.Bytes(),
                Timestamp = rows.Timestamp(),
                Id = columns.HasFlag(FoldColumns.Id) ? rows.Uuid() : default,
                Data = columns.HasFlag(FoldColumns.Data) ? rows.Json() : default,
                Headers = columns.HasFlag(FoldColumns.Headers) ? rows.Json() : default,
                Causation = columns.HasFlag(FoldColumns.Causation) ? rows.Bytes() : default,
            }));
            if (n % CheckCancelEvery == 0)
                ct.ThrowIfCancellationRequested();
        }
        return last;
    }
}

/// <summary>The folds of several views, each fed what its view reads.</summary>
sealed class FoldOfMany : IEventFold
{
    const int LongestType = 256;

    readonly (View View, IViewFold Fold)[] all;
    readonly Dictionary<string, IViewFold[]> byType = [];
    readonly Dictionary<string, IViewFold[]>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public FoldOfMany(IEnumerable<(View View, IViewFold Fold)> folds)
    {
        all = [.. folds.Where(f => f.Fold.ReadsEvents)];
        lookup = byType.GetAlternateLookup<ReadOnlySpan<char>>();
        Columns = all.Aggregate(FoldColumns.None, (columns, f) => columns | f.Fold.Columns);
        Reads = all.Aggregate(TypeFilter.Only(), (reads, f) => reads.Or(f.View.Reads));
        DataOf = all.Aggregate(TypeFilter.Only(), (data, f) => data.Or(f.View.Reads.And(f.Fold.DataOf)));
    }

    public FoldColumns Columns { get; }

    /// <summary>What any of them reads.</summary>
    public TypeFilter Reads { get; }

    public TypeFilter DataOf { get; }

    public bool ReadsEvents => all.Length > 0;

    public void Apply(in FoldedEvent e)
    {
        foreach (var fold in Readers(e.Type))
            fold.Apply(e);
    }

    IViewFold[] Readers(ReadOnlySpan<byte> utf8)
    {
        Span<char> chars = stackalloc char[LongestType];
        ReadOnlySpan<char> type = utf8.Length <= LongestType ? chars[..Encoding.UTF8.GetChars(utf8, chars)] : Encoding.UTF8.GetString(utf8);
        if (!lookup.TryGetValue(type, out var readers))
        {
            var name = type.ToString();
            byType.Add(name, readers = [.. all.Where(f => f.View.Reads.Contains(name)).Select(f => f.Fold)]);
        }
        return readers;
    }
}

/// <summary>PostgreSQL's binary COPY format, read row by row; what it hands out is valid until the next row.</summary>
sealed class CopyRows(Stream stream)
{
    const int HeaderLength = 11 + 4; // signature and flags; the length of an extension follows
    const long EpochTicks = 630_822_816_000_000_000; // 2000-01-01, where PostgreSQL's time begins
    const short End = -1;

    byte[] buffer = new byte[1 << 17];
    int at;
    int filled;

    public void SkipHeader()
    {
        Need(HeaderLength + 4);
        var extension = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(HeaderLength));
        at = HeaderLength + 4;
        Need(extension);
        at += extension;
    }

    /// <summary>Moves to the next row and makes sure that all of it lies in the buffer.</summary>
    public bool Next()
    {
        Need(2);
        var fields = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(at));
        if (fields == End)
            return false;
        var length = 2;
        for (var i = 0; i < fields; i++)
        {
            Need(length + 4);
            length += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at + length)));
        }
        Need(length);
        at += 2;
        return true;
    }

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes());
    public Guid Uuid() => new(Bytes(), bigEndian: true);
    public DateTimeOffset Timestamp() => new(EpochTicks + Int64() * 10, TimeSpan.Zero);

    /// <summary>jsonb: one byte of format version, then text.</summary>
    public ReadOnlySpan<byte> Json() => Bytes() is [_, .. var text] ? text : default;

    public ReadOnlySpan<byte> Bytes()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
        at += 4;
        if (length <= 0)
            return default;
        var field = buffer.AsSpan(at, length);
        at += length;
        return field;
    }

    void Need(int length)
    {
        if (filled - at >= length)
            return;
        if (at + length > buffer.Length)
        {
            var target = length > buffer.Length ? new byte[Math.Max(length, buffer.Length * 2)] : buffer;
            buffer.AsSpan(at, filled - at).CopyTo(target);
            (buffer, filled, at) = (target, filled - at, 0);
        }
        while (filled - at < length)
        {
            var read = stream.Read(buffer.AsSpan(filled));
            if (read == 0)
                throw new EndOfStreamException("The server ended the copy in the middle of a row.");
            filled += read;
        }
    }
}
