using System.Text.Json;
using EventDesk.Service.Tickets;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Importing;

/// <summary>A run of an import, begun now or taken up again.</summary>
/// <param name="Cases">What is known of every case of the source, those of this run's file all included.</param>
sealed record ImportRun(
    long Id, string Source, DateTimeOffset Recorded, bool Resumed, Dictionary<string, long> Written, IReadOnlyDictionary<string, KnownCase> Cases);

/// <param name="Run">The run that planned or last wrote it.</param>
/// <param name="Rows">Source rows in its stream; 0: none yet.</param>
sealed record KnownCase(Guid Stream, long Number, long Run, int Rows, long Version, byte[] Content);

/// <summary>The tables of the imports: which runs there were, and what every case of every source became.</summary>
sealed class ImportLedger(NpgsqlDataSource database, string source)
{
    const string HoldSql = "select pg_advisory_lock(hashtextextended('eventdesk import ' || $1, 0))";
    const string ReleaseSql = "select pg_advisory_unlock(hashtextextended('eventdesk import ' || $1, 0))";

    /// <summary>One import of a source at a time, also across processes; it ends with the connection, so a killed import leaves nothing behind.</summary>
    /// <param name="wait">The server takes a moment to notice that a process was killed.</param>
    /// <exception cref="ImportException">Another one runs.</exception>
    public async Task<IAsyncDisposable> Hold(TimeSpan wait, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct); // for the time-out alone: the lock is the session's
            await using var limit = new NpgsqlCommand($"set local lock_timeout = {(int)wait.TotalMilliseconds}", connection);
            await limit.ExecuteNonQueryAsync(ct);
            await using var command = new NpgsqlCommand(HoldSql, connection) { Parameters = { Value(source) } };
            await command.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            return new Held(connection, source);
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }) throw;
            throw new ImportException($"Another import of \"{source}\" is running. Wait for its end, or stop it.", e);
        }
    }

    sealed class Held(NpgsqlConnection connection, string source) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // A pooled session outlives its use, and the lock would with it.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
            {
                await using var command = new NpgsqlCommand(ReleaseSql, connection) { Parameters = { Value(source) } };
                await command.ExecuteNonQueryAsync();
            }
            await connection.DisposeAsync();
        }
    }

    const string UnfinishedSql = """
        select id, recorded, written::text from import_run
        where source = $1 and content = $2 and mapping = $3 and finished is null
        order by id desc limit 1
        """;

    const string NewRunSql = "insert into import_run (source, file, content, mapping, recorded, started) values ($1, $2, $3, $4, $5, $6) returning id";

    /// <summary>
    /// Takes up the unfinished run of this file and mapping, else begins one. In the same transaction every case that is new gets its
    /// number and its stream: whatever happens later, it keeps them.
    /// </summary>
    /// <exception cref="ImportException">The unfinished run has another recorded time than <paramref name="recordedAt"/>.</exception>
    public async Task<ImportRun> Begin(
        string file, byte[] content, byte[] mapping, IReadOnlyList<SourceCase> cases, DateTimeOffset? recordedAt, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var unfinished = await Unfinished(connection, content, mapping, ct);
        if (recordedAt is { } asked && unfinished is { } begun && begun.Recorded != asked)
            throw new ImportException($"This import was begun with the recorded time {begun.Recorded:O}; it can only go on with that one.");
        var recorded = unfinished?.Recorded ?? recordedAt ?? now;
        var id = unfinished?.Id ?? await NewRun(connection, file, content, mapping, recorded, now, ct);
        var known = await Known(connection, ct);
        await Plan(connection, id, [.. cases.Where(c => !known.ContainsKey(c.Id))], known, ct);
        await transaction.CommitAsync(ct);
        return new ImportRun(id, source, recorded, unfinished is not null, unfinished?.Written ?? [], known);
    }

    async Task<(long Id, DateTimeOffset Recorded, Dictionary<string, long> Written)?> Unfinished(
        NpgsqlConnection connection, byte[] content, byte[] mapping, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(UnfinishedSql, connection) { Parameters = { Value(source), Value(content), Value(mapping) } };
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? (rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), JsonSerializer.Deserialize<Dictionary<string, long>>(rows.GetString(2))!)
            : null;
    }

    async Task<long> NewRun(
        NpgsqlConnection connection, string file, byte[] content, byte[] mapping, DateTimeOffset recorded, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NewRunSql, connection)
        {
            Parameters = { Value(source), Value(file), Value(content), Value(mapping), Value(recorded.UtcDateTime), Value(now.UtcDateTime) },
        };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    const string KnownSql = "select case_id, stream_id, number, run, rows, version, content from import_case where source = $1";

    async Task<Dictionary<string, KnownCase>> Known(NpgsqlConnection connection, CancellationToken ct)
    {
        Dictionary<string, KnownCase> known = [];
        await using var command = new NpgsqlCommand(KnownSql, connection) { Parameters = { Value(source) } };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            known.Add(rows.GetString(0), new KnownCase(
                rows.GetGuid(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt32(4), rows.GetInt64(5), rows.IsDBNull(6) ? [] : rows.GetFieldValue<byte[]>(6)));
        return known;
    }

    const string PlanSql = "copy import_case (source, case_id, stream_id, number, run) from stdin (format binary)";

    /// <summary>Numbers follow the order of the cases without gaps.</summary>
    async Task Plan(NpgsqlConnection connection, long run, List<SourceCase> added, Dictionary<string, KnownCase> known, CancellationToken ct)
    {
        if (added.Count == 0) return;
        var number = await TicketNumbers.Take(connection, added.Count, ct);
        await using var copy = await connection.BeginBinaryImportAsync(PlanSql, ct);
        foreach (var c in added)
        {
            var planned = new KnownCase(ImportIds.Stream(source, c.Id, c.First), number++, run, 0, 0, []);
            known.Add(c.Id, planned);
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(source, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(c.Id, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(planned.Stream, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(planned.Number, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(run, NpgsqlDbType.Bigint, ct);
        }
        await copy.CompleteAsync(ct);
    }

    const string CasesSql = """
        update import_case c set run = $1, rows = u.rows, version = u.version, content = u.content
        from unnest($3::text[], $4::int[], $5::bigint[], $6::bytea[]) u (case_id, rows, version, content)
        where c.source = $2 and c.case_id = u.case_id
        """;

    const string ProgressSql = "update import_run set cases_done = cases_done + $2, written = $3::jsonb where id = $1";

    /// <summary>Adds to a transaction what it does to the cases and to the run.</summary>
    public void Note(NpgsqlBatch batch, ImportRun run, IReadOnlyList<CaseOutcome> stored, IReadOnlyDictionary<string, long> written)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CasesSql)
        {
            Parameters =
            {
                Value(run.Id), Value(source), Value(stored.Select(o => o.Case.Id).ToArray()), Value(stored.Select(o => o.Case.Rows.Count).ToArray()),
                Value(stored.Select(o => o.Append!.NewVersion).ToArray()), Value(stored.Select(o => o.Content.ToArray()).ToArray()),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ProgressSql)
        {
            Parameters = { Value(run.Id), Value(stored.Count), Value(JsonSerializer.Serialize(written)) },
        });
    }

    const string FinishSql = "update import_run set finished = $2, report = $3::jsonb where id = $1";

    public async Task Finish(ImportRun run, ImportReport report, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(FinishSql);
        command.Parameters.Add(Value(run.Id));
        command.Parameters.Add(Value(now.UtcDateTime));
        command.Parameters.Add(Value(report.ToJson()));
        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
