using EventDesk.Service.Importing;
using EventDesk.Store.Sealing;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Importing;

/// <summary>A desk to import into, with what the tests ask of it afterwards.</summary>
sealed class ImportDesk : IAsyncDisposable
{
    public static readonly DateTimeOffset Recorded = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-import-").FullName;

    public TestDesk Test { get; } = new();

    public static async Task<ImportDesk> Start()
    {
        var desk = new ImportDesk();
        await desk.Test.InitializeAsync();
        return desk;
    }

    /// <summary>Small chunks, so that small logs have many.</summary>
    public Importer Importer(int eventsPerChunk = 40) =>
        new(Test.Store, Test.Get<StreamKeys>(), Test.Get<MasterKeys>(), Test.Clock) { EventsPerChunk = eventsPerChunk, LockWait = TimeSpan.FromMilliseconds(200) };

    public async Task<ImportReport> Import(byte[] log, Mapping mapping, DateTimeOffset? recordedAt = null, int? limit = null, IProgress<ImportProgress>? progress = null, CancellationToken ct = default)
    {
        var path = Path.Combine(folder, $"{Guid.CreateVersion7():N}.log");
        await File.WriteAllBytesAsync(path, log, ct);
        return await Importer().Run(new ImportRequest(path, mapping, recordedAt ?? Recorded, limit), progress, ct);
    }

    public Task<ImportReport> ImportCsv(IEnumerable<SmallLogs.Incident> incidents) => Import(SmallLogs.Csv(incidents), ImportFiles.Mapping("vinst-incidents-csv"));

    /// <summary>Everything that two databases with the same history have in common: ids, versions, times, contents and digests, in commit order.</summary>
    public Task<string> Fingerprint() => Scalar<string>("""
        select md5(string_agg(concat_ws('|', e.id, e.stream_id, e.version, e.type, e.data, e.headers, e.timestamp, s.type, s.version, s.created, t.number, t.state), e'\n' order by e.seq_id))
        from mt_events e join mt_streams s on s.id = e.stream_id join ticket t on t.id = e.stream_id
        """);

    public Task<long> EventCount() => Scalar<long>("select count(*) from mt_events join mt_streams s on s.id = stream_id where s.type = 'ticket'");

    public async Task<T> Scalar<T>(string sql, params object[] values)
    {
        await using var command = Test.Store.DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<Guid> TicketOf(string caseId) => Scalar<Guid>("select stream_id from import_case where case_id = $1", caseId);

    public async ValueTask DisposeAsync()
    {
        await Test.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
