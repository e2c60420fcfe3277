using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventDesk.Service.Importing;

/// <summary>
/// What became of every row and case of a file. It balances: what was read is imported, already there, not applied,
/// beyond the limit or skipped.
/// For a run that was killed and went on it covers the whole run, the times excepted.
/// </summary>
public sealed record ImportReport
{
    public required long Run { get; init; }
    public required string Source { get; init; }
    public required string File { get; init; }

    /// <summary>An earlier attempt of the same run had been broken off.</summary>
    public required bool Resumed { get; init; }

    /// <summary>The recorded time of all its events.</summary>
    public required DateTimeOffset Recorded { get; init; }

    public required RowCounts Rows { get; init; }
    public required CaseCounts Cases { get; init; }
    public required long EventsWritten { get; init; }
    public required IReadOnlyDictionary<string, long> EventsByType { get; init; }

    /// <summary>The earliest and the latest row of the file.</summary>
    public required DateTimeOffset? First { get; init; }
    public required DateTimeOffset? Last { get; init; }

    /// <summary>States (or activities) of rows that no rule knew: their rows were kept as activities.</summary>
    public required IReadOnlyDictionary<string, long> UnknownStates { get; init; }

    /// <summary>Values of fields that neither map nor match knew, and how often: they were left out.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> UnknownValues { get; init; }

    /// <summary>Cases whose old rows read differently now, or whose ticket was worked on here since: nothing of them was applied. The first thousand.</summary>
    public required IReadOnlyList<string> NotApplied { get; init; }

    /// <summary>Of this attempt, reading included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Events written by this attempt ÷ <see cref="Seconds"/>.</summary>
    public required double EventsPerSecond { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <param name="Beyond">Of cases left for a run with a higher limit.</param>
/// <param name="Skipped">By reason.</param>
public sealed record RowCounts(long Read, long Imported, long AlreadyThere, long NotApplied, long Beyond, IReadOnlyDictionary<string, long> Skipped);

/// <param name="Imported">New tickets.</param>
/// <param name="Extended">Tickets whose later rows were added.</param>
/// <param name="NotApplied">See <see cref="ImportReport.NotApplied"/>.</param>
/// <param name="Beyond">Left for a run with a higher limit.</param>
public sealed record CaseCounts(int Read, int Imported, int Extended, int AlreadyThere, int NotApplied, int Beyond);

/// <param name="Cases">Cases dealt with, of <paramref name="OfCases"/>; 0 of 0 while the file is being read.</param>
/// <param name="Events">Written by this attempt.</param>
public sealed record ImportProgress(int Cases, int OfCases, long Events);

/// <summary>Counts while an import runs.</summary>
sealed class ImportTally(Dictionary<string, long> writtenBefore)
{
    const int Named = 1000;

    readonly Dictionary<string, long> unknownStates = [];
    readonly Dictionary<string, Dictionary<string, long>> unknownValues = [];
    readonly List<string> notApplied = [];
    int imported, extended, alreadyThere, changed;
    long rowsImported, rowsThere, rowsNotApplied;

    /// <summary>Events of the whole run by type.</summary>
    public Dictionary<string, long> Written { get; } = writtenBefore;

    public long WrittenNow { get; private set; }
    public int CasesDone => imported + extended + alreadyThere + changed;

    public void Add(CaseOutcome outcome)
    {
        foreach (var state in outcome.UnknownStates)
            unknownStates[state] = unknownStates.GetValueOrDefault(state) + 1;
        foreach (var (field, value) in outcome.UnknownValues)
        {
            if (!unknownValues.TryGetValue(field, out var values))
                unknownValues.Add(field, values = []);
            values[value] = values.GetValueOrDefault(value) + 1;
        }
        switch (outcome.Kind)
        {
            case CaseKind.New or CaseKind.NewBefore: imported++; break;
            case CaseKind.Longer: extended++; break;
            case CaseKind.Same: alreadyThere++; break;
            default:
                changed++;
                if (notApplied.Count < Named) notApplied.Add(outcome.Case.Id);
                break;
        }
        rowsImported += outcome.RowsImported;
        if (outcome.Kind == CaseKind.Changed) rowsNotApplied += outcome.Case.Rows.Count;
        else rowsThere += outcome.Case.Rows.Count - outcome.RowsImported;
    }

    /// <summary>Events that stand in the transaction that is about to be committed.</summary>
    public void AddWritten(IEnumerable<string> types)
    {
        foreach (var type in types)
        {
            Written[type] = Written.GetValueOrDefault(type) + 1;
            WrittenNow++;
        }
    }

    public ImportReport Report(ImportRun run, string file, SourceLog log, int planned, TimeSpan taken)
    {
        var rows = log.Cases.SelectMany(c => c.Rows);
        return new ImportReport
        {
            Run = run.Id,
            Source = run.Source,
            File = file,
            Resumed = run.Resumed,
            Recorded = run.Recorded,
            Rows = new RowCounts(
                log.RowsRead, rowsImported, rowsThere, rowsNotApplied, log.Cases.Skip(planned).Sum(c => (long)c.Rows.Count), Sorted(log.Skipped)),
            Cases = new CaseCounts(log.Cases.Count, imported, extended, alreadyThere, changed, log.Cases.Count - planned),
            EventsWritten = Written.Values.Sum(),
            EventsByType = Sorted(Written),
            First = log.Cases.Count == 0 ? null : rows.Min(r => r.At),
            Last = log.Cases.Count == 0 ? null : rows.Max(r => r.At),
            UnknownStates = Sorted(unknownStates),
            UnknownValues = unknownValues.OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary(f => f.Key, f => Sorted(f.Value)),
            NotApplied = notApplied,
            Seconds = Math.Round(taken.TotalSeconds, 3),
            EventsPerSecond = Math.Round(WrittenNow / Math.Max(taken.TotalSeconds, 0.001)),
        };
    }

    static IReadOnlyDictionary<string, long> Sorted(IReadOnlyDictionary<string, long> counts) =>
        new SortedDictionary<string, long>(counts.ToDictionary(), StringComparer.Ordinal);
}
