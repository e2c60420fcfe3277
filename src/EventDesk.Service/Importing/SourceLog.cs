using System.IO.Compression;
using System.Security.Cryptography;

namespace EventDesk.Service.Importing;

/// <summary>One row of a case.</summary>
/// <param name="Line">Where it begins in the file, from 1.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Opened">When it says the ticket was opened.</param>
/// <param name="Values">In the order of the mapping's columns; null where the row has no such value.</param>
sealed record SourceRow(long Line, DateTimeOffset At, DateTimeOffset? Opened, string?[] Values);

/// <summary>The rows of one case in the order they happened.</summary>
sealed record SourceCase(string Id, IReadOnlyList<SourceRow> Rows)
{
    /// <summary>When its first event happened: the opening, where the first row tells it apart from its own time.</summary>
    public DateTimeOffset First => Rows[0].Opened ?? Rows[0].At;
}

/// <summary>The file cannot be read as the mapping says; the message says where and why. Nothing of it was imported.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A whole log in memory, its rows sorted into cases.</summary>
/// <param name="Digest">SHA-256 of the file's bytes.</param>
/// <param name="Cases">By first event, then by id: the same log gives the same order, however its cases stand in the file.</param>
/// <param name="Skipped">Rows left out, by reason.</param>
sealed record SourceLog(byte[] Digest, long RowsRead, IReadOnlyList<SourceCase> Cases, IReadOnlyDictionary<string, long> Skipped)
{
    /// <exception cref="SourceException">Anything in the file that the mapping does not allow.</exception>
    public static SourceLog Read(string path, Mapping mapping, CancellationToken ct)
    {
        try
        {
            using var file = File.OpenRead(path);
            var digest = SHA256.HashData(file);
            file.Position = 0;
            using var content = Unpacked(file);
            var sorter = new CaseSorter(mapping);
            foreach (var row in Rows(content, mapping))
            {
                ct.ThrowIfCancellationRequested();
                sorter.Add(row);
            }
            return new SourceLog(digest, sorter.RowsRead, sorter.Cases(), sorter.Skipped);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SourceException($"{path} cannot be read: {e.Message}", e);
        }
    }

    static IEnumerable<RawRow> Rows(Stream content, Mapping mapping) => mapping.File.Format switch
    {
        LogFormat.Xes => XesRows.Read(content, mapping.Columns),
        _ => CsvRows.Read(new StreamReader(content, mapping.Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16), mapping.File.Delimiter, mapping.Columns),
    };

    /// <summary>Packed files are known by their first bytes, whatever they are called.</summary>
    static Stream Unpacked(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        var packed = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1f, 0x8b];
        file.Position = 0;
        return packed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}

/// <summary>A row as it stands in the file.</summary>
/// <param name="Fault">Why it cannot be used, in words that fit after "line 17: ".</param>
readonly record struct RawRow(long Line, string?[] Values, string? Fault = null);

/// <summary>Gathers rows into cases.</summary>
sealed class CaseSorter(Mapping mapping)
{
    readonly Dictionary<string, List<SourceRow>> cases = [];
    readonly Dictionary<string, long> skipped = [];

    public long RowsRead { get; private set; }
    public IReadOnlyDictionary<string, long> Skipped => skipped;

    public void Add(RawRow raw)
    {
        RowsRead++;
        var fault = raw.Fault;
        var id = fault is null ? CaseOf(raw, out fault) : null;
        var at = fault is null ? TimeOf(mapping.Time, mapping.TimePlace, raw, required: true, out fault) : null;
        var opened = fault is null && mapping.Opened is { } time ? TimeOf(time, mapping.OpenedPlace, raw, required: false, out fault) : null;
        if (fault is not null)
        {
            if (mapping.File.BadRows == BadRows.Refuse)
                throw new SourceException($"Line {raw.Line}: {fault}.");
            Skip("unreadable");
            return;
        }
        foreach (var place in mapping.PlacesReadOnce)
            raw.Values[place] = null;
        if (!cases.TryGetValue(id!, out var rows))
            cases.Add(id!, rows = []);
        rows.Add(new SourceRow(raw.Line, at!.Value, opened, raw.Values));
    }

    /// <summary>Sorts, drops duplicates and what a rule skips.</summary>
    public List<SourceCase> Cases()
    {
        var sorted = cases.Select(c => new SourceCase(c.Key, Kept(c.Value))).Where(c => c.Rows.Count > 0).ToList();
        sorted.Sort((a, b) => a.First.CompareTo(b.First) is var order and not 0 ? order : string.CompareOrdinal(a.Id, b.Id));
        return sorted;
    }

    List<SourceRow> Kept(List<SourceRow> rows)
    {
        // OrderBy is stable: rows of one instant keep the order of the file.
        var ordered = mapping.File.Order == RowOrder.Time ? rows.OrderBy(r => r.At) : rows.AsEnumerable();
        List<SourceRow> kept = new(rows.Count);
        foreach (var row in ordered)
        {
            var before = kept.Count > 0 ? kept[^1] : null;
            if (mapping.File.Duplicates == Duplicates.Skip && before is not null && Same(row, before))
                Skip("identical to the row before");
            else if (mapping.SkipReason(row, before) is { } reason)
                Skip(reason);
            else
                kept.Add(row);
        }
        return kept;
    }

    static bool Same(SourceRow a, SourceRow b) => a.At == b.At && a.Opened == b.Opened && a.Values.AsSpan().SequenceEqual(b.Values);

    void Skip(string reason) => skipped[reason] = skipped.GetValueOrDefault(reason) + 1;

    string? CaseOf(RawRow raw, out string? fault)
    {
        var id = mapping.Case.Of(new SourceRow(raw.Line, default, null, raw.Values), null);
        fault = string.IsNullOrWhiteSpace(id) ? "there is no case id" : null;
        return id;
    }

    DateTimeOffset? TimeOf(SourceTime time, int place, RawRow raw, bool required, out string? fault)
    {
        if (raw.Values[place] is { } text && !mapping.Missing.Contains(text))
            return time.Read(text, out fault);
        fault = required ? "there is no time" : null;
        return null;
    }
}

/// <summary>Equal texts once in memory: logs say few things many times.</summary>
sealed class TextPool
{
    readonly HashSet<string> texts = [];
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public TextPool() => lookup = texts.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<char> text)
    {
        if (lookup.TryGetValue(text, out var known))
            return known;
        var made = text.ToString();
        // Long texts are messages: they hardly ever repeat.
        if (made.Length <= 64) texts.Add(made);
        return made;
    }
}
