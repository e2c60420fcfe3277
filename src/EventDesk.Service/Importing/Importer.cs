using System.Threading.Channels;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Importing;

/// <param name="File">CSV or XES, gzip-packed or not.</param>
/// <param name="RecordedAt">The recorded time of its events, in place of now: so that two databases can be compared.</param>
/// <param name="Limit">At most so many cases, the earliest first.</param>
public sealed record ImportRequest(string File, Mapping Mapping, DateTimeOffset? RecordedAt = null, int? Limit = null);

/// <summary>The import cannot go on; the message says why.</summary>
public sealed class ImportException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Brings the history of another help desk into streams of its own. Killed at any instant and started again it ends in the same
/// streams as if nothing had happened; done twice it adds nothing. Live traffic goes on beside it.
/// </summary>
public sealed class Importer(EventStore store, StreamKeys keys, MasterKeys masters, TimeProvider clock)
{
    /// <summary>Events in one transaction: large enough to be fast, small enough that a command beside it does not notice.</summary>
    internal int EventsPerChunk { get; init; } = 1500;

    internal TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="SourceException">The file is not what the mapping says; nothing was stored.</exception>
    /// <exception cref="ImportException">Another import of the source runs, or the unfinished one has another recorded time.</exception>
    public async Task<ImportReport> Run(ImportRequest request, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        progress?.Report(new ImportProgress(0, 0, 0));
        var log = SourceLog.Read(request.File, request.Mapping, ct);
        var cases = request.Limit is { } limit ? log.Cases.Take(limit).ToList() : log.Cases;
        var ledger = new ImportLedger(store.DataSource, request.Mapping.File.Source);
        await using var held = await ledger.Hold(LockWait, ct);
        var file = Path.GetFileName(request.File);
        var run = await ledger.Begin(file, log.Digest, request.Mapping.Digest, cases, Whole(request.RecordedAt), Whole(clock.GetUtcNow())!.Value, ct);
        var tally = new ImportTally(run.Written);
        await Write(cases, new CaseBuilder(request.Mapping, run, masters, Load), ledger, run, tally, progress, ct);
        var report = tally.Report(run, file, log, cases.Count, clock.GetElapsedTime(started));
        await ledger.Finish(run, report, clock.GetUtcNow(), ct);
        return report;
    }

    /// <summary>The next chunk is built while the last one is being stored.</summary>
    async Task Write(
        IReadOnlyList<SourceCase> cases, CaseBuilder builder, ImportLedger ledger, ImportRun run, ImportTally tally, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var chunks = Channel.CreateBounded<List<CaseOutcome>>(2);
        var building = Task.Run(() => Build(cases, builder, run, chunks.Writer, stop.Token), CancellationToken.None);
        try
        {
            await using var bulk = new BulkAppender(store);
            await foreach (var chunk in chunks.Reader.ReadAllAsync(ct))
            {
                await Store(chunk, bulk, ledger, run, tally, ct);
                progress?.Report(new ImportProgress(tally.CasesDone, cases.Count, tally.WrittenNow));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await building;
        }
    }

    async Task Build(IReadOnlyList<SourceCase> cases, CaseBuilder builder, ImportRun run, ChannelWriter<List<CaseOutcome>> chunks, CancellationToken ct)
    {
        try
        {
            List<CaseOutcome> chunk = [];
            var events = 0;
            foreach (var sourceCase in cases)
            {
                var outcome = await builder.Build(sourceCase, run.Cases[sourceCase.Id], ct);
                chunk.Add(outcome);
                events += outcome.Append?.Events.Count ?? 0;
                if (events < EventsPerChunk && chunk.Count < EventsPerChunk) continue;
                await chunks.WriteAsync(chunk, ct);
                (chunk, events) = ([], 0);
            }
            await chunks.WriteAsync(chunk, ct);
            chunks.Complete();
        }
        catch (Exception e) // the reader of the channel meets it
        {
            chunks.Complete(e);
        }
    }

    static async Task Store(List<CaseOutcome> chunk, BulkAppender bulk, ImportLedger ledger, ImportRun run, ImportTally tally, CancellationToken ct)
    {
        var appended = chunk.Where(o => o.Append is not null).ToDictionary(o => o.Append!);
        var lost = appended.Count == 0 ? [] : await bulk.Append([.. appended.Keys], (accepted, batch) =>
        {
            tally.AddWritten(accepted.SelectMany(a => a.Events).Select(e => e.Type));
            ledger.Note(batch, run, [.. accepted.Select(a => appended[a])], tally.Written);
        }, ct);
        foreach (var outcome in chunk)
            tally.Add(outcome.Append is { } append && lost.Contains(append) ? outcome with { Kind = CaseKind.Changed, RowsImported = 0 } : outcome);
    }

    const string StandingSql = "select version, digest, subject, state from ticket where id = $1";

    /// <summary>A ticket that was imported before, as it stands now; null when it is gone.</summary>
    async Task<StandingTicket?> Load(Guid stream, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(StandingSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream });
        await using var rows = await command.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct)) return null;
        var entry = new TicketEntry(
            stream, rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), TicketEntry.ReadState(System.Text.Encoding.UTF8.GetBytes(rows.GetString(3))),
            rows.IsDBNull(2) ? default : rows.GetFieldValue<byte[]>(2));
        return new StandingTicket(entry, await keys.Get(stream, ct));
    }

    /// <summary>Whole microseconds, UTC: what PostgreSQL keeps and the digests are made over.</summary>
    static DateTimeOffset? Whole(DateTimeOffset? at) => at is { } t ? new DateTimeOffset(t.UtcTicks - t.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero) : null;
}
