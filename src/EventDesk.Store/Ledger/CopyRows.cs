using System.Buffers.Binary;

namespace EventDesk.Store.Ledger;

/// <summary>
/// Rows of a binary COPY, read where they lie in the buffer: nothing is allocated per row.
/// Columns are valid until the next <see cref="Next"/>.
/// </summary>
sealed class CopyRows(Stream copy)
{
    const int SignatureLength = 11;

    byte[] buffer = new byte[1 << 18];
    readonly (int Start, int Length)[] columns = new (int, int)[32];
    int at, filled;
    bool begun;

    public async ValueTask<bool> Next(CancellationToken ct)
    {
        if (!begun)
            await Begin(ct);
        while (true)
        {
            if (TryRow(out var end))
                return !end;
            await Fill(ct);
        }
    }

    public bool IsNull(int column) => columns[column].Length < 0;
    public ReadOnlySpan<byte> Bytes(int column) => IsNull(column) ? default : buffer.AsSpan(columns[column].Start, columns[column].Length);

    /// <summary>jsonb travels with one byte for its format before the text.</summary>
    public ReadOnlySpan<byte> Jsonb(int column) => IsNull(column) ? default : Bytes(column)[1..];
    public long Int64(int column) => BinaryPrimitives.ReadInt64BigEndian(Bytes(column));
    public Guid Uuid(int column) => new(Bytes(column), bigEndian: true);
    public bool Bool(int column) => Bytes(column)[0] != 0;

    /// <summary>UTC; the first instant there is for those that .NET cannot hold.</summary>
    public DateTime Timestamp(int column)
    {
        var epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var microseconds = Int64(column);
        var fits = microseconds >= -(epoch.Ticks / 10) && microseconds <= (DateTime.MaxValue.Ticks - epoch.Ticks) / 10;
        return fits ? epoch.AddTicks(microseconds * 10) : DateTime.MinValue;
    }

    async ValueTask Begin(CancellationToken ct)
    {
        begun = true;
        while (filled < SignatureLength + 8)
            await Fill(ct);
        at = SignatureLength + 8 + BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(SignatureLength + 4));
    }

    /// <summary>False when the row is not complete in the buffer; then nothing is consumed.</summary>
    bool TryRow(out bool end)
    {
        end = false;
        var p = at;
        if (filled - p < 2)
            return false;
        int count = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(p));
        p += 2;
        if (count < 0)
            return end = true;
        for (var i = 0; i < count; i++)
        {
            if (filled - p < 4)
                return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(p));
            p += 4;
            columns[i] = (p, length);
            p += Math.Max(0, length);
            if (p > filled)
                return false;
        }
        at = p;
        return true;
    }

    async ValueTask Fill(CancellationToken ct)
    {
        if (at > 0)
        {
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
            at = 0;
        }
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = await copy.ReadAsync(buffer.AsMemory(filled), ct);
        if (read == 0)
            throw new EndOfStreamException("The copy ended inside a row.");
        filled += read;
    }
}
